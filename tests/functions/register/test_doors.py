"""The register's doors as their callers meet them: who may, what is refused with which words, what is noted, what is shown."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.accounts import Caller
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import Unavailable
from shared.domain.policies import STATUS_NAMES
from shared.domain.warnings import AttendanceWarning, WarningKind
from shared.people_ports import Access
from tests.builders import at
from tests.fake_privacy import MemoryAccessLog
from tests.functions.register.asking import Here, body_of
from tests.tracked import ADA, BOSS, LENA, OMAR, OTHER, STUDENT, TEACHER, stay

MUM = Caller("mum", "mum@home.example", "user")
NAMES: list[dict[str, Any]] = [
    {"status": n.status, "label": n.label, "acronym": n.acronym, "points": n.points} for n in STATUS_NAMES
]
TIME = {"from": "2026-12-01T00:00:00Z", "to": "2026-12-10T00:00:00Z"}


class Silent(MemoryAccessLog):
    """A log that cannot be written."""

    def note(self, access: Access) -> None:  # noqa: ARG002 - the port's signature
        """See the port."""
        raise Unavailable("The database does not answer right now; try again in a moment.")


@pytest.fixture
def held(here: Here) -> Here:
    """A class of Ada's was held: Omar came eight minutes late, Lena never."""
    here.tracked.holds(stay("google:1", 0, 60), stay("google:2", 8, 60), course_id="math")
    return here


def warn(here: Here, **changes: Any) -> AttendanceWarning:
    warning = AttendanceWarning(
        WarningKind.LOW_SHARE, OMAR, "math", "1" * 32, "2" * 32, "Algebra", ADA, at(0), 75, 4, 50, 2, raised_at=at(90)
    )
    warning = replace(warning, **changes)
    assert here.warnings.store([(None, warning)], [])
    return warning


def test_until_one_is_set_everybody_sees_the_policy_that_is_built_in(here: Here) -> None:
    for caller in (STUDENT, TEACHER, BOSS):
        policy = here.told("GET", "/policy", caller)["policy"]
        assert (policy["version"], policy["effective_from"], policy["grace_minutes"]) == (0, None, 10)
        assert policy["statuses"] == NAMES
    assert here.ask("GET", "/policy", None).status_code == 401


def test_an_administrator_sets_a_version_and_it_counts_from_its_instant(here: Here) -> None:
    here.tracked.house.clock.at = at(0)
    asked = {"grace_minutes": 3, "warn_below_percent": None, "effective_from": "2026-12-02T12:00:00Z", "reason": "A new term."}
    response = here.ask("POST", "/policy", BOSS, asked)
    assert response.status_code == 201
    stored = body_of(response)["policy"]
    assert (stored["version"], stored["effective_from"]) == (1, "2026-12-02T12:00:00Z")
    assert (stored["by"], stored["reason"], stored["set_at"]) == (BOSS.email, "A new term.", "2026-12-01T12:00:00Z")
    assert (stored["grace_minutes"], stored["warn_below_percent"], stored["left_early_minutes"]) == (3, None, 10)
    assert here.told("GET", "/policy", TEACHER)["policy"]["version"] == 0
    assert here.told("GET", "/policy?at=2026-12-02T12:00:00Z", TEACHER)["policy"] == stored
    shown = here.told("GET", "/policy?at=2026-12-02T13:00:00Z", STUDENT)["policy"]
    assert (shown["by"], shown["reason"], shown["grace_minutes"]) == (None, None, 3)
    assert [each["version"] for each in here.told("GET", "/policy/versions", TEACHER)["versions"]] == [1, 0]


