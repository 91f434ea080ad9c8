"""Drawing the demo: who is in class, second by second, while it lasts, and the attendance when it is over."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from infra.local.demo.cast import CAST, CLASS_SECONDS, Person
from infra.local.token import display_name

HERE, AWAY, AHEAD = "█", "·", " "
CELL_SECONDS = (1, 2, 3, 5, 6)
"""How many seconds one cell of a bar may stand for: the finest that has room is taken."""
BESIDE_LIVE, BESIDE_ATTENDANCE, TALE = 20, 70, 42
"""The columns of text that stand beside a bar."""
ROLES = ("teacher", "student", "guest", "phone")


class LivePicture:
    """Presence as the API reports it while the class is on."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._seen: dict[str, dict[int, bool]] = {}
        self._feed = "none"

    @property
    def seen(self) -> set[str]:
        """Everybody who was reported as present at some time, by e-mail, else by name."""
        return {who for who, told in self._seen.items() if any(told.values())}

    def note(self, session: Mapping[str, Any] | None, now: datetime) -> None:
        """Take in what `active-sessions` said at `now`."""
        second = int((now - self._start).total_seconds())
        if session is None or not 0 <= second < CLASS_SECONDS:
            return
        self._feed = session["feed"]
        for person in session["participants"]:
            self._seen.setdefault(person["email"] or person["display_name"], {})[second] = person["present"]

    def draw(self, now: datetime, width: int) -> Table:
        """The picture at `now`, at most `width` characters wide."""
        second = min(max(int((now - self._start).total_seconds()), 0), CLASS_SECONDS)
        step = _cell_seconds(width - BESIDE_LIVE)
        table = Table(title=f"Live, second {second} of {CLASS_SECONDS} (feed: {self._feed})", title_justify="left", box=None)
        table.add_column("Who", no_wrap=True)
        table.add_column(_scale(step), no_wrap=True)
        has_room = width >= BESIDE_LIVE + CLASS_SECONDS // step + TALE
        if has_room:
            table.add_column("What happens", style="dim", no_wrap=True)
        for person in CAST:
            table.add_row(person.name, self._bar(person, second, step), *([_tale(person)] if has_room else []))
        return table

    def _bar(self, person: Person, upto: int, step: int) -> Text:
        told = self._seen.get(person.email or person.name, {})
        here, is_here = [], False
        for second in range(CLASS_SECONDS):
            is_here = told.get(second, is_here)
            here.append(is_here)
        return _bar(step, lambda second: AHEAD if second >= upto else HERE if here[second] else AWAY)


def attendance_table(rows: Sequence[Mapping[str, Any]], start: datetime, width: int) -> Table:
    """The attendance as a person likes to read it, at most `width` characters wide."""
    step = _cell_seconds(width - BESIDE_ATTENDANCE)
    table = Table(title="Attendance, from Google Meet's own record", title_justify="left", box=None, header_style="bold")
    for name in ("Name", "Matched", "Status", "In", "Out"):
        table.add_column(name, no_wrap=True)
    table.add_column("Present", justify="right", no_wrap=True)
    table.add_column(_scale(step), no_wrap=True)
    for row in sorted(rows, key=lambda row: (ROLES.index(row["role"]), row["email"] or row["display_name"])):
        table.add_row(
            row["display_name"] or display_name(row["email"]),
            "by e-mail" if row["match"] == "exact_email" else str(row["match"]),
            Text(row["status"], style={"present": "green", "absent": "red"}.get(row["status"], "yellow")),
            _time(row["join_time"]),
            _time(row["leave_time"]),
            f"{row['duration_seconds'] // 60}:{row['duration_seconds'] % 60:02d}",
            _stays_bar(row["sessions"], start, step),
        )
    return table


def _cell_seconds(room: int) -> int:
    return next((step for step in CELL_SECONDS if CLASS_SECONDS // step <= room), CELL_SECONDS[-1])


def _scale(step: int) -> str:
    return "0 s" + f"{CLASS_SECONDS} s".rjust(CLASS_SECONDS // step - 3)


def _bar(step: int, mark_at: Callable[[int], str]) -> Text:
    """One cell for each `step` seconds, marked as its middle is."""
    bar = Text()
    for cell in range(CLASS_SECONDS // step):
        mark = mark_at(cell * step + step // 2)
        bar.append(mark, style="green" if mark == HERE else "dim")
    return bar


def _tale(person: Person) -> str:
    return person.tale if person.email else f"{person.tale}: only Meet's own record knows"


def _time(told: str | None) -> str:
    return datetime.fromisoformat(told).strftime("%H:%M:%S") if told else "-"


def _stays_bar(stays: Sequence[Mapping[str, Any]], start: datetime, step: int) -> Text:
    spans = [(_second(stay["start_time"], start), _second(stay["end_time"], start)) for stay in stays]
    return _bar(step, lambda second: HERE if any(begin <= second < end for begin, end in spans) else AWAY)


def _second(told: str | None, start: datetime) -> float:
    return (datetime.fromisoformat(told) - start).total_seconds() if told else float(CLASS_SECONDS)
