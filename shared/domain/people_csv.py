"""People in a table of text: how a spreadsheet's rows are read, and what is said of rows that cannot be used."""

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_ROWS, MOST_ERRORS, LONGEST_NAME = 5000, 100, 100
SPELLINGS: Mapping[str, str] = {
    "email": "email",
    "e mail": "email",
    "email address": "email",
    "first name": "first_name",
    "firstname": "first_name",
    "given name": "first_name",
    "last name": "last_name",
    "lastname": "last_name",
    "surname": "last_name",
    "family name": "last_name",
    "student number": "student_number",
    "student id": "student_number",
    "studentid": "student_number",
    "department": "department",
    "guardian email": "guardian_emails",
    "guardian emails": "guardian_emails",
    "guardianemails": "guardian_emails",
    "course": "courses",
    "courses": "courses",
}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a row and how to mend it; rows count from 1, the header's."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One student of the table; None and empty is what the table does not say. `number` is the row's, the header's is 1."""

    email: str
    first_name: str | None = None
    last_name: str | None = None
    student_number: int | None = None
    department: str | None = None
    guardian_emails: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """What could be read, and at most 100 errors."""

    rows: tuple[PersonRow, ...]
    errors: tuple[RowError, ...]


def read_people(text: str, as_email: Callable[[str], str]) -> Table:
    """The people of a table; `as_email` gives an address in lower case or raises `ValueError` with the remedy."""
    told = text.removeprefix("\ufeff")
    first_line = next((line for line in told.split("\n") if line.strip()), "")
    delimiter = max(",;\t", key=first_line.count)
    try:
        lines = [
            (number, _without_empty_end(line))
            for number, line in enumerate(csv.reader(io.StringIO(told, newline=""), delimiter=delimiter, strict=True), 1)
            if any(cell.strip() for cell in line)
        ]
    except csv.Error as bad:
        return Table((), (RowError(1, "csv", f"The text is no CSV ({bad}); export the table as CSV again."),))
    if not lines:
        return Table((), (RowError(1, "csv", "The table is empty; write a header and one row for each student."),))
    if len(lines) > MOST_ROWS + 1:
        return Table((), (RowError(1, "csv", f"The table has more than {MOST_ROWS} rows; split it."),))
    names, errors = _header(lines[0][1])
    if errors:
        return Table((), tuple(errors[:MOST_ERRORS]))
    seen: dict[str, PersonRow] = {}
    for number, line in lines[1:]:
        row, wrong = _row(number, names, line, as_email)
        errors += wrong
        if row is None:
            continue
        if seen.setdefault(row.email, row) != row:
            errors.append(RowError(number, "email", f"{row.email} is in the table twice with different data; keep one row."))
    return Table(tuple(seen.values()), tuple(errors[:MOST_ERRORS]))


def _without_empty_end(line: list[str]) -> list[str]:
    """A row without the empty cells that spreadsheets write after it."""
    last = max((place for place, cell in enumerate(line, 1) if cell.strip()), default=0)
    return line[:last]


def _header(cells: Sequence[str]) -> tuple[list[str], list[RowError]]:
    names, errors = [], []
    for cell in cells:
        told = " ".join(cell.replace("_", " ").replace("-", " ").casefold().split())
        name = SPELLINGS.get(told)
        if name is None:
            errors.append(RowError(1, cell.strip()[:50] or "header", "No such column is known; rename it or leave it out."))
        elif name in names:
            errors.append(RowError(1, name, "Two columns say this; leave one out."))
        names.append(name or "")
    if not errors and "email" not in names:
        errors.append(RowError(1, "email", "No column is called email; add it."))
    return names, errors


def _row(
    number: int, names: Sequence[str], line: Sequence[str], as_email: Callable[[str], str]
) -> tuple[PersonRow | None, list[RowError]]:
    if len(line) > len(names):
        return None, [RowError(number, "row", "The row has more cells than the header; quote cells that hold the delimiter.")]
    said = {name: unquoted(cell) for name, cell in zip(names, line, strict=False)}
    values: dict[str, object] = {}
    errors = []
    for name, cell in said.items():
        try:
            values[name] = _value(name, cell, as_email)
        except ValueError as bad:
            errors.append(RowError(number, name, str(bad)))
    if not errors and not values.get("email"):
        errors.append(RowError(number, "email", "The address is empty; write one like ada@school.example."))
    return (None, errors) if errors else (PersonRow(**values, number=number), [])  # type: ignore[arg-type]


def _value(name: str, cell: str, as_email: Callable[[str], str]) -> object:
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in cell):
        raise ValueError("The cell holds control characters or line ends; remove them.")
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    if name == "guardian_emails":
        return tuple(dict.fromkeys(as_email(part) for part in parts))
    if name == "courses":
        if any(len(part) > 128 for part in parts):  # noqa: PLR2004 - the longest course id
            raise ValueError("A course has more than 128 characters; shorten it.")
        return tuple(dict.fromkeys(parts))
    if name == "email":
        return as_email(cell) if cell else ""
    if name == "student_number":
        if cell and not (cell.isascii() and cell.isdigit() and len(cell) <= 15):  # noqa: PLR2004 - exact in JSON
            raise ValueError("The number must be up to 15 digits; remove everything else.")
        return int(cell) if cell else None
    if len(cell) > LONGEST_NAME:
        raise ValueError(f"The cell has more than {LONGEST_NAME} characters; shorten it.")
    return cell or None


def unquoted(cell: str) -> str:
    """A cell without the apostrophe that our own exports put before what a spreadsheet would run."""
    return cell[1:].strip() if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell.strip()
