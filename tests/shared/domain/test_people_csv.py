"""Tables of people: every spelling of a spreadsheet is read, and what cannot be used is said with row, field and remedy."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.people_csv import MOST_ROWS, PersonRow, read_people
from shared.domain.tables import RowError
from shared.web.checks import email as as_email

OMAR, LENA = "omar@school.example", "lena@school.example"
HEADER = ("email", "first name", "last name", "student id", "department", "guardian emails", "courses")

SAFE = st.characters(exclude_categories=["Cc", "Cs"])
addresses = st.from_regex(r"[a-z0-9]{1,10}@[a-z]{1,8}\.example", fullmatch=True)
# An apostrophe before a formula's first character is what our own exports add, so that it is no part of a text.
texts = st.text(SAFE, min_size=1, max_size=30).map(str.strip).filter(lambda told: told and not told.startswith("'"))
courses = st.lists(texts.map(lambda told: told.replace(";", "")).map(str.strip).filter(bool), max_size=3, unique=True)
people = st.builds(
    PersonRow,
    addresses,
    st.none() | texts,
    st.none() | texts,
    st.none() | st.integers(0, 10**15 - 1),
    st.none() | texts,
    st.lists(addresses, max_size=3, unique=True).map(tuple),
    courses.map(lambda told: tuple(each for each in told if not each.startswith("'"))),
)


def cells(row: PersonRow) -> list[str]:
    """A row as a spreadsheet holds it."""
    number = "" if row.student_number is None else str(row.student_number)
    told = [row.email, row.first_name or "", row.last_name or "", number, row.department or ""]
    return [*told, ";".join(row.guardian_emails), ";".join(row.courses)]


def table(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    """A table as CSV text."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


@given(
    st.lists(people, max_size=6, unique_by=lambda row: row.email),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_what_a_spreadsheet_writes_is_read_as_it_was(rows: list[PersonRow], delimiter: str, end: str, mark: str) -> None:
    text = mark + table([HEADER, *map(cells, rows)], delimiter, end)
    assert read_people(text, as_email).rows == tuple(rows)
    assert read_people(text, as_email).errors == ()


@given(st.text())
def test_whatever_is_sent_there_are_people_or_errors_with_words(text: str) -> None:
    found = read_people(text, as_email)
    assert found.errors or all(as_email(row.email) == row.email for row in found.rows)
    assert all(error.row >= 1 and error.field and error.message.endswith(".") for error in found.errors)


@given(st.sampled_from(HEADER[1:5]), st.text(st.characters(categories=["Cc"]), min_size=1, max_size=3))
def test_no_cell_gets_control_characters_through(column: str, hostile: str) -> None:
    found = read_people(table([("email", column), (OMAR, f"a{hostile}b")]), as_email)
    assert found.rows == ()
    assert [error.row for error in found.errors] in ([2], [1])


@pytest.mark.parametrize(
    "header",
    [
        "email,first_name,last_name,student_number,guardian_email,course",
        "E-mail, First Name ,LAST NAME,Student ID,Guardian emails,Courses",
        "Email address,given name,surname,student-number,guardian-email,course",
        "email;firstName;lastName;studentId;guardianEmails;courses",
    ],
)
def test_headers_are_known_in_their_usual_spellings(header: str) -> None:
    line = f"{OMAR.upper()},Omar,Nasser,17,mum@home.example,Math"
    text = f"{header}\n{line if ',' in header else line.replace(',', ';')}\n"
    row = PersonRow(OMAR, "Omar", "Nasser", 17, None, ("mum@home.example",), ("Math",))
    assert read_people(text, as_email).rows == (row,)


def test_columns_may_stand_in_any_order_and_rows_may_end_early_or_in_empty_cells() -> None:
    text = f"last name,email,first name,,\r\n\r\nNasser,{OMAR},Omar,,\r\n,{LENA}\r\n"
    assert read_people(text, as_email).rows == (PersonRow(OMAR, "Omar", "Nasser"), PersonRow(LENA))


def test_empty_lines_before_the_header_do_not_hide_the_delimiter() -> None:
    assert read_people(f"\n\nemail;first name\n{OMAR};Omar\n", as_email).rows == (PersonRow(OMAR, "Omar"),)


@pytest.mark.parametrize(
    ("cell", "name"), [("'=cmd()", "=cmd()"), ("'-1", "-1"), ("=1+1", "=1+1"), ("'Neill", "'Neill"), ("O'Neill", "O'Neill")]
)
def test_formulas_are_text_and_lose_only_the_apostrophe_of_our_exports(cell: str, name: str) -> None:
    (row,) = read_people(table([("email", "first name"), (OMAR, cell)]), as_email).rows
    assert row.first_name == name


def test_each_row_that_cannot_be_used_is_told_with_its_number_field_and_remedy() -> None:
    rows = [
        HEADER,
        (OMAR, "Omar"),
        ("omar(at)school", "Omar"),
        ("", "Nobody"),
        (LENA, "L" * 101),
        (LENA, "Lena", "", "12a"),
        (LENA, "Lena", "", "1" * 16),
        (LENA, "Lena", "", "", "", "mum@home.example;mum"),
        (LENA, "Lena", "", "", "", "", "C" * 129),
        (LENA, "", "", "", "", "", "", "one too many"),
        (OMAR, "Another"),
    ]
    found = read_people(table(rows), as_email)
    assert [(error.row, error.field) for error in found.errors] == [
        (3, "email"),
        (4, "email"),
        (5, "first_name"),
        (6, "student_number"),
        (7, "student_number"),
        (8, "guardian_emails"),
        (9, "courses"),
        (10, "row"),
        (11, "email"),
    ]
    assert found.errors[0].message == "This is no e-mail address; write one like ada@school.example."
    assert found.errors[-1].message == f"{OMAR} is in the table twice with different data; keep one row."
    assert found.rows == (PersonRow(OMAR, "Omar"),)


def test_the_same_row_twice_is_one_person() -> None:
    assert read_people(table([HEADER, (OMAR, "Omar"), (OMAR.upper(), " Omar ")]), as_email).rows == (PersonRow(OMAR, "Omar"),)


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("", "csv", "empty"),
        (" \n\t\n", "csv", "empty"),
        ('email\n"omar', "csv", "no CSV"),
        ("first name\nOmar", "email", "No column is called email"),
        ("email,shoe size\n", "shoe size", "No such column"),
        ("email,,first name\n", "header", "No such column"),
        ("email,e-mail\n", "email", "Two columns"),
        ("email\n" + "x@y.example\n" * (MOST_ROWS + 1), "csv", "more than 5000 rows"),
    ],
)
def test_a_table_that_is_none_is_refused_as_a_whole(text: str, field: str, words: str) -> None:
    found = read_people(text, as_email)
    (error,) = found.errors
    assert found.rows == ()
    assert (error.row, error.field) == (1, field)
    assert words in error.message


def test_a_hundred_errors_are_enough() -> None:
    found = read_people("email\n" + "nonsense\n" * 150, as_email)
    assert len(found.errors) == 100
    assert found.errors[0] == RowError(2, "email", "This is no e-mail address; write one like ada@school.example.")
