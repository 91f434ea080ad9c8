"""What the demo checks at its end, in words: the attendance must tell the story as it was played."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.demo.cast import CAST, Person

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; `told` says what the attendance holds instead where it does not hold."""

    claim: str
    holds: bool
    told: str = ""


def findings(rows: Rows, seen_live: set[str]) -> list[Finding]:
    """Everything that is checked about the attendance of the demo's class, and about who was shown while it was on."""
    return [
        _live(seen_live),
        _each_once(rows),
        _all_measured(rows),
        *(_person(person, rows) for person in CAST if person.email),
        *(_nameless(person, rows) for person in CAST if not person.email),
    ]


def _live(seen: set[str]) -> Finding:
    wanted = {person.email or person.name for person in CAST if person.visits}
    claim = "While the class was on, the API showed everybody who was there, as Google pushed it, and nobody else"
    return Finding(claim, seen == wanted, f"it showed {sorted(seen)}")


def _each_once(rows: Rows) -> Finding:
    counts = Counter(row["email"] or row["display_name"] for row in rows)
    wanted = Counter(person.email or person.name for person in CAST)
    return Finding("Everybody of the class is listed, and each person once", counts == wanted, f"listed: {dict(counts)}")


def _all_measured(rows: Rows) -> Finding:
    bases = Counter(row["basis"] for row in rows)
    return Finding("Every time rests on Meet's own record", set(bases) == {"measured"}, f"they rest on {dict(bases)}")


def _person(person: Person, rows: Rows) -> Finding:
    row = next((row for row in rows if row["email"] == person.email), None)
    status = "present" if person.visits else "absent"
    claim = f"{person.name}, who {person.tale}, is {status}" + (f" for {person.present} s" if person.visits else "")
    if person.stays > 1:
        claim += f" in {person.stays} stays"
    if _is_on_two_devices(person):
        claim += ": the devices are counted once"
    return _compared(claim, row, (status, person.present, person.stays, "exact_email"))


def _nameless(person: Person, rows: Rows) -> Finding:
    row = next((row for row in rows if row["email"] is None and row["display_name"] == person.name), None)
    claim = f"{person.name}, who {person.tale}, is listed for {person.present} s and matched to nobody"
    return _compared(claim, row, ("present", person.present, person.stays, "unmatched"))


def _compared(claim: str, row: Mapping[str, Any] | None, wanted: tuple[str, int, int, str]) -> Finding:
    if row is None:
        return Finding(claim, holds=False, told="there is no such row")
    told = (row["status"], row["duration_seconds"], len(row["sessions"]), row["match"])
    return Finding(claim, told == wanted, f"the row says {told[0]}, {told[1]} s, {told[2]} stays, {told[3]}")


def _is_on_two_devices(person: Person) -> bool:
    return len({visit.device for visit in person.visits}) > 1
