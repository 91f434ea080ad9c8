"""Listing the review queue within what is the caller's, with suggestions and with what can be done about each card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.accounts import Caller
from shared.domain.attendance_rows import attendance_of
from shared.domain.cards import expiring
from shared.domain.classes import ScheduledClass
from shared.domain.errors import NotFound
from shared.domain.review import CardKind, ReviewCard
from shared.domain.rooms import extent_of
from shared.domain.sessions import Session
from shared.people_ports import CardFilter, Likeness, ReviewQueue
from shared.ports import Classes, Clock, Page, Sessions
from shared.usecases.suggest_people import ASKING, Suggestion, suggested

DATA_KEPT = timedelta(days=30)
SOON = timedelta(days=7)
MOST_UNSYNCED = 200


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card with whom it may be about and what can be done.

    `actions` are decisions (`confirm`, `guest`, `dismiss`, `reopen`), or `override` (the attendance) and `sync` (read the
    meeting again), which have routes of their own.
    """

    card: ReviewCard
    suggestions: tuple[Suggestion, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True)
class ShowReview:
    """The queue as a person works through it. Cards about data that is about to be deleted stand on the first page."""

    queue: ReviewQueue
    classes: Classes
    sessions: Sessions
    likeness: Likeness
    clock: Clock

    def __call__(self, wanted: CardFilter, caller: Caller, limit: int, token: str | None) -> Page[ShownCard]:
        """One page of the caller's cards, the newest class first. Raises `NotFound` for a foreign token."""
        scope = self._within(wanted, caller)
        if scope is None:
            return Page((), None)
        page = self.queue.page(scope, limit, token)
        shown = self._shown(page.items)
        if token is None and wanted.is_open is not False and wanted.kind in (None, CardKind.DATA_EXPIRING):
            shown = (*self._expiring(wanted, caller), *shown)
        return Page(shown, page.next_token)

    def one(self, card: ReviewCard) -> ShownCard:
        """One card of a class that was found to be the caller's."""
        return self._shown([card])[0]

    def _within(self, wanted: CardFilter, caller: Caller) -> CardFilter | None:
        """The filter within what is the caller's; None when that leaves nothing."""
        if caller.is_admin:
            return wanted
        if wanted.session_id is None:
            return CardFilter(wanted.is_open, wanted.kind, None, caller.email)
        try:
            held = self.classes.by_session(wanted.session_id)
        except NotFound:
            return None
        return wanted if caller.teaches(held) else None

    def _shown(self, cards: Sequence[ReviewCard]) -> tuple[ShownCard, ...]:
        asking = [card for card in cards if card.is_open and card.kind in ASKING]
        sessions = self.sessions.get_many(sorted({card.session_id for card in asking}))
        booked = self.classes.versioned(sorted({card.class_id for card in asking}))
        held = {each.value.class_id: each.value for each in booked}
        return tuple(
            ShownCard(card, self._suggested(card, sessions.get(card.session_id), held.get(card.class_id)), actions_for(card))
            for card in cards
        )

    def _suggested(self, card: ReviewCard, session: Session | None, held: ScheduledClass | None) -> tuple[Suggestion, ...]:
        if session is None or held is None:
            return ()
        rows = attendance_of(session, held, extent_of(held, ()))
        return suggested(card, session, held, rows, self.likeness)

    def _expiring(self, wanted: CardFilter, caller: Caller) -> tuple[ShownCard, ...]:
        """The classes of the caller whose records are about to be deleted unread, the soonest first."""
        now = self.clock()
        unsynced = [held for held in self.classes.unsynced(MOST_UNSYNCED) if held.end_at <= now - DATA_KEPT + SOON]
        own = [h for h in unsynced if caller.teaches(h) and wanted.session_id in (None, h.session_id)]
        sessions = self.sessions.get_many([held.session_id for held in own])
        cards = [expiring(held, _expires_at(held, sessions.get(held.session_id))) for held in own]
        return tuple(ShownCard(card, (), actions_for(card)) for card in cards)


def actions_for(card: ReviewCard) -> tuple[str, ...]:
    """What can be done about a card."""
    if card.kind is CardKind.DATA_EXPIRING:
        return ("sync",)
    if not card.is_open:
        return ("reopen",)
    return ("confirm", "guest", "dismiss") if card.kind in ASKING else ("override", "dismiss")


def _expires_at(held: ScheduledClass, session: Session | None) -> datetime:
    known = session.sync.expires_at if session and session.sync else None
    return known or held.end_at + DATA_KEPT
