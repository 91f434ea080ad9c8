"""The directory's doors as their callers meet them: fields, refusals and their words."""

from typing import Any

import pytest

from shared.domain.directory import Access, Person, PersonRole, person_id_of
from shared.domain.errors import UpstreamRefused
from shared.people_ports import ImportedRoster
from tests.fake_people import FakeClassroom
from tests.functions.people.asking import ADA, BEA, BOSS, LENA, MUM, OMAR, PEOPLE, STUDENTS, Here

NOAH = "noah@school.example"
ENTRY = {
    "personId": person_id_of(OMAR.email),
    "studentId": 17,
    "email": OMAR.email,
    "firstName": "Omar",
    "lastName": "Nasser",
    "department": "Physics",
    "guardianEmails": [MUM.email],
    "access": None,
}


def test_a_student_is_entered_as_the_guide_writes_it(here: Here) -> None:
    body = {
        "firstName": " Noah ", "lastName": "Berg", "department": "Art", "studentId": 21, "access": "user",
        "guardianEmails": ["Dad@Home.example", "dad@home.example", MUM.email],
    }  # fmt: skip
    told = here.told("PUT", f"{STUDENTS}/{NOAH.upper()}", BOSS, body)
    assert told["student"] == {
        "personId": person_id_of(NOAH),
        "studentId": 21,
        "email": NOAH,
        "firstName": "Noah",
        "lastName": "Berg",
        "department": "Art",
        "guardianEmails": ["dad@home.example", MUM.email],
        "access": "user",
    }
    assert here.told("GET", f"{PEOPLE}/guardians/dad@home.example", BOSS)["person"]["roles"] == ["guardian"]


