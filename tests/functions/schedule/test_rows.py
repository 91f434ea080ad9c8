"""Rows of a timetable: what a spreadsheet or a stranger writes is a booking, or is refused with row, field and remedy."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.schedule.rows import ImportClassesRequest, check_own
from shared.domain.accounts import Caller
from shared.domain.classes import Provider
from shared.domain.errors import Forbidden
from shared.domain.tables import RowError
from shared.usecases.schedule_class import Booking

ADA, OMAR, LENA = "ada@school.example", "omar@school.example", "lena@school.example"
HEADER = "teacher_email,student_emails,subject,start_time,duration_minutes"
ROW = f"{ADA},{OMAR},Algebra,2026-12-01T16:00:00Z,60"
LESSON = Booking(ADA, (OMAR,), "Algebra", datetime(2026, 12, 1, 16, tzinfo=UTC), timedelta(hours=1), "UTC")
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).map(str.strip)


def read(text: str) -> tuple[dict[int, Booking], list[RowError]]:
    """What a table says."""
    return ImportClassesRequest(csv=text).to_rows()


def test_a_row_may_say_everything_that_a_booking_may() -> None:
    text = (
        "\ufeffTeacher Email;STUDENT_EMAILS;co-teacher emails;Subject;Start time;Duration minutes;Course ID;Timezone;Recurrence;"
        "Provider;rate_plan_id\r\n\r\n"
        f'{ADA.upper()};"{OMAR}; {LENA}  {OMAR}";kim@school.example;Algebra;2026-07-01 16:00;60;math;Europe/London;'
        '"FREQ=WEEKLY;COUNT=3";zoom;usual\r\n'
    )
    rows, errors = read(text)
    assert errors == []
    assert rows == {
        3: Booking(
            teacher_email=ADA,
            student_emails=(OMAR, LENA),
            subject="Algebra",
            start_at=datetime(2026, 7, 1, 15, tzinfo=UTC),
            duration=timedelta(minutes=60),
            timezone="Europe/London",
            course_id="math",
            rate_plan_id="usual",
            recurrence="FREQ=WEEKLY;COUNT=3",
            provider=Provider.ZOOM,
            co_teacher_emails=("kim@school.example",),
        )
    }


def test_empty_cells_say_nothing_and_conflicts_are_allowed_for_all_rows() -> None:
    rows, _ = read(f"{HEADER},timezone,provider\n{ROW},,\n")
    assert rows == {2: LESSON}
    allowed, _ = ImportClassesRequest(csv=f"{HEADER}\n{ROW}\n{ROW}\n", allow_conflicts=True).to_rows()
    assert [booking.allow_conflicts for booking in allowed.values()] == [True, True]


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (f"ada,{OMAR},Algebra,2026-12-01T16:00:00Z,60", "teacher_email", "no e-mail address"),
        (f",{OMAR},Algebra,2026-12-01T16:00:00Z,60", "teacher_email", "required"),
        (f"{ADA},{OMAR} lena,Algebra,2026-12-01T16:00:00Z,60", "student_emails", "Address 2: This is no e-mail address"),
        (f"{ADA},=HYPERLINK(A1),Algebra,2026-12-01T16:00:00Z,60", "student_emails", "Address 1: This is no e-mail"),
        (f"{ADA},{OMAR},,2026-12-01T16:00:00Z,60", "subject", "required"),
        (f"{ADA},{OMAR},{'A' * 301},2026-12-01T16:00:00Z,60", "subject", "at most 300"),
        (f'{ADA},{OMAR},"two\nlines",2026-12-01T16:00:00Z,60', "subject", "control characters or line ends"),
        (f"{ADA},{OMAR},nul\x00,2026-12-01T16:00:00Z,60", "subject", "control characters"),
        (f"{ADA},{OMAR},Algebra,01/12/2026 16:00,60", "start_time", "RFC 3339"),
        (f"{ADA},{OMAR},Algebra,2026-12-01 16:00,60", "start_time", "fill in the column timezone"),
        (f"{ADA},{OMAR},Algebra,2026-12-01T16:00:00Z,an hour", "duration_minutes", "whole number"),
        (f"{ADA},{OMAR},Algebra,2026-12-01T16:00:00Z,0", "duration_minutes", "at least 1"),
        (f"{ADA},{OMAR},Algebra,2026-12-01T16:00:00Z,60,more", "row", "more cells than the header"),
    ],
)
def test_a_row_that_is_no_booking_is_told_and_the_others_are_read(row: str, field: str, words: str) -> None:
    rows, (error,) = read(f"{HEADER}\n{ROW}\n{row}\n")
    assert rows == {2: LESSON}
    assert (error.row, error.field) == (3, field)
    assert words in error.message


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("subject,start_time,duration_minutes\nx,y,z\n", "teacher_email"),
        (f"{HEADER},allow_conflicts\n{ROW},true\n", "allow_conflicts"),
        (f"{HEADER},Subject\n{ROW},x\n", "subject"),
        (f'{HEADER}\n"{ROW}\n', "csv"),
        (f"{HEADER}\n" + f"{ROW}\n" * 101, "csv"),
        ("t\x00e\x00a\x00c\x00h\x00e\x00r\x00", "t\x00e\x00a\x00c\x00h\x00e\x00r\x00"),
        ("\ufffd\ufffdt", "\ufffd\ufffdt"),
        ("PK\x03\x04\x14", "PK\x03\x04\x14"),
    ],
)
def test_a_file_that_is_no_timetable_is_refused_as_a_whole(text: str, field: str) -> None:
    rows, errors = read(text)
    assert rows == {}
    assert {error.row for error in errors} == {1}
    assert field in {error.field for error in errors}


@given(texts.filter(lambda told: told and not told.startswith("'")))
def test_a_subject_is_text_whatever_a_spreadsheet_would_make_of_it(subject: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER.split(","), [ADA, OMAR, subject, "2026-12-01T16:00:00Z", "60"]])
    (booking,) = read(text.getvalue())[0].values()
    assert booking.subject == subject


@given(st.text(min_size=1), st.sampled_from([0, 1, 2, 3, 4]))
def test_whatever_a_cell_holds_there_is_a_booking_or_an_error_with_words(cell: str, place: int) -> None:
    cells = ROW.split(",")
    cells[place] = cell
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER.split(","), cells])
    try:
        rows, errors = read(text.getvalue())
    except ValueError:  # a text that no JSON body can bring: half of a surrogate pair
        assert any("\ud800" <= c <= "\udfff" for c in cell)
        return
    assert bool(rows) != bool(errors)
    assert all(error.field and error.message.endswith((".", "characters")) for error in errors)


def test_a_teacher_books_own_classes_only_and_an_administrator_anybodys() -> None:
    rows = {2: LESSON, 3: LESSON}
    check_own(rows, Caller("ada", ADA, "teacher"))
    check_own(rows, Caller("boss", "boss@school.example", "admin"))
    with pytest.raises(Forbidden, match="Row 2: a teacher books own classes only"):
        check_own(rows, Caller("bea", "bea@school.example", "teacher"))
