"""Rules over every text file: nothing points out of the repository, nothing is left for later."""

import re
from collections.abc import Iterator

from infra.check.finding import Finding

# Written in two parts, so that this file keeps the rules that it checks.
OUTSIDE = re.compile(r"(?<![\w/.])(?:\./)?(?:\.\./)+" + r"shared\b")
LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b")


def check_text(path: str, text: str) -> Iterator[Finding]:
    """What is wrong in a text file of any kind."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := OUTSIDE.search(line):
            remedy = "Name the file by its path from the root of the repository, or bring it in; a clone has only the repository."
            yield Finding(path, number, f"{found.group()!r} points out of the repository", remedy)
        if found := LATER.search(line):
            remedy = "Do it now, or write down in infra/decisions/ why it is not done."
            yield Finding(path, number, f"{found.group()} leaves something for later", remedy)
