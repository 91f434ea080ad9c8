"""The review queue's cards: each doubt once, gone when it is gone, decided when somebody decided."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance_rows import attendance_of
from shared.domain.cards import cards_of, expiring
from shared.domain.classes import ScheduledClass, Status
from shared.domain.evidence import Evidence, PersonKind, Source
from shared.domain.known import Known
from shared.domain.review import CardKind, ReviewCard, card_id_of
from shared.domain.rooms import extent_of
from shared.domain.rulings import Ruling, RulingKind
from shared.domain.sessions import Session, SyncReport, SyncStatus
from tests.builders import a_class, at, seen

HELD = replace(a_class(), status=Status.COMPLETED, closed_at=at(60))
OMAR, LENA, ADA = "omar@school.example", "lena@school.example", "ada@school.example"
READ = SyncReport(SyncStatus.SUCCESS, at(61), "Synced", complete=True)


def stay(who: str, start: float = 0, end: float = 60, name: str | None = None) -> list[Evidence]:
    how: dict[str, Any] = {"source": Source.MEET_API, "connection": f"{who}/a", "name": name}
    how["person"] = PersonKind.SIGNED_IN if who.startswith("email:") else PersonKind.ANONYMOUS
    return [seen("join", at(start), who, **how), seen("leave", at(end), who, **how)]


def drawn(
    *facts: Evidence, held: ScheduledClass = HELD, sync: SyncReport | None = READ, rulings: tuple[Ruling, ...] = ()
) -> tuple[ReviewCard, ...]:
    known = Known(names={OMAR: "Omar Said", LENA: "Omar Said"}, rulings=rulings)
    session = Session(held.session_id, held.class_id, sync=sync, measured_at=at(61), known=known).with_facts(facts)
    return cards_of(session, held, attendance_of(session, held, extent_of(held, ())))


def ruling(kind: RulingKind, about: str, value: str = "") -> Ruling:
    return Ruling(HELD.session_id, kind, about, value, ADA, at(90), "I was there")


def test_a_class_that_is_on_or_was_never_read_has_no_cards() -> None:
    assert drawn(*stay("meet:p1", name="Kitchen tablet"), held=replace(HELD, status=Status.ACTIVE)) == ()
    assert drawn(*stay("meet:p1", name="Kitchen tablet"), sync=None) == ()


def test_everybody_known_and_expected_needs_no_decision() -> None:
    assert drawn(*stay(f"email:{OMAR}"), *stay(f"email:{LENA}"), *stay(f"email:{ADA}")) == ()


def test_each_kind_of_doubt_has_its_card() -> None:
    click = seen("join", at(-1), f"email:{LENA}", source=Source.APP_SESSION, connection="app")
    cards = drawn(
        *stay("meet:p1", name="Kitchen tablet", end=44),
        *stay("meet:p2", name="Omar Said"),
        *stay("email:guest@other.example", name="Guest"),
        *stay(f"email:{OMAR}", end=0.5),
        click,
    )
    assert {card.kind: (card.email, card.display_name, card.seconds) for card in cards} == {
        CardKind.UNIDENTIFIED: (None, "Kitchen tablet", 44 * 60),
        CardKind.DUPLICATE_NAME: (None, "Omar Said", 3600),
        CardKind.NOT_ENROLLED: ("guest@other.example", "Guest", 3600),
        CardKind.SHORT_OVERLAP: (OMAR, "Omar Said", 30),
        CardKind.REGISTERED_NOT_SEEN: (LENA, "Omar Said", 0),
    }
    assert all(card.is_open for card in cards)


def test_a_registration_is_doubted_only_when_the_meeting_was_read_whole() -> None:
    click = seen("join", at(-1), f"email:{LENA}", source=Source.APP_SESSION, connection="app")
    assert drawn(click, sync=replace(READ, complete=False)) == ()


def test_a_confirmation_leaves_the_card_behind_decided() -> None:
    link = ruling(RulingKind.LINK, "meet:p1", OMAR)
    (card,) = drawn(*stay("meet:p1", name="Kitchen tablet"), rulings=(link,))
    assert (card.card_id, card.decision, card.email) == (
        card_id_of(HELD.session_id, CardKind.UNIDENTIFIED, "meet:p1"),
        link,
        OMAR,
    )


def test_a_guest_and_a_dismissed_card_are_decided() -> None:
    guest = ruling(RulingKind.LINK, "meet:p1")
    (card,) = drawn(*stay("meet:p1", name="Kitchen tablet"), rulings=(guest,))
    assert card.decision == guest
    other = "email:guest@other.example"
    dismissed = ruling(RulingKind.CARD, card_id_of(HELD.session_id, CardKind.NOT_ENROLLED, other))
    (card,) = drawn(*stay(other), rulings=(dismissed,))
    assert card.decision == dismissed


def test_an_override_decides_a_stay_that_is_too_short() -> None:
    excused = ruling(RulingKind.STATUS, f"email:{OMAR}", "excused")
    (card,) = drawn(*stay(f"email:{OMAR}", end=0.5), rulings=(excused,))
    assert (card.kind, card.decision) == (CardKind.SHORT_OVERLAP, excused)


def test_records_that_expire_unread_are_a_card_of_the_class() -> None:
    card = expiring(HELD, at(60 * 24 * 25))
    assert (card.kind, card.expires_at, card.is_open) == (CardKind.DATA_EXPIRING, at(60 * 24 * 25), True)


@given(st.permutations(range(4)), st.lists(st.integers(0, 3), max_size=6))
def test_the_cards_do_not_depend_on_order_or_repetition(order: list[int], again: list[int]) -> None:
    groups = [
        stay("meet:p1", name="Kitchen tablet"),
        stay("meet:p2", name="Omar Said"),
        stay("email:guest@other.example"),
        stay(f"email:{OMAR}", end=0.5),
    ]
    facts = [fact for place in (*order, *again) for fact in groups[place]]
    assert drawn(*facts) == drawn(*(fact for group in groups for fact in group))
