"""How a text names a person, and how it does without: whole words only, and a namesake is left alone."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classes import Registrant, Status
from shared.domain.evidence import Participant, Source
from shared.domain.known import Known
from shared.domain.presence import Heard, heard_key, heard_with
from shared.domain.review import CardKind, card_id_of
from shared.domain.rulings import Ruling, RulingKind
from shared.domain.sessions import Session
from shared.domain.subjects import Disguise, Subject, Traces, class_without, is_pseudonym, names_in, pseudonym_from
from tests.builders import a_class, at, seen

OMAR, LENA = "omar@school.example", "lena@school.example"
ID = "112233445566778899001"
SUBJECT = Subject(OMAR, frozenset({"Omar Nasser", "Omar"}), frozenset({f"google:{ID}", "meet:c1/7", "google:42"}))
ONE = pseudonym_from("1")
DISGUISE = Disguise(SUBJECT, ONE)


@pytest.mark.parametrize(
    "text",
    [OMAR, OMAR.upper(), f"email:{OMAR}", f"{OMAR}#phone", f"Mail {OMAR}.", f'"{OMAR}"', f"({OMAR})", f"participants/{ID}/s1",
     "meet:c1/7", "omar%40school.example", "google:42"],
)  # fmt: skip
def test_a_text_that_names_the_person_does_so_no_more(text: str) -> None:
    assert Traces(SUBJECT).are_in({"deep": [{"in": text}]})
    assert not Traces(SUBJECT).are_in(DISGUISE.text(text))


@pytest.mark.parametrize(
    "text",
    ["xomar@school.example", "omar@school.example.org", "omar@school.examples", "o.omar@school.example", "meet:c1/77",
     "xmeet:c1/7", f"{ID}9", f"9{ID}", "42", "google:421", "Omar Nasser", ""],
)  # fmt: skip
def test_a_text_that_names_somebody_else_is_left_alone(text: str) -> None:
    assert not Traces(SUBJECT).are_in(text)
    assert DISGUISE.text(text) == text


def test_raw_messages_are_searched_in_any_spelling() -> None:
    assert Traces(SUBJECT).are_in(f'{{"who": "{OMAR}"}}'.encode())
    assert Traces(SUBJECT).are_in(b'{"who": "omar\\u0040school.example"}')
    assert not Traces(SUBJECT).are_in(b"\xff\xfe nobody")


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_whatever_stands_around_the_address_is_kept_and_the_address_goes(before: str, after: str) -> None:
    told = DISGUISE.text(f"{before} {OMAR} {after}")
    assert not re.search(rf"(?i)(^| ){re.escape(OMAR)}( |$)", told)
    assert DISGUISE.text(told) == told


def test_names_go_where_they_are_asked_for_and_short_ones_never_tear_words() -> None:
    assert (
        DISGUISE.text("omar nasser came, Omar's friend Omarion too", names=True) == "(erased) came, (erased)'s friend Omarion too"
    )
    assert DISGUISE.text("Omar Nasser came") == "Omar Nasser came"
    assert Disguise(Subject(OMAR, frozenset({"Al"})), ONE).text("Al is all right", names=True) == "Al is all right"


def test_names_are_learnt_from_the_parts_that_bear_the_address() -> None:
    told = {
        "body": [
            {"email": OMAR, "first_name": "Omar", "last_name": "Nasser", "display_name": None},
            {"email": LENA, "first_name": "Lena", "nested": {"email": OMAR, "participant_name": "Omi"}},
        ]
    }
    assert names_in(told, OMAR) == {"Omar", "Nasser", "Omar Nasser", "Omi"}


def test_a_part_that_bears_the_address_loses_its_details_and_others_keep_theirs() -> None:
    told = {
        "rows": [{"email": OMAR, "display_name": "O", "device_type": "x", "seconds": 60}, {"email": LENA, "display_name": "L"}]
    }
    assert DISGUISE.value(told) == {
        "rows": [{"email": ONE, "display_name": None, "device_type": None, "seconds": 60}, {"email": LENA, "display_name": "L"}]
    }
    assert DISGUISE.value({"student_emails": [OMAR, LENA]}, drop=True) == {"student_emails": [LENA]}
    assert DISGUISE.value({OMAR: 1, "n": None, "at": at(0)}) == {ONE: 1, "n": None, "at": at(0)}


def test_a_session_keeps_its_times_and_forgets_the_person() -> None:
    facts = [
        seen("join", at(0), device="omars phone", name="Omar Nasser"),
        seen("leave", at(9), device="omars phone", name="Omar Nasser"),
        seen("join", at(1), f"google:{ID}", name="Omar", source=Source.MEET_API, connection=f"c1/participants/{ID}/s"),
        seen("join", at(2), f"email:{LENA}", name="Lena"),
    ]
    link = Ruling("s" * 32, RulingKind.LINK, "meet:c1/7", OMAR, LENA, at(5), "That was Omar")
    card = Ruling(
        "s" * 32, RulingKind.CARD, card_id_of("s" * 32, CardKind.NOT_ENROLLED, f"email:{OMAR}"), "", LENA, at(6), "fine"
    )
    known = Known(
        names={OMAR: "Omar Nasser", LENA: "Lena"},
        staff=frozenset({OMAR, "ada@x.example"}),
        ids={f"google:{ID}": OMAR, "google:5": LENA},
        confirmed={"zoom:user:1": OMAR},
        aliases={"omi": (OMAR,), "both": (LENA, OMAR)},
        rulings=(link, card),
    )
    before = Session("s" * 32, "c" * 32, heard_with({}, facts), {f"google:{ID}": OMAR, "google:5": LENA}, known=known)
    after = DISGUISE.session(before)
    assert not any(trace in repr(after).lower() for trace in ("omar", "nasser", ID))
    assert sorted(sorted(each.joins | each.leaves) for each in after.heard.values()) == [[at(0), at(9)], [at(1)], [at(2)]]
    assert all(key == heard_key(each.source, each.connection) for key, each in after.heard.items())
    assert after.identities == {"google:5": LENA}
    assert after.known.names == {LENA: "Lena"}
    assert after.known.staff == {ONE, "ada@x.example"}
    assert after.known.aliases == {"both": (LENA,)}
    assert after.known.rulings[0].value == ONE
    assert after.known.rulings[1].about == card_id_of("s" * 32, CardKind.NOT_ENROLLED, f"email:{ONE}")
    assert DISGUISE.session(after) == after


def test_facts_and_what_a_session_heard_of_them_come_out_alike() -> None:
    facts = [
        seen("join", at(0), device="phone"),
        seen("join", at(1), f"google:{ID}", connection=f"x/{ID}/y", bound_to=f"x/{ID}/z"),
    ]
    heard = heard_with({}, facts)
    assert DISGUISE.heard(heard) == heard_with({}, [DISGUISE.fact(fact) for fact in facts])
    other = Heard(Source.BRIDGE, "k", Participant(f"email:{LENA}", "Omar Nasser"))
    assert DISGUISE.heard({"k": other}) == {heard_key(Source.BRIDGE, "k"): other}


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.COMPLETED, Status.CANCELLED])
def test_a_class_that_began_keeps_the_place_under_the_pseudonym(status: Status) -> None:
    held = a_class(
        status=status, registrants=(Registrant(OMAR, "r", "https://z.example"), Registrant(LENA, "l", "https://z.example"))
    )
    after = class_without(held, OMAR, ONE, at(0))
    assert after.student_emails == (ONE, LENA)
    assert [each.email for each in after.registrants] == [LENA]
    assert (after.calendar_wanted, after.rev) == (held.calendar_wanted, held.rev + 1)
    assert class_without(after, OMAR, ONE, at(0)) is after


def test_a_class_that_has_not_begun_loses_the_guest_and_calendar_follows() -> None:
    held = a_class(co_teacher_emails=(OMAR,))
    after = class_without(held, OMAR, ONE, at(-60))
    assert (after.student_emails, after.co_teacher_emails) == ((LENA,), ())
    assert after.is_calendar_behind
    assert class_without(held, "nobody@school.example", ONE, at(0)) is held


def test_a_pseudonym_says_nothing_and_is_known_as_one() -> None:
    assert is_pseudonym(ONE)
    assert pseudonym_from("2") != ONE
    assert not is_pseudonym("erased-x@erased.invalid")
    assert not is_pseudonym(OMAR)


def test_what_is_learnt_later_is_added() -> None:
    more = SUBJECT.with_more(Subject(OMAR, frozenset({"Omi"}), frozenset({"zoom:user:abcdefgh"}), ("c",)))
    assert more.names == SUBJECT.names | {"Omi"}
    assert "zoom:user:abcdefgh" in more.refs
    assert replace(more, class_ids=()).with_more(more) == more
    assert more.all_refs[0] == f"email:{OMAR}"
