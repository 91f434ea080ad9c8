"""Documents and payments are told once to whoever listens and to whom they concern, over both stores."""

from itertools import permutations

import pytest

from shared.domain.errors import Stale, Unavailable
from shared.domain.ids import stable_id
from shared.domain.invoices import Paper
from shared.domain.messages import Addressees, Delivery, DeliveryState, OutboxKind, OutboxRow
from tests.billed import MUM, everybody
from tests.builders import at
from tests.fake_deliveries import MemoryDeliveries
from tests.told import DAY, HOOK, Told, told_in_memory, told_over
from tests.tracked import ADA, BOSS

FAR = at(999999)


@pytest.fixture(params=["memory", "firestore"])
def books(request: pytest.FixtureRequest) -> Told:
    return told_in_memory() if request.param == "memory" else told_over(request.getfixturevalue("database"))


def test_an_issued_invoice_is_told_to_the_payer_and_to_whoever_listens_without_its_lines(books: Told) -> None:
    invoice = books.bills()
    assert books.clear()["outbox_rows"] == 1
    told = books.told()
    assert [(event, target) for event, target, _ in told] == [("invoice.issued", HOOK), ("invoice.issued", MUM)]
    assert told[0][2] == told[1][2] == {
        "document_id": invoice.document_id,
        "number": "INV-000001",
        "paper": "invoice",
        "cancels": None,
        "party": MUM,
        "amount": {"amount_minor": 6000, "currency": "EUR"},
        "issued_at": "2027-01-10T12:00:00Z",
        "due_at": "2027-01-24T12:00:00Z",
        "period_from": "2026-12-01T00:00:00Z",
        "period_to": "2027-01-01T00:00:00Z",
        "timezone": "UTC",
    }  # fmt: skip
    assert books.clear()["outbox_rows"] == 0
    books.sends()
    assert {each.state for each in books.deliveries.page(None, 9, None).items} == {DeliveryState.SENT}
    assert len(books.post.tried) == 2


def test_each_is_told_of_what_concerns_them_and_of_nothing_else(books: Told) -> None:
    invoice = books.bills()
    order = books.billed.issues(books.billed.only(ADA, Paper.PAYMENT_ORDER))
    books.billed.pays(2500, "a", invoice.number)
    books.billed.pays(-100, "b")
    books.billed.pays(500, "c", order.number, party=ADA)
    note = books.billed.issue.void(invoice.document_id, BOSS)
    back = books.billed.issue.void(order.document_id, BOSS)
    assert books.clear()["outbox_rows"] == 7
    mum = [(event, data["number"], data["amount"]["amount_minor"]) for event, target, data in books.told() if target == MUM]
    assert sorted(mum, key=str) == [
        ("invoice.cancelled", note.number, -6000),
        ("invoice.issued", invoice.number, 6000),
        ("payment.recorded", invoice.number, 2500),
        ("payment.recorded", None, -100),
    ]
    ada = [(event, data["number"], data["paper"]) for event, target, data in books.told() if target == ADA]
    assert sorted(ada) == [
        ("payment.recorded", order.number, "payment_order"),
        ("payment_order.cancelled", back.number, "credit_note"),
        ("payment_order.issued", order.number, "payment_order"),
    ]
    assert {data["party"] for _, target, data in books.told() if target == MUM} == {MUM}
    assert len([one for one in books.told() if one[1] == HOOK]) == 7
    cancels = {data["cancels"] for event, _, data in books.told() if event.endswith("cancelled")}
    assert cancels == {invoice.number, order.number}


def test_a_payment_tells_what_it_was_and_not_what_was_written_beside_it(books: Told) -> None:
    invoice = books.bills()
    books.clear()
    payment = books.billed.pays(2500, "a", invoice.number)
    books.clear()
    assert books.told("payment")[0][2] == {
        "payment_id": payment.payment_id,
        "party": MUM,
        "paper": "invoice",
        "number": "INV-000001",
        "amount": {"amount_minor": 2500, "currency": "EUR"},
        "method": "bank",
        "received_at": "2027-01-10T12:00:00Z",
    }


