"""Following a course: what is told of it, to whom, and that nobody's view goes wrong however often they are cut off."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.realtime.frames import active_sessions
from shared.domain.accounts import Caller
from shared.domain.attendance import AttendanceStatus, Match, Role
from shared.domain.classes import Status
from shared.domain.directory import Course
from shared.domain.live import ChangeKind, LivePerson, LiveSession, live_class
from shared.ports import Versioned
from shared.usecases.follow_course import BelongsTo, FollowedCourse, runs, shown_to
from tests.builders import a_class, at
from tests.fakes import MemoryClasses

ADA, OMAR, LENA = "ada@school.example", "omar@school.example", "lena@school.example"
TEACHER, PUPIL = Caller("a", ADA, "teacher"), Caller("o", OMAR, "user")
EVE, BOSS = Caller("e", "eve@elsewhere.example", "teacher"), Caller("b", "boss@school.example", "admin")


def session(name: str = "algebra", rev: int = 1, *people: LivePerson, **other: Any) -> LiveSession:
    held = live_class(a_class(name, status=Status.ACTIVE, course_id="maths", opened_at=at(0)))
    assert held is not None
    return LiveSession(replace(held, **other), {each.row_id: each for each in people}, rev=rev)


def person(email: str | None, role: Role = Role.STUDENT, match: Match = Match.EXACT_EMAIL) -> LivePerson:
    return LivePerson(str(email), email, email, role, match, AttendanceStatus.UNKNOWN, at(1), at(1))


def state(*sessions: LiveSession) -> dict[str, LiveSession]:
    return {each.held.session_id: each for each in sessions}


def test_the_first_state_is_no_news_and_an_older_one_is_nothing() -> None:
    course = FollowedCourse("maths")
    assert course.see(state(session()), at(1)) == ()
    assert course.see(state(session(rev=2, status=Status.COMPLETED)), at(1)) == ()
    assert course.see({}, at(0)) == ()
    assert len(course.sessions) == 1
    (change,) = course.see(state(session(rev=2, status=Status.COMPLETED)), at(2))
    assert change.kind is ChangeKind.ENDED
    assert course.rev == int(at(2).timestamp() * 1_000_000)


def test_a_course_without_classes_becomes_known_and_then_hears_of_its_first() -> None:
    course = FollowedCourse("maths")
    assert not course.is_known
    course.see({}, at(0))
    assert course.is_known
    assert [each.kind for each in course.see(state(session()), at(1))] == [ChangeKind.STARTED]


@pytest.mark.parametrize(("caller", "sees"), [(TEACHER, True), (PUPIL, True), (BOSS, True), (EVE, False)])
def test_only_people_of_a_class_its_course_s_roster_and_administrators_may_see_it(caller: Caller, sees: bool) -> None:  # noqa: FBT001
    course = FollowedCourse("maths")
    course.see(state(session()), at(1))
    assert course.may_see(caller, session()) is sees
    assert bool(course.on_for(caller)) is sees
    course.roster = frozenset({EVE.email})
    assert course.may_see(EVE, session())


def test_classes_that_are_on_are_told_the_longest_running_first() -> None:
    course, later = FollowedCourse("maths"), session("later", opened_at=at(9))
    over = session("over", status=Status.COMPLETED)
    course.see(state(later, over, session()), at(10))
    assert [each.held.subject for each in course.on_for(BOSS)] == ["algebra", "later"]


def test_a_class_is_run_by_its_teacher_and_by_administrators() -> None:
    assert [runs(who, session()) for who in (TEACHER, BOSS, PUPIL, EVE)] == [True, True, False, False]
    assert not runs(Caller("a", ADA, "user"), session())


def test_a_student_is_shown_themselves_and_who_teaches_and_nobody_else() -> None:
    own, other = person(OMAR), person(LENA)
    teacher, maybe = person(ADA, Role.TEACHER), person(ADA, Role.TEACHER, Match.SUGGESTED)
    everybody = (own, other, teacher, maybe, person(None))
    assert [shown_to(PUPIL, each, session()) for each in everybody] == [own, None, teacher, None, None]
    assert [shown_to(TEACHER, each, session()) for each in everybody] == list(everybody)


@dataclass
class Roster:
    """Of the port `Courses` only what is asked here."""

    course: Course | None = None

    def get(self, course_id: str) -> Versioned[Course] | None:
        """See the port."""
        return Versioned(self.course, 1) if self.course and self.course.course_id == course_id else None


def test_somebody_belongs_by_the_roster_by_any_class_or_as_administrator() -> None:
    classes = MemoryClasses()
    belongs = BelongsTo(Roster(Course("maths", "Maths", (), (LENA,))), classes)  # type: ignore[arg-type]
    lena = Caller("l", LENA, "user")
    assert [belongs(who, "maths") for who in (lena, PUPIL, EVE, BOSS)] == [True, False, False, True]
    assert [belongs(who, "unknown") for who in (lena, BOSS)] == [False, True]
    classes.add([a_class(course_id="maths", student_emails=(OMAR,))], None)
    assert [belongs(who, "maths") for who in (PUPIL, TEACHER, EVE)] == [True, True, False]


@dataclass
class Page:
    """A browser's page: it keeps the state of the highest `rev` that it was told, whatever came in between."""

    view: dict[str, Any] = field(default_factory=dict)
    revs: list[int] = field(default_factory=list)

    def hear(self, told: dict[str, Any]) -> None:
        """Take in a state, unless a later one is known."""
        if told["rev"] >= self.view.get("rev", -1):
            self.view = told
            self.revs.append(told["rev"])


STEPS = st.lists(
    st.tuples(st.sampled_from(["start", "end", "come", "go", "cut", "return", "move", "late"]), st.integers(0, 2)), max_size=40
)


@settings(max_examples=300)
@given(STEPS)
def test_after_any_pattern_of_being_cut_off_a_view_is_the_server_s_after_one_state(steps: list[tuple[str, int]]) -> None:
    stored: dict[str, LiveSession] = {}
    instances = [FollowedCourse("maths"), FollowedCourse("maths")]
    page, connected, moment = Page(), True, at(0)
    connected_to, old = 0, active_sessions(instances[0], BOSS)
    for step, number in steps:
        moment += timedelta(milliseconds=1)
        name = f"class {number}"
        known = next((each for each in stored.values() if each.held.subject == name), None)
        rev = int(moment.timestamp() * 1_000_000)
        if step == "start":
            stored |= state(session(name, rev))
        elif step == "end" and known:
            stored |= state(replace(known, rev=rev, held=replace(known.held, status=Status.COMPLETED)))
        elif step in ("come", "go") and known:
            people = {"o": replace(person(OMAR), went_at=None if step == "come" else moment)}
            stored |= state(replace(known, rev=rev, people=people))
        elif step in ("cut", "return", "move"):
            connected = step != "cut"
            connected_to = 1 - connected_to if step == "move" else connected_to
        for instance in instances:
            instance.see(dict(stored), moment)
        now = active_sessions(instances[connected_to], BOSS)
        if connected:
            page.hear(now)
        if step == "late":
            page.hear(old)
        old = now if number else old
    page.hear(active_sessions(instances[connected_to], BOSS))
    assert page.view == active_sessions(instances[0], BOSS)
    assert page.revs == sorted(page.revs)
    on = {each.held.session_id: each.students_inside for each in stored.values() if each.held.is_on}
    assert {each["sessionId"]: each["studentCount"] for each in page.view["activeSessions"]} == on
