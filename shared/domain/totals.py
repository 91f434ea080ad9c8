"""Totals: what many sessions say about one student, one course or one teacher.

A class counts from its start on, and its verdicts from its end on: until then they may change, and its place is `unknown`.
What is unknown is never absent: it is no taken session. Shares are whole hundredths of a percent, rounded half up.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from shared.domain.attendance import Attendance, AttendanceStatus, Role
from shared.domain.classes import ScheduledClass
from shared.domain.policies import Policy

PolicyOf = Callable[[int], Policy]
"""The policy of a version."""

K = TypeVar("K")

WHOLE = 100
_ABSENT = (AttendanceStatus.ABSENT, AttendanceStatus.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place in one class. `status` is None while the class is to come; `points` are out of 100.

    `is_open` is whether the class has not ended yet. `attended_s` and `shared_s` are seconds so far, `scheduled_s` the booked
    length of a class that has begun.
    """

    email: str
    session_id: str
    course_id: str | None
    start_at: datetime
    status: AttendanceStatus | None
    is_open: bool
    points: int = 0
    attended_s: int = 0
    scheduled_s: int = 0
    shared_s: int = 0
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Places, counted. `begun` are all whose class has begun, `taken` those whose attendance is known, `to_come` the rest."""

    counts: Mapping[AttendanceStatus, int] = field(default_factory=dict)
    to_come: int = 0
    still_open: int = 0
    points: int = 0
    attended_s: int = 0
    scheduled_s: int = 0
    shared_s: int = 0

    @property
    def begun(self) -> int:
        """Places in classes that have begun."""
        return sum(self.counts.values())

    @property
    def taken(self) -> int:
        """Places whose attendance was taken."""
        return sum(count for status, count in self.counts.items() if status.is_taken)

    @property
    def there(self) -> int:
        """Places of somebody who attended, wholly or in part."""
        return sum(count for status, count in self.counts.items() if status.was_there)

    @property
    def taken_share(self) -> int | None:
        """Points over what the taken sessions could have brought."""
        return share_of(self.points, self.taken)

    @property
    def all_share(self) -> int | None:
        """Points over what all begun sessions could have brought; an unknown one brought none."""
        return share_of(self.points, self.begun)

    @property
    def possible_share(self) -> int | None:
        """The share over everything booked, were all that has not ended yet attended in full."""
        return share_of(self.points + WHOLE * self.still_open, self.begun + self.to_come)


@dataclass(frozen=True, slots=True)
class StudentTotal:
    """One student. A run is of absences that follow one another; what is excused or unknown neither breaks nor extends it."""

    email: str
    name: str | None
    tally: Tally
    longest_run: int
    current_run: int


@dataclass(frozen=True, slots=True)
class CourseTotal:
    """One course, or the classes of none. The tally counts each student's place in each class."""

    course_id: str | None
    classes: int
    students: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class TeacherTotal:
    """One teacher: the tally is of their own places, `students` that of the students' in the classes booked with them."""

    email: str
    tally: Tally
    students: Tally

    @property
    def missed(self) -> int:
        """Classes that nobody taught because the teacher did not come."""
        return self.tally.counts.get(AttendanceStatus.NO_SHOW, 0)


def share_of(points: int, sessions: int) -> int | None:
    """`points` of 100 for each session, in hundredths of a percent, half up; None of no sessions."""
    return (2 * WHOLE * points + sessions) // (2 * sessions) if sessions else None


def places_of(
    role: Role, classes: Iterable[ScheduledClass], rows: Iterable[Attendance], policy_of: PolicyOf, now: datetime
) -> tuple[Place, ...]:
    """The places of all students, or of all teachers, each once; classes and rows may come in any order and repeatedly.

    Whoever is booked has a place without a row, too: nothing is known of it. A cancelled class has none.
    """
    held = {each.session_id: each for each in classes}
    found = {}
    for each in held.values():
        if each.is_held:
            emails = each.student_emails if role is Role.STUDENT else each.teacher_emails
            found.update({(email, each.session_id): _booked(email, each, now) for email in emails})
    for row in rows:
        is_off = row.session_id in held and not held[row.session_id].is_held
        if row.role is role and row.email is not None and not is_off:
            found[row.email, row.session_id] = _seen(row.email, row, policy_of, now)
    return tuple(found.values())


