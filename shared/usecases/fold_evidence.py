"""Folding evidence into the sessions that it concerns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.domain.attendance import Attendance
from shared.domain.attendance_rows import attendance_of, is_staff
from shared.domain.cards import cards_of
from shared.domain.classes import ScheduledClass, Status
from shared.domain.errors import Stale, Unavailable
from shared.domain.evidence import Evidence, Kind
from shared.domain.live import LiveNews, live_news
from shared.domain.messages import OutboxKind, OutboxRow
from shared.domain.people import People, identified
from shared.domain.presence import heard_key
from shared.domain.review import ReviewCard
from shared.domain.rooms import LATE_CLOSE, LONGEST_STAY, class_at, classes_touched, extent_of, is_near
from shared.domain.sessions import Session
from shared.ports import EvidenceLog, Fold, Sessions, Sleep, Versioned
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.know_people import Know

TRIES = 6
CACHED_SESSIONS = 256
MOST_WRITES = 350


@dataclass(frozen=True)
class FoldEvidence:
    """Merge facts into sessions and their attendance rows: one commit that also forgets the facts as pending.

    Merging is a union of sets, so folding twice, late or in any order gives the same session. The last written version of a
    session is remembered: when nobody else wrote, the next fold needs no read, and when somebody did, the commit is refused
    and everything is read anew. The first fold of a session takes in all that the room has heard before.

    What is known of the people (`know`) is gathered at the first fold, when somebody comes who is not on the roster, and
    whenever a session is folded anew; in between the session holds it.
    """

    sessions: Sessions
    evidence: EvidenceLog
    in_room: ClassesInRoom
    sleep: Sleep
    know: Know
    seen: dict[str, Versioned[Session]] = field(default_factory=dict)

    def __call__(self, facts: Sequence[Evidence]) -> int:
        """Fold these facts; answers how many found a class. Raises `Stale` when others keep writing first."""
        bound = 0
        for attempt in range(TRIES):
            groups = self._groups(facts)
            bound = sum(len(own) for _, _, _, own in groups)
            folds = [fold for held, others, told, own in groups if (fold := self._fold(held, others, told, own))]
            if not folds:
                self._forget_known(groups)
                return bound
            try:
                self._store(folds)
            except Stale:
                for fold in folds:
                    self.seen.pop(fold.after.session_id, None)
                self.sleep(0.01 * 2**attempt)
                continue
            return bound
        raise Stale("The sessions changed again and again while evidence was folded; the next tick goes on.")

    def refresh(self, held: ScheduledClass) -> None:
        """Fold the class's session anew from everything its room heard, as after a change of its time."""
        if held.room is None or self.sessions.get(held.session_id) is None:
            return
        for attempt in range(TRIES):
            before = self.sessions.get(held.session_id)
            if before is None:
                return
            others = self.in_room(held.room, held.start_at, fresh=True)
            after = self.informed(held, replace(before.value, heard={}).with_facts(self.room_facts(held)))
            try:
                self.store(before, after, held, others)
            except Stale:
                self.sleep(0.01 * 2**attempt)
                continue
            return

    def informed(self, held: ScheduledClass, session: Session) -> Session:
        """The session with what is known of its people now."""
        known = self.know(held, session)
        return session if known == session.known else replace(session, known=known)

    def room_facts(self, held: ScheduledClass) -> tuple[Evidence, ...]:
        """Everything that may matter to the class's presence: also who came long before and may still be there."""
        if held.room is None:
            return ()
        return self.evidence.in_room(held.room, held.start_at - LONGEST_STAY, held.end_at + LATE_CLOSE)

    def store(
        self,
        before: Versioned[Session] | None,
        after: Session,
        held: ScheduledClass,
        others: Sequence[ScheduledClass],
        old: Mapping[str, Attendance] | None = None,
    ) -> tuple[Attendance, ...]:
        """Store one session's next state with its rows, and answer with all of them; raises `Stale`.

        Of rows that are known from before (`old`, by id) only those that changed are written.
        """
        rows = self.rows_of(after, held, others)
        was = self.rows_of(before.value, held, others) if before else ()
        fold = _fold(before, after, rows, old, (), cards_of(after, held, rows))
        self._store([replace(fold, outbox=_settling(fold, held, was, rows), live=_news(fold, held, old))])
        return rows

    def rows_of(self, known: Session, held: ScheduledClass, others: Sequence[ScheduledClass]) -> tuple[Attendance, ...]:
        """The attendance rows that a session draws."""
        return attendance_of(known, held, extent_of(held, others))

    def _groups(
        self, facts: Sequence[Evidence]
    ) -> list[tuple[ScheduledClass, tuple[ScheduledClass, ...], list[Evidence], list[Evidence]]]:
        """Per class: the other classes of its room, the facts that touch it, and those that are its own."""
        groups: dict[str, tuple[ScheduledClass, tuple[ScheduledClass, ...], list[Evidence], list[Evidence]]] = {}
        for fact in facts:
            others = self.in_room(fact.room, fact.at)
            own = class_at(fact.at, others)
            for held in classes_touched(fact.at, others):
                group = groups.setdefault(held.class_id, (held, others, [], []))
                group[2].append(fact)
                if own is not None and held.class_id == own.class_id:
                    group[3].append(fact)
        return list(groups.values())

    def _fold(
        self,
        held: ScheduledClass,
        others: tuple[ScheduledClass, ...],
        told: Sequence[Evidence],
        own: Sequence[Evidence],
    ) -> Fold | None:
        before = self.seen.get(held.session_id) or self.sessions.get(held.session_id)
        if before is None and not any(is_near(fact.at, held) for fact in told):
            return None
        known = before.value if before else Session(held.session_id, held.class_id).with_facts(self.room_facts(held))
        after = known.with_facts(told)
        if before is not None and after is before.value:
            return None
        was, now = identified(known, held), identified(after, held)
        if before is None or _has_stranger(was, now, held):
            after = self.informed(held, after)
            now = identified(after, held)
        extent = extent_of(held, others)
        is_over = held.status is Status.COMPLETED
        is_other = before is None or is_over or before.value.known is not after.known
        touched = None if is_other else _touched(was, now, after, held, told)
        rows = attendance_of(after, held, extent, touched, now)
        old = {row.row_id: row for row in attendance_of(before.value, held, extent, touched, was)} if before else {}
        fold = _fold(before, after, rows, old, tuple(own), cards_of(after, held, rows) if is_over else None)
        return replace(fold, outbox=_settling(fold, held, tuple(old.values()), rows), live=_news(fold, held, old))

    def _store(self, folds: Sequence[Fold]) -> None:
        """One commit for all where they fit; `Stale` leaves nothing half done within a commit."""
        batch: list[Fold] = []
        writes = 0
        for fold in folds:
            size = 1 + len(fold.rows) + len(fold.gone) + len(fold.consumed) + len(fold.cards) + len(fold.cards_gone) + 2
            if batch and writes + size > MOST_WRITES:
                self._commit(batch)
                batch, writes = [], 0
            batch.append(fold)
            writes += size
        if batch:
            self._commit(batch)

    def _commit(self, folds: Sequence[Fold]) -> None:
        for stored in self.sessions.store(folds):
            if len(self.seen) >= CACHED_SESSIONS:
                self.seen.clear()
            self.seen[stored.value.session_id] = stored

    def _forget_known(self, groups: Iterable[tuple[object, object, object, list[Evidence]]]) -> None:
        """Facts that the sessions held already are only still noted as pending."""
        known = [fact for _, _, _, own in groups for fact in own]
        if known:
            try:
                self.evidence.folded(known)
            except Unavailable:
                return


