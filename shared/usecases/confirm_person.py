"""Deciding a review card: who it was, that it was nobody of ours, that nothing is to be done, or that it is open after all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.errors import InvalidInput, NotFound, NotInThisState
from shared.domain.identities import IdentityKind, Told, Word
from shared.domain.ids import is_id
from shared.domain.matches import Match
from shared.domain.review import CardKind, ReviewCard, card_id_of
from shared.domain.rulings import Ruling, RulingKind
from shared.domain.sessions import row_id
from shared.people_ports import CardFilter, Identities, People, ReviewQueue, Rulings
from shared.ports import AttendanceFilter, Clock
from shared.usecases.card_matter import Matter, is_about
from shared.usecases.session_rows import SessionRows, instant_after
from shared.usecases.suggest_people import ASKING

MOST_OTHERS = 20
MOST_SCANNED = 500


class Decision(StrEnum):
    """What a person says about a card."""

    CONFIRM = "confirm"
    GUEST = "guest"
    DISMISS = "dismiss"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class ToDecide:
    """One decision. `email` says whom a confirmation names; with `remember` it holds for later classes too."""

    card_id: str
    decision: Decision
    email: str | None = None
    reason: str = ""
    remember: bool = True


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: the card and the attendance row as they are now, where there is one.

    `is_remembered` is whether later classes know the person by it. `others` counts sessions that were folded anew because
    the same account or name was in them, `others_left` those that were too many for one call.
    """

    card: ReviewCard | None
    row: Attendance | None
    is_remembered: bool
    others: int
    others_left: int


