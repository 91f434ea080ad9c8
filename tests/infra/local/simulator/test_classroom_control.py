"""The control path of Classroom."""

import pytest

from infra.local.simulator.accounts import user_id_of
from tests.infra.local.simulator.running import STUDENT, TEACHER, Simulated

ALGEBRA = {"name": "Algebra", "teachers": [TEACHER], "students": [{"email": STUDENT, "display_name": "Ben Student"}]}


def test_a_course_that_is_set_up_is_told_with_everybodys_google_id(sim: Simulated) -> None:
    told = sim.order("/classroom/c1", ALGEBRA, "PUT").json()
    assert told == {
        "course_id": "c1",
        "name": "Algebra",
        "state": "ACTIVE",
        "teachers": [{"email": TEACHER, "display_name": "Ada Teacher", "google_id": user_id_of(TEACHER)}],
        "students": [
            {"email": STUDENT, "display_name": "Ben Student", "google_id": user_id_of(STUDENT), "hides_email": False},
        ],
    }
    assert sim.order("/classroom", method="GET").json() == {"courses": [told]}


def test_a_course_that_is_set_up_again_is_the_same_with_other_people(sim: Simulated) -> None:
    sim.order("/classroom/c1", ALGEBRA, "PUT")
    sim.clock.move(minutes=5)
    sim.order("/classroom/c1", {"name": "Algebra 2", "teachers": [TEACHER]}, "PUT")
    course = sim.google("classroom").courses().get(id="c1").execute()
    assert (course["name"], course["creationTime"], course["updateTime"]) == (
        "Algebra 2",
        "2026-09-15T12:00:00Z",
        "2026-09-15T12:05:00Z",
    )
    assert sim.google("classroom").courses().students().list(courseId="c1").execute() == {}


def test_a_reset_forgets_all_courses(sim: Simulated) -> None:
    sim.order("/classroom/c1", ALGEBRA, "PUT")
    sim.order("", method="DELETE")
    assert sim.order("/classroom", method="GET").json() == {"courses": []}
    assert sim.ask("/v1/courses/c1").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"teachers": []}, "teachers"),
        ({"teachers": ["ada"]}, "teachers.0"),
        ({"students": [{"email": TEACHER.upper()}]}, "students"),
        ({"students": [{"email": STUDENT}, {"email": STUDENT}]}, "students"),
        ({"state": "ASLEEP"}, "state"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_course_that_cannot_be_is_refused_and_not_kept(sim: Simulated, change: dict[str, object], field: str) -> None:
    answer = sim.order("/classroom/c1", ALGEBRA | change, "PUT")
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert sim.order("/classroom", method="GET").json() == {"courses": []}