def test_only_administrators_set_it_and_students_see_no_versions(here: Here) -> None:
    for caller in (STUDENT, TEACHER):
        refused = here.ask("POST", "/policy", caller, {"reason": "Mine."})
        assert refused.status_code == 403
        assert body_of(refused)["success"] is False
    assert here.ask("GET", "/policy/versions", STUDENT).status_code == 403
    assert here.ask("POST", "/policy/preview", STUDENT, TIME).status_code == 403
    assert here.tracked.house.policies.all() == ()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"grace_minutes": 241}, "grace_minutes"),
        ({"grace_minutes": -1}, "grace_minutes"),
        ({"grace_minutes": 2.5}, "grace_minutes"),
        ({"grace_minutes": "5"}, "grace_minutes"),
        ({"grace_minutes": True}, "grace_minutes"),
        ({"auto_absent": "yes"}, "auto_absent"),
        ({"early_open_minutes": 31}, "early_open_minutes"),
        ({"late_close_minutes": 31}, "late_close_minutes"),
        ({"minimum_share_percent": 101}, "minimum_share_percent"),
        ({"warn_after": 0}, "warn_after"),
        ({"warn_absences_in_row": 0}, "warn_absences_in_row"),
        ({"grace_minutes": None}, "grace_minutes"),
        ({"effective_from": "2026-11-30T12:00:00Z"}, "effective_from"),
        ({"effective_from": "2026-12-30T12:00:00"}, "effective_from"),
        ({"version": 7}, "version"),
        ({"reason": " "}, "reason"),
        ({"statuses": NAMES[1:]}, "statuses"),
        ({"statuses": [*NAMES[1:], NAMES[1]]}, "statuses"),
        ({"statuses": [{**NAMES[0], "points": 101}, *NAMES[1:]]}, "statuses.0.points"),
        ({"statuses": [{**NAMES[0], "label": "x" * 41}, *NAMES[1:]]}, "statuses.0.label"),
        ({"statuses": [{**NAMES[0], "acronym": "PRESE"}, *NAMES[1:]]}, "statuses.0.acronym"),
        ({"statuses": [{**NAMES[0], "status": "here"}, *NAMES[1:]]}, "statuses.0.status"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_by_its_field(here: Here, asked: dict[str, object], field: str) -> None:
    here.tracked.house.clock.at = at(0)
    response = here.ask("POST", "/policy", BOSS, {"reason": "Try.", **asked})
    assert response.status_code == 422
    assert [each["field"] for each in body_of(response)["errors"]] == [field]
    assert here.tracked.house.policies.all() == ()


def test_organisations_name_and_weigh_the_statuses_themselves(here: Here) -> None:
    names = [{**each, "label": f"{each['label']}!", "points": each["points"] // 2} for each in NAMES]
    here.told("POST", "/policy", BOSS, {"statuses": names, "reason": "Our words."})
    assert here.told("GET", "/policy", STUDENT)["policy"]["statuses"] == names


def test_a_preview_tells_what_would_be_different_and_is_noted(held: Here) -> None:
    told = held.told("POST", "/policy/preview", TEACHER, {**TIME, "grace_minutes": 5, "course_id": "math"})
    (changed,) = told["changed"]
    assert changed["email"] == OMAR
    assert (changed["from"], changed["to"], changed["class_start"]) == ("present", "late", "2026-12-01T12:00:00Z")
    assert (changed["subject"], len(changed["session_id"])) == ("algebra", 32)
    assert (told["classes"], told["people"], told["changed_count"]) == (1, 3, 1)
    assert told["counts"]["late"] == {"from": 0, "to": 1}
    assert told["counts"]["present"] == {"from": 2, "to": 1}
    assert held.noted == [(ADA, "preview", "math")]
    assert held.told("GET", "/policy", TEACHER)["policy"]["version"] == 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"from": TIME["from"]}, "to"), ({**TIME, "to": TIME["from"]}, "to"), ({**TIME, "reason": "x"}, "reason")],
)
def test_a_preview_says_which_time(held: Here, asked: dict[str, str], field: str) -> None:
    response = held.ask("POST", "/policy/preview", BOSS, asked)
    assert response.status_code == 422
    assert [each["field"] for each in body_of(response)["errors"]] == [field]


