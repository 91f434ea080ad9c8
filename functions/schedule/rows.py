"""A timetable on the wire: what is asked, and the rows of the table as bookings, each checked as a booking's body is."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StrictBool, ValidationError

from functions.schedule.schemas import BookClassRequest
from shared.domain.accounts import Caller
from shared.domain.errors import Forbidden, InvalidInput
from shared.domain.tables import Line, RowError, one_line, read_sheet
from shared.domain.timetables import COLUMNS, MOST_BOOKED, MOST_ROWS, MOST_SEATS, with_offset
from shared.usecases.schedule_class import Booking
from shared.web.fields import Asked
from shared.web.words import words_for

_LISTS = ("student_emails", "co_teacher_emails")
_TABLE = (
    "CSV text whose header names the fields of a booking; several addresses are parted by blanks or semicolons. start_time is "
    "RFC 3339, or YYYY-MM-DD HH:MM in the row's timezone. "
    f"At most {MOST_ROWS} rows, {MOST_BOOKED} classes with all series counted out, and {MOST_SEATS} people, each counted in "
    "each of their classes."
)


class ImportClassesRequest(Asked):
    """A table of classes to book; a dry run only says what would be booked."""

    csv: Annotated[str, Field(min_length=1, max_length=1_000_000, description=_TABLE)]
    dry_run: StrictBool = False
    allow_conflicts: StrictBool = False

    def to_rows(self) -> tuple[dict[int, Booking], list[RowError]]:
        """The rows that can be read, by their numbers, and what is wrong with the others."""
        sheet = read_sheet(self.csv, COLUMNS)
        rows, errors = {}, list(sheet.errors)
        for line in sheet.lines:
            try:
                values = _values(line)
                wanted = BookClassRequest.model_validate({**values, "allow_conflicts": self.allow_conflicts})
            except InvalidInput as bad:
                errors.append(RowError(line.number, bad.field, bad.detail))
            except ValidationError as bad:
                errors += [_error(line.number, found) for found in bad.errors(include_url=False, include_input=False)]
            else:
                rows[line.number] = wanted.to_booking()
        return rows, errors


def check_own(rows: Mapping[int, Booking], caller: Caller) -> None:
    """Raise `Forbidden` where a teacher would book somebody else's class."""
    foreign = [number for number, booking in rows.items() if not caller.is_admin and booking.teacher_email != caller.email]
    if foreign:
        raise Forbidden(f"Row {foreign[0]}: a teacher books own classes only; give your own address as teacher_email.")


def _values(line: Line) -> dict[str, Any]:
    """The cells that say something, as a booking's body has them; raises `InvalidInput`."""
    values: dict[str, Any] = {}
    for name, cell in line.cells.items():
        try:
            told = one_line(cell)
        except ValueError as bad:
            raise InvalidInput(name, str(bad)) from bad
        if told:
            values[name] = [part for part in re.split(r"[\s;]+", told) if part] if name in _LISTS else told
    if "start_time" in values:
        values["start_time"] = with_offset(values["start_time"], values.get("timezone", ""))
    return values


def _error(number: int, found: Mapping[str, Any]) -> RowError:
    """One of pydantic's findings as the row's error; of several addresses it says which one is meant."""
    field, *places = found["loc"] or ("row",)
    which = f"Address {places[0] + 1}: " if places and isinstance(places[0], int) else ""
    return RowError(number, str(field), which + words_for(found))
