"""Fakes of the ports, in memory. tests/contracts holds those of the store to what the real adapters do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.attendance import Attendance
from shared.domain.classes import ScheduledClass, Status
from shared.domain.errors import DomainError, KeyReused, NotFound, Stale
from shared.domain.evidence import Evidence
from shared.domain.ids import stable_id
from shared.domain.messages import OutboxRow
from shared.domain.review import ReviewCard
from shared.domain.sessions import Session
from shared.ports import (
    AttendanceFilter,
    ClassFilter,
    Filed,
    Fold,
    KeyedRequest,
    LessonEvent,
    MeetingReading,
    MeetLink,
    Page,
    PlannedTask,
    TaskKind,
    Versioned,
)


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime

    def __call__(self) -> datetime:
        """The instant that was set."""
        return self.at

    def passes(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


@dataclass
class Ids:
    """Ids in a row: readable, and never the same."""

    count: int = 0

    def __call__(self) -> str:
        """The next id."""
        self.count += 1
        return f"{self.count:032x}"


def no_sleep(seconds: float) -> None:
    """Wait for nothing."""


@dataclass
class MemoryClasses:
    """The port `Classes`."""

    stored: dict[str, Versioned[ScheduledClass]] = field(default_factory=dict)
    requests: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    writes: int = 0

    def _put(self, booked: ScheduledClass) -> None:
        self.writes += 1
        self.stored[booked.class_id] = Versioned(booked, self.writes)

    def add(self, booked: Sequence[ScheduledClass], request: KeyedRequest | None) -> tuple[str, ...] | None:
        """See the port."""
        known = self.booked_under(request) if request else None
        if known is not None:
            return known
        for each in booked:
            self._put(each)
            self.order.append(each.class_id)
        if request:
            self.requests[request.key_id] = (request.told, tuple(each.class_id for each in booked))
        return None

    def booked_under(self, request: KeyedRequest) -> tuple[str, ...] | None:
        """See the port."""
        if request.key_id not in self.requests:
            return None
        told, class_ids = self.requests[request.key_id]
        if told != request.told:
            raise KeyReused("used")
        return class_ids

    def release(self, request: KeyedRequest) -> None:
        """See the port."""
        self.requests.pop(request.key_id, None)

    def in_order(self, class_ids: Sequence[str]) -> tuple[str, ...]:
        """See the port."""
        return tuple(class_id for class_id in self.order if class_id in class_ids)

    def get(self, class_id: str) -> ScheduledClass:
        """See the port."""
        if class_id not in self.stored:
            raise NotFound("No such class.")
        return self.stored[class_id].value

    def by_session(self, session_id: str) -> ScheduledClass:
        """See the port."""
        for each in self._values():
            if each.session_id == session_id:
                return each
        raise NotFound("No such session.")

    def versioned(self, class_ids: Sequence[str]) -> tuple[Versioned[ScheduledClass], ...]:
        """See the port."""
        return tuple(self.stored[class_id] for class_id in class_ids if class_id in self.stored)

    def in_series(self, series_id: str) -> tuple[ScheduledClass, ...]:
        """See the port."""
        return tuple(each for each in self._values() if each.series and each.series.series_id == series_id)

    def in_room(self, room: str, start_from: datetime, start_before: datetime) -> tuple[ScheduledClass, ...]:
        """See the port."""
        return tuple(e for e in self._values() if e.room == room and start_from <= e.start_at < start_before)

    def of_people(self, emails: Sequence[str], start_from: datetime, start_before: datetime) -> tuple[ScheduledClass, ...]:
        """See the port."""
        wanted = set(emails)
        return tuple(e for e in self._values() if wanted & set(e.people) and start_from <= e.start_at < start_before)

    def page(self, wanted: ClassFilter, limit: int, token: str | None) -> Page[ScheduledClass]:
        """See the port."""
        found = [each for each in self._values() if _suits(each, wanted)]
        if token is not None:
            ids = [each.class_id for each in self._values()]
            if token not in ids:
                raise NotFound("No such page.")
            found = [each for each in found if ids.index(each.class_id) > ids.index(token)]
        items = tuple(found[:limit])
        return Page(items, items[-1].class_id if len(found) > limit else None)

    def due(self, now: datetime, limit: int) -> tuple[Versioned[ScheduledClass], ...]:
        """See the port."""
        found = [v for v in self.stored.values() if v.value.due_at is not None and v.value.due_at <= now]
        return tuple(sorted(found, key=lambda v: (v.value.due_at or now, v.value.class_id))[:limit])

    def overdue(self) -> ScheduledClass | None:
        """See the port."""
        found = sorted((e.due_at, e.class_id) for e in self._values() if e.due_at is not None)
        return self.get(found[0][1]) if found else None

    def unsynced(self, limit: int) -> tuple[ScheduledClass, ...]:
        """See the port."""
        found = [e for e in self._values() if e.status is Status.COMPLETED and not e.is_settled]
        return tuple(sorted(found, key=lambda e: e.end_at)[:limit])

    def amend(self, class_id: str, rule: Callable[[ScheduledClass], ScheduledClass]) -> ScheduledClass:
        """See the port."""
        before = self.get(class_id)
        after = rule(before)
        if after != before:
            self._put(after)
        return after

    def save(self, changes: Sequence[tuple[Versioned[ScheduledClass], ScheduledClass]]) -> tuple[ScheduledClass, ...]:
        """See the port."""
        done = []
        for before, after in changes:
            if self.stored[after.class_id].version == before.version:
                self._put(after)
                done.append(after)
        return tuple(done)

    def _values(self) -> list[ScheduledClass]:
        return sorted((v.value for v in self.stored.values()), key=lambda e: (e.start_at, e.class_id))


def _suits(each: ScheduledClass, wanted: ClassFilter) -> bool:
    return (
        wanted.teacher_email in (None, each.teacher_email)
        and wanted.course_id in (None, each.course_id)
        and wanted.status in (None, each.status)
        and (wanted.student_email is None or wanted.student_email in each.student_emails)
        and (wanted.person_email is None or wanted.person_email in each.people)
        and (wanted.start_from is None or each.start_at >= wanted.start_from)
        and (wanted.start_before is None or each.start_at < wanted.start_before)
    )


@dataclass
class MemoryEvidence:
    """The port `EvidenceLog`."""

    facts: dict[str, Evidence] = field(default_factory=dict)
    pending: dict[str, datetime | None] = field(default_factory=dict)
    conflicts: list[Evidence] = field(default_factory=list)
    raw: dict[str, bytes] = field(default_factory=dict)

    def file(self, fact: Evidence) -> Filed:
        """See the port."""
        known = self.facts.get(fact.evidence_id)
        if known is None:
            self.facts[fact.evidence_id] = fact
            self.pending[fact.evidence_id] = fact.received_at + timedelta(seconds=30)
            return Filed.NEW
        if known == fact:
            return Filed.NEW
        if known.told == fact.told:
            return Filed.DUPLICATE
        self.conflicts.append(fact)
        return Filed.CONFLICT

    def record(self, facts: Sequence[Evidence], *, pending: bool) -> int:
        """See the port."""
        new = {f.evidence_id: f for f in facts if f.evidence_id not in self.facts}
        self.facts |= new
        if pending:
            self.pending |= {key: f.received_at + timedelta(seconds=30) for key, f in new.items()}
        return len(new)

    def quarantine(self, raw: bytes, why: str, received_at: datetime) -> str:  # noqa: ARG002 - the port's form
        """See the port."""
        raw_id = stable_id("raw", raw.hex())
        self.raw[raw_id] = raw
        return raw_id

    def in_room(self, room: str, start_from: datetime, end_before: datetime) -> tuple[Evidence, ...]:
        """See the port."""
        found = [f for f in self.facts.values() if f.room == room and start_from <= f.at < end_before]
        return tuple(sorted(found, key=lambda f: (f.at, f.evidence_id)))

    def pending_in(self, room: str) -> tuple[Evidence, ...]:
        """See the port."""
        return tuple(self.facts[key] for key in self.pending if self.facts[key].room == room)

    def pending_due(self, now: datetime, limit: int) -> tuple[Evidence, ...]:
        """See the port."""
        due = sorted((at, key) for key, at in self.pending.items() if at is not None and at <= now)
        return tuple(self.facts[key] for _, key in due[:limit])

    def shelve(self, facts: Sequence[Evidence]) -> None:
        """See the port."""
        self._due_again(facts, None)

    def postpone(self, facts: Sequence[Evidence], until: datetime) -> None:
        """See the port."""
        self._due_again(facts, until)

    def erase(self, facts: Sequence[Evidence]) -> None:
        """See the port."""
        for fact in facts:
            self.facts.pop(fact.evidence_id, None)
            self.pending.pop(fact.evidence_id, None)

    def _due_again(self, facts: Sequence[Evidence], due_at: datetime | None) -> None:
        self.pending |= {fact.evidence_id: due_at for fact in facts if fact.evidence_id in self.pending}

    def folded(self, facts: Sequence[Evidence]) -> None:
        """See the port."""
        for fact in facts:
            self.pending.pop(fact.evidence_id, None)


@dataclass
class MemorySessions:
    """The port `Sessions`; it forgets pending facts in `evidence` as the store does in the same commit."""

    evidence: MemoryEvidence
    stored: dict[str, Versioned[Session]] = field(default_factory=dict)
    attendance: dict[str, Attendance] = field(default_factory=dict)
    cards: dict[str, ReviewCard] = field(default_factory=dict)
    outbox: dict[str, OutboxRow] = field(default_factory=dict)
    writes: int = 0
    reads: int = 0

    def get(self, session_id: str) -> Versioned[Session] | None:
        """See the port."""
        self.reads += 1
        return self.stored.get(session_id)

    def get_many(self, session_ids: Sequence[str]) -> Mapping[str, Session]:
        """See the port."""
        return {i: self.stored[i].value for i in session_ids if i in self.stored}

    def store(self, folds: Sequence[Fold]) -> tuple[Versioned[Session], ...]:
        """See the port."""
        for fold in folds:
            now = self.stored.get(fold.after.session_id)
            if (now.version if now else None) != (fold.before.version if fold.before else None):
                raise Stale("changed")
        done = []
        for fold in folds:
            self.writes += 1
            self.stored[fold.after.session_id] = Versioned(fold.after, self.writes)
            self.attendance |= {row.row_id: row for row in fold.rows}
            for row_id in fold.gone:
                self.attendance.pop(row_id, None)
            self.cards |= {card.card_id: card for card in fold.cards}
            for card_id in fold.cards_gone:
                self.cards.pop(card_id, None)
            self.outbox |= {row.row_id: row for row in fold.outbox}
            self.evidence.folded(fold.consumed)
            done.append(self.stored[fold.after.session_id])
        return tuple(done)

    def rows(self, wanted: AttendanceFilter, limit: int, token: str | None) -> Page[Attendance]:
        """See the port."""
        every = list(self.stream(AttendanceFilter()))
        found = list(self.stream(wanted))
        if token is not None:
            ids = [row.row_id for row in every]
            if token not in ids:
                raise NotFound("No such page.")
            found = [row for row in found if ids.index(row.row_id) > ids.index(token)]
        return Page(tuple(found[:limit]), found[limit - 1].row_id if len(found) > limit else None)

    def stream(self, wanted: AttendanceFilter) -> Iterator[Attendance]:
        """See the port."""
        found = [
            row
            for row in self.attendance.values()
            if (wanted.session_ids is None or row.session_id in wanted.session_ids)
            and wanted.session_id in (None, row.session_id)
            and wanted.teacher_email in (None, row.teacher_email)
            and (wanted.taught_by is None or wanted.taught_by in row.teacher_emails)
            and wanted.email in (None, row.email)
            and wanted.course_id in (None, row.course_id)
            and (wanted.start_from is None or row.start_at >= wanted.start_from)
            and (wanted.start_before is None or row.start_at < wanted.start_before)
        ]
        yield from sorted(found, key=lambda row: (row.start_at, row.row_id), reverse=True)


@dataclass
class FakeCalendar:
    """The port `Calendar`: gives each event a room; `trouble` is raised instead, `pending` answers without a link."""

    events: dict[str, LessonEvent] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    trouble: DomainError | None = None
    pending: int = 0

    def put(self, event: LessonEvent) -> MeetLink | None:
        """See the port."""
        if self.trouble:
            raise self.trouble
        self.events[event.event_id] = event
        if self.pending:
            self.pending -= 1
            return None
        number = list(self.events).index(event.event_id)
        code = f"abc-mno{chr(97 + number % 26)}-xyz"
        return MeetLink(code, f"https://meet.google.com/{code}")

    def put_instance(self, base_id: str, event: LessonEvent) -> None:
        """See the port."""
        if self.trouble:
            raise self.trouble
        if base_id not in self.events:
            raise NotFound("No such series.")
        self.events[event.event_id] = event

    def remove(self, organiser: str, event_id: str) -> None:  # noqa: ARG002 - the port's form
        """See the port."""
        if self.trouble:
            raise self.trouble
        self.removed.append(event_id)


@dataclass
class FakeTasks:
    """The port `Tasks`: one task for each name."""

    queued: dict[str, PlannedTask] = field(default_factory=dict)
    trouble: DomainError | None = None

    def enqueue(self, tasks: Sequence[PlannedTask]) -> None:
        """See the port."""
        if self.trouble:
            raise self.trouble
        for task in tasks:
            self.queued.setdefault(task.name, task)

    def of(self, *kinds: TaskKind) -> list[PlannedTask]:
        """The tasks of these kinds, in the order in which they came."""
        return [task for task in self.queued.values() if task.kind in kinds]


NOTHING = MeetingReading(0, is_over=True, stays=(), identities={}, expires_at=None)


@dataclass
class FakeRecords:
    """The port `MeetRecords`: gives the reading that a test put there."""

    reading: MeetingReading = NOTHING
    trouble: DomainError | None = None

    def read(self, organiser: str, meet_code: str, start_from: datetime, end_before: datetime) -> MeetingReading:  # noqa: ARG002
        """See the port."""
        if self.trouble:
            raise self.trouble
        return self.reading


@dataclass
class FakeHeartbeat:
    """The port `Heartbeat`."""

    told: tuple[datetime, Mapping[str, int]] | None = None

    def beat(self, ran_at: datetime, summary: Mapping[str, int]) -> None:
        """See the port."""
        self.told = (ran_at, summary)

    def last(self) -> tuple[datetime, Mapping[str, int]] | None:
        """See the port."""
        return self.told
