"""Rulings and excuses on the wire: who decided what, when and why."""

from collections.abc import Iterable
from typing import Literal

from shared.domain.rulings import Ruling
from shared.usecases.excuse import Excuse, Excused
from shared.web.camel import CamelAnswer, CamelPart
from shared.web.fields import Instant


class RulingPart(CamelPart):
    """One decision about a session. Of several about one matter the newest counts; `isWithdrawn` takes the earlier ones back.

    `about` is an address for an excuse, a person's key for a status or for who it was, a card's id for a card; `value` is the
    status, the address of whom it was (empty for a guest), or what was decided.
    """

    id: str
    kind: Literal["excuse", "status", "link", "card"]
    about: str
    value: str
    by: str
    at: Instant
    reason: str
    is_withdrawn: bool

    @classmethod
    def of(cls, ruling: Ruling) -> "RulingPart":
        """The ruling on the wire."""
        return cls.model_validate(
            {
                "id": ruling.ruling_id,
                "kind": ruling.kind.value,
                "about": ruling.about,
                "value": ruling.value,
                "by": ruling.by,
                "at": ruling.at,
                "reason": ruling.reason,
                "is_withdrawn": ruling.is_withdrawn,
            }
        )


class RulingsBody(CamelAnswer):
    """Everything that people decided about a session, the oldest first."""

    rulings: list[RulingPart]

    @classmethod
    def of(cls, rulings: Iterable[Ruling]) -> "RulingsBody":
        """The rulings on the wire."""
        return cls(rulings=[RulingPart.of(each) for each in rulings])


class ExcusePart(CamelPart):
    """That somebody is excused from a class in advance."""

    id: str
    email: str
    class_id: str
    session_id: str
    subject: str
    class_start: Instant
    by: str
    at: Instant
    reason: str

    @classmethod
    def of(cls, excuse: Excuse) -> "ExcusePart":
        """The excuse on the wire."""
        return cls(
            id=excuse.ruling.ruling_id,
            email=excuse.ruling.about,
            class_id=excuse.held.class_id,
            session_id=excuse.held.session_id,
            subject=excuse.held.subject,
            class_start=excuse.held.start_at,
            by=excuse.ruling.by,
            at=excuse.ruling.at,
            reason=excuse.ruling.reason,
        )


class ExcusesBody(CamelAnswer):
    """Standing excuses by the start of their classes."""

    excuses: list[ExcusePart]

    @classmethod
    def of(cls, excuses: Iterable[Excuse]) -> "ExcusesBody":
        """The excuses on the wire."""
        return cls(excuses=[ExcusePart.of(each) for each in excuses])


class ExcusedBody(ExcusesBody):
    """The excuses as they stand now. `classesBegun` counts classes of that time that had begun: those take an override."""

    classes_begun: int

    @classmethod
    def given(cls, excused: Excused) -> "ExcusedBody":
        """What was excused, on the wire."""
        return cls(excuses=[ExcusePart.of(each) for each in excused.excuses], classes_begun=excused.begun)


class ExcuseBody(CamelAnswer):
    """The excuse that was taken back."""

    excuse: ExcusePart
