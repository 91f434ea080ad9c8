"""Classroom, through Google's own client: who sees which courses, and who is in them."""

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from infra.local.simulator.accounts import user_id_of
from tests.infra.local.simulator.running import GUEST, STUDENT, TEACHER, Simulated, error_of

ADMIN = "admin@school.example"
COLLEAGUE = "cleo.teacher@school.example"


def set_course(sim: Simulated, course_id: str = "c1", *students: Any, **more: object) -> None:
    """Set up a course of Ada's."""
    body = {"name": f"Course {course_id}", "teachers": [TEACHER], "students": [{"email": one} for one in students], **more}
    answer = sim.order(f"/classroom/{course_id}", body, "PUT")
    assert answer.status_code == 200, answer.text


def ids(answer: Any) -> list[str]:
    """The courses of a page."""
    return [course["id"] for course in answer.get("courses", [])]


def everybody(sim: Simulated, kind: str, size: int | None = None) -> list[list[str]]:
    """The addresses of a course's people, by pages."""
    pages, token = [], None
    people = getattr(sim.google("classroom").courses(), kind)()
    while True:
        page = people.list(courseId="c1", pageSize=size, pageToken=token).execute()
        pages.append([one["profile"]["emailAddress"] for one in page.get(kind, [])])
        token = page.get("nextPageToken")
        if not token:
            return pages


def refused(request: Any) -> Any:
    """The error that a request meets."""
    with pytest.raises(HttpError) as trouble:
        request.execute()
    return error_of(trouble.value)


def test_a_course_is_told_as_google_tells_it(sim: Simulated) -> None:
    set_course(sim)
    assert sim.google("classroom").courses().get(id="c1").execute() == {
        "id": "c1",
        "name": "Course c1",
        "ownerId": user_id_of(TEACHER),
        "courseState": "ACTIVE",
        "creationTime": "2026-09-15T12:00:00Z",
        "updateTime": "2026-09-15T12:00:00Z",
    }


def test_a_student_is_the_account_that_meet_knows(sim: Simulated) -> None:
    code = sim.room()
    sim.join(code, STUDENT, display_name="Ben de la Cruz")
    set_course(sim, "c1", STUDENT)
    (record,) = sim.google("meet").conferenceRecords().list().execute()["conferenceRecords"]
    (present,) = sim.google("meet").conferenceRecords().participants().list(parent=record["name"]).execute()["participants"]
    (student,) = sim.google("classroom").courses().students().list(courseId="c1").execute()["students"]
    assert present["signedinUser"]["user"] == f"users/{student['profile']['id']}"
    assert student == {
        "courseId": "c1",
        "userId": user_id_of(STUDENT),
        "profile": {
            "id": user_id_of(STUDENT),
            "name": {"givenName": "Ben de la", "familyName": "Cruz", "fullName": "Ben de la Cruz"},
            "emailAddress": STUDENT,
        },
    }


def test_who_hides_the_address_has_an_id_and_a_name_only(sim: Simulated) -> None:
    set_course(sim, students=[{"email": STUDENT, "display_name": "Ben", "hides_email": True}])
    (student,) = sim.google("classroom").courses().students().list(courseId="c1").execute()["students"]
    assert student["profile"] == {"id": user_id_of(STUDENT), "name": {"givenName": "Ben", "fullName": "Ben"}}


def test_people_come_in_pages_of_thirty_or_as_many_as_are_asked_for_up_to_a_hundred(sim: Simulated) -> None:
    students = [f"s{number:03}@school.example" for number in range(130)]
    set_course(sim, "c1", *students, teachers=[TEACHER, COLLEAGUE])
    assert [len(page) for page in everybody(sim, "students")] == [30, 30, 30, 30, 10]
    assert [len(page) for page in everybody(sim, "students", 1000)] == [100, 30]
    assert sorted(one for page in everybody(sim, "students", 7) for one in page) == students
    assert everybody(sim, "teachers", 1) == [[TEACHER], [COLLEAGUE]]