@dataclass(frozen=True)
class DecideCard:
    """Store the decision as rulings, remember who it is, and fold what hangs on it anew.

    Each step may be done again with the same effect, so that a decision that was cut off is sent again. The rulings come
    before the remembered word and are taken back after it; both bear one instant, by which they know each other.
    """

    show: SessionRows
    queue: ReviewQueue
    rulings: Rulings
    identities: Identities
    people: People
    clock: Clock

    def __call__(self, told: ToDecide, caller: Caller) -> Decided:
        """Decide; raises the same `NotFound` for absent and foreign cards, `InvalidInput`, `NotInThisState`, `Unavailable`."""
        matter = self._matter(told.card_id, caller)
        match told.decision:
            case Decision.CONFIRM | Decision.GUEST:
                link = self._link(matter, told, caller)
                identity = self._remember(matter, link) if told.remember and link.value else None
                return self._done(matter, link.value, identity, self._same(matter, identity, caller), caller)
            case Decision.DISMISS:
                self._dismiss(matter, told, caller)
                return self._done(matter, "", None, (), caller)
            case Decision.REOPEN:
                self._reopen(matter, told, caller)
                return self._done(matter, "", None, self._resolved(matter, caller), caller)

    def _matter(self, card_id: str, caller: Caller) -> Matter:
        """What the id is about. A card that a decision turned into another one is still known by its rulings."""
        card = self.queue.get(card_id) if is_id(card_id) else None
        session_id = card.session_id if card else self._session_of(card_id)
        held = self.show.taught(session_id, caller, "card")
        rulings, stored = self.rulings.of_session(session_id), self.show.sessions.get(session_id)
        keys = [card.person_key] if card else [ruling.about for ruling in rulings if ruling.kind is RulingKind.LINK]
        found = ((kind, key) for kind in CardKind for key in keys if card_id_of(session_id, kind, key) == card_id)
        kind, key = next(found, (None, ""))
        if kind is None or stored is None:
            raise NotFound("No such card.")
        return Matter(card_id, kind, key, held, stored.value, rulings)

    def _session_of(self, card_id: str) -> str:
        about = self.rulings.about(card_id) if is_id(card_id) else ()
        return next((ruling.session_id for ruling in about if ruling.kind is RulingKind.CARD), "")

    def _link(self, matter: Matter, told: ToDecide, caller: Caller) -> Ruling:
        """The ruling that says who it was: the one that stands already, or a new one."""
        value = self._checked(matter, told)
        if matter.link is not None and matter.link.value != value:
            raise NotInThisState("Somebody has decided this otherwise already; reopen the card first.")
        if matter.link is None and any(ruling.value == Decision.DISMISS for ruling in matter.closed):
            raise NotInThisState("The card was dismissed; reopen it first.")
        if matter.link is not None:
            return matter.link
        closes = self._new(matter, told, caller)
        link = replace(closes, kind=RulingKind.LINK, about=matter.key, value=value)
        # A card of another kind becomes one about who it was; the second ruling keeps its old id known.
        self.rulings.add([link] if matter.kind is CardKind.UNIDENTIFIED else [link, closes])
        return link

    def _checked(self, matter: Matter, told: ToDecide) -> str:
        if matter.kind not in ASKING:
            raise InvalidInput("decision", "This card does not ask who it was; dismiss it, or override the attendance.")
        if told.decision is Decision.GUEST:
            return ""
        if told.email is None:
            raise InvalidInput("email", "Say whom you confirm: the address of somebody of the class.")
        if f"email:{told.email}" == matter.key:
            raise InvalidInput("email", "This is the address that the card is about; name whose it is, or dismiss the card.")
        if told.email not in matter.held.people and self.people.get(told.email) is None:
            raise InvalidInput("email", "Nobody of the class or the directory has this address; enter the person first.")
        return told.email

    def _dismiss(self, matter: Matter, told: ToDecide, caller: Caller) -> None:
        if matter.link is not None or matter.status is not None:
            raise NotInThisState("Somebody has decided this already; reopen the card first.")
        if not matter.closed:
            self.rulings.add([self._new(matter, told, caller)])

    def _reopen(self, matter: Matter, told: ToDecide, caller: Caller) -> None:
        """Take back what stands, the remembered word first."""
        now = instant_after(matter.rulings, self.clock())
        if matter.link is not None and matter.link.value:
            email, reason = matter.link.value, told.reason or None
            self._forget(matter, Word(email, Told.CONFIRMED, caller.email, now, reason, is_withdrawn=True))
        taken = [each for each in (matter.link, matter.status, *matter.closed) if each is not None]
        self.rulings.add([replace(each, by=caller.email, at=now, reason=told.reason, is_withdrawn=True) for each in taken])

    def _new(self, matter: Matter, told: ToDecide, caller: Caller) -> Ruling:
        at = instant_after(matter.rulings, self.clock())
        session_id, value = matter.held.session_id, told.decision.value
        return Ruling(session_id, RulingKind.CARD, matter.card_id, value, caller.email, at, told.reason)

    def _remember(self, matter: Matter, link: Ruling) -> tuple[IdentityKind, str] | None:
        if matter.identity is not None:
            self.identities.tell(*matter.identity, Word(link.value, Told.CONFIRMED, link.by, link.at, link.reason or None))
        return matter.identity

    def _forget(self, matter: Matter, word: Word) -> None:
        """Take back what was remembered with the standing ruling; what others confirmed later stands."""
        at = matter.link.at if matter.link else None
        known = self.identities.get_many([matter.identity]) if matter.identity else ()
        for each in known:
            if any((told.email, told.at) == (word.email, at) for told in each.standing):
                self.identities.tell(each.kind, each.key, word)

    def _same(self, matter: Matter, identity: tuple[IdentityKind, str] | None, caller: Caller) -> Iterable[str]:
        """The caller's other sessions in which an open card is about the same account or name."""
        if identity is None:
            return ()
        teacher = None if caller.is_admin else caller.email
        page = self.queue.page(CardFilter(is_open=True, teacher_email=teacher), MOST_SCANNED, None)
        asking = [card for card in page.items if card.kind in ASKING and card.session_id != matter.held.session_id]
        return dict.fromkeys(card.session_id for card in asking if is_about(card, identity))

    def _resolved(self, matter: Matter, caller: Caller) -> Iterable[str]:
        """The caller's other sessions in which somebody may be known by the confirmation that is taken back."""
        emails = {ruling.value for ruling in matter.links if ruling.value}
        own = AttendanceFilter(taught_by=None if caller.is_admin else caller.email)
        pages = [self.show.sessions.rows(replace(own, email=email), MOST_SCANNED, None) for email in sorted(emails)]
        known = [row for page in pages for row in page.items if row.match is Match.CONFIRMED_ALIAS]
        return dict.fromkeys(row.session_id for row in known if row.session_id != matter.held.session_id)

    def _done(
        self,
        matter: Matter,
        email: str,
        identity: tuple[IdentityKind, str] | None,
        others: Iterable[str],
        caller: Caller,
    ) -> Decided:
        """Fold the session anew and then the others; answers with the card and the row as they are after that."""
        self.show.fold.refresh(matter.held)
        wanted = list(others)
        for session_id in wanted[:MOST_OTHERS]:
            held = self.show.classes.by_session(session_id)
            if caller.teaches(held):
                self.show.fold.refresh(held)
        key = f"email:{email}" if email else matter.key
        rows = {row.row_id: row for row in self.show.rows(matter.held)}
        row = rows.get(row_id(matter.held.session_id, key))
        left = max(0, len(wanted) - MOST_OTHERS)
        return Decided(self._card_now(matter), row, identity is not None, min(len(wanted), MOST_OTHERS), left)

    def _card_now(self, matter: Matter) -> ReviewCard | None:
        """The card, or the one that the decision turned it into; None when nothing is doubtful any more."""
        page = self.queue.page(CardFilter(session_id=matter.held.session_id), MOST_SCANNED, None)
        own = [card for card in page.items if card.person_key == matter.key]
        return min(own, key=lambda card: (card.card_id != matter.card_id, card.is_open, card.kind), default=None)
