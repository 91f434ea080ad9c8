"""What every store of quotas does: the fake and the emulator alike."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.cloud import firestore

from shared import system
from shared.domain.errors import Unavailable
from shared.people_ports import Quotas
from tests.fake_quotas import MemoryQuotas
from tests.fakes import no_sleep

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "firestore"])
def instances(request: pytest.FixtureRequest) -> Iterator[tuple[Quotas, Quotas]]:
    """Two instances of a function, each with a connection of its own to the same counters."""
    if request.param == "memory":
        shared = MemoryQuotas()
        yield shared, shared
    else:
        from shared.adapters.firestore.quotas import FirestoreQuotas
        from shared.adapters.firestore.store import connect

        client: firestore.Client = request.getfixturevalue("database")
        other = connect(client.project)
        yield FirestoreQuotas(client, system.sleep, system.new_id), FirestoreQuotas(other, system.sleep, system.new_id)


def test_uses_are_given_until_the_limit_and_the_last_share_may_be_smaller(instances: tuple[Quotas, Quotas]) -> None:
    one, other = instances
    given = [each.take("ada", 4, 10, 60, NOON).given for each in (one, other, one, other)]
    assert given == [4, 4, 2, 0]


def test_a_window_ends_on_the_minute_and_the_next_one_starts_anew(instances: tuple[Quotas, Quotas]) -> None:
    one, other = instances
    grant = one.take("ada", 5, 5, 60, NOON + timedelta(seconds=59, milliseconds=999))
    assert (grant.given, grant.resets_at) == (5, NOON + MINUTE)
    assert other.take("ada", 1, 5, 60, NOON + timedelta(seconds=1)).given == 0
    assert other.take("ada", 1, 5, 60, NOON + MINUTE).given == 1
    assert one.take("ada", 1, 5, 60, NOON - timedelta(seconds=1)).given == 1


def test_each_key_and_each_length_of_window_counts_for_itself(instances: tuple[Quotas, Quotas]) -> None:
    one, other = instances
    assert one.take("ada", 3, 3, 60, NOON).given == 3
    assert other.take("bea", 3, 3, 60, NOON).given == 3
    assert other.take("ada", 3, 3, 3600, NOON).given == 3
    assert other.take("ada/../bea\u0000", 3, 3, 60, NOON).given == 3


def test_a_limit_that_was_lowered_takes_nothing_back(instances: tuple[Quotas, Quotas]) -> None:
    one, other = instances
    assert one.take("ada", 8, 10, 60, NOON).given == 8
    assert other.take("ada", 2, 5, 60, NOON).given == 0
    assert other.take("ada", 5, 10, 60, NOON).given == 2


@pytest.mark.parametrize(("wanted", "limit"), [(1, 20), (3, 20), (1, 500)])
def test_thirty_two_at_once_get_what_there_is_and_never_more(instances: tuple[Quotas, Quotas], wanted: int, limit: int) -> None:
    with ThreadPoolExecutor(32) as pool:
        grants = list(pool.map(lambda n: instances[n % 2].take("ada", wanted, limit, 60, NOON).given, range(32)))
    assert sum(grants) == min(limit, 32 * wanted)
    assert max(grants) <= wanted


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


@pytest.mark.parametrize("fate", [["reply"], ["request"], ["well", "reply"], ["well", "request"], ["reply", "reply", "reply"]])
def test_a_lost_reply_is_told_by_its_mark_and_costs_nobody_a_use(database: firestore.Client, fate: list[str]) -> None:
    from shared.adapters.firestore.quotas import FirestoreQuotas

    quotas = FirestoreQuotas(database, no_sleep, system.new_id)
    quotas.take("warm", 1, 1, 60, NOON)
    quotas._commits._send = losing(quotas._commits._send, list(fate))
    given = []
    for _ in range(4):
        try:
            given.append(quotas.take("ada", 4, 10, 60, NOON).given)
        except Unavailable:
            given.append(0)
    assert sum(given) <= 10
    if len(fate) < 3:
        assert given == [4, 4, 2, 0]


def test_what_is_stored_says_when_it_may_go_and_not_whom_it_is_about(database: firestore.Client) -> None:
    from shared.adapters.firestore.quotas import FirestoreQuotas

    FirestoreQuotas(database, no_sleep, lambda: "m").take("ada@school.example", 4, 10, 60, NOON)
    (stored,) = database.collection("quotas").stream()
    assert stored.to_dict() == {"v": 1, "used": 4, "mark": "m", "expire_at": NOON + timedelta(minutes=11)}
    assert "ada" not in stored.id
