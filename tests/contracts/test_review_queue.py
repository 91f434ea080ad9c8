"""What every review queue does: the fake and the emulator alike, over the cards that sessions wrote."""

from dataclasses import replace

import pytest

from shared.domain.errors import NotFound
from shared.domain.review import CardKind, ReviewCard
from shared.domain.rulings import Ruling, RulingKind
from shared.domain.sessions import Session
from shared.people_ports import CardFilter, ReviewQueue
from shared.ports import Fold, Sessions
from tests.builders import a_class, at
from tests.fake_rulings import MemoryReviewQueue
from tests.fakes import MemoryEvidence, MemorySessions, no_sleep

Stores = tuple[Sessions, ReviewQueue]
DECIDED = Ruling("s", RulingKind.CARD, "c", "", "ada@school.example", at(90), "nobody of ours")


@pytest.fixture(params=["memory", "firestore"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        sessions = MemorySessions(MemoryEvidence())
        return sessions, MemoryReviewQueue(sessions)
    from shared.adapters.firestore.review_queue import FirestoreReviewQueue
    from shared.adapters.firestore.sessions import FirestoreSessions

    client = request.getfixturevalue("database")
    return FirestoreSessions(client, no_sleep), FirestoreReviewQueue(client)


def a_card(
    name: str, day: int = 0, key: str = "meet:p1", kind: CardKind = CardKind.UNIDENTIFIED, **changes: object
) -> ReviewCard:
    held = a_class(name)
    made = ReviewCard(kind, held.session_id, held.class_id, None, name, held.teacher_email, at(day * 1440), key)
    return replace(made, **changes)  # type: ignore[arg-type]


def store(sessions: Sessions, *cards: ReviewCard) -> None:
    """Write the cards as a fold does."""
    for session_id in dict.fromkeys(card.session_id for card in cards):
        own = tuple(card for card in cards if card.session_id == session_id)
        sessions.store([Fold(None, Session(session_id, own[0].class_id), (), (), (), own)])


def test_a_card_is_found_by_its_id_and_nothing_else_is(stores: Stores) -> None:
    sessions, queue = stores
    card = a_card("algebra", display_name="Kitchen tablet", seconds=600, expires_at=at(9000))
    store(sessions, card)
    assert queue.get(card.card_id) == card
    assert queue.get("0" * 32) is None
    assert queue.get("review/x") is None


def test_cards_are_listed_by_page_the_newest_class_first(stores: Stores) -> None:
    sessions, queue = stores
    cards = [a_card(f"class {day}", day) for day in range(5)]
    store(sessions, *cards)
    newest_first = tuple(reversed(cards))
    first = queue.page(CardFilter(), 2, None)
    assert first.items == newest_first[:2]
    second = queue.page(CardFilter(), 2, first.next_token)
    last = queue.page(CardFilter(), 2, second.next_token)
    assert second.items + last.items == newest_first[2:]
    assert last.next_token is None
    with pytest.raises(NotFound):
        queue.page(CardFilter(), 2, "0" * 32)
    with pytest.raises(NotFound):
        queue.page(CardFilter(), 2, "not an id")


def test_cards_are_filtered_by_state_kind_session_and_teacher_alone_and_together(stores: Stores) -> None:
    sessions, queue = stores
    open_one = a_card("algebra")
    decided = a_card("algebra", key="meet:p2", decision=DECIDED)
    other = a_card(
        "grammar", 1, kind=CardKind.NOT_ENROLLED, teacher_email="bea@school.example", co_teacher_emails=("cy@school.example",)
    )
    store(sessions, open_one, decided, other)

    def found(**wanted: object) -> set[str]:
        return {card.card_id for card in queue.page(CardFilter(**wanted), 10, None).items}  # type: ignore[arg-type]

    assert found(is_open=True) == {open_one.card_id, other.card_id}
    assert found(is_open=False) == {decided.card_id}
    assert found(kind=CardKind.NOT_ENROLLED) == {other.card_id}
    assert found(session_id=open_one.session_id) == {open_one.card_id, decided.card_id}
    assert found(teacher_email="bea@school.example") == {other.card_id}
    assert found(teacher_email="cy@school.example") == {other.card_id}
    assert found(is_open=True, kind=CardKind.UNIDENTIFIED, teacher_email="ada@school.example") == {open_one.card_id}
    assert found(is_open=True, session_id=other.session_id, teacher_email="ada@school.example") == set()