def test_totals_by_student_with_their_shares(held: Here) -> None:
    lena, omar = held.told("GET", "/totals?course_id=math", TEACHER)["totals"]
    assert (lena["student_email"], lena["longest_absence_run"], lena["current_absence_run"]) == (LENA, 1, 1)
    assert (omar["student_email"], omar["display_name"], omar["longest_absence_run"]) == (OMAR, "somebody", 0)
    figures = omar["figures"]
    assert figures["counts"] == {
        "present": 1, "late": 0, "left_early": 0, "partial": 0, "absent": 0, "excused": 0, "no_show": 0, "unknown": 0,
    }  # fmt: skip
    assert (figures["sessions"], figures["taken"], figures["to_come"], figures["points"]) == (1, 1, 0, 100)
    assert (figures["attended_seconds"], figures["scheduled_seconds"], figures["shared_seconds"]) == (3120, 3600, 3120)
    assert figures["shares"] == {"taken": 100.0, "all": 100.0, "possible": 100.0}
    assert held.noted == [(ADA, "totals", "math")]


def test_totals_by_course_and_by_teacher(held: Here) -> None:
    (course,) = held.told("GET", "/totals?by=course", BOSS)["totals"]
    assert (course["course_id"], course["classes"], course["students"]) == ("math", 1, 2)
    assert course["figures"]["shares"]["taken"] == 50.0
    (ada,) = held.told("GET", "/totals?by=teacher", BOSS)["totals"]
    assert (ada["teacher_email"], ada["classes_held"], ada["classes_missed"]) == (ADA, 1, 0)
    assert (ada["taught_seconds"], ada["shared_seconds"], ada["students_share"]) == (3600, 3120, 50.0)
    assert held.noted == [(BOSS.email, "totals", "*")]


def test_the_own_totals_are_nobody_elses_reading_and_foreign_ones_are_as_if_absent(held: Here) -> None:
    (own,) = held.told("GET", "/totals", STUDENT)["totals"]
    assert own["student_email"] == OMAR
    foreign = held.ask("GET", f"/totals?student_email={LENA}", STUDENT)
    absent = held.ask("GET", "/totals?student_email=nobody@school.example", STUDENT)
    assert foreign.get_data() == absent.get_data()
    assert held.told("GET", "/totals", OTHER)["totals"] == []
    assert held.told("GET", "/totals?by=teacher", TEACHER)["totals"][0]["teacher_email"] == ADA
    assert [each for each in held.noted if each[0] != OTHER.email] == []


def test_a_guardian_reads_the_own_students_totals_and_that_is_noted(held: Here) -> None:
    people = held.tracked.house.people
    assert people.save([(people.get(LENA), Person(LENA, (PersonRole.STUDENT,), guardian_emails=(MUM.email,)))])
    (lena,) = held.told("GET", "/totals", MUM)["totals"]
    assert lena["student_email"] == LENA
    assert held.noted == [(MUM.email, "totals", LENA)]


def test_totals_as_csv_that_no_spreadsheet_runs(held: Here) -> None:
    held.tracked.holds(
        stay("google:1", 0, 60, day=1), stay("google:2", 0, 60, "=cmd()", day=1), name="next", day=1, course_id="=art"
    )
    for by, first, shares in (
        ("student", OMAR, ["100.0"] * 3),
        ("course", "'=art", ["50.0"] * 3),
        ("teacher", ADA, ["100.0"] * 3),
    ):
        response = held.ask("GET", f"/totals?by={by}&format=csv", BOSS)
        assert response.content_type == "text/csv; charset=utf-8"
        assert f"totals-by-{by}.csv" in response.headers["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"))))
        (row,) = [each for each in rows if first in each.values()]
        assert [row[f"{share}_share"] for share in ("taken", "all", "possible")] == shares
    (omar,) = [row for row in rows_of(held, "student") if row["student_email"] == OMAR]
    assert omar["display_name"] == "'=cmd()"


