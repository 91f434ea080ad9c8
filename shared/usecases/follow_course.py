"""Following a course: what happened since it was last looked at, and who of those who watch may hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.domain.accounts import Caller
from shared.domain.attendance import Match, Role
from shared.domain.live import Change, LivePerson, LiveSession, changes
from shared.people_ports import Courses
from shared.ports import Classes, ClassFilter

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class FollowedCourse:
    """A course as one instance saw it last. `rev` orders its states for everybody: microseconds of the store's own clock.

    It is told the whole state each time, and may be told one state twice, or none of several in between: what happened is what
    differs from the state before.
    """

    course_id: str
    sessions: Mapping[str, LiveSession] = field(default_factory=dict)
    roster: frozenset[str] = frozenset()
    rev: int = 0
    is_known: bool = False

    def see(self, sessions: Mapping[str, LiveSession], read_at: datetime) -> tuple[Change, ...]:
        """Take in a state; what happened since the one before. The first one is no news, and an older one is nothing."""
        rev = (read_at - EPOCH) // timedelta(microseconds=1)
        if self.is_known and rev <= self.rev:
            return ()
        happened = [
            change
            for session_id, session in sorted(sessions.items(), key=lambda item: (item[1].held.start_at, item[0]))
            for change in changes(self.sessions.get(session_id), session)
        ]
        was_known, self.is_known = self.is_known, True
        self.sessions, self.rev = sessions, rev
        return tuple(happened) if was_known else ()

    @property
    def members(self) -> frozenset[str]:
        """Everybody who certainly belongs to the course: its roster, and the people of its classes in view."""
        return self.roster.union(*(session.held.people for session in self.sessions.values()))

    def may_see(self, caller: Caller, session: LiveSession) -> bool:
        """Whether somebody may hear of a session at all."""
        return caller.is_admin or caller.email in session.held.people or caller.email in self.roster

    def on_for(self, caller: Caller) -> tuple[LiveSession, ...]:
        """The classes that are on and that somebody may hear of, the one that began first at the head."""
        seen = (each for each in self.sessions.values() if each.held.is_on and self.may_see(caller, each))
        return tuple(sorted(seen, key=lambda each: (each.held.opened_at or each.held.start_at, each.held.session_id)))


def runs(caller: Caller, session: LiveSession) -> bool:
    """Whether the class is the caller's to run: then they see everybody in it by address."""
    return caller.is_admin or (caller.role == "teacher" and caller.email in session.held.teacher_emails)


def shown_to(caller: Caller, person: LivePerson, session: LiveSession) -> LivePerson | None:
    """Somebody as the caller may see them: whoever runs the class everybody, others themselves and who teaches.

    Classmates see each other in the room; who of them was found out to be whom is not theirs.
    """
    if runs(caller, session) or person.email == caller.email:
        return person
    return person if person.role is Role.TEACHER and person.match is not Match.SUGGESTED else None


@dataclass(frozen=True)
class BelongsTo:
    """Whether somebody belongs to a course, by its roster or by any class of it."""

    courses: Courses
    classes: Classes

    def __call__(self, caller: Caller, course_id: str) -> bool:
        """Raises `Unavailable`. An administrator belongs to every course, also to one that nobody has heard of."""
        if caller.is_admin:
            return True
        course = self.courses.get(course_id)
        if course is not None and caller.email in (*course.value.teacher_emails, *course.value.student_emails):
            return True
        return bool(self.classes.page(ClassFilter(course_id=course_id, person_email=caller.email), 1, None).items)
