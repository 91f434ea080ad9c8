"""The review queue: what the rules could not decide for sure, one card for each decision that a person has to take.

Cards are drawn from a session like its attendance rows; a decision is a ruling, and turns the card into a decided one.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import stable_id
from shared.domain.rulings import Ruling


class CardKind(StrEnum):
    """Why somebody should look.

    A participant whom nobody knows, one who is known and not on the roster, a registration that no participant bears out, one
    name that fits several people, a stay too short to count, records about to expire unread.
    """

    UNIDENTIFIED = "unidentified"
    NOT_ENROLLED = "not_enrolled"
    REGISTERED_NOT_SEEN = "registered_not_seen"
    DUPLICATE_NAME = "duplicate_name"
    SHORT_OVERLAP = "short_overlap"
    DATA_EXPIRING = "data_expiring"


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """One thing to decide. `person_key` is the key of whom it is about; `email` is there where the person is known.

    `seconds` is the time in class that hangs on it. `decision` is the ruling that settled it.
    """

    kind: CardKind
    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    start_at: datetime
    person_key: str
    email: str | None = None
    display_name: str | None = None
    seconds: int = 0
    expires_at: datetime | None = None
    decision: Ruling | None = None
    co_teacher_emails: tuple[str, ...] = ()

    @property
    def teacher_emails(self) -> tuple[str, ...]:
        """Everybody who teaches the class, and may decide."""
        return (self.teacher_email, *self.co_teacher_emails)

    @property
    def card_id(self) -> str:
        """A function of what it is about, so that drawing it again makes no second one."""
        return card_id_of(self.session_id, self.kind, self.person_key)

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision is None


def card_id_of(session_id: str, kind: CardKind, person_key: str) -> str:
    """The id of a card."""
    return stable_id("card", session_id, kind, person_key)
