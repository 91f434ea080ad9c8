"""`python -m infra.check`: what breaks our own rules, with places and remedies; the exit code is 1 when something does."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.check.finding import Finding
from infra.check.routes import check_routes
from infra.check.sources import check_source
from infra.check.texts import check_text

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = ("functions/", "shared/")


def tracked(root: Path) -> list[str]:
    """The files that git keeps or would keep: all that are not ignored, as paths from the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return sorted(path for path in set(listed.split("\0")) if path and (root / path).is_file())


def findings(root: Path) -> Iterator[Finding]:
    """Everything that breaks a rule in the repository at `root`."""
    for path in tracked(root):
        try:
            text = (root / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or an archive
        yield from check_text(path, text)
        if path.endswith(".py") and path.startswith(DEPLOYED):
            yield from check_source(path, text)
    for table in sorted(root.glob("functions/*/function.json")):
        yield from check_routes(root, table.parent)


def main(root: Path = ROOT) -> int:
    """Print what is wrong; the exit code."""
    found = sorted(set(findings(root)))
    for finding in found:
        print(finding)
    print(f"own rules: {len(found)} broken" if found else "own rules: all kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
