"""Stripe's units against ours: to the last unit, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.stripe.units import money_of, units_of
from shared.domain.errors import NotInThisState, UpstreamRefused
from shared.domain.money import DIGITS, Money


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        (Money(1250, "EUR"), 1250),
        (Money(1000, "HUF"), 1000),
        (Money(500, "JPY"), 500),
        (Money(500, "ISK"), 50_000),
        (Money(5120, "KWD"), 5120),
        (Money(70_000, "MGA"), 700),
    ],
)
def test_amounts_are_told_as_stripe_counts_them(amount: Money, units: int) -> None:
    assert units_of(amount) == units
    assert money_of(units, amount.currency.lower()) == amount


@pytest.mark.parametrize("amount", [Money(5124, "KWD"), Money(70_050, "MGA")])
def test_what_is_too_fine_for_a_card_is_not_rounded(amount: Money) -> None:
    with pytest.raises(NotInThisState, match="too fine"):
        units_of(amount)


@pytest.mark.parametrize("currency", ["UGX", "IQD", "LYD", "UYI"])
def test_where_stripes_units_are_not_sure_nothing_is_charged_nor_counted(currency: str) -> None:
    with pytest.raises(NotInThisState, match="another way"):
        units_of(Money(500, currency))
    with pytest.raises(UpstreamRefused, match="by hand"):
        money_of(500, currency.lower())


@pytest.mark.parametrize(("units", "currency"), [(50_001, "isk"), (100, "xxx")])
def test_what_we_cannot_count_is_refused(units: int, currency: str) -> None:
    with pytest.raises(UpstreamRefused, match="by hand"):
        money_of(units, currency)


@given(st.sampled_from(sorted(DIGITS)), st.integers(-(10**9), 10**9))
def test_what_can_be_charged_comes_back_as_it_was(currency: str, amount: int) -> None:
    try:
        units = units_of(Money(amount, currency))
    except NotInThisState:
        return
    assert money_of(units, currency.lower()) == Money(amount, currency)