def _has_stranger(was: People, now: People, held: ScheduledClass) -> bool:
    """Whether somebody came who is not on the roster, or whom nobody knows: there may be something known about them."""
    known = {*was.person_of.values(), *(f"email:{email}" for email in held.people)}
    return any(person not in known for person in now.person_of.values())


def _touched(was: People, now: People, after: Session, held: ScheduledClass, told: Sequence[Evidence]) -> set[str] | None:
    """Whose rows the facts may change: those they tell of, and whoever turned out to be somebody else. None is everybody.

    On the staff's presence everybody's row may rest.
    """
    if any(fact.kind is Kind.END for fact in told):
        return None
    keys = {heard_key(fact.source, fact.connection) for fact in told}
    keys |= {key for key, person in was.person_of.items() if now.person_of[key] != person}
    touched = {people.person_of[key] for people in (was, now) for key in keys if key in people.person_of}
    return None if any(is_staff(person, after, held) for person in touched) else touched


def _fold(
    before: Versioned[Session] | None,
    after: Session,
    rows: Sequence[Attendance],
    old: Mapping[str, Attendance] | None,
    consumed: tuple[Evidence, ...],
    cards: tuple[ReviewCard, ...] | None,
) -> Fold:
    """The fold that stores `after` with `rows`. `old` are the same people's rows before; None stands for everybody's.

    Without `cards` the session's stay as they are.
    """
    written = set(before.value.rows) if before else set()
    ids = {row.row_id for row in rows}
    gone = (written - ids) if old is None else (old.keys() - ids) & written
    fresh = tuple(row for row in rows if old is None or row.row_id not in written or old.get(row.row_id) != row)
    old_cards = set(before.value.cards if before else ())
    card_ids = old_cards if cards is None else {card.card_id for card in cards}
    after = replace(
        after,
        rows=tuple(sorted((written - gone) | ids)),
        cards=tuple(sorted(card_ids)),
        rev=(before.value.rev if before else 0) + 1,
    )
    return Fold(before, after, fresh, tuple(sorted(gone)), consumed, cards or (), tuple(sorted(old_cards - card_ids)))


def _settling(fold: Fold, held: ScheduledClass, was: Sequence[Attendance], rows: Sequence[Attendance]) -> tuple[OutboxRow, ...]:
    """A note for the outside when a class's attendance is settled, or settled otherwise than before."""
    sync, before = fold.after.sync, fold.before.value.sync if fold.before else None
    if held.status is not Status.COMPLETED or sync is None or not sync.complete:
        return ()
    if before is not None and before.complete and sorted(was, key=_row_id) == sorted(rows, key=_row_id):
        return ()
    at = max((ruling.at for ruling in fold.after.known.rulings), default=sync.read_at)
    return (OutboxRow(OutboxKind.SETTLED, held.session_id, max(at, sync.read_at), held.class_id),)


def _news(fold: Fold, held: ScheduledClass, old: Mapping[str, Attendance] | None) -> LiveNews | None:
    return live_news(held, fold.before.value if fold.before else None, fold.after, old, fold.rows, fold.gone)


def _row_id(row: Attendance) -> str:
    return row.row_id