def tallied(places: Iterable[Place]) -> Tally:
    """These places, counted."""
    counts: Counter[AttendanceStatus] = Counter()
    to_come = still_open = points = attended_s = scheduled_s = shared_s = 0
    for place in places:
        still_open += place.is_open
        if place.status is None:
            to_come += 1
            continue
        counts[place.status] += 1
        points += place.points
        attended_s += place.attended_s
        scheduled_s += place.scheduled_s
        shared_s += place.shared_s
    return Tally(dict(counts), to_come, still_open, points, attended_s, scheduled_s, shared_s)


def runs_of(places: Iterable[Place]) -> tuple[int, int]:
    """The longest run of absences and the current one."""
    longest = current = 0
    for place in sorted(places, key=_when):
        if place.status in _ABSENT:
            current += 1
        elif place.status is not None and place.status.was_there:
            current = 0
        longest = max(longest, current)
    return longest, current


def by_student(places: Iterable[Place]) -> tuple[StudentTotal, ...]:
    """The totals of each student, by address."""
    grouped = _grouped(places, lambda place: place.email)
    return tuple(_student(email, grouped[email]) for email in sorted(grouped))


def by_course(places: Iterable[Place]) -> tuple[CourseTotal, ...]:
    """The totals of each course by id, then those of the classes in none."""
    grouped = _grouped(places, lambda place: place.course_id)
    return tuple(
        CourseTotal(
            course_id,
            len({place.session_id for place in grouped[course_id] if place.status is not None}),
            len({place.email for place in grouped[course_id]}),
            tallied(grouped[course_id]),
        )
        for course_id in sorted(grouped, key=lambda each: (each is None, each or ""))
    )


def by_teacher(
    own: Iterable[Place], students: Iterable[Place], classes: Iterable[ScheduledClass], only: Collection[str] | None = None
) -> tuple[TeacherTotal, ...]:
    """The totals of each teacher by address, or of some; `own` are the teachers' places, `students` those of the students."""
    grouped = _grouped((place for place in own if only is None or place.email in only), lambda place: place.email)
    in_session = _grouped(students, lambda place: place.session_id)
    booked: dict[str, set[str]] = {}
    for each in classes:
        for email in each.teacher_emails:
            booked.setdefault(email, set()).add(each.session_id)
    return tuple(
        TeacherTotal(
            email,
            tallied(grouped[email]),
            tallied(place for session_id in booked.get(email, ()) for place in in_session.get(session_id, ())),
        )
        for email in sorted(grouped)
    )


def _booked(email: str, held: ScheduledClass, now: datetime) -> Place:
    """The place of somebody of whom there is no row."""
    has_begun = held.start_at <= now
    return Place(
        email,
        held.session_id,
        held.course_id,
        held.start_at,
        AttendanceStatus.UNKNOWN if has_begun else None,
        is_open=held.end_at > now,
        scheduled_s=_seconds(held.start_at, held.end_at) if has_begun else 0,
    )


def _seen(email: str, row: Attendance, policy_of: PolicyOf, now: datetime) -> Place:
    """The place that a row tells of, by the policy that it was decided with."""
    is_open, has_begun = row.end_at > now, row.start_at <= now
    status = (AttendanceStatus.UNKNOWN if is_open else row.status) if has_begun else None
    return Place(
        email,
        row.session_id,
        row.course_id,
        row.start_at,
        status,
        is_open,
        points=policy_of(row.policy_version).points_of(status) if status is not None and status.is_taken else 0,
        attended_s=row.seconds(now) if has_begun else 0,
        scheduled_s=_seconds(row.start_at, row.end_at) if has_begun else 0,
        shared_s=row.shared_seconds(now) if has_begun else 0,
        name=row.display_name,
    )


def _student(email: str, places: Sequence[Place]) -> StudentTotal:
    longest, current = runs_of(places)
    named = [place for place in places if place.name]
    return StudentTotal(email, max(named, key=_when).name if named else None, tallied(places), longest, current)


def _grouped(places: Iterable[Place], key_of: Callable[[Place], K]) -> dict[K, list[Place]]:
    found: dict[K, list[Place]] = {}
    for place in places:
        found.setdefault(key_of(place), []).append(place)
    return found


def _when(place: Place) -> tuple[datetime, str]:
    return place.start_at, place.session_id


def _seconds(start_at: datetime, end_at: datetime) -> int:
    return int((end_at - start_at).total_seconds())
