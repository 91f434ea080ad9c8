"""What a name decides and what it does not; the cases of real registers that got it wrong are among them."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Attendance
from shared.domain.attendance_rows import attendance_of
from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Evidence, PersonKind, Source
from shared.domain.identities import plain_name
from shared.domain.known import Known
from shared.domain.matches import Match
from shared.domain.rooms import extent_of
from shared.domain.rulings import Ruling, RulingKind
from shared.domain.sessions import Session
from shared.domain.verdicts import AttendanceStatus
from tests.builders import a_class, at, seen

OMAR, LENA, ADA = "omar@school.example", "lena@school.example", "ada@school.example"
NAMES = {OMAR: "Omar Said", LENA: "Lena Lind"}
HELD = a_class()


def guest(name: str, ref: str = "meet:p1", start: float = 0, end: float | None = 60, **told: object) -> list[Evidence]:
    """Somebody whom Meet knows by a name alone."""
    how: dict[str, object] = {"source": Source.MEET_API, "connection": f"{ref}/a", "name": name, "person": PersonKind.ANONYMOUS}
    how |= told
    steps = [seen("join", at(start), ref, **how)]  # type: ignore[arg-type]
    return steps if end is None else [*steps, seen("leave", at(end), ref, **how)]  # type: ignore[arg-type]


def registered(email: str, name: str | None, when: float = -1) -> Evidence:
    """A registration in the app, which is a claim."""
    return seen("join", at(when), f"email:{email}", source=Source.APP_SESSION, connection=f"app-{email}", name=name)


def rows(*facts: Evidence, held: ScheduledClass = HELD, **known: object) -> dict[str, Attendance]:
    """The rows, by address or else by name."""
    session = Session(held.session_id, held.class_id, known=Known(**{"names": NAMES, **known})).with_facts(facts)  # type: ignore[arg-type]
    return {row.email or row.display_name or "": row for row in attendance_of(session, held, extent_of(held, ()))}


def test_an_exact_name_of_one_person_of_the_class_is_that_person() -> None:
    row = rows(*guest("omar  SAID"))[OMAR]
    assert (row.match, row.status, row.seconds(at(90))) == (Match.UNIQUE_NAME, AttendanceStatus.PRESENT, 3600)
    assert not row.match.is_sure


@pytest.mark.parametrize(
    ("enrolled", "seen_as"),
    [
        ({"victor.du@school.example": "Victor Du"}, "Victor De"),
        ({"valentin.b@school.example": "Valentin B"}, "Valentine X"),
        ({"jonathan.v@school.example": "Jonathan V"}, "Jonathan D"),
        ({"anna@school.example": "Anna Maria Berg"}, "Anna Berg"),
        ({"omar@school.example": "Omar Said"}, "Said Omar"),
        ({"omar@school.example": "Omar Said"}, "Omar"),
        ({"omar@school.example": "Omar Said"}, "Omar Said (iPad)"),
    ],
    ids=["mod_zoom-168-victor", "mod_zoom-168-valentine", "mod_zoom-168-jonathan", "middle-name", "turned", "short", "device"],
)
def test_a_similar_name_is_nobody(enrolled: dict[str, str], seen_as: str) -> None:
    held = replace(HELD, student_emails=tuple(enrolled))
    found = rows(*guest(seen_as), held=held, names=enrolled)
    assert found[seen_as].match is Match.UNMATCHED
    assert not any(row.stays for email, row in found.items() if email in enrolled)


@pytest.mark.parametrize("order", list(permutations(["jo.1234@school.example", "jo.4567@school.example"])))
def test_of_two_students_of_one_name_neither_is_taken(order: tuple[str, str]) -> None:
    """The case of mod_zoom's issue 496: the lower number was marked present, whoever came."""
    held = replace(HELD, student_emails=order)
    found = rows(*guest("Jo Blogs"), held=held, names=dict.fromkeys(order, "Jo Blogs"))
    assert {name: (row.match, bool(row.stays)) for name, row in found.items() if row.stays} == {
        "Jo Blogs": (Match.SUGGESTED, True)
    }


def test_of_two_namesakes_not_even_a_registration_decides() -> None:
    both = ("jo.1234@school.example", "jo.4567@school.example")
    held = replace(HELD, student_emails=both)
    found = rows(*guest("Jo Blogs"), registered(both[1], "Jo Blogs"), held=held, names=dict.fromkeys(both, "Jo Blogs"))
    assert found["Jo Blogs"].match is Match.SUGGESTED
    assert not found[both[1]].stays


def test_two_in_the_room_at_once_under_one_name_are_not_told_apart() -> None:
    found = rows(*guest("Omar Said", "meet:p1"), *guest("Omar Said", "meet:p2", 10, 20))
    assert OMAR not in found
    assert found["Omar Said"].match is Match.SUGGESTED


def test_who_drops_out_and_comes_back_under_the_name_is_one_person() -> None:
    row = rows(*guest("Omar Said", "meet:p1", 0, 20), *guest("Omar Said", "meet:p2", 25, 60))[OMAR]
    assert (row.match, row.seconds(at(90))) == (Match.UNIQUE_NAME, 55 * 60)


def test_a_name_is_nobody_whose_owner_is_in_the_room_already() -> None:
    known = seen("join", at(0), f"email:{OMAR}", source=Source.MEET_API, connection="c")
    found = rows(known, *guest("Omar Said"))
    assert found[OMAR].match is Match.EXACT_EMAIL
    assert found["Omar Said"].match is Match.SUGGESTED