def test_what_is_issued_and_paid_twice_under_one_key_is_told_once(books: Told) -> None:
    invoice = books.bills()
    for _ in range(3):
        books.billed.pays(2500, "a", invoice.number)
        books.billed.issue.void(invoice.document_id, BOSS)
        books.clear()
    assert len(books.told()) == 6


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_order_the_rows_are_told_in_and_however_often_the_messages_are_the_same(order: tuple[int, ...]) -> None:
    def told(order: tuple[int, ...], times: int) -> list[Delivery]:
        books = told_in_memory()
        invoice = books.bills()
        books.billed.pays(2500, "a", invoice.number)
        books.billed.issue.void(invoice.document_id, BOSS)
        rows = books.outbox.due(FAR, 9)
        for _ in range(times):
            for place in order:
                books.of_money(rows[place])
        return sorted(books.deliveries.page(None, 99, None).items, key=lambda each: each.delivery_id)

    assert told(order, 2) == told((0, 1, 2), 1)


@pytest.mark.parametrize("dies_at", range(6))
def test_a_run_that_dies_between_telling_and_forgetting_is_made_good_by_the_next(dies_at: int) -> None:
    class Mortal(MemoryDeliveries):
        left = dies_at

        def add(self, deliveries: tuple[Delivery, ...]) -> None:  # type: ignore[override]
            for is_after in (False, True):
                if is_after:
                    super().add(deliveries)
                self.left -= 1
                if self.left == -1:
                    raise Unavailable("It died.")

    books = told_in_memory(deliveries=Mortal())
    invoice = books.bills()
    books.billed.pays(2500, "a")
    books.billed.issue.void(invoice.document_id, BOSS)
    with pytest.raises(Unavailable):
        books.clear()
    books.clear()
    assert books.outbox.due(FAR, 9) == ()
    assert sorted(event for event, target, _ in books.told() if target == MUM) == [
        "invoice.cancelled", "invoice.issued", "payment.recorded",
    ]  # fmt: skip
    assert len(books.told()) == 6


def test_a_row_whose_messages_others_write_at_this_moment_waits_for_the_next_run() -> None:
    class Busy(MemoryDeliveries):
        is_busy = True

        def add(self, deliveries: tuple[Delivery, ...]) -> None:  # type: ignore[override]
            if self.is_busy:
                raise Stale("Others write.")
            super().add(deliveries)

    books = told_in_memory(deliveries=Busy())
    books.bills()
    assert books.clear()["outbox_stale"] == 1
    Busy.is_busy = False
    assert books.clear()["outbox_rows"] == 1
    assert len(books.told()) == 2


def test_rows_of_what_the_books_do_not_hold_any_more_are_forgotten(books: Told) -> None:
    books.outbox.add([OutboxRow(kind, stable_id("gone", kind), at(-999)) for kind in OutboxKind if kind.is_of_money])
    counts = books.clear()
    assert (counts["outbox_rows"], counts["outbox_of_nothing"]) == (2, 2)
    assert books.told() == []


def test_who_was_forgotten_is_not_written_to_but_the_books_are_told_of(books: Told) -> None:
    books.forgotten.add([f"email:{MUM}"], "erased-1@erased.invalid", at(0))
    books.bills()
    books.clear()
    assert [target for _, target, _ in books.told()] == [HOOK]


def test_where_nobody_listens_and_no_post_goes_nothing_is_kept(books: Told) -> None:
    books.addressees = Addressees()
    books.__post_init__()
    books.bills()
    assert books.clear()["outbox_rows"] == 1
    assert books.told() == []


def test_money_and_attendance_wait_in_one_outbox(books: Told) -> None:
    invoice = books.bills()
    held = books.billed.tracked.holds(*everybody(41), name="other", day=41)
    books.outbox.add([OutboxRow(OutboxKind.SETTLED, held.session_id, held.end_at, held.class_id)])
    assert books.clear()["outbox_rows"] == 2
    assert {event for event, _, _ in books.told()} == {"attendance.settled", "invoice.issued"}
    assert books.billed.ledger.of_party(MUM) == (invoice,)


def test_a_payment_that_is_entered_late_is_told_when_it_is_entered(books: Told) -> None:
    books.bills()
    books.clear()
    entered_at = books.billed.house.clock.at + 5 * DAY
    books.billed.house.clock.at = entered_at
    books.billed.pays(2500, "late")
    books.clear()
    newest = books.deliveries.page(None, 1, None).items[0]
    assert (newest.event.value, newest.created_at) == ("payment.recorded", entered_at)
