"""Overriding a verdict, over both stores: what counts changes, what was measured stays, and all of it is on record."""

import pytest

from shared.domain.attendance import AttendanceStatus
from shared.domain.errors import InvalidInput, NotFound, NotInThisState
from shared.domain.rulings import RulingKind
from shared.domain.sessions import row_id
from shared.usecases.rule_attendance import ToRule
from tests.builders import minutes
from tests.fakes import MemoryEvidence
from tests.house import House
from tests.tracked import BOSS, LENA, OMAR, OTHER, STUDENT, TEACHER, Tracked, on, stay, tracked_over

PRESENT, ABSENT, EXCUSED = AttendanceStatus.PRESENT, AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED
STAYS = (stay("google:1", 0, 60), stay("google:3", 0, 60), stay("meet:p", 0, 20, "Kitchen"))


@pytest.fixture
def tracked(house: House, request: pytest.FixtureRequest) -> Tracked:
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return tracked_over(house, None if is_memory else request.getfixturevalue("database"))


def test_an_override_counts_and_the_computed_status_stays_beside_it(tracked: Tracked) -> None:
    held = tracked.holds(*STAYS)
    row = tracked.app.rule.override(ToRule(held.session_id, EXCUSED, "Ill, the parents called.", OMAR), TEACHER)
    assert (row.status, row.computed_status, row.stays) == (EXCUSED, ABSENT, ())
    assert row.ruling is not None
    assert (row.ruling.by, row.ruling.at, row.ruling.reason) == (TEACHER.email, on(0, 60.5), "Ill, the parents called.")
    assert tracked.rows(held)[OMAR] == row
    assert tracked.rows(held)[LENA].status is PRESENT


def test_an_override_outlives_another_reading(tracked: Tracked) -> None:
    held = tracked.holds(*STAYS)
    tracked.app.rule.override(ToRule(held.session_id, EXCUSED, "Ill.", OMAR), TEACHER)
    tracked.house.sync(held.class_id)
    assert tracked.rows(held)[OMAR].status is EXCUSED


def test_somebody_without_an_address_is_ruled_about_by_the_row(tracked: Tracked) -> None:
    held = tracked.holds(*STAYS)
    wanted = tracked.rows(held)["Kitchen"].row_id
    row = tracked.app.rule.override(ToRule(held.session_id, PRESENT, "Stayed with us.", row_id=wanted), BOSS)
    assert (row.row_id, row.email, row.status) == (wanted, None, PRESENT)


def test_given_twice_with_the_same_words_it_is_one_and_the_newest_counts(tracked: Tracked) -> None:
    held = tracked.holds(*STAYS)
    told = ToRule(held.session_id, EXCUSED, "Ill.", OMAR)
    first = tracked.app.rule.override(told, TEACHER)
    tracked.house.clock.passes(minutes(1))
    assert tracked.app.rule.override(told, BOSS) == first
    newer = tracked.app.rule.override(ToRule(held.session_id, PRESENT, "Was there by phone.", OMAR), BOSS)
    assert newer.status is PRESENT
    told_all = [(each.value, each.by, each.reason) for each in tracked.app.rule.all(held.session_id, TEACHER)]
    assert told_all == [("excused", TEACHER.email, "Ill."), ("present", BOSS.email, "Was there by phone.")]


def test_of_two_overrides_at_one_instant_the_second_counts(tracked: Tracked) -> None:
    held = tracked.holds(*STAYS)
    for status in (EXCUSED, PRESENT, EXCUSED, ABSENT):
        assert tracked.app.rule.override(ToRule(held.session_id, status, "Again.", OMAR), TEACHER).status is status


def test_taken_back_the_computed_status_counts_again_and_all_stays_on_record(tracked: Tracked) -> None:
    held = tracked.holds(*STAYS)
    wanted = row_id(held.session_id, f"email:{OMAR}")
    tracked.app.rule.override(ToRule(held.session_id, EXCUSED, "Ill.", OMAR), TEACHER)
    row = tracked.app.rule.withdraw(held.session_id, wanted, "It was another day.", TEACHER)
    assert (row.status, row.ruling) == (ABSENT, None)
    assert tracked.app.rule.withdraw(held.session_id, wanted, "It was another day.", TEACHER) == row
    told = tracked.app.rule.all(held.session_id, TEACHER)
    assert [(each.kind, each.reason, each.is_withdrawn) for each in told] == [
        (RulingKind.STATUS, "Ill.", False),
        (RulingKind.STATUS, "It was another day.", True),
    ]


def test_what_was_never_overridden_cannot_be_taken_back(tracked: Tracked) -> None:
    held = tracked.holds(*STAYS)
    with pytest.raises(NotFound, match="No such override"):
        tracked.app.rule.withdraw(held.session_id, row_id(held.session_id, f"email:{OMAR}"), "Why not.", TEACHER)


def test_a_class_that_has_not_begun_takes_an_excuse_and_no_override(tracked: Tracked) -> None:
    held = tracked.books(day=3)
    with pytest.raises(NotInThisState, match="excuse"):
        tracked.app.rule.override(ToRule(held.session_id, EXCUSED, "Ill.", OMAR), TEACHER)


@pytest.mark.parametrize(
    ("told", "field"), [({"email": "nobody@school.example"}, "email"), ({"row_id": "0" * 32}, "participantId")]
)
def test_somebody_who_has_nothing_to_do_with_the_class_is_refused(tracked: Tracked, told: dict[str, str], field: str) -> None:
    held = tracked.holds(*STAYS)
    with pytest.raises(InvalidInput) as refused:
        tracked.app.rule.override(ToRule(held.session_id, PRESENT, "Hm.", **told), TEACHER)
    assert refused.value.field == field
    assert tracked.app.rule.all(held.session_id, TEACHER) == ()


def test_a_foreign_session_is_not_there(tracked: Tracked) -> None:
    held = tracked.holds(*STAYS)
    told = []
    for session_id, caller in ((held.session_id, OTHER), (held.session_id, STUDENT), ("0" * 32, TEACHER), ("x/y", BOSS)):
        with pytest.raises(NotFound) as one:
            tracked.app.rule.override(ToRule(session_id, PRESENT, "Hm.", OMAR), caller)
        with pytest.raises(NotFound) as two:
            tracked.app.rule.withdraw(session_id, row_id(session_id, f"email:{OMAR}"), "Hm.", caller)
        with pytest.raises(NotFound) as three:
            tracked.app.rule.all(session_id, caller)
        told += [one.value.detail, two.value.detail, three.value.detail]
    assert set(told) == {"No such session."}
    assert tracked.rows(held)[OMAR].ruling is None
