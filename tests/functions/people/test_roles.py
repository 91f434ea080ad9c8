"""Who may call which route of the directory, on what is theirs and on what is others'; the written matrix, complete."""

import json
from pathlib import Path

import pytest

from functions import people
from shared.config import settings
from shared.domain.directory import person_id_of
from tests.functions.people.asking import ADA, BEA, BOSS, LENA, OMAR, Here, a_school, body_of

# Nobody; another course's student; a student of the course; another course's teacher; the course's teacher; an administrator.
CALLERS = (None, LENA, OMAR, BEA, ADA, BOSS)
STUDENT, EMAIL = "/api/attendance-tracker/students/{student}", "omar@school.example"
COURSE, ROSTER = "/api/people/courses/{course_id}", "/api/people/courses/{course_id}/students/{email}"
TEACHER, GUARDIAN = "/api/people/teachers/{email}", "/api/people/guardians/{email}"
MATRIX = {
    ("GET", "/api/attendance-tracker/students"): "401 403 403 200 200 200",
    ("POST", "/api/attendance-tracker/students/import"): "401 403 403 403 403 200",
    ("GET", STUDENT): "401 404 200 404 200 200",
    ("PUT", STUDENT): "401 403 403 403 403 200",
    ("DELETE", STUDENT): "401 403 403 403 403 200",
    ("GET", "/api/people/me"): "401 200 200 200 200 200",
    ("GET", "/api/people/teachers"): "401 403 403 200 200 200",
    ("GET", TEACHER): "401 404 404 404 200 200",
    ("PUT", TEACHER): "401 403 403 403 403 200",
    ("DELETE", TEACHER): "401 403 403 403 403 200",
    ("GET", "/api/people/guardians"): "401 403 403 200 200 200",
    ("GET", GUARDIAN): "401 404 404 404 200 200",
    ("PUT", GUARDIAN): "401 403 403 403 403 200",
    ("DELETE", GUARDIAN): "401 403 403 403 403 409",
    ("POST", "/api/people/{person_id}/sign-out"): "401 403 403 403 403 200",
    ("GET", "/api/people/courses"): "401 200 200 200 200 200",
    ("GET", COURSE): "401 404 200 404 200 200",
    ("PUT", COURSE): "401 403 403 403 403 200",
    ("DELETE", COURSE): "401 403 403 403 403 200",
    ("PUT", ROSTER): "401 403 403 404 200 200",
    ("DELETE", ROSTER): "401 403 403 404 200 200",
    ("GET", "/api/people/classroom-courses"): "401 403 403 200 200 200",
    ("POST", f"{COURSE}/classroom-import"): "401 403 403 404 200 200",
}
BODIES = {
    ("POST", "/api/attendance-tracker/students/import"): {"csv": "email\nx@school.example\n"},
    ("PUT", STUDENT): {"firstName": "Omar"},
    ("PUT", TEACHER): {"first_name": "Ada"},
    ("PUT", GUARDIAN): {"first_name": "Mum"},
    ("PUT", COURSE): {"name": "Algebra"},
}
VALUES = {
    STUDENT: EMAIL,
    TEACHER: "ada@school.example",
    GUARDIAN: "mum@home.example",
    ROSTER: EMAIL,
}
LISTS = {
    "/api/attendance-tracker/students": EMAIL,
    "/api/people/teachers": "ada@school.example",
    "/api/people/guardians": "mum@home.example",
    "/api/people/courses": "math",
}
TOKENLESS = [key for key in MATRIX if key[0] == "GET"]


def filled(path: str) -> str:
    return path.format(student=EMAIL, email=VALUES.get(path, EMAIL), person_id=person_id_of(EMAIL), course_id="math")


def test_every_route_stands_in_the_matrix() -> None:
    table = json.loads((Path(people.__file__).parent / "function.json").read_text("utf-8"))
    assert {(line["method"], line["path"]) for line in table["routes"]} == MATRIX.keys()


@pytest.mark.parametrize(("method", "path"), MATRIX, ids=lambda told: told.rpartition("/api/")[2])
def test_each_caller_gets_what_the_matrix_says(method: str, path: str, deployment: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - the environment
    found = []
    for caller in CALLERS:
        body = BODIES.get((method, path))
        if path.endswith("classroom-import"):
            body = {"classroom_id": "55001", "teacher_email": ADA.email} if caller is BOSS else {"classroom_id": "55001"}
        found.append(str(a_school().ask(method, filled(path), caller, body).status_code))
    assert " ".join(found) == MATRIX[method, path]


@pytest.mark.parametrize(("path", "tells"), LISTS.items(), ids=lambda told: told.rpartition("/")[2])
def test_lists_tell_only_of_what_is_the_callers(here: Here, path: str, tells: str) -> None:
    assert tells not in here.ask("GET", path, BEA).get_data(as_text=True)
    assert tells not in here.ask("GET", path, LENA).get_data(as_text=True)
    for caller in (ADA, BOSS):
        assert tells in here.ask("GET", path, caller).get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "own", "absent", "caller"),
    [
        ("GET", f"/api/attendance-tracker/students/{EMAIL}", "/api/attendance-tracker/students/nobody@x.example", BEA),
        ("GET", f"/api/attendance-tracker/students/{person_id_of(EMAIL)}", f"/api/attendance-tracker/students/{'f' * 32}", LENA),
        ("GET", f"/api/attendance-tracker/students/{EMAIL}", "/api/attendance-tracker/students/nonsense", LENA),
        ("GET", "/api/people/teachers/ada@school.example", "/api/people/teachers/%00", OMAR),
        ("GET", "/api/people/guardians/mum@home.example", "/api/people/guardians/nobody@x.example", BEA),
        ("GET", "/api/people/courses/math", "/api/people/courses/greek", LENA),
        ("GET", "/api/people/courses/math", f"/api/people/courses/{'m' * 200}", LENA),
        ("PUT", f"/api/people/courses/math/students/{EMAIL}", f"/api/people/courses/%01/students/{EMAIL}", BEA),
        ("DELETE", f"/api/people/courses/math/students/{EMAIL}", f"/api/people/courses/greek/students/{EMAIL}", BEA),
        ("POST", "/api/people/courses/math/classroom-import", "/api/people/courses/greek/classroom-import", BEA),
    ],
)  # fmt: skip
def test_foreign_and_absent_are_the_same_404(here: Here, method: str, own: str, absent: str, caller: object) -> None:
    body = {"classroom_id": "55001"} if method == "POST" else None
    before = here.writes
    foreign, none = (here.refused(method, path, caller, body) for path in (own, absent))  # type: ignore[arg-type]
    assert foreign == none
    assert foreign[0] == 404
    assert here.writes == before


@pytest.mark.parametrize(("method", "path"), TOKENLESS, ids=lambda told: told.rpartition("/api/")[2])
def test_also_a_local_house_that_lets_everybody_in_wants_a_token_here(
    method: str, path: str, deployment: pytest.MonkeyPatch
) -> None:
    deployment.setenv("ROLLCALL_AUTH", "open")
    settings.cache_clear()
    response = a_school().ask(method, filled(path), None)
    assert response.status_code == 401
    assert EMAIL not in json.dumps(body_of(response))
