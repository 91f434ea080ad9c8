"""The packed function can draw a PDF with nothing but what is in its archive, and loads what that takes only then."""

import json
import subprocess
import sys
from pathlib import Path

from tests.boot.unpacked import BIN, unpack

LIBRARY = {"fpdf", "fontTools", "uharfbuzz", "PIL"}
DRAWS = """
import json, sys
sys.path.insert(0, ".")
from datetime import UTC, datetime
from functions.billing import doors, wiring
from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.money import Money
before = sorted(sys.modules)
at = datetime(2026, 12, 1, tzinfo=UTC)
line = Line("l", LineKind.AD_HOC, "Книга, كتاب", Money(1500, "EUR"))
paper = Paper.INVOICE
document = Document("d", paper, "INV-000001", "mum@home.example", "EUR", at, at, (line,), at, at, "boss", 1, "")
print(json.dumps({"before": before, "pdf": wiring.draw(document)[:5].decode(), "after": sorted(sys.modules)}))
"""


def test_a_packed_function_draws_a_pdf_and_loads_the_library_only_for_it(tmp_path: Path) -> None:
    home = unpack("billing", tmp_path)
    fonts = sorted(path.name for path in (home / "functions/billing/paper/fonts").iterdir())
    assert fonts == ["DejaVuSansCondensed-Bold.ttf", "DejaVuSansCondensed.ttf", "LICENSE.txt"]
    env = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", DRAWS], cwd=home, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["pdf"] == "%PDF-"
    assert not LIBRARY & set(told["before"])
    assert {"fpdf", "uharfbuzz"} <= set(told["after"])


def test_the_archive_asks_for_the_library_and_its_shaper(tmp_path: Path) -> None:
    lines = (unpack("billing", tmp_path) / "requirements.txt").read_text("utf-8")
    assert "fpdf2~=" in lines
    assert "uharfbuzz~=" in lines
