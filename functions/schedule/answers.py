"""What the import of a timetable answers."""

from typing import Self

from shared.domain.classes import ScheduledClass
from shared.domain.tables import RowError
from shared.usecases.import_classes import ImportedClasses
from shared.web.fields import Answer, Instant
from shared.web.row_errors import RowErrorBody


class ImportedClass(Answer):
    """A class of a row; a series has as many as its rule names. In a dry run there are no ids yet.

    `meet_link` is null while Calendar does not show the class; it is tried again by itself.
    """

    row: int
    class_id: str | None
    series_id: str | None
    session_id: str | None
    teacher_email: str
    subject: str
    start_time: Instant
    end_time: Instant
    meet_link: str | None

    @classmethod
    def of(cls, row: int, booked: ScheduledClass, *, is_dry_run: bool) -> Self:
        """The class on the wire."""
        series_id = booked.series.series_id if booked.series else None
        return cls(
            row=row,
            class_id=None if is_dry_run else booked.class_id,
            series_id=None if is_dry_run else series_id,
            session_id=None if is_dry_run else booked.session_id,
            teacher_email=booked.teacher_email,
            subject=booked.subject,
            start_time=booked.start_at,
            end_time=booked.end_at,
            meet_link=booked.meet_link,
        )


class BookingError(RowErrorBody):
    """What stands in the way of a row. A `conflict`, somebody's second class at one time, is booked with `allow_conflicts`."""

    conflict: bool

    @classmethod
    def of(cls, error: RowError) -> Self:
        """The error on the wire."""
        return cls(row=error.row, field=error.field, message=error.message, conflict=error.is_conflict)


class ImportClassesBody(Answer):
    """What became of the rows: `booked` counts classes. In a dry run it is 0, and `classes` are those that could be booked."""

    dry_run: bool
    booked: int
    classes: list[ImportedClass]
    errors: list[BookingError]

    @classmethod
    def of(cls, done: ImportedClasses, *, is_dry_run: bool) -> Self:
        """The import on the wire."""
        return cls(
            dry_run=is_dry_run,
            booked=0 if is_dry_run else len(done.classes),
            classes=[ImportedClass.of(row, each, is_dry_run=is_dry_run) for row, each in done.classes],
            errors=[BookingError.of(each) for each in done.errors],
        )