def test_another_account_than_the_persons_own_is_not_the_person() -> None:
    found = rows(*guest("Omar Said", "google:666", person=PersonKind.SIGNED_IN), ids={"google:111": OMAR})
    assert found["Omar Said"].match is Match.SUGGESTED
    assert OMAR not in found


def test_an_account_that_signed_in_here_is_exactly_that_person_whatever_its_name() -> None:
    row = rows(*guest("xX_dragon_Xx", "google:111", person=PersonKind.SIGNED_IN), ids={"google:111": OMAR})[OMAR]
    assert (row.match, row.match.is_sure) == (Match.EXACT_ID, True)


def test_who_registered_under_the_name_just_before_is_that_person() -> None:
    row = rows(*guest("Omis Laptop"), registered(OMAR, "Omi's  laptop"), registered(LENA, "Lena"))
    assert "Omis Laptop" in row  # another spelling is another name
    row = rows(*guest("Omis Laptop"), registered(OMAR, "omis laptop"))
    assert (row[OMAR].match, row[OMAR].registered_at) == (Match.REGISTERED_SESSION, at(-1))


@pytest.mark.parametrize("when", [-45, 30])
def test_a_registration_at_another_time_decides_nothing(when: float) -> None:
    found = rows(*guest("Laptop 7", end=20), registered(OMAR, "Laptop 7", when))
    assert found["Laptop 7"].match is Match.UNMATCHED


def test_somebody_elses_registration_under_a_students_name_takes_nothing_away() -> None:
    found = rows(*guest("Omar Said"), registered(LENA, "Omar Said"))
    assert found["Omar Said"].match is Match.SUGGESTED
    assert not found[LENA].stays


def test_290_registrations_without_anybody_in_the_room_are_no_presence() -> None:
    """The case of Vacademy's pull request 2611: 290 learners who had clicked were marked present."""
    emails = [f"learner{number}@school.example" for number in range(290)]
    held = replace(HELD, student_emails=tuple(emails))
    found = rows(*(registered(email, None) for email in emails), held=held, names={})
    assert len(found) == 290
    assert {(row.status, row.seconds(at(90)), row.stays) for row in found.values()} == {(AttendanceStatus.UNKNOWN, 0, ())}


def test_a_confirmed_name_is_the_person_in_a_class_that_they_are_in() -> None:
    row = rows(*guest("Johns iPad"), aliases={"johns ipad": (OMAR,)})[OMAR]
    assert (row.match, row.match.is_sure) == (Match.CONFIRMED_ALIAS, True)
    elsewhere = rows(*guest("Johns iPad"), aliases={"johns ipad": ("stranger@other.example",)})
    assert elsewhere["Johns iPad"].match is Match.UNMATCHED


@pytest.mark.parametrize("aliases", [{"ipad": (OMAR, LENA)}, {"lena lind": (OMAR,)}], ids=["two-people", "somebody-elses-name"])
def test_a_confirmed_name_that_fits_two_decides_nothing(aliases: dict[str, tuple[str, ...]]) -> None:
    (name,) = aliases
    assert rows(*guest(name), aliases=aliases)[name].match is Match.SUGGESTED


def test_two_names_of_one_person_at_once_decide_nothing() -> None:
    found = rows(*guest("Omar Said", "meet:p1"), *guest("ipad", "meet:p2"), aliases={"ipad": (OMAR,)})
    assert {found["Omar Said"].match, found["ipad"].match} == {Match.SUGGESTED}


def link(key: str, email: str) -> Ruling:
    return Ruling(HELD.session_id, RulingKind.LINK, key, email, ADA, at(90), "I know the voice")


def test_a_persons_word_about_this_meeting_stands_above_names() -> None:
    row = rows(*guest("Omar Said"), rulings=(link("meet:p1", LENA),))[LENA]
    assert row.match is Match.CONFIRMED_ALIAS
    found = rows(*guest("Omar Said"), rulings=(link("meet:p1", ""),))
    assert (found["Omar Said"].match, OMAR in found) == (Match.UNMATCHED, False)


def test_a_masked_phone_number_is_no_name() -> None:
    found = rows(*guest("Omar Said", person=PersonKind.PHONE))
    assert found["Omar Said"].match is Match.UNMATCHED


@given(st.text(max_size=40))
def test_plain_names_stay_as_they_are_when_made_plain_again(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


@given(
    st.lists(st.sampled_from(["Omar Said", "Lena Lind", "Lena L", "ipad", "Omar"]), min_size=1, max_size=5),
    st.sets(st.sampled_from([OMAR, LENA])),
    st.permutations(range(5)),
)
def test_nobody_is_in_two_rows_and_nobody_is_lost_whatever_the_names(
    names: list[str], clicks: set[str], order: list[int]
) -> None:
    groups = [guest(name, f"meet:p{number}", number * 3, 40) for number, name in enumerate(names)]
    facts = [fact for place in order if place < len(groups) for fact in groups[place]]
    claims = [registered(email, NAMES[email]) for email in sorted(clicks)]
    session = Session(HELD.session_id, HELD.class_id, known=Known(names=NAMES)).with_facts([*facts, *claims])
    found = attendance_of(session, HELD, extent_of(HELD, ()))
    again = Session(HELD.session_id, HELD.class_id, known=Known(names=NAMES)).with_facts([*claims, *reversed(facts)])
    assert attendance_of(again, HELD, extent_of(HELD, ())) == found
    emails = [row.email for row in found if row.email]
    assert len(emails) == len(set(emails))
    there = [row for row in found if row.stays]
    assert len(there) == len(names)  # they overlap, so each is one person or nobody's
