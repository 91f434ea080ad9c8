"""Google Classroom v1: courses and who is in them, for those who are in them and for admins.

How large a page may be Google does not say; here it is a hundred at most. Who asks with a good token has all scopes.
"""

from collections.abc import Sequence
from http import HTTPStatus

from infra.local.simulator import instants
from infra.local.simulator.accounts import Account
from infra.local.simulator.calls import Call, Json, Operation
from infra.local.simulator.courses import ClassroomCourse
from infra.local.simulator.pages import page_of, page_size
from infra.local.simulator.refusals import Refusal, absent, invalid
from infra.local.simulator.world import World

DEFAULT_PAGE = 30
MOST = 100
_PAGED = frozenset({"pageSize", "pageToken"})


class ClassroomApi:
    """Serves Classroom over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> dict[str, Operation]:
        """What is served, by method id."""
        return {
            "classroom.courses.list": Operation(self.courses, _PAGED | {"teacherId", "studentId", "courseStates"}),
            "classroom.courses.get": Operation(self.course),
            "classroom.courses.students.list": Operation(self.students, _PAGED),
            "classroom.courses.teachers.list": Operation(self.teachers, _PAGED),
        }

    def courses(self, call: Call) -> Json:
        """The courses that the caller may see, of a teacher, of a student or all; the newest first."""
        if call.query.get("teacherId") and call.query.get("studentId"):
            raise invalid("Only one of teacherId and studentId may be set.")
        teacher, student = self._asked_for(call, "teacherId"), self._asked_for(call, "studentId")
        states: list[str] = call.query.get("courseStates", [])
        found = [
            course
            for course in self._world.courses.values()
            if self._is_open_to(course, call.subject)
            and (teacher is None or teacher in course.teachers)
            and (student is None or student in course.students)
            and (not states or course.state in states)
        ]
        size = page_size(call.query.get("pageSize"), MOST, MOST)
        asked = ["courses", teacher, student, sorted(states)]
        shown, token = page_of(
            found, lambda course: (-course.created, course.course_id), size, call.query.get("pageToken"), asked
        )
        return _page("courses", [self._shown(course) for course in shown], token)

    def course(self, call: Call) -> Json:
        """One course."""
        return self._shown(self._found(call, "id"))

    def students(self, call: Call) -> Json:
        """Who takes a course."""
        course = self._found(call, "courseId")
        return self._members(call, course, "students", course.students)

    def teachers(self, call: Call) -> Json:
        """Who teaches a course."""
        course = self._found(call, "courseId")
        return self._members(call, course, "teachers", course.teachers)

    def _asked_for(self, call: Call, name: str) -> str | None:
        """The address of whom a parameter names by address, by id or as `me`; None where it names nobody."""
        key = call.query.get(name)
        if not key:
            return None
        if key == "me":
            return call.subject
        account = self._world.accounts.seen(key) if "@" in key else self._world.accounts.by_id(key)
        if account is None:
            raise absent()
        return account.email

    def _found(self, call: Call, name: str) -> ClassroomCourse:
        course = self._world.courses.get(call.path[name])
        if course is None:
            raise absent()
        if not self._is_open_to(course, call.subject):
            raise Refusal(HTTPStatus.FORBIDDEN, "The caller does not have permission")
        return course

    def _is_open_to(self, course: ClassroomCourse, subject: str) -> bool:
        is_admin = subject in self._world.knobs.admins and self._world.resolves(course.owner, subject)
        return is_admin or course.has(subject)

    def _members(self, call: Call, course: ClassroomCourse, kind: str, emails: Sequence[str]) -> Json:
        size = page_size(call.query.get("pageSize"), DEFAULT_PAGE, MOST)
        asked = [kind, course.course_id]
        shown, token = page_of(emails, lambda email: (email,), size, call.query.get("pageToken"), asked)
        return _page(kind, [self._member(course, email) for email in shown], token)

    def _member(self, course: ClassroomCourse, email: str) -> Json:
        account = self._world.accounts.seen(email)
        profile = _profile(account) | ({} if email in course.hiding else {"emailAddress": email})
        return {"courseId": course.course_id, "userId": account.user_id, "profile": profile}

    def _shown(self, course: ClassroomCourse) -> Json:
        return {
            "id": course.course_id,
            "name": course.name,
            "ownerId": self._world.accounts.seen(course.owner).user_id,
            "courseState": course.state,
            "creationTime": instants.shown(course.created),
            "updateTime": instants.shown(course.updated),
        }


def _page(kind: str, items: list[Json], token: str | None) -> Json:
    """An empty list is left out of an answer."""
    return ({kind: items} if items else {}) | ({"nextPageToken": token} if token else {})


def _profile(account: Account) -> Json:
    """Who somebody is; a name of one word has no family name."""
    name = {"givenName": account.given_name, "familyName": account.family_name, "fullName": account.name}
    return {"id": account.user_id, "name": {part: text for part, text in name.items() if text}}
