"""What the person at the terminal sees: progress while starting, then where everything is."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

WIDTH = 120
"""The width of pictures where there is no terminal to fill."""


class Reporter:
    """Writes to one console. Lines are never wrapped: tokens and URLs have to survive copying and piping."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDTH)
        self._progress: Progress | None = None
        self._rows: dict[str, tuple[TaskID, float]] = {}

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Draw what is being started, each with its time, while the block lasts."""
        columns = (SpinnerColumn(finished_text="[green]✓[/]"), TextColumn("{task.description}"), TimeElapsedColumn())
        progress = Progress(*columns, console=self.console, transient=self.console.is_terminal)
        self._progress = progress if self.console.is_terminal else None
        try:
            with progress if self.console.is_terminal else _nothing():
                yield
        finally:
            self._progress = None

    def begins(self, name: str) -> None:
        """Something is being started."""
        row = self._progress.add_task(name, total=1) if self._progress else TaskID(0)
        self._rows[name] = (row, time.monotonic())

    def serves(self, name: str, where: str) -> None:
        """Something that began is up."""
        row, since = self._rows[name]
        if self._progress:
            self._progress.update(row, completed=1)
        self.say(f"  up after {time.monotonic() - since:4.1f} s  {name:<24} {where}")

    def say(self, line: str) -> None:
        """One plain line."""
        self.console.print(line, markup=False, soft_wrap=True)

    def trouble(self, message: str) -> None:
        """Something the person has to know or do."""
        self.console.print(message, style="bold red", markup=False, soft_wrap=True)

    def banner(self, links: Mapping[str, str], tokens: Mapping[str, str], notes: Mapping[str, str]) -> None:
        """Where everything is, tokens to use, and `ready` on a line of its own."""
        for title, entries in (
            ("Rollcall serves", links),
            ("Tokens, good for one hour", tokens),
            ("Good to know", notes),
        ):
            self.console.print(f"\n{title}", style="bold")
            for name, value in entries.items():
                self.say(f"  {name:<10} {value}")
        self.say("\nready")
        self.console.file.flush()


@contextmanager
def _nothing() -> Iterator[None]:
    yield
