"""Lessons for the calendar tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.ports import LessonEvent

ADA = "ada.teacher@school.example"
OMAR, LENA = "omar@school.example", "lena@mail.example"
START = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
LESSON = LessonEvent(
    event_id="rc0123456789abcdef0123456789abcdef",
    organiser=ADA,
    attendees=(OMAR, LENA),
    subject="Algebra 1",
    start_at=START,
    end_at=START + timedelta(minutes=30),
    timezone="Europe/London",
    class_id="0123456789abcdef0123456789abcdef",
)


def lesson(**changes: Any) -> LessonEvent:
    """Algebra on a December afternoon in London, with changes."""
    return replace(LESSON, **changes)
