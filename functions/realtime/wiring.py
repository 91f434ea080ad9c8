"""The composition of `realtime`: Firestore alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import Settings, settings
from shared.domain.live import SHOWN_AFTER_END
from shared.live_ports import LiveViews
from shared.people_ports import Courses, People, UserSessions
from shared.ports import Clock
from shared.usecases.admit_caller import Gate
from shared.usecases.follow_course import BelongsTo, FollowedCourse


@dataclass(frozen=True)
class Realtime:
    """What the gateway uses. `look` reads a course once."""

    live: LiveViews
    courses: Courses
    people: People
    registrations: UserSessions
    belongs: BelongsTo
    look: Callable[[str], FollowedCourse]
    gate: Gate
    clock: Clock
    settings: Settings


@cache
def wire() -> Realtime:
    """Compose the gateway, when it starts."""
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.courses import FirestoreCourses
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.live import FirestoreLive
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.store import connect
    from shared.adapters.firestore.user_sessions import FirestoreUserSessions

    known = settings()
    client = connect(known.project)
    live, courses = FirestoreLive(client), FirestoreCourses(client, system.sleep)
    belongs = BelongsTo(courses, FirestoreClasses(client, system.sleep))

    def look(course_id: str) -> FollowedCourse:
        now = system.now()
        found, course = live.of_course(course_id, now - SHOWN_AFTER_END), courses.get(course_id)
        roster = frozenset((*course.value.teacher_emails, *course.value.student_emails)) if course else frozenset()
        seen = FollowedCourse(course_id, roster=roster)
        seen.see(found, now)
        return seen

    return Realtime(
        live,
        courses,
        FirestorePeople(client, system.sleep),
        FirestoreUserSessions(client, system.sleep),
        belongs,
        look,
        gate_for(client, known, system),
        system.now,
        known,
    )