def test_a_student_is_shown_and_changed_by_address_or_id_and_what_is_left_out_stays(here: Here) -> None:
    by_id = f"{STUDENTS}/{person_id_of(OMAR.email)}"
    assert (
        here.told("GET", by_id, BOSS) == here.told("GET", f"{STUDENTS}/{OMAR.email}", OMAR) == {"success": True, "student": ENTRY}
    )
    assert here.told("PUT", by_id, BOSS, {"department": None})["student"] == {**ENTRY, "department": None}
    assert here.refused("PUT", f"{STUDENTS}/{'f' * 32}", BOSS, {})[0] == 404
    writes = here.writes
    here.told("PUT", by_id, BOSS, {"firstName": "Omar", "studentId": 17})
    assert here.writes == writes


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"first_name": "Omar"}, "first_name"),
        ({"email": "x@school.example"}, "email"),
        ({"firstName": ""}, "firstName"),
        ({"firstName": "O\u0007mar"}, "firstName"),
        ({"lastName": "N" * 101}, "lastName"),
        ({"studentId": "17"}, "studentId"),
        ({"studentId": 0}, "studentId"),
        ({"access": "system"}, "access"),
        ({"guardianEmails": ["mum"]}, "guardianEmails.0"),
        ({"guardianEmails": [f"g{n}@x.example" for n in range(11)]}, "guardianEmails"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_fields_name(here: Here, body: dict[str, Any], field: str) -> None:
    writes = here.writes
    status, told = here.refused("PUT", f"{STUDENTS}/{OMAR.email}", BOSS, body)
    assert (status, [each["field"] for each in told["errors"]]) == (422, [field])
    assert here.writes == writes


def test_somebody_is_student_teacher_and_guardian_at_once_until_each_is_taken_away(here: Here) -> None:
    for kind in ("teachers", "guardians"):
        here.told("PUT", f"{PEOPLE}/{kind}/{OMAR.email}", BOSS, {})
    person = here.told("GET", f"{PEOPLE}/teachers/{OMAR.email}", BOSS)["person"]
    assert person["roles"] == ["student", "teacher", "guardian"]
    assert here.told("DELETE", f"{STUDENTS}/{OMAR.email}", BOSS) == {"success": True}
    assert here.refused("GET", f"{STUDENTS}/{OMAR.email}", BOSS)[0] == 404
    here.told("DELETE", f"{PEOPLE}/teachers/{OMAR.email}", BOSS)
    here.told("DELETE", f"{PEOPLE}/guardians/{OMAR.email}", BOSS)
    assert OMAR.email not in here.people.stored
    assert here.refused("DELETE", f"{PEOPLE}/guardians/{OMAR.email}", BOSS)[0] == 404


def test_a_teacher_is_entered_with_access(here: Here) -> None:
    told = here.told("PUT", f"{PEOPLE}/teachers/{NOAH}", BOSS, {"first_name": "Noah", "access": "admin"})
    assert told["person"] == {
        "person_id": person_id_of(NOAH),
        "email": NOAH,
        "first_name": "Noah",
        "last_name": None,
        "department": None,
        "roles": ["teacher"],
        "access": "admin",
    }
    status, told = here.refused("PUT", f"{PEOPLE}/teachers/{BOSS.email}", BOSS, {"access": "user"})
    assert (status, told["detail"]) == (403, "Nobody changes their own access; ask another administrator.")
    assert BOSS.email not in here.people.stored


def test_roles_and_access_are_told_to_administrators_and_oneself_only(here: Here) -> None:
    here.people.put(Person(MUM.email, (PersonRole.GUARDIAN, PersonRole.TEACHER), access=Access.USER))
    for caller, roles, access in (
        (BOSS, ["guardian", "teacher"], "user"),
        (MUM, ["guardian", "teacher"], "user"),
        (ADA, None, None),
    ):
        person = here.told("GET", f"{PEOPLE}/guardians/{MUM.email}", caller)["person"]
        assert (person["roles"], person["access"]) == (roles, access)


def test_lists_go_in_pages(here: Here) -> None:
    first = here.told("GET", f"{STUDENTS}?limit=1", BOSS)
    assert [each["email"] for each in first["students"]] == [LENA.email]
    second = here.told("GET", f"{STUDENTS}?limit=1&page_token={first['next_page_token']}", BOSS)
    assert second == {"success": True, "students": [ENTRY], "next_page_token": None}
    people = here.told("GET", f"{PEOPLE}/teachers?limit=1", BOSS)
    assert people["next_page_token"] == person_id_of(ADA.email)
    courses = here.told("GET", f"{PEOPLE}/courses?limit=1", BOSS)
    rest = here.told("GET", f"{PEOPLE}/courses?limit=1&page_token={courses['next_page_token']}", BOSS)
    assert [each["course_id"] for each in (*courses["courses"], *rest["courses"])] == ["art", "math"]
    for path in (STUDENTS, f"{PEOPLE}/guardians", f"{PEOPLE}/courses"):
        assert here.refused("GET", f"{path}?page_token={'f' * 32}", BOSS)[0] == 404
        assert here.refused("GET", f"{path}?page_token=x", BOSS)[0] == 422
        assert here.refused("GET", f"{path}?limit=501", BOSS)[0] == 422


def test_everybody_sees_what_is_known_of_them(here: Here) -> None:
    omar = here.told("GET", f"{PEOPLE}/me", OMAR)
    assert omar["student"] == ENTRY
    assert (omar["email"], omar["role"], omar["person"]["roles"]) == (OMAR.email, "user", ["student"])
    (course,) = omar["courses"]
    assert course == {
        "course_id": "math",
        "name": "Mathematics",
        "teacher_emails": [ADA.email],
        "student_emails": [OMAR.email],
        "classroom_id": None,
    }
    mum = here.told("GET", f"{PEOPLE}/me", MUM)
    assert (mum["student"], mum["courses"], mum["guardian_of"]) == (None, [], [ENTRY])
    boss = here.told("GET", f"{PEOPLE}/me", BOSS)
    assert (boss["person"], boss["student"], boss["courses"], boss["guardian_of"]) == (None, None, [], [])


def test_signing_out_tells_since_when(here: Here) -> None:
    told = here.told("POST", f"{PEOPLE}/{person_id_of(OMAR.email)}/sign-out", BOSS)
    assert told == {"success": True, "person_id": person_id_of(OMAR.email), "signed_out_at": "2026-12-01T12:00:00Z"}
    for nobody in ("f" * 32, "courses", OMAR.email):
        assert here.refused("POST", f"{PEOPLE}/{nobody}/sign-out", BOSS)[0] == 404


def test_a_course_is_entered_changed_and_deleted(here: Here) -> None:
    body = {"name": "Latin", "teacher_emails": [BEA.email.upper()], "student_emails": [LENA.email, LENA.email]}
    told = here.told("PUT", f"{PEOPLE}/courses/Latin%202", BOSS, body)
    assert told["course"] == {
        "course_id": "Latin 2",
        "name": "Latin",
        "teacher_emails": [BEA.email],
        "student_emails": [LENA.email],
        "classroom_id": None,
    }
    assert here.told("PUT", f"{PEOPLE}/courses/Latin%202", BOSS, {"name": "Latin"}) == told
    assert here.told("DELETE", f"{PEOPLE}/courses/Latin%202", BOSS) == {"success": True}
    assert here.refused("DELETE", f"{PEOPLE}/courses/Latin%202", BOSS)[0] == 404
    for course_id in ("%01", "c" * 129, "%20"):
        status, told = here.refused("PUT", f"{PEOPLE}/courses/{course_id}", BOSS, {"name": "Latin"})
        assert (status, told["errors"][0]["field"]) == (422, "course_id")
    assert here.refused("PUT", f"{PEOPLE}/courses/greek", BOSS, {})[1]["errors"][0]["field"] == "name"


def test_a_teacher_changes_the_own_roster(here: Here) -> None:
    path = f"{PEOPLE}/courses/math/students"
    assert here.told("PUT", f"{path}/{LENA.email.upper()}", ADA)["course"]["student_emails"] == [
        OMAR.email,
        "other@school.example",
        LENA.email,
    ]
    assert here.told("DELETE", f"{path}/other@school.example", ADA)["course"]["student_emails"] == [OMAR.email, LENA.email]
    assert here.refused("PUT", f"{path}/nonsense", ADA)[0] == 404


TABLE = (
    "E-mail;First name;Guardian emails;Course\r\n"
    "NOAH@school.example;'=Noah;dad@home.example;math\r\n"
    "omar@school.example;Omar;;\r\n"
)


def test_a_table_is_looked_at_and_then_imported(here: Here) -> None:
    writes = here.writes
    dry = here.told("POST", f"{STUDENTS}/import", BOSS, {"csv": TABLE, "dry_run": True})
    assert here.writes == writes
    assert (dry["rows"], dry["new"], dry["changed"], dry["unchanged"], dry["errors"]) == (2, 1, 0, 1, [])
    assert dry["preview"][0] == {
        "email": NOAH,
        "studentId": None,
        "firstName": "=Noah",
        "lastName": None,
        "department": None,
        "guardianEmails": ["dad@home.example"],
        "courses": ["math"],
        "change": "new",
    }
    assert here.told("POST", f"{STUDENTS}/import", BOSS, {"csv": TABLE}) == dry
    assert here.told("GET", f"{STUDENTS}/{NOAH}", ADA)["student"]["firstName"] == "=Noah"
    again = here.told("POST", f"{STUDENTS}/import", BOSS, {"csv": TABLE})
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_a_table_with_errors_is_refused_with_each_row(here: Here) -> None:
    table = TABLE + "nonsense;X;;\r\nkim@school.example;K;;greek\r\n"
    writes = here.writes
    dry = here.told("POST", f"{STUDENTS}/import", BOSS, {"csv": table, "dry_run": True})
    assert [(each["row"], each["field"]) for each in dry["errors"]] == [(4, "email"), (5, "courses")]
    status, told = here.refused("POST", f"{STUDENTS}/import", BOSS, {"csv": table})
    assert (status, told["title"]) == (422, "The table cannot be used")
    assert told["errors"] == [{**each, "row": str(each["row"])} for each in dry["errors"]]
    assert told["detail"].startswith("Nothing was stored. Row 4, email: This is no e-mail address")
    assert here.writes == writes


def test_a_table_may_have_two_megabytes_and_not_more(here: Here) -> None:
    rows = "".join(f"student-{n:04}@school.example,{'N' * 100},{'M' * 100},{'D' * 100}\n" for n in range(5000))
    told = here.told("POST", f"{STUDENTS}/import", BOSS, {"csv": "email,first name,last name,department\n" + rows})
    assert told["new"] == 5000
    assert len(told["preview"]) == 20
    assert here.refused("POST", f"{STUDENTS}/import", BOSS, {"csv": "x" * 2_000_001})[0] == 422
    assert here.refused("POST", f"{STUDENTS}/import", BOSS, {"csv": "x" * 2_200_000})[0] == 413
    assert here.refused("POST", f"{STUDENTS}/import", BOSS, {"csv": ""})[0] == 422
    assert here.refused("POST", f"{STUDENTS}/import", BOSS, {"csv": "email", "dry_run": "yes"})[0] == 422


def test_classroom_courses_are_listed_and_a_roster_is_imported(here: Here) -> None:
    assert here.told("GET", f"{PEOPLE}/classroom-courses", ADA)["courses"] == [{"classroom_id": "55001", "name": "Mathematics"}]
    assert here.told("GET", f"{PEOPLE}/classroom-courses?teacher_email={ADA.email.upper()}", BOSS)["courses"]
    assert here.refused("GET", f"{PEOPLE}/classroom-courses?teacher_email={ADA.email}", BEA)[0] == 403
    path, body = f"{PEOPLE}/courses/math/classroom-import", {"classroom_id": "55001", "dry_run": True}
    writes = here.writes
    dry = here.told("POST", path, ADA, body)
    assert here.writes == writes
    done = here.told("POST", path, ADA, {"classroom_id": "55001"})
    assert {**dry, "dry_run": False} == done
    assert done["course"]["student_emails"] == [OMAR.email, "other@school.example", "kim@school.example"]
    assert (done["new"], done["changed"], done["unchanged"]) == (1, 0, 1)
    assert (done["enrolled"], done["removed"], done["teachers_left"]) == (["kim@school.example"], [], ["co@school.example"])
    (unclear,) = done["unclear"]
    assert (unclear["google_id"], unclear["first_name"]) == ("13", "Jo")
    assert "by hand" in unclear["message"]


def test_what_google_refuses_is_told_with_its_remedy(here: Here) -> None:
    class Refusing(FakeClassroom):
        """Google lets nobody in."""

        def roster(self, teacher: str, classroom_id: str) -> ImportedRoster | None:  # noqa: ARG002 - the port's form
            """See the port."""
            raise UpstreamRefused("Google Classroom API not enabled", "Enable it.")

    here.classroom = Refusing()
    status, told = here.refused("POST", f"{PEOPLE}/courses/math/classroom-import", ADA, {"classroom_id": "55001"})
    assert (status, told["title"], told["detail"]) == (502, "Google Classroom API not enabled", "Enable it.")
    assert here.refused("POST", f"{PEOPLE}/courses/math/classroom-import", BOSS, {"classroom_id": ""})[0] == 422
