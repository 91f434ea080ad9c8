"""The review queue on the wire: what is doubtful, who it may have been and why, and what was decided."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from functions.attendance.rows import TrackedRow
from functions.attendance.schemas import Kind
from shared.domain.rulings import Ruling, RulingKind
from shared.ports import Page
from shared.usecases.confirm_person import Decided
from shared.usecases.review_queue import ShownCard
from shared.usecases.suggest_people import Suggestion
from shared.web.camel import CamelAnswer, CamelPart
from shared.web.fields import Instant


class CardSuggestion(CamelPart):
    """Somebody whom it may have been. `likeness` is that of the names, from 0 to 100; nothing is decided by it."""

    email: str
    name: str | None
    likeness: int
    reasons: list[str]

    @classmethod
    def of(cls, told: Suggestion) -> "CardSuggestion":
        """The suggestion on the wire."""
        return cls(email=told.email, name=told.name, likeness=told.likeness, reasons=list(told.reasons))


class CardDecision(CamelPart):
    """What settled a card: who decided what, when and why. `email` is whom it was said to be; `override` is a ruled status."""

    decision: Literal["confirm", "guest", "dismiss", "override"]
    email: str | None
    by: str
    at: Instant
    reason: str

    @classmethod
    def of(cls, ruling: Ruling) -> "CardDecision":
        """The ruling on the wire."""
        words: Literal["confirm", "guest", "dismiss", "override"] = "dismiss"
        if ruling.kind is RulingKind.LINK:
            words = "confirm" if ruling.value else "guest"
        elif ruling.kind is RulingKind.STATUS:
            words = "override"
        email = ruling.value or None if ruling.kind is RulingKind.LINK else None
        return cls(decision=words, email=email, by=ruling.by, at=ruling.at, reason=ruling.reason)


class CardBody(CamelPart):
    """One thing to decide. `seconds` is the time in class that hangs on it.

    `expiresAt` is when the provider deletes the data it could still be read from. `actions` are decisions for
    `POST /review/{id}`; `override` and `sync` have routes of their own.
    """

    id: str
    kind: Kind
    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    class_start: Instant
    participant_name: str | None
    email: str | None
    seconds: int
    state: Literal["open", "decided"]
    expires_at: Instant | None
    suggestions: list[CardSuggestion]
    actions: list[Literal["confirm", "guest", "dismiss", "reopen", "override", "sync"]]
    decision: CardDecision | None

    @classmethod
    def of(cls, shown: ShownCard) -> "CardBody":
        """The card on the wire."""
        card = shown.card
        return cls.model_validate(
            {
                "id": card.card_id,
                "kind": card.kind.value,
                "session_id": card.session_id,
                "class_id": card.class_id,
                "course_id": card.course_id,
                "subject": card.subject,
                "teacher_email": card.teacher_email,
                "class_start": card.start_at,
                "participant_name": card.display_name,
                "email": card.email,
                "seconds": card.seconds,
                "state": "open" if card.is_open else "decided",
                "expires_at": card.expires_at,
                "suggestions": [CardSuggestion.of(each) for each in shown.suggestions],
                "actions": list(shown.actions),
                "decision": CardDecision.of(card.decision) if card.decision else None,
            }
        )


class ReviewBody(CamelAnswer):
    """One page of cards, the newest class first; classes whose data are about to be deleted unread stand before them."""

    items: list[CardBody]
    next_page_token: str | None = Field(alias="next_page_token")

    @classmethod
    def of(cls, page: Page[ShownCard]) -> "ReviewBody":
        """The page on the wire."""
        return cls(items=[CardBody.of(each) for each in page.items], next_page_token=page.next_token)


class DecidedBody(CamelAnswer):
    """What came of a decision: the card and the attendance as they are now; null where nothing is left of them.

    `remembered` is whether later classes know the person by it. `refreshed` counts other sessions that were drawn anew because
    the same account or name was in them, `leftOut` those that were too many for one request.
    """

    card: CardBody | None
    participant: TrackedRow | None
    remembered: bool
    refreshed: int
    left_out: int

    @classmethod
    def of(cls, decided: Decided, shown: ShownCard | None, now: datetime) -> "DecidedBody":
        """The outcome as of `now`."""
        return cls(
            card=CardBody.of(shown) if shown else None,
            participant=TrackedRow.of(decided.row, now) if decided.row else None,
            remembered=decided.is_remembered,
            refreshed=decided.others,
            left_out=decided.others_left,
        )
