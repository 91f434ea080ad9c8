"""The words of e-mails, each whole: people read them."""

import pytest

from shared.adapters.mail_texts import written
from shared.domain.messages import EventType
from tests.shared.adapters.test_mail import a_delivery

CLOSING = """

If this is not as you remember it, please write to the teacher: ada@school.example
This message was sent automatically.
"""
DATE = "Wednesday, 2 December 2026, 08:30 (Asia/Tokyo)"


@pytest.mark.parametrize(
    ("event", "kind", "subject", "text"),
    [
        (
            EventType.WARNING_RAISED,
            "absences_in_row",
            "Lena Öz: 3 absences in a row in Algebra",
            f"Lena Öz missed 3 classes of Algebra in a row, most recently the one on {DATE}.",
        ),
        (
            EventType.WARNING_ENDED,
            "absences_in_row",
            "Lena Öz: no longer absent from Algebra",
            f"The warning about Lena Öz's absences from Algebra, raised after the class on {DATE}, no longer stands.",
        ),
        (
            EventType.WARNING_RAISED,
            "low_share",
            "Lena Öz: attendance of Algebra is at 57 %",
            f"After the class on {DATE}, Lena Öz's attendance of Algebra is at 57 % of 7 classes. At least 3 % is expected.",
        ),
        (
            EventType.WARNING_ENDED,
            "low_share",
            "Lena Öz: attendance of Algebra is back above the line",
            f"The warning about Lena Öz's attendance of Algebra, raised after the class on {DATE}, no longer stands.",
        ),
    ],
)
def test_each_event_has_its_words(event: EventType, kind: str, subject: str, text: str) -> None:
    assert written(a_delivery(event=event, kind=kind)) == (subject, (text + CLOSING).rstrip("\n"))


def test_who_has_no_name_is_called_by_the_address() -> None:
    assert written(a_delivery(student_name=None))[0].startswith("lena@school.example: ")


def test_nothing_in_a_name_is_taken_for_words_of_ours() -> None:
    subject, _ = written(a_delivery(student_name="{{ teacher_email }} {% x %} <b>"))
    assert subject.startswith("{{ teacher_email }} {% x %} <b>: ")


def test_a_time_zone_that_nobody_knows_is_told_as_utc() -> None:
    for timezone in ("Mars/Olympus", "../etc", ""):
        assert "Tuesday, 1 December 2026, 23:30 (UTC)" in written(a_delivery(timezone=timezone))[1]
