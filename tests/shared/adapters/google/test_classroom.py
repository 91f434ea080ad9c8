"""Tests of reading Classroom, against the simulator and against a Google that says what the simulator never does."""

import json
import urllib.request
from typing import Any

import pytest

from shared.adapters.google.classroom import GoogleClassroom
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.people_ports import ImportedRoster, Member
from tests.shared.adapters.google.scripted import NOT_FOUND, Answer, Asked, Json, error, in_turn, matches, paged, scripted_google
from tests.shared.adapters.google.simulated import Simulator

ADA, CLEO, BEN = "ada.teacher@school.example", "cleo.teacher@school.example", "ben.student@school.example"


def set_course(simulator: Simulator, course_id: str, **told: Any) -> dict[str, Any]:
    """Set up a course in the simulator; answers with it."""
    body = {"name": "Algebra", "teachers": [ADA], "students": [], **told}
    url, data = f"{simulator.url}/_sim/classroom/{course_id}", json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method="PUT")
    with urllib.request.urlopen(request, timeout=10) as answer:
        course: dict[str, Any] = json.load(answer)
        return course


def student(number: int, **profile: object) -> Json:
    """A student as Google tells it."""
    own = {"id": f"1{number:03}", "name": {"givenName": "Sam", "familyName": f"No {number}", "fullName": f"Sam No {number}"}}
    return {"courseId": "c1", "userId": f"1{number:03}", "profile": {**own, **profile}}


def course_of(students: list[Json], most: int | None = None) -> Any:
    """A script of one course without teachers."""

    def script(asked: Asked) -> Answer:
        if matches("GET /v1/courses/c1/students", asked):
            return paged(asked, "students", students, most)
        if matches("GET /v1/courses/c1/teachers", asked):
            return 200, {}
        return 200, {"id": "c1", "name": "Algebra"}

    return script


def students_of(script: Any) -> tuple[Member, ...]:
    """The students on the roster that such a Google gives."""
    with scripted_google(script) as google:
        roster = GoogleClassroom(google.apis()).roster(ADA, "c1")
    assert roster is not None
    return roster.students


def test_a_roster_holds_everybody_with_the_ids_that_meet_gives(simulator: Simulator) -> None:
    ben = {"email": BEN, "display_name": "Ben de la Cruz"}
    hidden = {"email": "mia@mail.example", "display_name": "Mia", "hides_email": True}
    told = set_course(simulator, "c1", teachers=[ADA, CLEO], students=[ben, hidden])
    ids = {one["email"]: one["google_id"] for one in (*told["teachers"], *told["students"])}
    assert GoogleClassroom(simulator.apis()).roster(ADA, "c1") == ImportedRoster(
        classroom_id="c1",
        name="Algebra",
        teachers=(Member(ids[ADA], ADA, "Ada", "Teacher"), Member(ids[CLEO], CLEO, "Cleo", "Teacher")),
        students=(Member(ids[BEN], BEN, "Ben de la", "Cruz"), Member(ids["mia@mail.example"], None, "Mia", None)),
    )


def test_a_large_course_is_read_to_the_last_page(simulator: Simulator) -> None:
    emails = [f"s{number:03}@school.example" for number in range(250)]
    set_course(simulator, "c1", students=[{"email": email} for email in emails])
    roster = GoogleClassroom(simulator.apis()).roster(ADA, "c1")
    assert roster is not None
    assert [member.email for member in roster.students] == emails


def test_pages_may_be_smaller_than_asked_for() -> None:
    members = students_of(course_of([student(number) for number in range(9)], most=4))
    assert [member.google_id for member in members] == [f"1{number:03}" for number in range(9)]


def test_who_is_on_two_pages_is_one_member() -> None:
    assert len(students_of(course_of([student(1), student(2), student(2)], most=2))) == 2


def test_addresses_are_in_lower_case_and_empty_texts_are_nothing() -> None:
    name = {"givenName": " ", "familyName": ""}
    (member,) = students_of(course_of([student(1, emailAddress="Ben@School.example", name=name)]))
    assert member == Member("1001", "ben@school.example", None, None)


