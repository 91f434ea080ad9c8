"""Whether a teacher is missing: known, or not said."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.attendance import Attendance
from shared.domain.attendance_rows import attendance_of
from shared.domain.classes import StaffCheck, Status
from shared.domain.evidence import PersonKind
from shared.domain.feeds import Feed
from shared.domain.known import Known
from shared.domain.policies import Policy
from shared.domain.rooms import extent_of
from shared.domain.sessions import Session
from shared.domain.staff import is_staff_missing, staff_check
from tests.builders import a_class, at, seen

HELD = replace(a_class(), status=Status.ACTIVE, co_teacher_emails=("bea@school.example",))
POLICY = Policy(teacher_no_show_minutes=10)


def rows(*people: str, staff: frozenset[str] = frozenset()) -> tuple[Attendance, ...]:
    kinds: dict[bool, Any] = {True: PersonKind.SIGNED_IN, False: PersonKind.ANONYMOUS}
    facts = [seen("join", at(1), who, person=kinds[who.startswith("email:")], name=who) for who in people]
    session = Session(HELD.session_id, HELD.class_id, known=Known(staff=staff)).with_facts(facts)
    return attendance_of(session, HELD, extent_of(HELD, ()))


STUDENT, CO_TEACHER, SUBSTITUTE = "email:omar@school.example", "email:bea@school.example", "email:cy@school.example"


@pytest.mark.parametrize(
    ("people", "feed", "expected"),
    [
        ((STUDENT, "email:ada@school.example"), Feed.LIVE, StaffCheck.THERE),
        ((STUDENT, CO_TEACHER), Feed.POLLING, StaffCheck.THERE),
        ((CO_TEACHER,), Feed.STALE, StaffCheck.THERE),
        ((STUDENT,), Feed.LIVE, StaffCheck.MISSING),
        ((), Feed.POLLING, StaffCheck.MISSING),
        ((STUDENT,), Feed.STALE, StaffCheck.UNKNOWN),
        ((), Feed.NONE, StaffCheck.UNKNOWN),
        ((STUDENT, "meet:p1"), Feed.LIVE, StaffCheck.UNKNOWN),
        ((STUDENT, SUBSTITUTE), Feed.LIVE, StaffCheck.MISSING),
    ],
)
def test_who_teaches_is_there_missing_or_not_known(people: tuple[str, ...], feed: Feed, expected: StaffCheck) -> None:
    assert staff_check(rows(*people), feed) is expected


def test_a_substitute_of_the_organisation_counts() -> None:
    assert staff_check(rows(STUDENT, SUBSTITUTE, staff=frozenset({"cy@school.example"})), Feed.LIVE) is StaffCheck.THERE


def test_nobody_is_missing_before_the_minutes_are_over() -> None:
    assert is_staff_missing(rows(STUDENT), Feed.LIVE, HELD, POLICY, at(9.9)) is False
    assert is_staff_missing(rows(STUDENT), Feed.LIVE, HELD, POLICY, at(10)) is True
    assert is_staff_missing(rows(STUDENT), Feed.NONE, HELD, POLICY, at(10)) is None
    assert is_staff_missing(rows(CO_TEACHER), Feed.NONE, HELD, POLICY, at(10)) is False
