"""Builders: domain values with everything filled in, so that a test says only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Evidence, Kind, Participant, PersonKind, Source, connection_of
from shared.domain.ids import stable_id

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ROOM = "google_meet:abcmnopxyz"


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def at(offset: float) -> datetime:
    """So many minutes after noon, when built classes begin."""
    return NOON + minutes(offset)


def a_class(name: str = "algebra", **changes: Any) -> ScheduledClass:
    """A class from 12:00 to 13:00 with a teacher, two students and a Meet room."""
    booked = ScheduledClass(
        class_id=stable_id("class", name),
        teacher_email="ada@school.example",
        student_emails=("omar@school.example", "lena@school.example"),
        subject=name,
        start_at=NOON,
        end_at=at(60),
        timezone="Europe/London",
        booked_at=at(-600),
        meet_code="abc-mnop-xyz",
        meet_link="https://meet.google.com/abc-mnop-xyz",
        room=ROOM,
        calendar_done=1,
    )
    return replace(booked, **changes)


def seen(  # noqa: PLR0913 - each of them is what some test is about
    kind: str,
    when: datetime,
    who: str = "email:omar@school.example",
    *,
    source: Source = Source.BRIDGE,
    device: str | None = None,
    connection: str | None = None,
    name: str | None = None,
    room: str = ROOM,
    received_at: datetime | None = None,
    address: str | None = None,
    person: PersonKind = PersonKind.SIGNED_IN,
    bound_to: str | None = None,
) -> Evidence:
    """One join or leave."""
    participant = Participant(who, name, person, device=device, address=address)
    return Evidence(
        room=room,
        source=source,
        connection=connection or connection_of(participant),
        kind=Kind(kind),
        at=when,
        participant=participant,
        received_at=received_at or when,
        bound_to=bound_to,
    )
