"""The attendance that the demo should end with, as the API would answer it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.demo.cast import CAST, CLASS_SECONDS, Person
from infra.local.demo.school import stamp

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


def at(second: int) -> str:
    """An instant of the class."""
    return stamp(START + timedelta(seconds=second))


def row(person: Person) -> dict[str, Any]:
    """A person's row; stays are the person's first and last seconds, split where the story splits them."""
    joins = sorted(max(visit.joins, 0) for visit in person.visits)
    leaves = sorted(visit.leaves or CLASS_SECONDS for visit in person.visits)
    spans = list(zip(joins, leaves, strict=True)) if person.stays == len(joins) else [(joins[0], leaves[-1])]
    return {
        "email": person.email,
        "display_name": person.name if person.visits else None,
        "role": _role(person),
        "match": "exact_email" if person.email else "unmatched",
        "status": "present" if person.visits else "absent",
        "join_time": at(joins[0]) if joins else None,
        "leave_time": at(leaves[-1]) if leaves else None,
        "duration_seconds": person.present,
        "sessions": [{"start_time": at(begin), "end_time": at(end), "duration_seconds": end - begin} for begin, end in spans],
        "basis": "measured",
    }


def rows() -> list[dict[str, Any]]:
    """Everybody's rows."""
    return [row(person) for person in CAST]


def _role(person: Person) -> str:
    if person.email:
        return "student" if person.is_student else "teacher"
    return "phone" if person.kind == "phone" else "guest"
