"""Tables of text as spreadsheets write them: the rows with their named cells, and what is said of those that cannot be used.

What a row means is the business of whoever reads it; here are the delimiters, the header, the empty ends and the numbers.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_ERRORS = 100


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a row and how to mend it; rows count from 1, the header's.

    `is_conflict` is of what can be stored all the same where it is wanted, such as somebody's second class at one time.
    """

    row: int
    field: str
    message: str
    is_conflict: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table may hold: the spellings of each column in small letters, those that must be there, and the most rows.

    `about` is what one row is about, for whoever sent an empty table.
    """

    spellings: Mapping[str, str]
    needed: Sequence[str]
    most_rows: int
    about: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its number and its cells by the names of their columns; a row that ends early has fewer."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that have a form, and errors about the others or about the table."""

    lines: tuple[Line, ...]
    errors: tuple[RowError, ...]


def read_sheet(text: str, columns: Columns) -> Sheet:
    """The rows of a table whose cells are parted by commas, semicolons or tabs, whichever the header has most of."""
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
        return _no_sheet(f"The text is no CSV ({bad}); export the table as CSV again.")
    if not lines:
        return _no_sheet(f"The table is empty; write a header and one row for each {columns.about}.")
    if len(lines) > columns.most_rows + 1:
        return _no_sheet(f"The table has more than {columns.most_rows} rows; split it.")
    names, errors = _header(lines[0][1], columns)
    if errors:
        return Sheet((), tuple(errors))
    told_too_much = "The row has more cells than the header; quote cells that hold the delimiter."
    return Sheet(
        tuple(Line(number, _cells(names, line)) for number, line in lines[1:] if len(line) <= len(names)),
        tuple(RowError(number, "row", told_too_much) for number, line in lines[1:] if len(line) > len(names)),
    )


def told_errors(errors: Sequence[RowError]) -> tuple[RowError, ...]:
    """The errors by their rows, and no more than anybody mends at once."""
    return tuple(sorted(errors, key=lambda error: error.row)[:MOST_ERRORS])


def one_line(cell: str) -> str:
    """The cell, if every system can store and show it; raises `ValueError` with the remedy."""
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in cell):
        raise ValueError("The cell holds control characters or line ends; remove them.")
    return cell


def unquoted(cell: str) -> str:
    """A cell without the apostrophe that our own exports put before what a spreadsheet would run."""
    return cell[1:].strip() if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell.strip()


def _no_sheet(message: str) -> Sheet:
    return Sheet((), (RowError(1, "csv", message),))


def _without_empty_end(line: list[str]) -> list[str]:
    """A row without the empty cells that spreadsheets write after it."""
    last = max((place for place, cell in enumerate(line, 1) if cell.strip()), default=0)
    return line[:last]


def _header(cells: Sequence[str], columns: Columns) -> tuple[list[str], list[RowError]]:
    names, errors = [], []
    for cell in cells:
        told = " ".join(cell.replace("_", " ").replace("-", " ").casefold().split())
        name = columns.spellings.get(told)
        if name is None:
            errors.append(RowError(1, cell.strip()[:50] or "header", "No such column is known; rename it or leave it out."))
        elif name in names:
            errors.append(RowError(1, name, "Two columns say this; leave one out."))
        names.append(name or "")
    absent = [] if errors else [name for name in columns.needed if name not in names]
    return names, errors + [RowError(1, name, f"No column is called {name}; add it.") for name in absent]


def _cells(names: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    return {name: unquoted(cell) for name, cell in zip(names, line, strict=False)}
