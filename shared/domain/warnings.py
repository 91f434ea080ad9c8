"""Warnings: that a student's attendance of a course has crossed a line of the policy.

Two lines: the share of points over the taken sessions, and absences that follow one another. A session whose attendance is
unknown counts for nothing; an excused one is taken, and neither extends a run of absences nor breaks it. Every session is
judged by the policy that it had, so that a new policy changes nothing of the past.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.attendance import Attendance, AttendanceStatus, Role
from shared.domain.ids import stable_id
from shared.domain.policies import Policy

PolicyOf = Callable[[int], Policy]
"""The policy of a version."""

_ABSENT = (AttendanceStatus.ABSENT, AttendanceStatus.NO_SHOW)


class WarningKind(StrEnum):
    """Which line was crossed."""

    LOW_SHARE = "low_share"
    ABSENCES_IN_ROW = "absences_in_row"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a student stands after a session: sessions taken, share of points in whole percent rounded down, run of absences."""

    taken: int
    share_percent: int
    absences_in_row: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A time below a line: the session that crossed it, how the student stood then, and the one that ended it, if any did.

    `line` is what the policy asked for: percent, or the number of absences.
    """

    kind: WarningKind
    trigger: Attendance
    standing: Standing
    line: int
    ended_by: Attendance | None = None


@dataclass(frozen=True, slots=True)
class AttendanceWarning:
    """A warning about a student in a course. `session_id` and the fields of the class are those of what triggered it.

    It stands until `ended_at`. `ended_by` is the session that brought the student back over the line; it is None where the
    warning ended because what it rested on was corrected. `rev` rises when it ends and when it is raised again.
    """

    kind: WarningKind
    student_email: str
    course_id: str
    session_id: str
    class_id: str
    subject: str
    teacher_email: str
    start_at: datetime
    line: int
    taken: int
    share_percent: int
    absences_in_row: int
    raised_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    rev: int = 1

    @property
    def warning_id(self) -> str:
        """A function of what it is about, so that a warning raised twice is one."""
        return stable_id("warning", self.kind, self.student_email, self.course_id, self.session_id)

    @property
    def is_standing(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


def episodes_of(rows: Iterable[Attendance], policy_of: PolicyOf, now: datetime) -> tuple[Episode, ...]:
    """The episodes in one student's rows of one course, by kind and time; the rows may come in any order and repeatedly.

    Classes that have not ended by `now` are left out: their verdicts may still change.
    """
    counted = {row.row_id: row for row in rows if row.role is Role.STUDENT and row.status.is_taken and row.end_at <= now}
    ordered = sorted(counted.values(), key=lambda row: (row.start_at, row.session_id))
    walked = _walk(ordered, policy_of)
    share = [(row, standing, policy.warn_below_percent or 0, _is_share_low(standing, policy)) for row, standing, policy in walked]
    absences = [
        (row, standing, policy.warn_absences_in_row or 0, _is_run_long(standing, policy)) for row, standing, policy in walked
    ]
    return (*_episodes(WarningKind.LOW_SHARE, share), *_episodes(WarningKind.ABSENCES_IN_ROW, absences))


def changes_of(known: Sequence[AttendanceWarning], episodes: Sequence[Episode], now: datetime) -> tuple[AttendanceWarning, ...]:
    """What to store so that the warnings of one student in one course are what the episodes say; nothing when they are.

    `known` are all that were ever raised. A standing warning whose session no longer crosses the line is kept while another
    one does: what it warns of still holds, and nobody is to be told twice.
    """
    changed = []
    for kind in WarningKind:
        changed += _changes([each for each in known if each.kind is kind], [each for each in episodes if each.kind is kind], now)
    return tuple(changed)


def _changes(known: Sequence[AttendanceWarning], episodes: Sequence[Episode], now: datetime) -> list[AttendanceWarning]:
    by_trigger = {each.trigger.session_id: each for each in episodes}
    current = next((each for each in episodes if each.ended_by is None), None)
    changed, is_told = [], False
    for each in sorted((w for w in known if w.is_standing), key=lambda w: (w.session_id not in by_trigger, w.start_at)):
        own = by_trigger.get(each.session_id)
        is_over = current is None or is_told or (own is not None and own.ended_by is not None)
        if not is_over:
            is_told = True
            continue
        ended_by = own.ended_by.session_id if own is not None and own.ended_by is not None else None
        changed.append(replace(each, ended_at=now, ended_by=ended_by, rev=each.rev + 1))
    if current is not None and not is_told:
        wanted = _raised(current, now)
        before = next((each for each in known if each.warning_id == wanted.warning_id), None)
        changed.append(replace(wanted, rev=before.rev + 1) if before else wanted)
    return changed


def _raised(episode: Episode, now: datetime) -> AttendanceWarning:
    row = episode.trigger
    return AttendanceWarning(
        kind=episode.kind,
        student_email=row.email or "",
        course_id=row.course_id or "",
        session_id=row.session_id,
        class_id=row.class_id,
        subject=row.subject,
        teacher_email=row.teacher_email,
        start_at=row.start_at,
        line=episode.line,
        taken=episode.standing.taken,
        share_percent=episode.standing.share_percent,
        absences_in_row=episode.standing.absences_in_row,
        raised_at=now,
    )


def _walk(rows: Sequence[Attendance], policy_of: PolicyOf) -> list[tuple[Attendance, Standing, Policy]]:
    """The standing after each row."""
    points = run = 0
    walked = []
    for taken, row in enumerate(rows, 1):
        policy = policy_of(row.policy_version)
        points += policy.points_of(row.status)
        if row.status in _ABSENT:
            run += 1
        elif row.status.was_there:
            run = 0
        walked.append((row, Standing(taken, points // taken, run), policy))
    return walked


def _is_share_low(standing: Standing, policy: Policy) -> bool:
    line = policy.warn_below_percent
    return line is not None and standing.taken >= policy.warn_after and standing.share_percent < line


def _is_run_long(standing: Standing, policy: Policy) -> bool:
    line = policy.warn_absences_in_row
    return line is not None and standing.absences_in_row >= max(line, 1)


def _episodes(kind: WarningKind, told: Iterable[tuple[Attendance, Standing, int, bool]]) -> list[Episode]:
    """The stretches of rows that are below the line."""
    found: list[Episode] = []
    for row, standing, line, is_below in told:
        is_in_one = bool(found) and found[-1].ended_by is None
        if is_below and not is_in_one:
            found.append(Episode(kind, row, standing, line))
        elif is_in_one and not is_below:
            found[-1] = replace(found[-1], ended_by=row)
    return found