def test_an_empty_course_has_no_list_at_all(sim: Simulated) -> None:
    set_course(sim)
    assert sim.google("classroom").courses().students().list(courseId="c1").execute() == {}


def test_the_token_of_one_list_is_none_of_another(sim: Simulated) -> None:
    set_course(sim, "c1", STUDENT, GUEST)
    courses = sim.google("classroom").courses()
    token = courses.students().list(courseId="c1", pageSize=1).execute()["nextPageToken"]
    assert refused(courses.teachers().list(courseId="c1", pageToken=token))["code"] == 400
    assert refused(courses.students().list(courseId="c1", pageSize=-1))["code"] == 400


def test_courses_are_listed_by_teacher_student_and_state_the_newest_first(sim: Simulated) -> None:
    set_course(sim, "old", STUDENT)
    sim.clock.move(minutes=1)
    set_course(sim, "new", TEACHER, teachers=[COLLEAGUE])
    sim.clock.move(minutes=1)
    set_course(sim, "gone", state="ARCHIVED")
    courses = sim.google("classroom").courses()
    assert ids(courses.list().execute()) == ["gone", "new", "old"]
    assert ids(courses.list(teacherId="me").execute()) == ["gone", "old"]
    assert ids(courses.list(teacherId="me", courseStates="ACTIVE").execute()) == ["old"]
    assert ids(courses.list(studentId=user_id_of(TEACHER)).execute()) == ["new"]
    assert ids(courses.list(teacherId=COLLEAGUE).execute()) == ["new"]
    first = courses.list(pageSize=2).execute()
    assert ids(first) == ["gone", "new"]
    assert ids(courses.list(pageSize=2, pageToken=first["nextPageToken"]).execute()) == ["old"]


def test_a_list_of_a_teacher_and_a_student_at_once_or_of_an_unknown_id_is_refused(sim: Simulated) -> None:
    courses = sim.google("classroom").courses()
    assert refused(courses.list(teacherId="me", studentId="me"))["status"] == "INVALID_ARGUMENT"
    assert refused(courses.list(teacherId="123"))["status"] == "NOT_FOUND"


def test_a_course_is_open_to_who_is_in_it_and_to_admins_of_the_domain(sim: Simulated) -> None:
    set_course(sim, "c1", STUDENT)
    for subject in (TEACHER, STUDENT, ADMIN):
        assert ids(sim.google("classroom", subject).courses().list().execute()) == ["c1"]
    stranger = sim.google("classroom", COLLEAGUE).courses()
    assert stranger.list().execute() == {}
    for request in (stranger.get(id="c1"), stranger.students().list(courseId="c1"), stranger.teachers().list(courseId="c1")):
        assert refused(request)["status"] == "PERMISSION_DENIED"


def test_the_admin_of_another_domain_is_a_stranger(sim: Simulated) -> None:
    set_course(sim, teachers=[GUEST])
    assert refused(sim.google("classroom", ADMIN).courses().get(id="c1"))["status"] == "PERMISSION_DENIED"


def test_what_is_not_there_is_not_found(sim: Simulated) -> None:
    courses = sim.google("classroom").courses()
    for request in (courses.get(id="c9"), courses.students().list(courseId="c9"), courses.teachers().list(courseId="c9")):
        assert refused(request)["status"] == "NOT_FOUND"


def test_without_a_token_nothing_is_told(sim: Simulated) -> None:
    set_course(sim)
    assert sim.ask("/v1/courses/c1", subject=None).status_code == 401


def test_what_google_does_and_the_simulator_does_not_is_said(sim: Simulated) -> None:
    assert refused(sim.google("classroom").courses().create(body={"name": "New"}))["code"] == 501


def test_calls_fail_as_they_are_told_to(sim: Simulated) -> None:
    set_course(sim)
    sim.told("/fail-next", api="classroom", method="courses.students.list", status=503, times=1)
    assert sim.ask("/v1/courses/c1").status_code == 200
    assert [sim.ask("/v1/courses/c1/students").status_code for _ in range(2)] == [503, 200]
