"""What the policy is asked to be, on the wire, and how it is shown."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from shared.domain.attendance import Attendance
from shared.domain.errors import InvalidInput
from shared.domain.policies import Policy, StatusName
from shared.usecases.preview_policy import Change, Preview, ToPreview
from shared.usecases.set_policy import ToSet
from shared.web.checks import up_to
from shared.web.fields import Answer, Asked, Email, Instant, Key, LongText

Verdict = Literal["present", "late", "left_early", "partial", "absent", "excused", "no_show", "unknown"]
Minutes = Annotated[int, Field(ge=0, le=240, strict=True)]
Around = Annotated[int, Field(ge=0, le=30, strict=True)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]
Times = Annotated[int, Field(ge=1, le=1000, strict=True)]
Label = Annotated[str, BeforeValidator(lambda told: up_to(40, told)), Field(min_length=1, max_length=40)]
Acronym = Annotated[str, BeforeValidator(lambda told: up_to(4, told)), Field(min_length=1, max_length=4)]
MAY_BE_NULL = ("student_no_show_minutes", "warn_below_percent", "warn_absences_in_row")


class StatusAsked(Asked):
    """What a status shall be called, and what it shall be worth out of 100."""

    status: Verdict
    label: Label
    acronym: Acronym
    points: Percent

    def to_words(self) -> StatusName:
        """The name in the words of the domain."""
        return StatusName(self.status, self.label, self.acronym, self.points)


class RulesAsked(Asked):
    """Rules that shall be different; what is left out stays. Null switches off: no student's no-show, no such warning."""

    grace_minutes: Minutes | None = None
    left_early_minutes: Minutes | None = None
    minimum_share_percent: Percent | None = None
    minimum_minutes: Minutes | None = None
    early_open_minutes: Around | None = None
    late_close_minutes: Around | None = None
    auto_absent: Annotated[bool, Field(strict=True)] | None = None
    teacher_no_show_minutes: Minutes | None = None
    student_no_show_minutes: Minutes | None = None
    warn_below_percent: Percent | None = None
    warn_after: Times | None = None
    warn_absences_in_row: Times | None = None
    statuses: Annotated[list[StatusAsked], Field(min_length=8, max_length=8)] | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        for name in self.model_fields_set & set(RulesAsked.model_fields):
            if getattr(self, name) is None and name not in MAY_BE_NULL:
                raise InvalidInput(name, "This cannot be null; leave it out to keep it as it is.")
        told = [each.status for each in self.statuses or ()]
        if len(set(told)) != len(told):
            raise InvalidInput("statuses", "A status is named twice; name each of the eight once.")
        return self

    @property
    def rules(self) -> dict[str, Any]:
        """What was given, by the names of `Policy`'s fields."""
        given = {name: getattr(self, name) for name in RulesAsked.model_fields if name in self.model_fields_set}
        if self.statuses is not None:
            given["statuses"] = tuple(each.to_words() for each in self.statuses)
        return given


class PolicyAsked(RulesAsked):
    """A new version of the policy, for classes that start from `effective_from` on; left out, from now on."""

    effective_from: Instant | None = None
    reason: LongText

    def to_words(self) -> ToSet:
        """The request in the words of the story."""
        return ToSet(self.rules, self.effective_from, self.reason)


class PreviewAsked(RulesAsked):
    """Rules to try on the classes that started between `from` and `to`, within what is the caller's."""

    start_from: Annotated[Instant, Field(alias="from")]
    start_before: Annotated[Instant, Field(alias="to")]
    course_id: Key | None = None
    teacher_email: Email | None = None

    @property
    def about(self) -> str | None:
        """The narrowest thing that was asked for by name."""
        return self.course_id or self.teacher_email

    def to_words(self) -> ToPreview:
        """The request in the words of the story."""
        return ToPreview(self.rules, self.start_from, self.start_before, self.course_id, self.teacher_email)


class PolicyQuery(Asked):
    """For which instant; left out, for now."""

    at: Instant | None = None


class NamedStatus(Answer):
    """A status under its name, with its worth out of 100."""

    status: Verdict
    label: str
    acronym: str
    points: int


class PolicyPart(Answer):
    """One version of the policy. `effective_from` is null of the one that counts where none was set.

    `by` and `reason` are told to teachers and administrators.
    """

    version: int
    effective_from: Instant | None
    grace_minutes: int
    left_early_minutes: int
    minimum_share_percent: int
    minimum_minutes: int
    early_open_minutes: int
    late_close_minutes: int
    auto_absent: bool
    teacher_no_show_minutes: int
    student_no_show_minutes: int | None
    warn_below_percent: int | None
    warn_after: int
    warn_absences_in_row: int | None
    statuses: list[NamedStatus]
    set_at: Instant | None
    by: str | None
    reason: str | None

    @classmethod
    def of(cls, policy: Policy, *, with_author: bool) -> Self:
        """The version on the wire."""
        rules = {name: getattr(policy, name) for name in RulesAsked.model_fields if name != "statuses"}
        statuses = [
            {"status": each.status, "label": each.label, "acronym": each.acronym, "points": each.points}
            for each in policy.statuses
        ]
        author = {"by": policy.by, "reason": policy.reason} if with_author else {"by": None, "reason": None}
        dates = {"version": policy.version, "effective_from": policy.effective_from, "set_at": policy.at}
        return cls.model_validate({**rules, **dates, **author, "statuses": statuses})


class PolicyBody(Answer):
    """One version of the policy."""

    success: Literal[True] = True
    policy: PolicyPart


class VersionsBody(Answer):
    """Every version of the policy, the newest first."""

    success: Literal[True] = True
    versions: list[PolicyPart]


class ChangedVerdict(Answer):
    """A verdict that would be another one under the rules that were tried."""

    session_id: str
    email: str | None
    from_status: Annotated[Verdict, Field(serialization_alias="from")]
    to_status: Annotated[Verdict, Field(serialization_alias="to")]
    class_start: Instant
    subject: str

    @classmethod
    def of(cls, change: Change) -> Self:
        """The change on the wire."""
        row: Attendance = change.row
        return cls.model_validate(
            {
                "session_id": row.session_id,
                "email": row.email,
                "from_status": row.status.value,
                "to_status": change.to.value,
                "class_start": row.start_at,
                "subject": row.subject,
            }
        )


class BothCounts(Answer):
    """How many verdicts are this one, and how many would be."""

    from_count: Annotated[int, Field(serialization_alias="from")]
    to_count: Annotated[int, Field(serialization_alias="to")]


class PreviewBody(Answer):
    """What other rules would do. `changed` holds at most 500; `changed_count` counts all. Nothing was stored."""

    success: Literal[True] = True
    classes: int
    people: int
    verdicts: int
    changed_count: int
    changed: list[ChangedVerdict]
    counts: dict[str, BothCounts]

    @classmethod
    def of(cls, preview: Preview) -> Self:
        """The preview on the wire."""
        statuses = sorted(preview.before.keys() | preview.after.keys())
        return cls(
            classes=preview.classes,
            people=preview.people,
            verdicts=preview.verdicts,
            changed_count=preview.changed,
            changed=[ChangedVerdict.of(change) for change in preview.changes],
            counts={
                each.value: BothCounts(from_count=preview.before.get(each, 0), to_count=preview.after.get(each, 0))
                for each in statuses
            },
        )
