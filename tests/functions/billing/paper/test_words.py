"""Words on paper: each kind of document has its own, and dates and amounts read like on any bill."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from functions.billing.paper.words import amount, clock, day, facts_of, notes_of, percent, period, total_of, words_of
from shared.domain.invoices import LineKind, Paper
from shared.domain.money import Money
from tests.functions.billing.paper.samples import a_document, a_line


@pytest.mark.parametrize(
    ("changes", "title", "to", "total"),
    [
        ({}, "Invoice", "Billed to", "Total due"),
        ({"paper": Paper.CREDIT_NOTE, "cancels": "INV-000007"}, "Credit note", "Credited to", "Total credited"),
        ({"paper": Paper.CREDIT_NOTE, "cancels": "PO-000007"}, "Credit note", "About payments to", "Total taken back"),
        ({"paper": Paper.PAYMENT_ORDER}, "Payment order", "Payable to", "Total to be paid"),
    ],
)
def test_each_paper_has_its_own_words(changes: dict[str, object], title: str, to: str, total: str) -> None:
    document = a_document(**changes)
    assert (words_of(document).title, words_of(document).to, total_of(document)) == (title, to, total)


def test_a_sum_below_nothing_is_owed_the_other_way_round() -> None:
    less = a_line(net=Money(-500, "EUR"))
    assert total_of(a_document(less)) == "Total in your favour"
    assert total_of(a_document(less, paper=Paper.PAYMENT_ORDER)) == "Total to be taken off"
    assert total_of(a_document(less, paper=Paper.CREDIT_NOTE, cancels="INV-000001")) == "Total credited"


def test_a_credit_note_names_what_it_takes_back_and_is_never_due() -> None:
    facts = dict(facts_of(a_document(paper=Paper.CREDIT_NOTE, number="CN-000001", cancels="INV-000007")))
    assert (facts["Number"], facts["Takes back"]) == ("CN-000001", "INV-000007")
    assert "Due" not in facts


def test_a_line_tells_who_taught_how_it_came_about_and_what_it_corrects() -> None:
    assert list(notes_of(a_line(), a_document())) == ["With ada@school.example, 60 min at 30.00 EUR an hour"]
    assert list(notes_of(a_line(), a_document(party="ada@school.example"))) == ["60 min at 30.00 EUR an hour"]
    corrected = a_line(kind=LineKind.ADJUSTMENT, corrects="INV-000007", cause="it is now late", teacher_email=None)
    assert list(notes_of(corrected, a_document()))[1:] == ["Corrects INV-000007: it is now late"]
    back = a_line(kind=LineKind.REVERSAL, corrects="INV-000007", teacher_email=None, how=None)
    assert list(notes_of(back, a_document())) == ["Takes back a line of INV-000007"]
    owed = a_line(teacher_email=None, how=None, makeup_until=datetime(2027, 3, 1, 12, tzinfo=UTC))
    assert list(notes_of(owed, a_document())) == ["Can be made up for by a class before 1 Mar 2027, 12:00"]
    package = a_line(kind=LineKind.PACKAGE, teacher_email=None, how=None)
    assert list(notes_of(package, a_document())) == ["Paid from a package"]
    assert next(notes_of(owed, a_document(timezone="Europe/Berlin"))).endswith("1 Mar 2027, 13:00 CET")


def test_a_period_of_whole_days_names_its_last_day() -> None:
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    assert period(midnight, datetime(2027, 1, 1, tzinfo=UTC)) == "1 Dec 2026 – 31 Dec 2026"
    assert period(midnight, datetime(2027, 1, 1, 23, tzinfo=UTC)) == "1 Dec 2026, 00:00 – 1 Jan 2027, 23:00"


def test_times_are_told_in_the_zone_that_was_frozen_in_the_document_and_name_it() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert (day(evening), clock(evening)) == ("31 Dec 2026", "23:30")
    assert (day(evening, berlin), clock(evening, berlin)) == ("1 Jan 2027", "00:30 CET")
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    assert [clock(each, berlin) for each in twice] == ["02:30 CEST", "02:30 CET"]
    assert clock(evening, ZoneInfo("America/Sao_Paulo")) == "20:30 UTC-03"
    month = (datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC))
    assert period(*month, berlin) == "1 Oct 2026 – 31 Oct 2026"
    facts = dict(facts_of(a_document(issued_at=evening, timezone="Europe/Berlin")))
    assert (facts["Issued"], facts["Times in"]) == ("1 Jan 2027", "Europe/Berlin")
    assert "Times in" not in dict(facts_of(a_document()))


def test_amounts_and_rates_are_exact() -> None:
    assert [amount(Money(-5, "EUR")), amount(Money(7, "JPY")), amount(Money(1, "KWD"))] == ["-0.05", "7", "0.001"]
    assert [percent(points) for points in (1900, 750, 1, 2105)] == ["19 %", "7.5 %", "0.01 %", "21.05 %"]
