"""Payments: every unit that came in is somewhere, and no document is paid beyond what it says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.invoices import Document, Line, LineKind, Paper, sealed
from shared.domain.money import Money
from shared.domain.payments import Account, Payment, Standing, account_of, aged, statement_of
from tests.builders import at

MUM = "mum@home.example"


def document(seq: int, minor: int, **changes: object) -> Document:
    line = Line(f"l{seq}", LineKind.AD_HOC, "Lessons", Money(minor, "EUR"))
    paper = Paper.INVOICE if minor >= 0 else Paper.CREDIT_NOTE
    made = Document(
        f"d{seq}", paper, f"R-{seq}", MUM, "EUR", at(0), at(1), (line,), at(seq), at(seq + 14 * 1440), "root", seq, ""
    )
    return sealed(replace(made, **changes))  # type: ignore[arg-type]


def payment(key: str, minor: int, number: str | None = None, day: float = 100) -> Payment:
    return Payment(MUM, key, Money(minor, "EUR"), at(day), "transfer", "root@school.example", number)


def standings(account: Account) -> dict[str, tuple[int, int, str]]:
    return {
        each.document.number: (each.paid.amount_minor, each.open.amount_minor, each.standing.value) for each in account.documents
    }


def test_money_without_a_document_pays_the_oldest_first() -> None:
    account = account_of([document(2, 500), document(1, 1000)], [payment("a", 1200)], "EUR")
    assert standings(account) == {"R-1": (1000, 0, "paid"), "R-2": (200, 300, "partly_paid")}
    assert (account.open, account.balance) == (Money(300, "EUR"), Money(300, "EUR"))


def test_money_for_a_document_pays_that_one_and_the_rest_the_oldest() -> None:
    account = account_of([document(1, 1000), document(2, 500)], [payment("a", 700, "R-2")], "EUR")
    assert standings(account) == {"R-1": (200, 800, "partly_paid"), "R-2": (500, 0, "paid")}


def test_what_was_paid_too_much_is_a_credit_that_pays_what_is_issued_next() -> None:
    early = account_of([document(1, 1000)], [payment("a", 1500)], "EUR")
    assert (early.credit, early.balance) == (Money(500, "EUR"), Money(-500, "EUR"))
    later = account_of([document(1, 1000), document(2, 600)], [payment("a", 1500)], "EUR")
    assert standings(later)["R-2"] == (500, 100, "partly_paid")


def test_a_credit_note_pays_what_it_takes_back() -> None:
    note = document(3, -500, cancels="R-2")
    account = account_of([document(1, 1000), document(2, 500), note], [], "EUR")
    assert standings(account) == {"R-1": (0, 1000, "unpaid"), "R-2": (500, 0, "cancelled"), "R-3": (0, 0, "paid")}
    paid_before = account_of([document(1, 1000), document(2, 500), note], [payment("a", 500, "R-2", day=2.5)], "EUR")
    assert standings(paid_before)["R-1"] == (500, 500, "partly_paid")


def test_a_refund_takes_from_what_was_paid() -> None:
    account = account_of([document(1, 1000)], [payment("a", 1000, "R-1"), payment("b", -400, "R-1", day=101)], "EUR")
    assert standings(account) == {"R-1": (600, 400, "partly_paid")}


def test_another_currency_is_another_account() -> None:
    account = account_of([document(1, 1000)], [payment("a", 1000)], "USD")
    assert (account.documents, account.credit) == ((), Money(0, "USD"))


def test_a_payment_told_twice_is_one() -> None:
    assert payment("a", 5).payment_id == payment("a", 7, "R-1").payment_id
    assert payment("a", 5).payment_id != payment("b", 5).payment_id


def test_a_statement_tells_everything_in_order_with_the_balance() -> None:
    told = statement_of([document(1, 1000), document(300, -200)], [payment("a", 700), payment("b", -50, day=400)], "EUR")
    assert [(entry.what, entry.amount.amount_minor, entry.balance.amount_minor) for entry in told] == [
        ("invoice", 1000, 1000),
        ("payment", -700, 300),
        ("credit_note", -200, 100),
        ("refund", 50, 150),
    ]


@pytest.mark.parametrize(("days", "place"), [(0, 0), (14, 0), (15, 1), (44, 1), (45, 2), (75, 3), (105, 4), (999, 4)])
def test_what_is_open_ages_from_the_day_it_is_due(days: int, place: int) -> None:
    account = account_of([document(0, 1000)], [], "EUR")
    sums = aged(account, at(days * 1440))
    assert [each.amount_minor for each in sums] == [1000 if each == place else 0 for each in range(5)]


documents = st.lists(st.integers(-(10**6), 10**6), max_size=8)
payments = st.lists(st.tuples(st.integers(0, 10**6), st.one_of(st.none(), st.integers(0, 9))), max_size=8)


@given(documents, payments)
def test_every_unit_is_somewhere_and_nothing_is_paid_beyond_what_it_is(
    minors: list[int], sums: list[tuple[int, int | None]]
) -> None:
    issued = [document(seq, minor) for seq, minor in enumerate(minors)]
    came = [payment(str(key), minor, None if seq is None else f"R-{seq}") for key, (minor, seq) in enumerate(sums)]
    account = account_of(issued, came, "EUR")
    assert account.balance.amount_minor == sum(minors) - sum(minor for minor, _ in sums)
    for each in account.documents:
        assert 0 <= each.paid.amount_minor <= max(each.document.gross.amount_minor, 0)
        assert each.paid + each.open == Money(max(each.document.gross.amount_minor, 0), "EUR")
        assert (each.standing is Standing.PAID) == (each.open.amount_minor == 0)
    assert account.credit.amount_minor == 0 or account.open.amount_minor == 0
    told = statement_of(issued, came, "EUR")
    assert (told[-1].balance if told else Money(0, "EUR")) == account.balance
    assert account_of(list(reversed(issued)), list(reversed(came)), "EUR") == account
