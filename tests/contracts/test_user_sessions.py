"""What every store of registrations does: the fake and the emulator alike."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared.domain.errors import NotFound
from shared.domain.evidence import Evidence, Source
from shared.domain.ids import stable_id
from shared.domain.user_sessions import LONGEST, UserSession
from shared.people_ports import UserSessions
from shared.ports import EvidenceLog, Versioned
from tests.builders import ROOM, at, seen
from tests.fake_user_sessions import MemoryUserSessions
from tests.fakes import MemoryEvidence, no_sleep

if TYPE_CHECKING:
    from google.cloud import firestore

OMAR, LENA = "omar@school.example", "lena@school.example"
FOREVER = timedelta(days=999)


@dataclass
class Store:
    """Registrations, and the evidence that they are filed with."""

    registrations: UserSessions
    evidence: EvidenceLog

    def joins(self, name: str, minute: float = 0, **changes: Any) -> UserSession:
        """Somebody registers; answers with the registration that stands then."""
        wanted = registration(name, minute, **changes)
        return self.registrations.join(wanted, claim("join", wanted, minute))

    def leaves(self, session_id: str, minute: float) -> UserSession:
        """The registration, as it was left at that minute."""
        before = self.found(session_id)
        after = replace(before.value, left_at=at(minute), ended_by=OMAR, rev=before.value.rev + 1)
        assert self.registrations.end(before, after, claim("leave", after, minute))
        return after

    def found(self, session_id: str) -> Versioned[UserSession]:
        """A registration that must be there."""
        known = self.registrations.get(session_id)
        assert known is not None
        return known

    @property
    def claims(self) -> list[tuple[str, str]]:
        """What was filed, and is pending: the kind and the connection of each claim, by time."""
        return [(fact.kind.value, fact.connection) for fact in sorted(self.evidence.pending_in(ROOM), key=lambda f: f.at)]


@pytest.fixture(params=["memory", "firestore"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "memory":
        evidence = MemoryEvidence()
        yield Store(MemoryUserSessions(evidence), evidence)
    else:
        yield firestore_store(request.getfixturevalue("database"))


def firestore_store(client: "firestore.Client", sleep: Callable[[float], None] = no_sleep) -> Store:
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.user_sessions import FirestoreUserSessions

    return Store(FirestoreUserSessions(client, sleep), FirestoreEvidence(client, sleep))


def registration(name: str, minute: float = 0, **changes: Any) -> UserSession:
    made = UserSession(
        session_id=stable_id("u", name),
        subject="omar",
        email=OMAR,
        username="Omar",
        role="user",
        meeting_id="abc-mnop-xyz",
        room=ROOM,
        participant_name="Omar N.",
        device="Desktop",
        joined_at=at(minute),
        expires_at=at(minute) + LONGEST,
    )
    return replace(made, **changes)


def claim(kind: str, about: UserSession, minute: float) -> Evidence:
    fact = seen(kind, at(minute), f"email:{about.email}", source=Source.APP_SESSION, connection=about.session_id, room=about.room)
    return replace(fact, event_id=f"{about.session_id}/{kind}")


def test_a_registration_is_stored_with_its_claim(store: Store) -> None:
    first = store.joins("first")
    assert store.found(first.session_id).value == first == registration("first")
    (fact,) = store.evidence.in_room(ROOM, at(-1), at(1))
    assert fact == claim("join", first, 0)
    assert store.claims == [("join", first.session_id)]


def test_what_nobody_stored_is_not_found(store: Store) -> None:
    for session_id in (stable_id("u", "none"), "", "user123_123456789_1640000000000", "a/b", ".."):
        assert store.registrations.get(session_id) is None
    assert store.registrations.of_person(OMAR, 5, None).items == ()


def test_from_one_device_there_is_one_at_a_time(store: Store) -> None:
    first = store.joins("first")
    assert store.joins("second", 5) == first
    assert store.registrations.get(stable_id("u", "second")) is None
    assert store.claims == [("join", first.session_id)]


@pytest.mark.parametrize(
    "other", [{"device": "Phone"}, {"device": None}, {"subject": "lena", "email": LENA}, {"room": "zoom:12"}]
)
def test_another_device_person_or_meeting_has_its_own(store: Store, other: dict[str, Any]) -> None:
    first, second = store.joins("first"), store.joins("second", 1, **other)
    assert first.session_id != second.session_id
    assert store.joins("third", 2) == first
    assert store.joins("fourth", 2, **other) == second


def test_after_it_was_left_the_device_may_register_anew(store: Store) -> None:
    first = store.joins("first")
    store.leaves(first.session_id, 10)
    second = store.joins("second", 11)
    assert second.session_id == stable_id("u", "second")
    assert [kind for kind, _ in store.claims] == ["join", "leave", "join"]


def test_after_it_expired_too_and_ending_the_old_one_does_not_free_the_new_ones_place(store: Store) -> None:
    first = store.joins("first")
    second = store.joins("second", 12 * 60)
    assert second.session_id == stable_id("u", "second")
    store.leaves(first.session_id, 12 * 60 + 1)
    assert store.joins("third", 12 * 60 + 2) == second
    assert store.registrations.join(registration("early", 12 * 60 - 1), claim("join", registration("early"), 0)) == second


def test_of_32_that_come_at_once_one_is_stored(store: Store) -> None:
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda n: store.joins(f"n{n}", n / 60), range(32)))
    assert len({each.session_id for each in answers}) == 1
    assert store.claims == [("join", answers[0].session_id)]
    assert store.registrations.in_room(ROOM, at(-1), at(60)) == (answers[0],)


def test_of_two_who_end_one_the_second_is_refused_and_whoever_tells_it_again_is_not(store: Store) -> None:
    first = store.joins("first")
    before = store.found(first.session_id)
    left = store.leaves(first.session_id, 10)
    other = replace(first, left_at=at(11), ended_by="ada@school.example", rev=2)
    assert not store.registrations.end(before, other, claim("leave", other, 11))
    assert store.registrations.end(before, left, claim("leave", left, 10))
    assert store.found(first.session_id).value == left
    assert store.claims == [("join", first.session_id), ("leave", first.session_id)]


def test_without_a_claim_the_end_tells_of_nobody(store: Store) -> None:
    first = store.joins("first")
    before = store.found(first.session_id)
    assert store.registrations.end(before, replace(first, ended_by="expired", rev=2), None)
    assert [kind for kind, _ in store.claims] == ["join"]


def test_what_was_erased_cannot_be_ended(store: Store) -> None:
    first = store.joins("first")
    before = store.found(first.session_id)
    store.registrations.erase([first.session_id])
    assert not store.registrations.end(before, replace(first, left_at=at(1), rev=2), claim("leave", first, 1))
    assert [kind for kind, _ in store.claims] == ["join"]


def test_a_persons_own_come_by_pages_the_newest_first(store: Store) -> None:
    made = [store.joins(f"n{minute}", minute, device=f"device {minute}") for minute in (2, 0, 4, 1, 3)]
    store.joins("lena", 9, subject="lena", email=LENA)
    newest = sorted(made, key=lambda each: each.joined_at, reverse=True)
    first = store.registrations.of_person(OMAR, 2, None)
    second = store.registrations.of_person(OMAR, 2, first.next_token)
    third = store.registrations.of_person(OMAR, 2, second.next_token)
    assert [*first.items, *second.items, *third.items] == newest
    assert (len(first.items), len(second.items), third.next_token) == (2, 2, None)
    assert store.registrations.of_person(OMAR, 5, None).next_token is None


def test_pages_of_others_and_of_nobody_do_not_exist(store: Store) -> None:
    store.joins("first")
    hers = store.joins("lena", subject="lena", email=LENA)
    for token in (hers.session_id, stable_id("u", "none"), "a/b", ""):
        with pytest.raises(NotFound):
            store.registrations.of_person(OMAR, 5, token)


def test_a_rooms_come_by_time_and_only_of_that_time(store: Store) -> None:
    made = {minute: store.joins(f"n{minute}", minute, device=f"device {minute}") for minute in (20, 0, 10)}
    store.joins("elsewhere", 5, room="zoom:123456789")
    assert store.registrations.in_room(ROOM, at(0), at(20)) == (made[0], made[10])
    assert store.registrations.in_room(ROOM, at(0), at(21)) == (made[0], made[10], made[20])
    assert store.registrations.in_room(ROOM, at(1), at(10)) == ()


def test_active_and_expired_part_at_the_very_instant(store: Store) -> None:
    made = [store.joins(f"n{minute}", minute, device=f"device {minute}") for minute in range(4)]
    store.leaves(made[1].session_id, 30)
    over = made[2].expires_at
    assert store.registrations.active(at(30), 9) == (made[0], made[2], made[3])
    assert store.registrations.active(over, 9) == (made[3],)
    assert [each.value for each in store.registrations.expired(over, 9)] == [made[0], made[2]]
    assert [each.value for each in store.registrations.expired(over, 1)] == [made[0]]
    assert len(store.registrations.active(at(30), 2)) == 2
    assert store.registrations.expired(at(30), 9) == ()


def test_what_was_closed_is_neither_active_nor_expired(store: Store) -> None:
    first = store.joins("first")
    (before,) = store.registrations.expired(at(0) + LONGEST, 9)
    assert store.registrations.end(before, replace(first, ended_by="expired", rev=2), None)
    assert store.registrations.expired(at(0) + FOREVER, 9) == ()
    assert store.registrations.active(at(1), 9) == ()
    assert store.joins("second", 1 + 12 * 60).session_id == stable_id("u", "second")


def test_what_is_erased_is_gone_with_its_place_and_nothing_else(store: Store) -> None:
    first, other = store.joins("first"), store.joins("other", device="Phone")
    second = store.joins("second", 12 * 60)
    for _ in range(2):
        store.registrations.erase([first.session_id, stable_id("u", "none"), "a/b"])
    assert store.registrations.get(first.session_id) is None
    assert store.found(other.session_id).value == other
    assert store.joins("third", 12 * 60 + 1) == second
    store.registrations.erase([second.session_id])
    assert store.joins("fourth", 12 * 60 + 2).session_id == stable_id("u", "fourth")
    store.registrations.erase([])
