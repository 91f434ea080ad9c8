"""What is issued: sums and taxes, and hashes that tell of every change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.invoices import Document, Line, LineKind, broken_links, hash_of
from shared.domain.money import Money, rounded
from tests.drafted import draft, issued, item
from tests.functions.billing.paper.samples import a_document


def test_tax_is_rounded_once_for_each_rate() -> None:
    lines = draft([item(day, 333, tax_basis_points=1900) for day in range(1, 4)] + [item(9, 100, tax_basis_points=700)])
    document = issued(lines, [])
    assert [(tax.basis_points, tax.net.amount_minor, tax.tax.amount_minor) for tax in document.taxes] == [
        (700, 100, 7),
        (1900, 999, 190),
    ]
    assert document.gross == Money(1099 + 197, "EUR")


def test_a_document_that_was_changed_or_taken_out_is_noticed() -> None:
    first = issued(draft([item(1)]), [])
    second = issued(draft([item(2)]), [first])
    third = issued(draft([item(3)]), [first, second])
    assert broken_links([first, second, third]) == ()
    assert broken_links([first, third]) == (third.number,)
    forged = replace(first, lines=(replace(first.lines[0], net=Money(1, "EUR")),))
    assert broken_links([forged, second, third]) == (first.number,)
    assert hash_of(first) == first.content_hash


def test_a_document_from_before_zones_were_known_keeps_its_hash() -> None:
    document = issued(draft([item(1)]), [])
    told = {name: getattr(document, name) for name in Document.__dataclass_fields__ if name != "timezone"}
    assert hash_of(Document(**told)) == document.content_hash
    assert hash_of(replace(document, timezone="Europe/Berlin")) != document.content_hash
    assert a_document().content_hash == "8e850e8b6ce91f9d23466cea49cfaf2c5a65b99728fc6a71f64ed58a21c39575"


@pytest.mark.parametrize(
    ("zone", "month"), [(None, "2026-11"), ("Asia/Kolkata", "2026-12"), ("Europe/London", "2026-11"), ("America/Lima", "2026-11")]
)
def test_a_document_is_of_the_month_that_its_paper_tells(zone: str | None, month: str) -> None:
    late = datetime(2026, 11, 30, 20, 30, tzinfo=UTC)
    assert replace(a_document(), issued_at=late, timezone=zone).month == month


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.sampled_from([0, 700, 1900])), max_size=30))
def test_net_and_tax_add_up_to_what_is_owed(lines: list[tuple[int, int]]) -> None:
    made = [Line(str(number), LineKind.AD_HOC, "x", Money(minor, "EUR"), points) for number, (minor, points) in enumerate(lines)]
    document = issued(made, [])
    taxes = sum(rounded(sum(minor for minor, p in lines if p == points) * points, 10_000) for points in (700, 1900))
    assert document.gross.amount_minor == sum(minor for minor, _ in lines) + taxes
    assert document.due_at - document.issued_at == timedelta(days=14)
