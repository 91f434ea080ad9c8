"""What a review card is about, with everything that was ruled about it."""

from dataclasses import dataclass
from functools import cached_property

from shared.domain.classes import ScheduledClass
from shared.domain.evidence import PersonKind
from shared.domain.identities import IdentityKind, plain_name
from shared.domain.review import CardKind, ReviewCard, card_id_of
from shared.domain.rulings import Ruling, RulingKind, standing
from shared.domain.sessions import Session

_ACCOUNTS = ("google:", "zoom:user:")
_BY_STATUS = (CardKind.REGISTERED_NOT_SEEN, CardKind.SHORT_OVERLAP)


@dataclass(frozen=True)
class Matter:
    """The card's id, its kind and key, its class and session, and all that was ruled about the session."""

    card_id: str
    kind: CardKind
    key: str
    held: ScheduledClass
    session: Session
    rulings: tuple[Ruling, ...]

    @cached_property
    def link(self) -> Ruling | None:
        """Who it was by a person's word."""
        return standing(self.rulings, RulingKind.LINK).get(self.key)

    @property
    def links(self) -> tuple[Ruling, ...]:
        """Everything that was ever said about who it was."""
        return tuple(ruling for ruling in self.rulings if ruling.kind is RulingKind.LINK and ruling.about == self.key)

    @cached_property
    def closed(self) -> tuple[Ruling, ...]:
        """The standing rulings that this key's cards need no decision."""
        ids = {card_id_of(self.held.session_id, kind, self.key) for kind in CardKind}
        return tuple(ruling for about, ruling in standing(self.rulings, RulingKind.CARD).items() if about in ids)

    @cached_property
    def status(self) -> Ruling | None:
        """The status that somebody ruled, where the card hangs on it."""
        return standing(self.rulings, RulingKind.STATUS).get(self.key) if self.kind in _BY_STATUS else None

    @cached_property
    def identity(self) -> tuple[IdentityKind, str] | None:
        """What can be remembered of whoever it is: the account, or the one name of somebody who shows none.

        Not a name that fits several people, nor what a telephone shows.
        """
        if self.key.startswith(_ACCOUNTS):
            return IdentityKind.REF, self.key
        if self.key.startswith("email:") or self.kind is CardKind.DUPLICATE_NAME:
            return None
        seen = [each.participant for each in self.session.heard.values() if each.participant.ref == self.key]
        names = {plain_name(who.display_name) for who in seen if who.display_name} - {""}
        if len(names) != 1 or any(who.kind is PersonKind.PHONE for who in seen):
            return None
        return IdentityKind.NAME, names.pop()


def is_about(card: ReviewCard, identity: tuple[IdentityKind, str]) -> bool:
    """Whether a card is about this account or name."""
    kind, key = identity
    if kind is IdentityKind.REF:
        return card.person_key == key
    return card.display_name is not None and plain_name(card.display_name) == key