def rows_of(here: Here, by: str) -> list[dict[str, str]]:
    response = here.ask("GET", f"/totals?by={by}&format=csv", BOSS)
    return list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("from=2026-12-01&to=2026-12-01", 1),
        ("from=2026-12-02", 0),
        ("to=2026-11-30", 0),
        ("from=2026-12-01T12:00:00Z", 1),
        ("to=2026-12-01T12:00:00Z", 0),
        ("from=2026-12-02&timezone=Pacific/Auckland", 1),
        ("to=2026-12-01&timezone=Pacific/Auckland", 0),
    ],
)
def test_days_are_those_of_the_time_zone(held: Here, query: str, sessions: int) -> None:
    assert sum(each["figures"]["sessions"] for each in held.told("GET", f"/totals?{query}", STUDENT)["totals"]) == sessions


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-02-30", "from"),
        ("from=yesterday!", "from"),
        ("from=2026-12-01T12:00:00", "from"),
        ("from=2026-12-02&to=2026-12-01", "to"),
        ("to=9999-12-31", "to"),
        ("from=0001-01-01&timezone=Asia/Tokyo", "from"),
        ("timezone=Moon/Base", "timezone"),
        ("by=class", "by"),
        ("format=xml", "format"),
        ("student=omar", "student"),
        ("student_email=omar", "student_email"),
    ],
)
def test_totals_that_cannot_be_are_refused_by_their_field(held: Here, query: str, field: str) -> None:
    response = held.ask("GET", f"/totals?{query}", BOSS)
    assert response.status_code == 422
    assert [each["field"] for each in body_of(response)["errors"]] == [field]


def test_a_warning_is_shown_to_whom_it_is_about_and_to_the_teacher(here: Here) -> None:
    warning = warn(here)
    (own,) = here.told("GET", "/warnings", STUDENT)["warnings"]
    assert here.noted == []
    assert own == {
        "warning_id": warning.warning_id,
        "student_email": OMAR,
        "course_id": "math",
        "kind": "low_share",
        "state": "standing",
        "since": "2026-12-01T12:00:00Z",
        "line": 75,
        "sessions": 4,
        "share": 50,
        "absences_in_row": 2,
        "session_id": "1" * 32,
        "class_id": "2" * 32,
        "subject": "Algebra",
        "teacher_email": ADA,
        "raised_at": "2026-12-01T13:30:00Z",
        "ended_at": None,
        "ended_by_session_id": None,
    }
    assert here.told("GET", "/warnings?course_id=math", TEACHER)["warnings"] == [own]
    assert here.noted == [(ADA, "warnings", "math")]
    for caller, query in ((OTHER, ""), (MUM, ""), (MUM, f"?student_email={OMAR}"), (TEACHER, "?state=ended")):
        assert here.told("GET", f"/warnings{query}", caller)["warnings"] == []


def test_warnings_come_in_pages(here: Here) -> None:
    warn(here)
    warn(here, session_id="3" * 32, raised_at=at(200), ended_at=at(300), ended_by="4" * 32)
    first = here.told("GET", "/warnings?limit=1", BOSS)
    assert (first["warnings"][0]["state"], first["warnings"][0]["ended_by_session_id"]) == ("ended", "4" * 32)
    rest = here.told("GET", f"/warnings?limit=1&page_token={first['next_page_token']}", BOSS)
    assert (rest["warnings"][0]["state"], rest["next_page_token"]) == ("standing", None)
    assert here.ask("GET", f"/warnings?page_token={'f' * 32}", BOSS).status_code == 404
    assert here.ask("GET", "/warnings?page_token=x", BOSS).status_code == 422


def test_without_a_note_nothing_of_others_is_shown(deployment: pytest.MonkeyPatch) -> None:
    assert deployment is not None
    here = Here(access=Silent())
    here.tracked.holds(stay("google:1", 0, 60), stay("google:2", 8, 60), course_id="math")
    warn(here)
    for method, path, body in (("GET", "/totals", None), ("GET", "/warnings", None), ("POST", "/policy/preview", TIME)):
        response = here.ask(method, path, TEACHER, body)
        assert response.status_code == 503
        assert OMAR.encode() not in response.get_data()
    assert here.told("GET", "/totals", STUDENT)["totals"][0]["student_email"] == OMAR
