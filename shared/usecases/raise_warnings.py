"""What a settled session means for the outside: warnings about its students, and events for whoever listens."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.delivery_ports import Deliveries, Outbox, WarningFilter, Warnings
from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Person
from shared.domain.errors import NotFound, Stale
from shared.domain.messages import Addressees, Delivery, EventType, Message, OutboxKind, OutboxRow, wire_time
from shared.domain.policies import DEFAULT_POLICY
from shared.domain.warnings import AttendanceWarning, PolicyOf, changes_of, episodes_of
from shared.people_ports import CardFilter, People, Policies, ReviewQueue
from shared.ports import AttendanceFilter, Classes, Clock, Sessions

MOST_ROWS = 200
AT_ONCE = 500
MOST_STANDING = 500
MOST_CARDS = 500
BUDGET = timedelta(seconds=90)
# Addresses that can never be anybody's, such as those of people who were forgotten.
NOBODY = ".invalid"

Told = tuple[AttendanceWarning, Sequence[Delivery]]
"""A warning that was raised or ended, and what tells of it."""


@dataclass(frozen=True)
class RaiseWarnings:
    """Bring the warnings of a session's students up to date. Done twice it is done once."""

    warnings: Warnings
    sessions: Sessions
    classes: Classes
    people: People
    policies: Policies
    addressees: Addressees
    clock: Clock

    def __call__(
        self, held: ScheduledClass, rows: Sequence[Attendance]
    ) -> Iterator[tuple[AttendanceWarning, Sequence[Delivery]]]:
        """Store what changed, student by student, and give it with what tells of it.

        Looked at is everybody whose attendance the session took, and who has a standing warning in the course. Classes outside
        any course warn of nothing. Raises `Stale` when somebody else changed a student's warnings meanwhile.
        """
        if held.course_id is None:
            return
        standing = self.warnings.page(WarningFilter(course_id=held.course_id, is_standing=True), MOST_STANDING, None).items
        taken = [row.email for row in rows if row.email and row.role is Role.STUDENT and row.status.is_taken]
        by_version = {policy.version: policy for policy in self.policies.all()}
        for student in dict.fromkeys((*taken, *(each.student_email for each in standing))):
            if student.endswith(NOBODY):
                continue
            yield from self._student(student, held, lambda version: by_version.get(version, DEFAULT_POLICY))

    def _student(self, student: str, held: ScheduledClass, policy_of: PolicyOf) -> Iterator[Told]:
        course, now = held.course_id or "", self.clock()
        rows = self.sessions.rows(AttendanceFilter(email=student, course_id=course), MOST_ROWS, None).items
        known = {each.value.warning_id: each for each in self.warnings.of_student(student, course)}
        changed = changes_of([each.value for each in known.values()], episodes_of(rows, policy_of, now), now)
        if not changed:
            return
        person = self.people.get_many([student]).get(student)
        told = [(each, self._deliveries(each, held, person)) for each in changed]
        changes = [(known.get(each.warning_id), each) for each in changed]
        if not self.warnings.store(changes, [delivery for _, deliveries in told for delivery in deliveries]):
            raise Stale("The warnings of a student were changed by somebody else; they are looked at again at the next run.")
        yield from told

    def _deliveries(self, warning: AttendanceWarning, held: ScheduledClass, person: Person | None) -> tuple[Delivery, ...]:
        message = Message(
            event=EventType.WARNING_RAISED if warning.is_standing else EventType.WARNING_ENDED,
            about=f"{warning.warning_id}:{warning.rev}",
            at=warning.ended_at or warning.raised_at,
            data={
                "warning_id": warning.warning_id,
                "kind": warning.kind.value,
                "student_email": warning.student_email,
                "student_name": person.full_name if person else None,
                "course_id": warning.course_id,
                "class_id": warning.class_id,
                "session_id": warning.session_id,
                "subject": warning.subject,
                "teacher_email": warning.teacher_email,
                "start_time": wire_time(warning.start_at),
                "timezone": self._timezone(warning, held),
                "line": warning.line,
                "taken": warning.taken,
                "share_percent": warning.share_percent,
                "absences_in_row": warning.absences_in_row,
                "raised_at": wire_time(warning.raised_at),
                "ended_at": wire_time(warning.ended_at) if warning.ended_at else None,
                "ended_by_session_id": warning.ended_by,
            },
            people=(warning.student_email,),
        )
        mail_to = (warning.student_email, *(person.guardian_emails if person else ()))
        return self.addressees.deliveries(message, [to for to in mail_to if not to.endswith(NOBODY)])

    def _timezone(self, warning: AttendanceWarning, held: ScheduledClass) -> str:
        """The time zone of the class that the warning names."""
        if warning.class_id == held.class_id:
            return held.timezone
        try:
            return self.classes.get(warning.class_id).timezone
        except NotFound:
            return held.timezone


