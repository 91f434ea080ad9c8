"""Registrations in Firestore where a fake has no troubles: lost replies, races for a place, documents and indexes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import grpc
import httpx
import pytest
from google.cloud import firestore

from shared import system
from shared.adapters.firestore.user_sessions import FirestoreUserSessions
from shared.domain.errors import Unavailable
from shared.domain.ids import stable_id
from shared.domain.user_sessions import LONGEST
from tests.builders import ROOM, at
from tests.contracts.test_user_sessions import OMAR, Store, claim, firestore_store
from tests.infra.test_indexes import fields_of, is_served


class Lost(grpc.RpcError):
    """What the client library sees when a connection breaks."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        return "connection broke"


def losing(send: Callable[..., Any], times: list[str]) -> Callable[..., Any]:
    """The stub's call, of which some requests or replies are lost, as `times` says, in order."""

    def disturbed(request: Any, **how: Any) -> Any:
        fate = times.pop(0) if times else "well"
        if fate == "request":
            raise Lost
        response = send(request, **how)
        if fate == "reply":
            raise Lost
        return response

    return disturbed


def lossy(database: firestore.Client) -> tuple[Store, FirestoreUserSessions]:
    """A store whose connection is open already, so that it can be disturbed."""
    store = firestore_store(database)
    registrations: Any = store.registrations
    store.joins("warm", subject="warm", email="warm@school.example", room="zoom:1")
    return store, registrations


FATES = [["reply"], ["request"], ["request", "reply"], ["reply", "reply", "reply"], ["request", "request", "request"]]


@pytest.mark.parametrize("fate", FATES, ids="-".join)
def test_a_lost_reply_makes_no_second_registration(database: firestore.Client, fate: list[str]) -> None:
    store, registrations = lossy(database)
    registrations._commits._send = losing(registrations._commits._send, list(fate))
    answers = []
    for attempt in range(2):
        try:
            answers.append(store.joins(f"n{attempt}", attempt))
        except Unavailable:
            assert len(fate) == 3
    assert len({each.session_id for each in answers}) == 1
    assert store.claims == [("join", answers[0].session_id)]


@pytest.mark.parametrize("fate", FATES, ids="-".join)
def test_a_lost_reply_is_no_lost_race_for_whoever_ended_it(database: firestore.Client, fate: list[str]) -> None:
    store, registrations = lossy(database)
    first = store.joins("first")
    before, left = store.found(first.session_id), replace(first, left_at=at(9), ended_by=OMAR, rev=2)
    registrations._commits._send = losing(registrations._commits._send, list(fate))
    for _ in range(2):
        try:
            assert registrations.end(before, left, claim("leave", left, 9))
        except Unavailable:
            assert len(fate) == 3
    assert store.found(first.session_id).value == left
    assert store.claims == [("join", first.session_id), ("leave", first.session_id)]


def test_while_a_device_registers_anew_its_old_registration_can_be_ended(database: firestore.Client) -> None:
    """Both write the place of the device: neither may undo the other."""
    store = firestore_store(database, system.sleep)
    first = store.joins("first")
    before, left = store.found(first.session_id), replace(first, left_at=first.expires_at, ended_by=OMAR, rev=2)
    with ThreadPoolExecutor(9) as pool:
        ends = pool.submit(store.registrations.end, before, left, claim("leave", left, 12 * 60))
        news = [pool.submit(store.joins, f"n{n}", 12 * 60 + n) for n in range(8)]
        assert ends.result()
        (second,) = {each.result().session_id for each in news}
    assert store.found(first.session_id).value == left
    assert store.joins("last", 12 * 60 + 30).session_id == second


def test_a_place_that_was_taken_anew_at_the_last_moment_stays_taken(database: firestore.Client) -> None:
    store, other = firestore_store(database), firestore_store(database)
    first = store.joins("first")
    before, left = store.found(first.session_id), replace(first, left_at=first.expires_at, ended_by=OMAR, rev=2)
    commits: Any = store.registrations
    send, anew = commits._commits._send, [lambda: other.joins("second", 12 * 60)]

    def late(request: Any, **how: Any) -> Any:
        if anew:
            anew.pop()()
        return send(request, **how)

    commits._commits._send = late
    assert store.registrations.end(before, left, claim("leave", left, 12 * 60))
    assert store.found(first.session_id).value == left
    assert store.joins("third", 12 * 60 + 1).session_id == stable_id("u", "second")


def test_documents_hold_what_queries_need_and_the_rest_as_one_body(database: firestore.Client) -> None:
    store = firestore_store(database)
    first = store.joins("first")
    fields = database.collection("user_sessions").document(first.session_id).get().to_dict() or {}
    assert {name: value for name, value in fields.items() if name != "body"} == {
        "v": 1, "email": OMAR, "room": ROOM, "joined_at": at(0), "open_until": at(0) + LONGEST,
    }  # fmt: skip
    (slot,) = database.collection("user_session_slots").stream()
    assert slot.to_dict() == {"session_id": first.session_id}
    store.leaves(first.session_id, 1)
    assert list(database.collection("user_session_slots").stream()) == []


def test_every_query_has_its_index(emulator: str, database: firestore.Client) -> None:
    registrations = firestore_store(database).registrations
    registrations.of_person(OMAR, 5, None)
    registrations.in_room(ROOM, at(0), at(1))
    registrations.active(at(0), 5)
    registrations.expired(at(0), 5)
    name = f"projects/{database.project}/databases/(default)"
    told = httpx.get(f"http://{emulator}/emulator/v1/projects/{database.project}:indexUsage", params={"database": name}).json()
    used = [(report["index"]["name"].split("/")[-3], fields_of(report["index"])) for report in told["reports"]]
    assert len(used) >= 2
    assert [each for each in used if not is_served(*each)] == []
