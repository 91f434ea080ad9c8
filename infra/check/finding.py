"""What a rule has to say about a place in a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A broken rule: where (`path` from the root of the repository, `line` from 1), what is wrong, and what to do instead."""

    path: str
    line: int
    wrong: str
    remedy: str

    def __str__(self) -> str:
        """As a line that editors can jump to, and the remedy below it."""
        return f"{self.path}:{self.line}: {self.wrong}\n    {self.remedy}"
