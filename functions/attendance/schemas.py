"""What attendance is asked, on the wire: bodies in camelCase, as the guides of this family write it."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from shared.domain.attendance import AttendanceStatus
from shared.domain.errors import InvalidInput
from shared.domain.review import CardKind
from shared.people_ports import CardFilter
from shared.usecases.confirm_person import Decision, ToDecide
from shared.usecases.enriched_attendance import WhichMeeting
from shared.usecases.excuse import LONGEST, ToExcuse
from shared.usecases.rule_attendance import ToRule
from shared.web.fields import Asked, Email, Id, Instant, LongText

Verdict = Literal["present", "late", "left_early", "partial", "absent", "excused", "no_show", "unknown"]
Kind = Literal["unidentified", "not_enrolled", "registered_not_seen", "duplicate_name", "short_overlap", "data_expiring"]


class TrackerAsked(Asked):
    """A body or query of this family."""

    model_config = ConfigDict(alias_generator=to_camel)


class MeetingQuery(TrackerAsked):
    """How much of a meeting, and which of its classes: by `sessionId`, or by `date`, the day where the class is."""

    enriched: bool = False
    session_id: Id | None = None
    on: Annotated[date | None, Field(alias="date")] = None

    @model_validator(mode="after")
    def _one_class(self) -> Self:
        if self.session_id is not None and self.on is not None:
            raise InvalidInput("date", "Give either sessionId or date.")
        return self

    def to_words(self, meeting_id: str) -> WhichMeeting:
        """The request in the words of the story."""
        return WhichMeeting(meeting_id, self.session_id, self.on)


class ReviewQuery(Asked):
    """Which cards: open or decided ones, of one kind, of one session."""

    state: Literal["open", "decided"] | None = None
    kind: Kind | None = None
    session_id: Id | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None

    def to_filter(self) -> CardFilter:
        """The filter as it was asked for."""
        is_open = None if self.state is None else self.state == "open"
        return CardFilter(is_open, CardKind(self.kind) if self.kind else None, self.session_id)


class DecideAsked(TrackerAsked):
    """What a person says about a card. `email` is whom a confirmation names; `remember` holds it for later classes too."""

    decision: Literal["confirm", "guest", "dismiss", "reopen"]
    email: Email | None = None
    reason: LongText | None = None
    remember: bool = True

    @model_validator(mode="after")
    def _names_whom_it_confirms(self) -> Self:
        if (self.decision == "confirm") != (self.email is not None):
            raise InvalidInput("email", "Give email with the decision confirm, and with no other: it says who it was.")
        return self

    def to_words(self, card_id: str) -> ToDecide:
        """The decision in the words of the story."""
        return ToDecide(card_id, Decision(self.decision), self.email, self.reason or "", self.remember)


class OverrideAsked(TrackerAsked):
    """The status that counts for one person of a session, by `email` or by the `participantId` of their attendance."""

    status: Verdict
    reason: LongText
    email: Email | None = None
    participant_id: Id | None = None

    @model_validator(mode="after")
    def _one_person(self) -> Self:
        if (self.email is None) == (self.participant_id is None):
            raise InvalidInput("email", "Give either email or participantId: whose status it is.")
        return self

    def to_words(self, session_id: str) -> ToRule:
        """The override in the words of the story."""
        return ToRule(session_id, AttendanceStatus(self.status), self.reason, self.email, self.participant_id)


class WithdrawQuery(TrackerAsked):
    """Why something is taken back."""

    reason: LongText


class ExcuseAsked(TrackerAsked):
    """Who is excused and why, from one class or from every class that starts from `from` on and before `to`."""

    email: Email
    reason: LongText
    class_id: Id | None = None
    start_from: Annotated[Instant | None, Field(alias="from")] = None
    start_before: Annotated[Instant | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _class_or_time(self) -> Self:
        is_class, given = self.class_id is not None, (self.start_from is not None, self.start_before is not None)
        if is_class == any(given) or (not is_class and not all(given)):
            raise InvalidInput("classId", "Give either classId, or from and to.")
        return self

    def to_words(self) -> ToExcuse:
        """The excuse in the words of the story."""
        return ToExcuse(self.email, self.reason, self.class_id, self.start_from, self.start_before)


class ExcusesQuery(TrackerAsked):
    """Whose excuses, for classes that start in that time: from now on, for a year, unless it says otherwise."""

    email: Email
    start_from: Annotated[Instant | None, Field(alias="from")] = None
    start_before: Annotated[Instant | None, Field(alias="to")] = None

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """From when and until before when the classes start."""
        start_from = self.start_from or now
        return start_from, self.start_before or start_from + LONGEST