@dataclass(frozen=True)
class ClearOutbox:
    """Tell the outside of everything that waits in the outbox. A run that breaks off is made good by the next one."""

    outbox: Outbox
    deliveries: Deliveries
    classes: Classes
    sessions: Sessions
    cards: ReviewQueue
    warn: RaiseWarnings
    plan: Callable[[Sequence[Delivery]], None]
    addressees: Addressees
    clock: Clock
    tell_of_money: Callable[[OutboxRow], None]

    def __call__(self) -> dict[str, int]:
        """See to the rows that are due, the oldest first; answers with counts."""
        began_at = self.clock()
        done = Counter[str]({"outbox_rows": 0, "outbox_stale": 0, "warnings_raised": 0, "warnings_ended": 0})
        for row in self.outbox.due(began_at, AT_ONCE):
            if self.clock() - began_at > BUDGET:
                break
            try:
                self._told(row, done)
            except NotFound:
                done["outbox_of_nothing"] += 1
            except Stale:
                done["outbox_stale"] += 1
                continue
            self.outbox.done([row])
            done["outbox_rows"] += 1
        return dict(done)

    def _told(self, row: OutboxRow, done: Counter[str]) -> None:
        if row.kind.is_of_money:
            self.tell_of_money(row)
            return
        held = self.classes.by_session(row.about)
        if row.kind is OutboxKind.TEACHER_MISSING:
            self._send([Message(EventType.TEACHER_MISSING, row.row_id, self.clock(), _facts_of(held))])
            return
        session = self.sessions.get(row.about)
        rows = tuple(self.sessions.stream(AttendanceFilter(session_id=row.about)))
        for warning, deliveries in self.warn(held, rows):
            done["warnings_raised" if warning.is_standing else "warnings_ended"] += 1
            self.plan(deliveries)
        self._send(self._settled(row, held, rows, session.value.rev if session else 0))

    def _settled(self, row: OutboxRow, held: ScheduledClass, rows: Sequence[Attendance], rev: int) -> list[Message]:
        """The events of a settled session; settled otherwise than before (a higher `rev`), it has events of its own."""
        students = Counter(each.status.value for each in rows if each.role is Role.STUDENT)
        teacher = next((each.status.value for each in rows if each.email == held.teacher_email), None)
        about, facts = f"{row.row_id}:{rev}", {**_facts_of(held), "rev": rev}
        summary = {**facts, "students": dict(sorted(students.items())), "teacher_status": teacher}
        messages = [Message(EventType.SETTLED, about, row.due_at, summary)]
        cards = self.cards.page(CardFilter(is_open=True, session_id=row.about), MOST_CARDS, None)
        if cards.items:
            counted = {**facts, "cards": len(cards.items), "has_more": cards.next_token is not None}
            messages.append(Message(EventType.CARDS_OPEN, about, row.due_at, counted))
        return messages

    def _send(self, messages: Sequence[Message]) -> None:
        deliveries = [each for message in messages for each in self.addressees.deliveries(message)]
        self.deliveries.add(deliveries)
        self.plan(deliveries)


def _facts_of(held: ScheduledClass) -> dict[str, object]:
    """What every event says of its class."""
    return {
        "class_id": held.class_id,
        "session_id": held.session_id,
        "course_id": held.course_id,
        "subject": held.subject,
        "teacher_email": held.teacher_email,
        "start_time": wire_time(held.start_at),
        "end_time": wire_time(held.end_at),
        "timezone": held.timezone,
    }
