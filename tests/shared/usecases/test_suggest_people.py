"""Whom an unknown participant may be: the reasons in words, the best first, and nothing decided by them."""

import pytest

from shared.domain.accounts import Caller
from shared.domain.directory import Person, PersonRole
from shared.domain.matches import Match
from shared.domain.review import CardKind
from shared.usecases.join_meeting import Registration
from shared.usecases.suggest_people import MOST, Suggestion
from tests.tracked import LENA, OMAR, TEACHER, Tracked, on, stay, tracked_in_memory

TEACHES = stay("google:1", 0, 60)
CODE = "abc-mnop-xyz"


@pytest.fixture
def tracked() -> Tracked:
    return tracked_in_memory()


def suggested(tracked: Tracked, name: str, *others: object, **changes: object) -> tuple[Suggestion, ...]:
    """Whom somebody of this name may be, who was there from ten past on."""
    held = tracked.holds(TEACHES, stay("meet:p", 10, 60, name), *others, **changes)  # type: ignore[arg-type]
    (shown,) = [each for each in tracked.cards(session_id=held.session_id) if each.card.kind is CardKind.UNIDENTIFIED]
    assert tracked.rows(held)[name].match is Match.UNMATCHED
    return shown.suggestions


def test_who_registered_around_that_time_under_another_name_comes_first(tracked: Tracked) -> None:
    tracked.house.clock.at = on(0, 8)
    tracked.desk.join(Registration(CODE, "Lena H."), Caller("lena-1", LENA, "user"))
    best, *rest = suggested(tracked, "Omar Nassar")
    assert (best.email, best.reasons[0]) == (LENA, "Registered for this meeting as Lena H. at 12:08 UTC.")
    assert [(each.email, each.likeness > 80) for each in rest] == [(OMAR, True)]


def test_who_registered_long_before_somebody_came_is_not_suggested_for_it(tracked: Tracked) -> None:
    tracked.house.clock.at = on(0, -25)
    tracked.desk.join(Registration(CODE), Caller("lena-1", LENA, "user"))
    assert suggested(tracked, "Kitchen") == ()


def test_who_was_confirmed_under_the_name_is_suggested_unless_they_are_there_for_sure(tracked: Tracked) -> None:
    held = tracked.holds(stay("meet:p", 10, 60, "Tablet"))
    tracked.decide(tracked.card(held), "confirm", OMAR)
    tracked.holds(stay("meet:q", 0, 60, "Tablet", 2), stay("google:2", 0, 60, day=2), name="both", day=2)
    (shown,) = tracked.cards(kind=CardKind.DUPLICATE_NAME)
    assert OMAR not in [each.email for each in shown.suggestions]
    later = tracked.holds(stay("meet:q", 0, 60, "Tablet", 3), stay("meet:r", 5, 50, "Tablet", 3), name="later", day=3)
    for each in tracked.cards(session_id=later.session_id):
        assert each.suggestions[0].email == OMAR
        assert each.suggestions[0].reasons == ("Was confirmed under this name in an earlier class.",)


def test_the_only_student_who_was_not_seen_is_suggested_even_without_a_name(tracked: Tracked) -> None:
    (told,) = suggested(tracked, "iPad", stay("google:2", 0, 60))
    assert (told.email, told.name) == (LENA, "Lena Holm")
    assert told.reasons == ("Is the only student of the class who was not seen.",)


def test_an_address_speaks_for_a_person_whose_name_nobody_entered(tracked: Tracked) -> None:
    people = ("jonas.vogel@school.example", "tess@school.example")
    told = suggested(tracked, "Vogel Jonas", student_emails=people)
    assert [(each.email, each.name, each.likeness) for each in told] == [("jonas.vogel@school.example", None, 100)]
    assert told[0].reasons == ("The name is like the address jonas.vogel@school.example.",)


def test_no_more_are_suggested_than_anybody_reads(tracked: Tracked) -> None:
    emails = tuple(f"sam{number}@school.example" for number in range(9))
    tracked.desk.enters(*(Person(email, (PersonRole.STUDENT,), "Sam", f"Reed {place}") for place, email in enumerate(emails)))
    told = suggested(tracked, "Sam Reed", student_emails=emails)
    assert len(told) == MOST
    assert [each.email for each in told] == sorted(each.email for each in told)


def test_somebody_who_is_no_student_of_the_class_is_never_suggested(tracked: Tracked) -> None:
    tracked.house.clock.at = on(0, 8)
    tracked.desk.join(Registration(CODE, "Mia"), Caller("mia-1", "mia@school.example", "user"))
    told = suggested(tracked, "Mia Berg")
    assert "mia@school.example" not in [each.email for each in told]
    assert TEACHER.email not in [each.email for each in told]
