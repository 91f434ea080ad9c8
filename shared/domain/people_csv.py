"""People in a table of text: what the columns of a row say of a student, and what is said of rows that cannot be used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared.domain.tables import Columns, Line, RowError, one_line, read_sheet, told_errors

MOST_ROWS, LONGEST_NAME = 5000, 100
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
COLUMNS = Columns(SPELLINGS, ("email",), MOST_ROWS, "student")


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
    sheet = read_sheet(text, COLUMNS)
    errors = list(sheet.errors)
    seen: dict[str, PersonRow] = {}
    for line in sheet.lines:
        row, wrong = _row(line, as_email)
        errors += wrong
        if row is None:
            continue
        if seen.setdefault(row.email, row) != row:
            errors.append(RowError(line.number, "email", f"{row.email} is in the table twice with different data; keep one row."))
    return Table(tuple(seen.values()), told_errors(errors))


def _row(line: Line, as_email: Callable[[str], str]) -> tuple[PersonRow | None, list[RowError]]:
    values: dict[str, object] = {}
    errors = []
    for name, cell in line.cells.items():
        try:
            values[name] = _value(name, cell, as_email)
        except ValueError as bad:
            errors.append(RowError(line.number, name, str(bad)))
    if not errors and not values.get("email"):
        errors.append(RowError(line.number, "email", "The address is empty; write one like ada@school.example."))
    return (None, errors) if errors else (PersonRow(**values, number=line.number), [])  # type: ignore[arg-type]


def _value(name: str, cell: str, as_email: Callable[[str], str]) -> object:
    parts = [part.strip() for part in one_line(cell).split(";") if part.strip()]
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
