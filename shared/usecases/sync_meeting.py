"""Reading a meeting's own records and settling a class's attendance by them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.attendance import Attendance
from shared.domain.classes import ScheduledClass, Status, synced
from shared.domain.errors import NotInThisState, Stale, UpstreamRefused
from shared.domain.evidence import Basis, Evidence, Kind, Participant, Source
from shared.domain.monitor import stepped
from shared.domain.rooms import EARLY_OPEN, LATE_CLOSE
from shared.domain.sessions import Session, SyncReport, SyncStatus
from shared.ports import (
    Classes,
    Clock,
    EvidenceLog,
    MeasuredStay,
    MeetingReading,
    MeetRecords,
    Sessions,
    Sleep,
)
from shared.usecases.fold_evidence import TRIES, FoldEvidence
from shared.usecases.plan_tasks import PlanTasks

NO_RECORD = "No conference record found"
NO_PARTICIPANTS = "No participant data found"


@dataclass(frozen=True, slots=True)
class Synced:
    """One reading: how it went, how many people were new or different, and everybody whom it measured."""

    report: SyncReport
    updated: int
    created: int
    participants: tuple[Attendance, ...]


@dataclass(frozen=True)
class SyncMeeting:
    """Read all conferences of the class's room that met its window, file each device's visit as evidence, settle.

    The readings are facts like any others, so reading twice adds nothing. The result is folded from all that the room ever
    told, not from what this instance remembers. A refusal that a person must mend is a state of the session; a reading
    that should be tried again raises `Unavailable`.
    """

    classes: Classes
    sessions: Sessions
    evidence: EvidenceLog
    records: MeetRecords
    fold: FoldEvidence
    plan: PlanTasks
    clock: Clock
    sleep: Sleep

    def __call__(self, class_id: str) -> Synced:
        """Sync one class; raises `NotInThisState` when it has not begun, has no room or was cancelled."""
        held = self.classes.get(class_id)
        self._check(held)
        read_at = self.clock()
        try:
            reading = self._read(held)
        except UpstreamRefused as refusal:
            self._settle(held, None, SyncReport(SyncStatus.FAILED, read_at, refusal.title, refusal.detail), ())
            self._advance(held, read_at, is_complete=False)
            raise
        facts = tuple(fact for stay in reading.stays for fact in facts_of(held, stay, read_at))
        self.evidence.record(facts, pending=False)
        result = self._settle(held, reading, report_of(held, reading, read_at), facts)
        self._advance(held, read_at, is_complete=result.report.complete)
        return result

    def _check(self, held: ScheduledClass) -> None:
        if held.status is Status.CANCELLED:
            raise NotInThisState("The class was cancelled; there is no meeting to read.")
        if held.status is Status.SCHEDULED:
            raise NotInThisState(f"The class begins at {held.start_at:%Y-%m-%dT%H:%M:%SZ}; sync it after that.")
        if held.room is None or held.meet_code is None:
            raise NotInThisState("The class never got a Meet link, so no meeting can be read; see its calendar_trouble.")

    def _read(self, held: ScheduledClass) -> MeetingReading:
        return self.records.read(held.teacher_email, held.meet_code or "", held.start_at - EARLY_OPEN, held.end_at + LATE_CLOSE)

    def _settle(
        self, held: ScheduledClass, reading: MeetingReading | None, report: SyncReport, facts: Sequence[Evidence]
    ) -> Synced:
        for attempt in range(TRIES):
            before = self.sessions.get(held.session_id)
            known = before.value if before else Session(held.session_id, held.class_id)
            others = self.fold.in_room(held.room or "", held.start_at, fresh=True)
            after = replace(known, heard={}, sync=kept(known.sync, report)).with_facts(self.fold.room_facts(held))
            after = after.with_facts(facts)
            if reading is not None:
                after = replace(
                    after,
                    identities={**known.identities, **reading.identities},
                    measured_at=report.read_at if reading.conferences else known.measured_at,
                )
            old = {row.row_id: row for row in self.fold.rows_of(known, held, others)}
            try:
                rows = self.fold.store(before, after, held, others)
            except Stale:
                self.sleep(0.02 * 2**attempt)
                continue
            measured = tuple(row for row in rows if row.basis is Basis.MEASURED and row.source is not None)
            created = sum(1 for row in measured if row.row_id not in old)
            updated = sum(1 for row in measured if row.row_id in old and old[row.row_id] != row)
            return Synced(report, updated, created, measured)
        raise Stale("The session changed again and again while it was settled; try again.")

    def _advance(self, held: ScheduledClass, read_at: datetime, *, is_complete: bool) -> None:
        """Note the reading on the class and plan the next one."""
        delays = self.plan.delays
        before = held

        def rule(booked: ScheduledClass) -> ScheduledClass:
            after = synced(booked, read_at, delays, is_complete=is_complete)
            return booked if after is booked else stepped(after, read_at, delays)

        after = self.classes.amend(held.class_id, rule)
        self.plan([(before, after)])


def report_of(held: ScheduledClass, reading: MeetingReading, read_at: datetime) -> SyncReport:
    """How the reading went, with what to do where it brought nothing."""
    if reading.conferences == 0:
        return SyncReport(
            SyncStatus.NO_DATA,
            read_at,
            NO_RECORD,
            "Nobody has been in the class's Meet room in that time, or another room was used. Check the link that people opened; "
            "Google deletes records 30 days after a meeting.",
        )
    people = len({stay.ref for stay in reading.stays})
    is_complete = reading.is_over and read_at >= held.end_at
    if people == 0:
        return SyncReport(
            SyncStatus.NO_DATA,
            read_at,
            NO_PARTICIPANTS,
            "The meeting is on record but nobody in it yet; try again in some seconds.",
            conferences=reading.conferences,
            expires_at=reading.expires_at,
        )
    return SyncReport(
        SyncStatus.SUCCESS if is_complete else SyncStatus.PENDING,
        read_at,
        f"Synced {people} participants",
        None
        if is_complete
        else "The meeting is not over: times of people who are still in it may change. It is read again by itself.",
        conferences=reading.conferences,
        complete=is_complete,
        expires_at=reading.expires_at,
    )


def kept(before: SyncReport | None, after: SyncReport) -> SyncReport:
    """The report to keep: a reading that failed does not make a complete one incomplete."""
    if before is not None and before.complete and not after.complete:
        return replace(before, message=after.message, remedy=after.remedy, read_at=after.read_at, status=after.status)
    return after


def facts_of(held: ScheduledClass, stay: MeasuredStay, read_at: datetime) -> tuple[Evidence, ...]:
    """A measured visit as one or two facts; a visit that is not over has no exit."""
    participant = Participant(stay.ref, stay.display_name, stay.kind)

    def fact(kind: Kind, at: datetime) -> Evidence:
        return Evidence(held.room or "", Source.MEET_API, stay.connection, kind, at, participant, read_at)

    joined = fact(Kind.JOIN, stay.joined_at)
    return (joined,) if stay.left_at is None else (joined, fact(Kind.LEAVE, stay.left_at))
