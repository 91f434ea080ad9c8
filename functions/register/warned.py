"""Warnings on the wire."""

from typing import Annotated, Literal, Self

from pydantic import Field

from shared.delivery_ports import WarningFilter
from shared.domain.warnings import AttendanceWarning
from shared.ports import Page
from shared.web.fields import Answer, Asked, Email, Id, Instant, Key


class WarningsQuery(Asked):
    """Which warnings, within what is the caller's."""

    student_email: Email | None = None
    course_id: Key | None = None
    teacher_email: Email | None = None
    state: Literal["standing", "ended"] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None

    @property
    def about(self) -> str | None:
        """The narrowest thing that was asked for by name."""
        return self.student_email or self.course_id or self.teacher_email

    def to_filter(self) -> WarningFilter:
        """The request in the words of the port."""
        is_standing = None if self.state is None else self.state == "standing"
        return WarningFilter(self.student_email, self.course_id, self.teacher_email, is_standing)


class WarningItem(Answer):
    """A warning: the student's points fell below a share of the taken `sessions`, or absences followed one another.

    `line` is what the policy asked for; `share` is in whole percent, rounded down; `since` is the start of the class that
    crossed the line. What ended it is null where the warning stands, or rested on something that was corrected.
    """

    warning_id: str
    student_email: str
    course_id: str
    kind: Literal["low_share", "absences_in_row"]
    state: Literal["standing", "ended"]
    since: Instant
    line: int
    sessions: int
    share: int
    absences_in_row: int
    session_id: str
    class_id: str
    subject: str
    teacher_email: str
    raised_at: Instant
    ended_at: Instant | None
    ended_by_session_id: str | None

    @classmethod
    def of(cls, warning: AttendanceWarning) -> Self:
        """The warning on the wire."""
        return cls.model_validate(
            {
                "warning_id": warning.warning_id,
                "student_email": warning.student_email,
                "course_id": warning.course_id,
                "kind": warning.kind.value,
                "state": "standing" if warning.is_standing else "ended",
                "since": warning.start_at,
                "line": warning.line,
                "sessions": warning.taken,
                "share": warning.share_percent,
                "absences_in_row": warning.absences_in_row,
                "session_id": warning.session_id,
                "class_id": warning.class_id,
                "subject": warning.subject,
                "teacher_email": warning.teacher_email,
                "raised_at": warning.raised_at,
                "ended_at": warning.ended_at,
                "ended_by_session_id": warning.ended_by,
            }
        )


class WarningsBody(Answer):
    """One page of warnings, the last raised first."""

    success: Literal[True] = True
    warnings: list[WarningItem]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[AttendanceWarning]) -> Self:
        """The page on the wire."""
        return cls(warnings=[WarningItem.of(each) for each in page.items], next_page_token=page.next_token)
