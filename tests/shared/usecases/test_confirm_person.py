"""Deciding a review card, over both stores: what it changes now, what later classes know by it, and how it is taken back."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from shared.domain.accounts import Caller
from shared.domain.attendance import AttendanceStatus, Role
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import InvalidInput, NotFound, NotInThisState, Unavailable
from shared.domain.evidence import PersonKind, Source
from shared.domain.identities import Identity, IdentityKind, Word
from shared.domain.matches import Match
from shared.domain.review import CardKind, card_id_of
from shared.ports import MeasuredStay
from shared.usecases.confirm_person import Decision, ToDecide
from shared.usecases.join_meeting import Registration
from shared.usecases.rule_attendance import ToRule
from tests.builders import minutes, seen
from tests.fake_people import MemoryIdentities
from tests.fakes import MemoryEvidence
from tests.house import House
from tests.tracked import BEA, BOSS, LENA, OMAR, OTHER, TEACHER, Tracked, on, stay, tracked_in_memory, tracked_over

NAME = "Kitchen tablet"
ALIAS = (IdentityKind.NAME, "kitchen tablet")


@pytest.fixture
def tracked(house: House, request: pytest.FixtureRequest) -> Tracked:
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return tracked_over(house, None if is_memory else request.getfixturevalue("database"))


def anonymous(day: int = 0, name: str = NAME) -> tuple[MeasuredStay, ...]:
    """The teacher and Lena by their accounts, and somebody without one."""
    return (stay("google:1", 0, 60, day=day), stay("google:3", 0, 60, day=day), stay("meet:p", 10, 60, name, day))


def lesson(tracked: Tracked, day: int = 0, name: str = NAME, **changes: Any) -> ScheduledClass:
    """A class in which somebody without an account was there under a name."""
    return tracked.holds(*anonymous(day, name), name=f"lesson {day}", day=day, **changes)


# ---- confirming


def test_a_confirmation_gives_the_person_the_time(tracked: Tracked) -> None:
    held = lesson(tracked)
    assert tracked.rows(held)[OMAR].status is AttendanceStatus.ABSENT
    decided = tracked.decide(tracked.card(held), "confirm", OMAR, reason="He told me.")
    assert decided.row is not None
    assert (decided.row.email, decided.row.match, decided.row.role) == (OMAR, Match.CONFIRMED_ALIAS, Role.STUDENT)
    assert (decided.row.seconds(on(0, 99)), decided.row.shared_seconds(on(0, 99))) == (3000, 3000)
    assert decided.is_remembered
    stored = tracked.rows(held)
    assert stored[OMAR] == decided.row
    assert NAME not in stored
    shown = tracked.card(held)
    assert shown.card == decided.card
    assert shown.card.decision is not None
    assert (shown.card.decision.value, shown.card.decision.by, shown.card.decision.reason) == (OMAR, TEACHER.email, "He told me.")


def test_the_next_class_of_the_same_name_resolves_by_itself(tracked: Tracked) -> None:
    tracked.decide(tracked.card(lesson(tracked)), "confirm", OMAR)
    later = lesson(tracked, 7)
    row = tracked.rows(later)[OMAR]
    assert (row.match, row.seconds(on(7, 99))) == (Match.CONFIRMED_ALIAS, 3000)
    assert tracked.cards(session_id=later.session_id) == ()


def test_an_account_is_remembered_whatever_name_it_shows_next(tracked: Tracked) -> None:
    held = tracked.holds(stay("google:77", 0, 60, "The Nassers"))
    decided = tracked.decide(tracked.card(held), "confirm", OMAR)
    assert decided.is_remembered
    (known,) = tracked.house.identities.get_many([(IdentityKind.REF, "google:77")])
    assert known.word is not None
    assert known.word.email == OMAR
    later = tracked.holds(stay("google:77", 5, 60, "Living room", 1), name="later", day=1)
    assert tracked.rows(later)[OMAR].match is Match.CONFIRMED_ALIAS


def test_what_shall_not_be_remembered_is_asked_again(tracked: Tracked) -> None:
    decided = tracked.decide(tracked.card(lesson(tracked)), "confirm", OMAR, remember=False)
    assert not decided.is_remembered
    assert tracked.house.identities.get_many([ALIAS]) == ()
    later = lesson(tracked, 7)
    assert tracked.card(later).card.is_open
    assert NAME in tracked.rows(later)


def test_open_cards_of_the_same_name_are_answered_with_it_within_the_callers_reach(tracked: Tracked) -> None:
    first, second = lesson(tracked, 0), lesson(tracked, 1)
    foreign = lesson(tracked, 2, teacher_email=BEA)
    assert len(tracked.cards(BOSS, is_open=True)) == 3
    decided = tracked.decide(tracked.card(first), "confirm", OMAR)
    assert (decided.others, decided.others_left) == (1, 0)
    assert tracked.rows(second)[OMAR].seconds(on(1, 99)) == 3000
    assert [each.card.session_id for each in tracked.cards(BOSS, is_open=True)] == [foreign.session_id]
    assert NAME in tracked.rows(foreign)


def test_said_twice_it_is_one_decision_and_otherwise_it_is_refused(tracked: Tracked) -> None:
    held = lesson(tracked)
    shown = tracked.card(held)
    first = tracked.decide(shown, "confirm", OMAR)
    rulings = tracked.house.rulings.of_session(held.session_id)
    tracked.house.clock.passes(minutes(5))
    assert tracked.decide(shown, "confirm", OMAR) == first
    assert tracked.house.rulings.of_session(held.session_id) == rulings
    (known,) = tracked.house.identities.get_many([ALIAS])
    assert len(known.words) == 1
    for decision, email in (("confirm", LENA), ("guest", None), ("dismiss", None)):
        with pytest.raises(NotInThisState):
            tracked.decide(shown, decision, email)
    assert tracked.house.rulings.of_session(held.session_id) == rulings


def test_somebody_of_the_directory_who_is_not_of_the_class_is_asked_about_next(tracked: Tracked) -> None:
    held = lesson(tracked)
    mia = Person("mia@school.example", (PersonRole.STUDENT,), "Mia", "Berg")
    with pytest.raises(InvalidInput, match="enter the person first") as refused:
        tracked.decide(tracked.card(held), "confirm", mia.email)
    assert refused.value.field == "email"
    tracked.desk.enters(mia)
    decided = tracked.decide(tracked.card(held), "confirm", mia.email)
    assert decided.row is not None
    assert (decided.row.email, decided.row.role, decided.row.seconds(on(0, 99))) == (mia.email, Role.GUEST, 3000)
    (asking,) = tracked.cards(session_id=held.session_id, is_open=True)
    assert (asking.card.kind, asking.card.email) == (CardKind.NOT_ENROLLED, mia.email)


@pytest.mark.parametrize("told", [None, "nobody@school.example"])
def test_a_confirmation_names_somebody_who_is_known(tracked: Tracked, told: str | None) -> None:
    held = lesson(tracked)
    with pytest.raises(InvalidInput):
        tracked.decide(tracked.card(held), "confirm", told)
    assert tracked.house.rulings.of_session(held.session_id) == ()


# ---- guests, and what needs no decision


def test_a_guest_is_nobodys_and_asked_about_no_more(tracked: Tracked) -> None:
    held = lesson(tracked)
    decided = tracked.decide(tracked.card(held), "guest")
    assert decided.row is not None
    assert (decided.row.email, decided.row.match, decided.row.role) == (None, Match.UNMATCHED, Role.GUEST)
    assert (decided.row.seconds(on(0, 99)), decided.is_remembered) == (3000, False)
    assert tracked.rows(held)[OMAR].status is AttendanceStatus.ABSENT
    assert tracked.cards(is_open=True) == ()
    assert tracked.card(held).actions == ("reopen",)


def test_a_dismissed_card_keeps_its_row_and_wants_no_name(tracked: Tracked) -> None:
    held = lesson(tracked)
    before, shown = tracked.rows(held), tracked.card(held)
    decided = tracked.decide(shown, "dismiss", reason="A parent looked in.")
    assert decided.card is not None
    assert not decided.card.is_open
    assert tracked.rows(held) == before
    with pytest.raises(NotInThisState, match="reopen"):
        tracked.decide(shown, "confirm", OMAR)
    assert tracked.decide(shown, "dismiss") == decided


def test_a_card_about_a_status_asks_for_no_name(tracked: Tracked) -> None:
    held = tracked.holds(stay("google:1", 0, 60), stay("google:3", 0, 60), stay("google:2", 10, 10.5))
    shown = tracked.card(held)
    for decision, email in (("confirm", OMAR), ("guest", None)):
        with pytest.raises(InvalidInput, match="does not ask who it was"):
            tracked.decide(shown, decision, email)
    tracked.app.rule.override(ToRule(held.session_id, AttendanceStatus.LATE, "The bus.", OMAR), TEACHER)
    with pytest.raises(NotInThisState):
        tracked.decide(shown, "dismiss")
    tracked.decide(shown, "reopen")
    assert tracked.card(held).card.is_open
    assert tracked.rows(held)[OMAR].ruling is None


# ---- one name of several people


def test_of_one_name_twice_at_once_nobody_is_taken_for_the_person(tracked: Tracked) -> None:
    held = tracked.holds(
        stay("google:1", 0, 60),
        stay("google:3", 0, 60),
        stay("meet:p", 0, 60, "Omar Nasser"),
        stay("meet:q", 5, 50, "Omar Nasser"),
    )
    shown = tracked.cards(session_id=held.session_id)
    assert {each.card.kind for each in shown} == {CardKind.DUPLICATE_NAME}
    assert [len(each.suggestions) for each in shown] == [1, 1]
    assert tracked.rows(held)[OMAR].status is AttendanceStatus.ABSENT
    longer = max(shown, key=lambda each: each.card.seconds)
    decided = tracked.decide(longer, "confirm", OMAR)
    assert decided.row is not None
    assert (decided.row.email, decided.row.seconds(on(0, 99)), decided.is_remembered) == (OMAR, 3600, False)
    (other,) = tracked.cards(session_id=held.session_id, is_open=True)
    assert (other.card.seconds, other.suggestions) == (45 * 60, ())
    tracked.decide(longer, "reopen")
    assert len(tracked.cards(session_id=held.session_id, is_open=True)) == 2


# ---- reopening


def test_reopening_takes_back_the_time_and_the_remembered_word_everywhere(tracked: Tracked) -> None:
    held = lesson(tracked)
    shown = tracked.card(held)
    tracked.decide(shown, "confirm", OMAR)
    later = lesson(tracked, 7)
    tracked.house.clock.passes(minutes(5))
    decided = tracked.decide(shown, "reopen", reason="It was somebody else.")
    assert decided.others == 1
    assert tracked.card(held).card == shown.card
    for each in (held, later):
        rows = tracked.rows(each)
        assert rows[OMAR].status is AttendanceStatus.ABSENT
        assert rows[NAME].match is Match.UNMATCHED
    assert tracked.card(later).card.is_open
    rulings = tracked.house.rulings.of_session(held.session_id)
    assert [(each.value, each.is_withdrawn) for each in rulings] == [(OMAR, False), (OMAR, True)]
    tracked.decide(shown, "confirm", LENA, remember=False)
    assert tracked.rows(held)[LENA].seconds(on(0, 99)) == 3600


def test_a_word_that_somebody_gave_later_outlives_the_reopening_of_an_earlier_one(tracked: Tracked) -> None:
    first = lesson(tracked)
    shown = tracked.card(first)
    tracked.decide(shown, "confirm", OMAR)
    foreign = lesson(tracked, 1, teacher_email=BEA)
    assert OMAR in tracked.rows(foreign)
    tracked.house.clock.passes(minutes(5))
    (known,) = tracked.house.identities.get_many([ALIAS])
    tracked.house.identities.tell(*ALIAS, replace(known.words[0], by=BEA, at=tracked.house.clock()))
    tracked.decide(shown, "reopen")
    (known,) = tracked.house.identities.get_many([ALIAS])
    assert [(word.email, word.by) for word in known.standing] == [(OMAR, BEA)]


def test_what_nobody_decided_can_be_reopened_without_effect(tracked: Tracked) -> None:
    held = lesson(tracked)
    shown = tracked.card(held)
    decided = tracked.decide(shown, "reopen")
    assert decided.card == shown.card
    assert tracked.house.rulings.of_session(held.session_id) == ()


# ---- whose card it is


@pytest.mark.parametrize("caller", [OTHER, Caller("omar-1", OMAR, "user"), Caller("ada", TEACHER.email, "user")])
def test_a_foreign_card_is_not_there(tracked: Tracked, caller: Caller) -> None:
    held = lesson(tracked)
    shown = tracked.card(held)
    with pytest.raises(NotFound) as foreign:
        tracked.decide(shown, "confirm", OMAR, caller)
    for card_id in ("0" * 32, "review/x", "", card_id_of(held.session_id, CardKind.UNIDENTIFIED, "meet:nobody")):
        with pytest.raises(NotFound) as absent:
            tracked.app.decide(ToDecide(card_id, Decision.CONFIRM, OMAR), TEACHER)
        assert absent.value.detail == foreign.value.detail
    assert tracked.card(held) == shown
    assert tracked.house.rulings.of_session(held.session_id) == ()


def test_an_administrator_and_a_co_teacher_decide_as_the_teacher_does(tracked: Tracked) -> None:
    first, second = lesson(tracked, co_teacher_emails=(BEA,)), lesson(tracked, 1, "Attic")
    assert tracked.decide(tracked.card(first), "confirm", OMAR, OTHER).row is not None
    decided = tracked.decide(tracked.card(second), "confirm", OMAR, BOSS)
    assert decided.card is not None
    assert decided.card.decision is not None
    assert decided.card.decision.by == BOSS.email


# ---- being cut off


@dataclass
class CutOff(MemoryIdentities):
    """Identities that cannot be written the next time."""

    is_away: bool = True

    def tell(self, kind: IdentityKind, key: str, word: Word) -> Identity:
        """See the port."""
        if self.is_away:
            self.is_away = False
            raise Unavailable("The database does not answer right now; try again in a moment.")
        return super().tell(kind, key, word)


def cut_off() -> Tracked:
    """The stories where remembering fails the first time."""
    tracked = tracked_in_memory()
    identities = CutOff()
    house = replace(tracked.house, identities=identities, know=None)
    return Tracked(house, replace(tracked.desk, house=house), tracked.queue)


def test_a_decision_that_was_cut_off_is_finished_by_sending_it_again() -> None:
    tracked = cut_off()
    held = lesson(tracked)
    shown = tracked.card(held)
    with pytest.raises(Unavailable):
        tracked.decide(shown, "confirm", OMAR)
    tracked.decide(shown, "confirm", OMAR)
    assert len(tracked.house.rulings.of_session(held.session_id)) == 1
    (known,) = tracked.house.identities.get_many([ALIAS])
    assert [word.email for word in known.standing] == [OMAR]
    assert tracked.rows(held)[OMAR].match is Match.CONFIRMED_ALIAS


# ---- what can be remembered of somebody


def test_a_private_address_is_confirmed_for_this_class_and_never_remembered_as_anybodys(tracked: Tracked) -> None:
    held = lesson(tracked)
    private = "omar.private@mail.example"
    tracked.house.file(seen("join", on(0, 10), f"email:{private}", name="Omar at home"))
    tracked.house.file(seen("leave", on(0, 40), f"email:{private}", name="Omar at home"))
    (shown,) = tracked.cards(session_id=held.session_id, kind=CardKind.NOT_ENROLLED)
    assert (shown.card.email, shown.card.seconds) == (private, 1800)
    with pytest.raises(InvalidInput, match="the card is about"):
        tracked.decide(shown, "confirm", private)
    decided = tracked.decide(shown, "confirm", OMAR)
    assert decided.row is not None
    assert (decided.row.email, decided.row.match, decided.is_remembered) == (OMAR, Match.CONFIRMED_ALIAS, False)
    assert private not in tracked.rows(held)
    tracked.decide(shown, "reopen")
    assert tracked.rows(held)[private].seconds(on(0, 99)) == 1800


def test_what_a_telephone_shows_is_nobodys_name(tracked: Tracked) -> None:
    held = lesson(tracked)
    for kind, minute in (("join", 10), ("leave", 40)):
        tracked.house.file(
            seen(kind, on(0, minute), "meet:phone/1", name="+44 *** 21", person=PersonKind.PHONE, source=Source.MEET_EVENT)
        )
    (shown,) = [each for each in tracked.cards(session_id=held.session_id) if each.card.display_name == "+44 *** 21"]
    assert not tracked.decide(shown, "confirm", OMAR).is_remembered
    assert tracked.house.identities.get_many([(IdentityKind.NAME, "+44 *** 21")]) == ()


def test_somebody_who_registered_and_did_not_come_is_a_card_that_a_dismissal_closes(tracked: Tracked) -> None:
    tracked.house.clock.at = on(0, 5)
    tracked.desk.join(Registration("abc-mnop-xyz"), Caller("omar-1", OMAR, "user"))
    held = tracked.holds(stay("google:1", 0, 60), stay("google:3", 0, 60))
    shown = tracked.card(held)
    assert (shown.card.kind, shown.card.email, shown.card.seconds) == (CardKind.REGISTERED_NOT_SEEN, OMAR, 0)
    assert (shown.actions, shown.suggestions) == (("override", "dismiss"), ())
    tracked.decide(shown, "dismiss")
    assert not tracked.card(held).card.is_open
    assert tracked.rows(held)[OMAR].seconds(on(0, 99)) == 0
