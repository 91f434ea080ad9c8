"""What is open by what it was charged for: nothing of it is lost, however it is grouped."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.money import Money
from shared.domain.payments import Payment, account_of
from shared.usecases.report_money import GroupBy
from shared.usecases.report_outstanding import open_by
from tests.builders import at

MUM = "mum@home.example"
TEACHERS = ("ada@school.example", "ben@school.example", None)
LINES = st.lists(st.tuples(st.sampled_from(TEACHERS), st.integers(-5000, 5000)), min_size=1, max_size=6)


def bill(number: int, lines: list[tuple[str | None, int]], minute: int = 0) -> Document:
    made = tuple(
        Line(f"{number}-{place}", LineKind.CLASS, "Algebra", Money(minor, "EUR"), 1900, teacher_email=teacher)
        for place, (teacher, minor) in enumerate(lines)
    )
    issued, due = at(minute), at(minute) + timedelta(days=14)
    return Document(
        f"d{number}", Paper.INVOICE, f"INV-{number:06d}", MUM, "EUR", at(0), at(1), made, issued, due, "root", number, "",
    )  # fmt: skip


def test_what_is_left_of_a_bill_is_shared_out_by_its_lines() -> None:
    one = bill(1, [("ada@school.example", 3000), ("ben@school.example", 1000)])
    paid = Payment(MUM, "a", Money(2380, "EUR"), at(9), "bank", "boss")
    sums = open_by([account_of([one], [paid], "EUR")], GroupBy.TEACHER, at(99))
    assert [(each.key, each.open.amount_minor, each.overdue.amount_minor) for each in sums] == [
        ("ada@school.example", 1785, 0),
        ("ben@school.example", 595, 0),
    ]


def test_what_is_past_its_day_is_overdue_and_months_stand_in_order() -> None:
    old, new = bill(1, [("ada@school.example", 1000)]), bill(2, [("ada@school.example", 500)], 60 * 24 * 40)
    sums = open_by([account_of([old, new], [], "EUR")], GroupBy.MONTH, at(60 * 24 * 41))
    assert [(each.open.amount_minor, each.overdue.amount_minor) for each in sums] == [(1190, 1190), (595, 0)]
    assert [each.key for each in sums] == [f"{each.issued_at:%Y-%m}" for each in (old, new)]


@given(st.lists(LINES, max_size=5), st.integers(0, 30_000), st.sampled_from(list(GroupBy)))
def test_every_grouping_adds_up_to_what_is_open(bills: list[list[tuple[str | None, int]]], paid: int, by: GroupBy) -> None:
    documents = [bill(number, lines, number) for number, lines in enumerate(bills)]
    account = account_of(documents, [Payment(MUM, "a", Money(paid, "EUR"), at(9), "bank", "boss")], "EUR")
    sums = open_by([account], by, at(60 * 24 * 20))
    assert sum(each.open.amount_minor for each in sums) == account.open.amount_minor
    assert all(0 <= each.overdue.amount_minor <= each.open.amount_minor for each in sums)