def test_a_student_without_a_profile_is_kept_by_id() -> None:
    assert students_of(course_of([{"courseId": "c1", "userId": "1001"}])) == (Member("1001", None, None, None),)


def test_a_course_asked_for_by_an_alias_is_told_by_its_own_id() -> None:
    script = course_of([student(1)])
    with scripted_google(script) as google:
        roster = GoogleClassroom(google.apis()).roster(ADA, "d:algebra")
    assert roster is not None
    assert roster.classroom_id == "c1"
    assert google.paths() == ["GET /v1/courses/d:algebra", "GET /v1/courses/c1/teachers", "GET /v1/courses/c1/students"]
    assert {asked.subject for asked in google.asked} == {ADA}


def test_a_course_that_is_not_there_has_no_roster(simulator: Simulator) -> None:
    assert GoogleClassroom(simulator.apis()).roster(ADA, "c9") is None


def test_a_course_that_goes_while_it_is_read_has_no_roster_rather_than_half_of_one() -> None:
    with scripted_google(in_turn((200, {"id": "c1", "name": "Algebra"}), (200, {}), NOT_FOUND)) as google:
        assert GoogleClassroom(google.apis()).roster(ADA, "c1") is None


def test_somebody_elses_course_is_refused_with_what_to_check(simulator: Simulator) -> None:
    set_course(simulator, "c1", teachers=[CLEO])
    with pytest.raises(UpstreamRefused, match=f"Check that {ADA} teaches that course"):
        GoogleClassroom(simulator.apis()).roster(ADA, "c1")


def test_the_active_courses_that_somebody_teaches_are_listed_the_newest_first(simulator: Simulator) -> None:
    set_course(simulator, "1")
    simulator.now = simulator.now.replace(second=30)
    set_course(simulator, "2", name="Geometry")
    set_course(simulator, "3", state="ARCHIVED")
    set_course(simulator, "4", teachers=[CLEO], students=[{"email": ADA}])
    assert list(GoogleClassroom(simulator.apis()).courses(ADA)) == [("2", "Geometry"), ("1", "Algebra")]


def test_courses_of_all_pages_are_listed_each_once() -> None:
    courses = [{"id": str(number), "name": f"Course {number}"} for number in (1, 2, 2, 3)]
    with scripted_google(lambda asked: paged(asked, "courses", courses, 2)) as google:
        assert [found for found, _ in GoogleClassroom(google.apis()).courses(ADA)] == ["1", "2", "3"]
    first, _ = google.asked
    wanted = {name: values for name, values in first.query.items() if name != "alt"}
    assert wanted == {"teacherId": ["me"], "courseStates": ["ACTIVE"], "pageSize": ["100"]}


def test_somebody_without_courses_has_none(simulator: Simulator) -> None:
    assert list(GoogleClassroom(simulator.apis()).courses(ADA)) == []


def test_a_google_that_is_busy_for_a_moment_is_asked_again(simulator: Simulator) -> None:
    set_course(simulator, "c1")
    simulator.tell("fail-next", api="classroom", method="courses.teachers.list", status=503, times=2)
    assert GoogleClassroom(simulator.apis()).roster(ADA, "c1") is not None


@pytest.mark.parametrize("answer", [error(429, "Quota exceeded", "RATE_LIMIT_EXCEEDED"), error(503)])
def test_a_google_that_stays_busy_is_a_matter_of_time(answer: Answer) -> None:
    with scripted_google(in_turn(answer)) as google, pytest.raises(Unavailable, match="Classroom API is busy"):
        GoogleClassroom(google.apis()).courses(ADA)


def test_a_missing_right_is_named_with_the_scopes_to_give() -> None:
    refusal = error(403, "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    with scripted_google(in_turn(refusal)) as google, pytest.raises(UpstreamRefused) as refused:
        GoogleClassroom(google.apis()).roster(ADA, "c1")
    for scope in ("classroom.courses.readonly", "classroom.rosters.readonly", "classroom.profile.emails"):
        assert scope in refused.value.detail
    assert "infra.google_oauth --meet" in refused.value.detail
