"""The review queue as a person works through it: whose cards, with which suggestions, and what can be done about each."""

from datetime import timedelta

import pytest

from shared.domain.attendance import AttendanceStatus
from shared.domain.review import CardKind
from shared.people_ports import CardFilter
from shared.usecases.rule_attendance import ToRule
from tests.builders import at
from tests.fakes import MemoryEvidence
from tests.house import House
from tests.tracked import BEA, BOSS, OMAR, OTHER, TEACHER, Tracked, stay, tracked_over

WHOLE = (stay("google:1", 0, 60), stay("google:3", 0, 60))


@pytest.fixture
def tracked(house: House, request: pytest.FixtureRequest) -> Tracked:
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return tracked_over(house, None if is_memory else request.getfixturevalue("database"))


def test_somebody_whom_nobody_knows_is_a_card_with_suggestions_and_their_reasons(tracked: Tracked) -> None:
    held = tracked.holds(*WHOLE, stay("meet:p", 10, 40, "Omar Naser"))
    shown = tracked.card(held)
    assert (shown.card.kind, shown.card.display_name, shown.card.email) == (CardKind.UNIDENTIFIED, "Omar Naser", None)
    assert (shown.card.seconds, shown.card.is_open, shown.actions) == (1800, True, ("confirm", "guest", "dismiss"))
    (told,) = shown.suggestions
    assert (told.email, told.name) == (OMAR, "Omar Nasser")
    assert 90 <= told.likeness < 100
    assert told.reasons == (
        "Is the only student of the class who was not seen.",
        f"The name is like Omar Nasser on the class's roster ({told.likeness} of 100).",
    )


def test_nobody_is_suggested_who_is_in_the_class_for_sure(tracked: Tracked) -> None:
    held = tracked.holds(*WHOLE, stay("google:2", 0, 60), stay("meet:p", 10, 40, "Lena Holmes"))
    assert tracked.card(held).suggestions == ()


def test_a_teacher_sees_the_cards_of_own_classes_and_an_administrator_all(tracked: Tracked) -> None:
    own = tracked.holds(*WHOLE, stay("meet:p", 10, 40, "Kitchen"))
    other = tracked.holds(stay("meet:q", 10, 40, "Tablet", 1), name="grammar", day=1, teacher_email=BEA)
    assert [each.card.session_id for each in tracked.cards()] == [own.session_id]
    assert [each.card.session_id for each in tracked.cards(OTHER)] == [other.session_id]
    assert [each.card.session_id for each in tracked.cards(BOSS)] == [other.session_id, own.session_id]
    assert tracked.cards(OTHER, session_id=own.session_id) == ()
    assert tracked.cards(OTHER, session_id="0" * 32) == ()


def test_who_teaches_along_finds_the_cards_of_the_class(tracked: Tracked) -> None:
    held = tracked.holds(*WHOLE, stay("meet:p", 10, 40, "Kitchen"), co_teacher_emails=(BEA,))
    assert tracked.card(held, OTHER) == tracked.card(held)


def test_cards_come_by_page_and_by_state_and_kind(tracked: Tracked) -> None:
    for day in range(3):
        tracked.holds(stay("meet:p", 10, 40, f"Stranger {day}", day), name=f"class {day}", day=day, student_emails=())
    first = tracked.app.review(CardFilter(kind=CardKind.UNIDENTIFIED), TEACHER, 2, None)
    rest = tracked.app.review(CardFilter(kind=CardKind.UNIDENTIFIED), TEACHER, 2, first.next_token)
    names = [each.card.display_name for each in (*first.items, *rest.items)]
    assert (names, rest.next_token) == (["Stranger 2", "Stranger 1", "Stranger 0"], None)
    tracked.decide(first.items[0], "dismiss")
    assert [each.card.display_name for each in tracked.cards(is_open=True)] == ["Stranger 1", "Stranger 0"]
    (decided,) = tracked.cards(is_open=False)
    assert (decided.card.display_name, decided.actions, decided.suggestions) == ("Stranger 2", ("reopen",), ())
    assert tracked.cards(kind=CardKind.DUPLICATE_NAME) == ()


def test_a_stay_too_short_to_count_asks_for_a_status_and_not_for_a_name(tracked: Tracked) -> None:
    held = tracked.holds(*WHOLE, stay("google:2", 10, 10.5))
    shown = tracked.card(held)
    assert (shown.card.kind, shown.card.email, shown.actions) == (CardKind.SHORT_OVERLAP, OMAR, ("override", "dismiss"))
    tracked.app.rule.override(ToRule(held.session_id, AttendanceStatus.LATE, "It was the bus.", OMAR), TEACHER)
    settled = tracked.card(held)
    assert (settled.card.is_open, settled.actions) == (False, ("reopen",))


def test_records_that_are_about_to_be_deleted_unread_stand_before_everything_else(tracked: Tracked) -> None:
    unread = tracked.books(name="unread")
    for minute in (0, 60):
        tracked.house.clock.at = at(minute)
        tracked.house.tick()
    read = tracked.holds(stay("meet:p", 10, 40, "Kitchen", 1), name="read", day=1)
    assert [each.card.session_id for each in tracked.cards()] == [read.session_id]
    tracked.house.clock.at = unread.end_at + timedelta(days=23)
    first, *rest = tracked.cards()
    assert (first.card.kind, first.card.session_id, first.actions) == (CardKind.DATA_EXPIRING, unread.session_id, ("sync",))
    assert first.card.expires_at == unread.end_at + timedelta(days=30)
    assert [each.card.session_id for each in rest] == [read.session_id]
    assert [each.card for each in tracked.cards(kind=CardKind.DATA_EXPIRING)] == [first.card]
    assert [each.card for each in tracked.cards(BOSS, session_id=unread.session_id)] == [first.card]
    assert tracked.cards(is_open=False) == tracked.cards(OTHER) == ()
    page = tracked.app.review(CardFilter(), TEACHER, 1, None)
    assert len(page.items) == 2


def test_the_next_page_does_not_repeat_what_is_about_to_expire(tracked: Tracked) -> None:
    tracked.books(name="unread")
    for minute in (0, 60):
        tracked.house.clock.at = at(minute)
        tracked.house.tick()
    for day in (1, 2):
        tracked.holds(stay("meet:p", 10, 40, "Kitchen", day), name=f"class {day}", day=day)
    tracked.house.clock.passes(timedelta(days=24))
    first = tracked.app.review(CardFilter(), TEACHER, 1, None)
    rest = tracked.app.review(CardFilter(), TEACHER, 5, first.next_token)
    assert [each.card.kind for each in first.items] == [CardKind.DATA_EXPIRING, CardKind.UNIDENTIFIED]
    assert [each.card.subject for each in rest.items] == ["class 1"]
