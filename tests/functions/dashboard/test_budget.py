"""What the first screen costs: everything that the browser loads before it shows it, as it is sent."""

import json
from pathlib import Path

from infra.pack import ROOT

DIST = ROOT / "functions" / "dashboard" / "dist"
FIRST = ("index.html", "src/screens/live/LiveScreen.tsx")
BUDGET = 300 * 1024
FONT = "source-sans-3-latin-wght-normal"


def first_files() -> set[str]:
    """The files of the first screen: its chunks, whatever they import, their styles, and the letters of English."""
    manifest = json.loads((DIST / "manifest.json").read_text("utf-8"))
    found, waiting = set[str](), list(FIRST)
    while waiting:
        chunk = manifest[waiting.pop()]
        if chunk["file"] not in found:
            found |= {chunk["file"], *chunk.get("css", [])}
            waiting += chunk.get("imports", [])
    fonts = {path.relative_to(DIST).as_posix() for path in (DIST / "assets").glob(f"{FONT}*.woff2")}
    assert fonts, "the font has another name now"
    return found | fonts | {"index.html", "theme.js", "favicon.svg"}


def sent(path: Path) -> int:
    """The size of a file as the function sends it to a browser of today."""
    compressed = path.with_name(path.name + ".br")
    return (compressed if compressed.is_file() else path).stat().st_size


def test_the_first_screen_stays_within_its_budget() -> None:
    sizes = {name: sent(DIST / name) for name in first_files()}
    assert sum(sizes.values()) < BUDGET, sorted(sizes.items(), key=lambda each: -each[1])


def test_every_script_is_sent_compressed() -> None:
    scripts = [path for path in (DIST / "assets").glob("*.js") if path.stat().st_size >= 1024]
    assert scripts
    assert all(sent(path) < path.stat().st_size for path in scripts)


def test_the_page_has_no_script_or_style_of_its_own() -> None:
    page = (DIST / "index.html").read_text("utf-8")
    assert "<style" not in page
    assert "onload=" not in page
    assert all('src="/' in tag.split(">")[0] for tag in page.split("<script")[1:])
