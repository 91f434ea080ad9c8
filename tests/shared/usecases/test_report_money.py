"""Reports: sums over what was issued, by teacher, student, course or month, in which every line is counted once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.domain.errors import InvalidInput
from shared.domain.invoices import Paper
from shared.domain.money import Money
from shared.usecases.draft_invoices import Period
from shared.usecases.enter_party import ToAdd, ToSell
from shared.usecases.report_money import GroupBy
from shared.usecases.report_outstanding import open_by
from tests.billed import AFTER, JANUARY, Billed, everybody, wanted
from tests.builders import minutes
from tests.tracked import ADA, BEA, BOSS, LENA, OMAR, on

ALL = Period(AFTER - minutes(1440), AFTER + minutes(1440))


@pytest.fixture
def billed() -> Billed:
    """A class of Ada's in maths and one of Bea's, where Ada stood in, were held and issued to payer and staff."""
    billed = Billed().opens()
    billed.tracked.holds(*everybody(), course_id="math")
    billed.tracked.holds(*everybody(1), name="second", day=1, teacher_email=BEA)
    billed.later()
    billed.issues(billed.only())
    billed.issues(billed.only(ADA, Paper.PAYMENT_ORDER))
    return billed


def sums(billed: Billed, by: GroupBy) -> dict[str | None, int]:
    found = billed.report.revenue(by, ALL)
    assert sum(each.lines for each in found) == 4
    return {each.key: each.net.amount_minor for each in found}


def test_revenue_adds_up_by_each_grouping(billed: Billed) -> None:
    assert sums(billed, GroupBy.TEACHER) == {ADA: 6000, BEA: 6000}
    assert sums(billed, GroupBy.STUDENT) == {LENA: 6000, OMAR: 6000}
    assert sums(billed, GroupBy.COURSE) == {"math": 6000, None: 6000}
    assert sums(billed, GroupBy.MONTH) == {"2027-01": 12000}


def test_months_are_those_of_where_the_school_is() -> None:
    billed = Billed().opens()
    billed.tracked.holds(*everybody())
    billed.later()
    new_year_there = datetime(2027, 12, 31, 20, 30, tzinfo=UTC)
    billed.house.clock.at = new_year_there
    (invoice,) = replace(billed.issue, timezone="Asia/Kolkata")(wanted(billed.only()), BOSS)
    period = Period(new_year_there - minutes(60), new_year_there + minutes(60))
    assert [each.key for each in billed.report.revenue(GroupBy.MONTH, period)] == ["2028-01"]
    (account,) = (account for _, account in billed.settle.every(Paper.INVOICE))
    assert [each.key for each in open_by([account], GroupBy.MONTH, new_year_there)] == ["2028-01"]
    assert f"{invoice.issued_at:%Y-%m}" == "2027-12"


def test_a_voided_invoice_is_no_revenue_and_what_was_issued_in_another_time_is_not_counted(billed: Billed) -> None:
    (invoice,) = [each for each in billed.ledger.of_party("mum@home.example") if each.paper is Paper.INVOICE]
    billed.issue.void(invoice.document_id, BOSS)
    assert {each.net.amount_minor for each in billed.report.revenue(GroupBy.TEACHER, ALL)} == {0}
    assert billed.report.revenue(GroupBy.TEACHER, Period(JANUARY.end, ALL.end.replace(month=6))) == ()


def test_a_class_from_a_package_is_its_teachers_at_its_price_and_the_package_is_nobodys() -> None:
    billed = Billed().opens()
    billed.house.clock.at = on(0, -60)
    billed.extras(ToAdd("mum@home.example", "p", "Five lessons", Money(10000, "EUR"), package=ToSell(5, OMAR)), BOSS)
    billed.tracked.holds(*everybody(), course_id="math")
    billed.later()
    billed.issues(billed.only())
    assert {each.key: each.net.amount_minor for each in billed.report.revenue(GroupBy.TEACHER, ALL)} == {ADA: 6000, None: 7000}
    assert {each.key: each.net.amount_minor for each in billed.report.revenue(GroupBy.MONTH, ALL)} == {"2027-01": 13000}


def test_every_line_is_told_with_its_document(billed: Billed) -> None:
    told = list(billed.report.lines(ALL, Paper.INVOICE))
    assert {each.number for each, _ in told} == {"INV-000001"}
    assert sum(line.net.amount_minor for _, line in told) == 12000
    assert [each.number for each, _ in billed.report.lines(ALL, Paper.PAYMENT_ORDER)] == ["PO-000001"] * 2


def test_the_margin_is_what_is_left_of_a_class_whoever_taught_it(billed: Billed) -> None:
    found = {each.key: (each.charged, each.paid, each.margin) for each in billed.report.margin(GroupBy.TEACHER, ALL)}
    row = (Money(6000, "EUR"), Money(2000, "EUR"), Money(4000, "EUR"))
    assert found == {ADA: row, BEA: row}
    with pytest.raises(InvalidInput):
        billed.report.margin(GroupBy.STUDENT, ALL)


def test_the_payroll_is_by_who_is_paid(billed: Billed) -> None:
    (row,) = billed.report.payroll(ALL)
    assert (row.teacher, row.net, row.documents) == (ADA, Money(4000, "EUR"), 1)
