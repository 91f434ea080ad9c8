"""The control path of Classroom: a course is set up with everybody in it, or set up anew."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from infra.local.simulator import instants
from infra.local.simulator.accounts import Account
from infra.local.simulator.courses import ClassroomCourse
from infra.local.simulator.doors import door, read_order
from infra.local.simulator.orders import SetCourse
from infra.local.simulator.world import World

Json = dict[str, Any]

PATH = "/_sim/classroom"


class ClassroomControl:
    """Serves `/_sim/classroom`. `DELETE /_sim` forgets its courses with everything else."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._clock = clock

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route(PATH, door(self._world, self.all), methods=["GET"]),
            Route(f"{PATH}/{{course_id}}", door(self._world, self.set_course), methods=["PUT"]),
        ]

    async def all(self, _: Request) -> Json:
        """Every course."""
        return {"courses": [self._told(course) for course in self._world.courses.values()]}

    async def set_course(self, request: Request) -> Json:
        """Set up a course, in place of the one that has this id."""
        course_id: str = request.path_params["course_id"]
        order = await read_order(request, SetCourse)
        now, before = instants.of(self._clock()), self._world.courses.get(course_id)
        for student in order.students:
            self._world.accounts.seen(student.email, student.display_name)
        self._world.courses[course_id] = course = ClassroomCourse(
            course_id=course_id,
            name=order.name,
            state=order.state,
            teachers=list(order.teachers),
            students=[student.email for student in order.students],
            created=now if before is None else before.created,
            updated=now,
            hiding=[student.email for student in order.students if student.hides_email],
        )
        return self._told(course)

    def _told(self, course: ClassroomCourse) -> Json:
        return {
            "course_id": course.course_id,
            "name": course.name,
            "state": course.state,
            "teachers": [_person_told(self._world.accounts.seen(email)) for email in course.teachers],
            "students": [
                _person_told(self._world.accounts.seen(email)) | {"hides_email": email in course.hiding}
                for email in course.students
            ],
        }


def _person_told(account: Account) -> Json:
    return {"email": account.email, "display_name": account.name, "google_id": account.user_id}
