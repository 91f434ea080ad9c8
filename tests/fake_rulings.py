"""Fakes of the ports about decisions: rulings, and the review queue over the cards that sessions wrote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.domain.errors import NotFound
from shared.domain.review import ReviewCard
from shared.domain.rulings import Ruling
from shared.people_ports import CardFilter
from shared.ports import Page
from tests.fakes import MemorySessions


@dataclass
class MemoryRulings:
    """The port `Rulings`."""

    kept: dict[str, Ruling] = field(default_factory=dict)

    def get(self, ruling_id: str) -> Ruling | None:
        """See the port."""
        return self.kept.get(ruling_id)

    def of_session(self, session_id: str) -> tuple[Ruling, ...]:
        """See the port."""
        return self._sorted(ruling for ruling in self.kept.values() if ruling.session_id == session_id)

    def add(self, rulings: Sequence[Ruling]) -> None:
        """See the port."""
        for ruling in rulings:
            self.kept.setdefault(ruling.ruling_id, ruling)

    def about(self, about: str) -> tuple[Ruling, ...]:
        """See the port."""
        return self._sorted(ruling for ruling in self.kept.values() if ruling.about == about)

    def erase(self, ruling_ids: Sequence[str]) -> None:
        """See the port."""
        for ruling_id in ruling_ids:
            self.kept.pop(ruling_id, None)

    def _sorted(self, found: Iterable[Ruling]) -> tuple[Ruling, ...]:
        return tuple(sorted(found, key=lambda ruling: (ruling.at, ruling.ruling_id)))


@dataclass
class MemoryReviewQueue:
    """The port `ReviewQueue`, over the cards of the sessions in memory."""

    sessions: MemorySessions

    def get(self, card_id: str) -> ReviewCard | None:
        """See the port."""
        return self.sessions.cards.get(card_id)

    def page(self, wanted: CardFilter, limit: int, token: str | None) -> Page[ReviewCard]:
        """See the port."""
        every = sorted(self.sessions.cards.values(), key=lambda card: (card.start_at, card.card_id), reverse=True)
        ids = [card.card_id for card in every]
        if token is not None and token not in ids:
            raise NotFound("No such page.")
        rest = every[ids.index(token) + 1 :] if token is not None else every
        found = [card for card in rest if _suits(card, wanted)]
        return Page(tuple(found[:limit]), found[limit - 1].card_id if len(found) > limit else None)


def _suits(card: ReviewCard, wanted: CardFilter) -> bool:
    return (
        wanted.is_open in (None, card.is_open)
        and wanted.kind in (None, card.kind)
        and wanted.session_id in (None, card.session_id)
        and wanted.teacher_email in (None, *card.teacher_emails)
    )
