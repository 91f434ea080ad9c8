"""What every store of payments does: the fake and the emulator alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from shared.billing_ports import Payments
from shared.delivery_ports import Outbox
from shared.domain.bills_told import note_of_payment
from shared.domain.errors import NotFound
from shared.domain.money import Money
from shared.domain.payments import Payment
from tests.builders import at
from tests.fake_billing import MemoryPayments
from tests.fake_deliveries import MemoryOutbox
from tests.fakes import no_sleep
from tests.shaky import WAYS, Died, ShakyClient
from tests.shaky import Line as Shaky

if TYPE_CHECKING:
    from google.cloud import firestore

MUM, DAD = "mum@home.example", "dad@home.example"


def over(client: "firestore.Client") -> Payments:
    from shared.adapters.firestore.payments import FirestorePayments

    return FirestorePayments(client, no_sleep)


def outbox_over(client: "firestore.Client") -> Outbox:
    from shared.adapters.firestore.outbox import FirestoreOutbox

    return FirestoreOutbox(client, no_sleep)


@pytest.fixture(params=["memory", "firestore"])
def payments(request: pytest.FixtureRequest) -> Payments:
    return MemoryPayments() if request.param == "memory" else over(request.getfixturevalue("database"))


@pytest.fixture
def outbox(request: pytest.FixtureRequest, payments: Payments) -> Outbox:
    """The outbox with the notes that the payments store."""
    if isinstance(payments, MemoryPayments):
        return MemoryOutbox(payments.outbox)
    return outbox_over(request.getfixturevalue("database"))


def paid(key: str, minute: float = 0, party: str = MUM, minor: int = 5000) -> Payment:
    return Payment(party, key, Money(minor, "EUR"), at(minute), "transfer", "root", "INV-000001", "thank you")


def test_payments_come_back_by_party_the_oldest_first(payments: Payments) -> None:
    late, early, refund = paid("b", 2), paid("a", 1), replace(paid("c", 3, minor=-200), number=None, reference=None)
    for each in (late, refund, early, paid("a", 0, DAD)):
        assert payments.add(each) == each
    assert payments.of_party(MUM) == (early, late, refund)
    assert payments.of_party("nobody@home.example") == ()


def test_what_many_parties_paid_is_read_together_the_oldest_first(payments: Payments) -> None:
    names = [f"payer{n}@home.example" for n in range(33)]
    late, early = paid("a", 9, names[0]), paid("b", 1, names[0])
    other = paid("c", 5, names[32])
    for each in (late, early, other, paid("d")):
        payments.add(each)
    assert payments.of_parties(names) == {names[0]: (early, late), names[32]: (other,)}
    assert payments.of_parties([]) == {}


def test_a_key_of_a_party_counts_once_and_the_first_stays(payments: Payments) -> None:
    assert payments.add(paid("a")) == paid("a")
    assert payments.add(paid("a")) == paid("a")
    assert payments.add(paid("a", 9, minor=1)) == paid("a")
    assert payments.add(paid("a", party=DAD)) == paid("a", party=DAD)
    assert payments.of_party(MUM) == (paid("a"),)


def test_one_payment_is_found_by_its_id(payments: Payments) -> None:
    payments.add(paid("a"))
    assert payments.get(paid("a").payment_id) == paid("a")
    assert [payments.get(each) for each in (paid("b").payment_id, "no id", "../x")] == [None] * 3


def test_with_each_payment_is_noted_once_that_it_is_to_be_told(payments: Payments, outbox: Outbox) -> None:
    for each in (paid("a", 2), paid("b", 1), paid("a", 2), paid("a", 7)):
        payments.add(each)
    assert outbox.due(at(1), 9) == (note_of_payment(paid("b", 1)),)
    rows = outbox.due(at(9), 9)
    assert rows == (note_of_payment(paid("b", 1)), note_of_payment(paid("a", 2)))
    outbox.done(rows)
    payments.add(paid("a", 2))
    assert outbox.due(at(9), 9) == ()


@pytest.mark.parametrize("party", [None, MUM])
def test_pages_hold_each_payment_once_the_newest_first(payments: Payments, party: str | None) -> None:
    every = [paid(f"{n}", n // 2, (MUM, DAD)[n // 3 % 2]) for n in range(9)]
    for each in every:
        payments.add(each)
    found, token = list[Payment](), None
    while True:
        page = payments.page(party, 2, token)
        found += page.items
        token = page.next_token
        if token is None:
            break
        assert len(page.items) == 2
    meant = [each for each in every if party in (None, each.party)]
    assert sorted(found, key=lambda each: each.key) == meant
    assert [each.received_at for each in found] == sorted((each.received_at for each in meant), reverse=True)


def test_a_foreign_token_is_refused(payments: Payments) -> None:
    payments.add(paid("a"))
    for token in ("f" * 32, "no id", "../x"):
        with pytest.raises(NotFound):
            payments.page(None, 2, token)


@pytest.mark.parametrize(("begin", "end"), [(None, None), (at(2), None), (None, at(4)), (at(2), at(4)), (at(4), at(2))])
def test_a_stream_holds_all_of_a_time_the_oldest_first(payments: Payments, begin: datetime | None, end: datetime | None) -> None:
    every = [paid(f"{n}", n, (MUM, DAD)[n % 2]) for n in range(6)]
    for each in reversed(every):
        payments.add(each)
    meant = [each for each in every if (begin is None or each.received_at >= begin) and (end is None or each.received_at < end)]
    assert list(payments.stream(begin, end)) == meant


def test_a_stream_that_breaks_off_goes_on_where_it_was(database: "firestore.Client") -> None:
    every = [paid(f"{n}", n) for n in range(10)]
    for each in every:
        over(database).add(each)
    shaky = Shaky(breaks_after=3, cuts=3)
    assert list(over(ShakyClient(database.project, shaky)).stream(None, None)) == every
    assert shaky.cuts == 0


@pytest.mark.parametrize("way", WAYS)
def test_a_disturbed_payment_is_there_once_when_it_is_sent_again(database: "firestore.Client", way: str) -> None:
    payments, outbox = over(ShakyClient(database.project, Shaky(1, way))), outbox_over(database)
    try:
        payments.add(paid("a"))
    except Died:
        assert [row.about for row in outbox.due(at(9), 9)] == [each.payment_id for each in payments.of_party(MUM)]
        assert payments.add(paid("a", 5)).key == "a"
    (stored,) = payments.of_party(MUM)
    assert outbox.due(at(9), 9) == (note_of_payment(stored),)


def test_many_who_send_one_payment_at_once_all_see_the_same(database: "firestore.Client") -> None:
    payments = over(database)
    with ThreadPoolExecutor(32) as threads:
        told = set(threads.map(lambda n: payments.add(paid("a", n)), range(32)))
    assert told == set(payments.of_party(MUM))
    assert len(told) == 1
    assert outbox_over(database).due(at(99), 99) == (note_of_payment(told.pop()),)
