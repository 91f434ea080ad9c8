"""Reading a meeting's own records and settling a class's attendance by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.attendance import Attendance
from shared.domain.classes import Provider, ScheduledClass, Status, synced
from shared.domain.errors import NotInThisState, Stale, Unavailable, UpstreamRefused
from shared.domain.evidence import Basis, Evidence, Kind, Participant, Source
from shared.domain.monitor import stepped
from shared.domain.people import people_of
from shared.domain.presence import stays_of, time_present
from shared.domain.rooms import EARLY_OPEN, LATE_CLOSE
from shared.domain.sessions import Session, SyncReport, SyncStatus
from shared.ports import (
    Classes,
    Clock,
    EvidenceLog,
    MeasuredStay,
    MeetingReading,
    MeetRecords,
    MeetReports,
    Sessions,
    Sleep,
)
from shared.usecases.fold_evidence import TRIES, FoldEvidence
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.pseudonymise import Pseudonymise
from shared.usecases.sweep_reports import facts_of_call

SOURCES = {Provider.GOOGLE_MEET: Source.MEET_API, Provider.ZOOM: Source.ZOOM_REPORT}
# Zoom's reports of big meetings lack rows for hours; after a day one is taken as it is.
REPORT_IS_FINAL = timedelta(hours=24)
WORTH_A_ROW = timedelta(minutes=1)
NO_RECORD = "No conference record found"
NO_PARTICIPANTS = "No participant data found"
_KEPT = {
    Provider.GOOGLE_MEET: "Google deletes records 30 days after a meeting.",
    Provider.ZOOM: "Zoom's reports need a paid plan and reach back six months.",
}


@dataclass(frozen=True, slots=True)
class Synced:
    """One reading: how it went, what it rests on, how many people were new or different, and everybody whom it measured."""

    report: SyncReport
    source: Source
    updated: int
    created: int
    participants: tuple[Attendance, ...]


@dataclass(frozen=True)
class SyncMeeting:
    """Read all conferences of the class's room that met its window, file each device's visit as evidence, settle.

    The readings are facts like any others, so reading twice adds nothing. The result is folded from all that the room ever
    told, not from what this instance remembers. Where Meet has nothing or refuses, the organisation's audit log fills in
    what it has. A refusal that a person must mend is a state of the session; a reading that should be tried again raises
    `Unavailable`.
    """

    classes: Classes
    sessions: Sessions
    evidence: EvidenceLog
    records: Mapping[Provider, MeetRecords]
    reports: MeetReports | None
    fold: FoldEvidence
    disguise: Pseudonymise
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
            report = SyncReport(SyncStatus.FAILED, read_at, refusal.title, refusal.detail)
            instead = self._from_reports(held, report)
            if instead is None:
                self._settle(held, None, report, ())
            self._advance(held, read_at, is_complete=False)
            if instead is None:
                raise
            return instead
        report, told = report_of(held, reading, read_at), reading.identities
        instead = self._from_reports(held, report) if not reading.stays else None
        if instead is not None:
            self._advance(held, read_at, is_complete=False)
            return instead
        reading = replace(reading, identities=self.disguise.identities(reading.identities))
        facts = self.disguise([fact for stay in reading.stays for fact in facts_of(held, stay, read_at)], told)
        self.evidence.record(facts, pending=False)
        result = self._settle(held, reading, report, facts)
        self._advance(held, read_at, is_complete=result.report.complete)
        return result

    def _check(self, held: ScheduledClass) -> None:
        if held.status is Status.CANCELLED:
            raise NotInThisState("The class was cancelled; there is no meeting to read.")
        if held.status is Status.SCHEDULED:
            raise NotInThisState(f"The class begins at {held.start_at:%Y-%m-%dT%H:%M:%SZ}; sync it after that.")
        if held.room is None or held.meet_code is None:
            raise NotInThisState("The class never got a meeting, so none can be read; see its calendar_trouble.")

    def _read(self, held: ScheduledClass) -> MeetingReading:
        records = self.records.get(held.provider)
        if records is None:
            raise UpstreamRefused(
                "No valid credentials found",
                "The class is held on Zoom, and no Zoom account is connected: set ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and "
                "ZOOM_CLIENT_SECRET.",
            )
        return records.read(held.teacher_email, held.meet_code or "", held.start_at - EARLY_OPEN, held.end_at + LATE_CLOSE)

    def _from_reports(self, held: ScheduledClass, instead_of: SyncReport) -> Synced | None:
        """What the audit log has of the class's room, where the meeting's own records gave nothing; None when nothing either.

        Not while the class is on: the log comes too late for that, and tells of those only who have left.
        """
        if self.reports is None or held.provider is not Provider.GOOGLE_MEET or held.status is not Status.COMPLETED:
            return None
        try:
            calls = list(self.reports.calls(held.start_at - EARLY_OPEN, instead_of.read_at, held.meet_code))
        except (Unavailable, UpstreamRefused):
            return None
        facts = self.disguise([fact for call in calls for fact in facts_of_call(held.room or "", call, instead_of.read_at)])
        if not facts:
            return None
        self.evidence.record(facts, pending=False)
        people = len({call.ref for call in calls})
        report = replace(
            instead_of,
            status=SyncStatus.PENDING,
            message=f"Synced {people} participants",
            remedy="From the audit log, which lacks whoever is still inside. "
            f"Meet itself said: {instead_of.message}. {instead_of.remedy}",
        )
        return self._settle(held, None, report, facts, Source.REPORTS_API)

    def _settle(
        self,
        held: ScheduledClass,
        reading: MeetingReading | None,
        report: SyncReport,
        facts: Sequence[Evidence],
        source: Source | None = None,
    ) -> Synced:
        for attempt in range(TRIES):
            before = self.sessions.get(held.session_id)
            known = before.value if before else Session(held.session_id, held.class_id)
            others = self.fold.in_room(held.room or "", held.start_at, fresh=True)
            after = replace(known, heard={}).with_facts(self.fold.room_facts(held)).with_facts(facts)
            told = judged(held, after, report) if held.provider is Provider.ZOOM else report
            is_whole = (
                reading is not None and reading.conferences > 0 and (held.provider is Provider.GOOGLE_MEET or told.complete)
            )
            after = replace(
                after,
                sync=kept(known.sync, told),
                identities={**known.identities, **(reading.identities if reading else {})},
                measured_at=told.read_at if is_whole else known.measured_at,
            )
            after = self.fold.informed(held, after)
            old = {row.row_id: row for row in self.fold.rows_of(known, held, others)}
            try:
                rows = self.fold.store(before, after, held, others, old if held.status is Status.ACTIVE else None)
            except Stale:
                self.sleep(0.02 * 2**attempt)
                continue
            measured = tuple(row for row in rows if row.basis is Basis.MEASURED and row.source is not None)
            created = sum(1 for row in measured if row.row_id not in old)
            updated = sum(1 for row in measured if row.row_id in old and old[row.row_id] != row)
            return Synced(told, source or SOURCES[held.provider], updated, created, measured)
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
            "Nobody has been in the class's meeting in that time, or another one was used. Check the link that people opened; "
            f"{_KEPT[held.provider]}",
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


def judged(held: ScheduledClass, after: Session, report: SyncReport) -> SyncReport:
    """The report, unless the reading lacks people whom live events saw: then it is partial, for a day."""
    if not report.complete or report.read_at >= held.end_at + REPORT_IS_FINAL:
        return report
    people = people_of(after, held)
    measured = {people[key] for key, each in after.heard.items() if each.basis is Basis.MEASURED}
    missing = {
        people[key]
        for key, each in after.heard.items()
        if each.basis is Basis.LIVE and time_present(stays_of(each, held.end_at), held.start_at, held.end_at) >= WORTH_A_ROW
    } - measured
    if not missing:
        return report
    return replace(
        report,
        status=SyncStatus.PENDING,
        complete=False,
        remedy=f"The report lacks {len(missing)} people whom we saw come in: it is not whole yet, and is read again by itself.",
    )


def kept(before: SyncReport | None, after: SyncReport) -> SyncReport:
    """The report to keep: a reading that failed does not make a complete one incomplete."""
    if before is not None and before.complete and not after.complete:
        return replace(before, message=after.message, remedy=after.remedy, read_at=after.read_at, status=after.status)
    return after


def facts_of(held: ScheduledClass, stay: MeasuredStay, read_at: datetime) -> tuple[Evidence, ...]:
    """A measured visit as one or two facts; a visit that is not over has no exit."""
    participant = Participant(stay.ref, stay.display_name, stay.kind, address=stay.address)

    def fact(kind: Kind, at: datetime) -> Evidence:
        return Evidence(held.room or "", SOURCES[held.provider], stay.connection, kind, at, participant, read_at)

    joined = fact(Kind.JOIN, stay.joined_at)
    return (joined,) if stay.left_at is None else (joined, fact(Kind.LEAVE, stay.left_at))
