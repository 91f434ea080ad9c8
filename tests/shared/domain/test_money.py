"""Money: whole, exact, and rounded once."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidInput
from shared.domain.money import DIGITS, Money, checked_currency, rounded, shared_out, total, zero

amounts = st.integers(-(10**12), 10**12)


@given(amounts, st.integers(1, 10**6))
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    if exact * 2 % 1 == 0:
        assert rounded(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert abs(Fraction(rounded(numerator, denominator)) - Fraction(numerator, denominator)) <= Fraction(1, 2)
    assert rounded(-numerator, denominator) == -rounded(numerator, denominator)


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_parts_add_up_and_are_off_by_less_than_one(amount: int, weights: list[int]) -> None:
    parts = shared_out(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(amount * weight, sum(weights))) < 1
        assert weight > 0 or part == 0


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_nothing_is_shared_out_to_nobody(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="nobody"):
        shared_out(100, weights)


def test_three_share_a_hundred_and_the_first_gets_the_rest() -> None:
    assert shared_out(100, [1, 1, 1]) == (34, 33, 33)
    assert shared_out(-100, [1, 1, 1]) == (-34, -33, -33)
    assert shared_out(5, [0, 1]) == (0, 5)


@given(st.lists(amounts))
def test_a_sum_is_exact(minors: list[int]) -> None:
    assert total((Money(minor, "EUR") for minor in minors), "EUR") == Money(sum(minors), "EUR")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        Money(1, "EUR") + Money(1, "USD")
    assert -Money(3, "EUR") - Money(2, "EUR") == Money(-5, "EUR")
    assert total([], "EUR") == zero("EUR")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1250, "EUR", "12.50 EUR"),
        (-5, "EUR", "-0.05 EUR"),
        (1250, "JPY", "1250 JPY"),
        (-1250, "KWD", "-1.250 KWD"),
        (0, "USD", "0.00 USD"),
    ],
)
def test_amounts_are_written_with_their_currencys_digits(minor: int, currency: str, text: str) -> None:
    assert Money(minor, currency).text == text


@pytest.mark.parametrize("code", ["eur", "EU", "XXX", "", "EURO", "DEM"])
def test_what_is_no_currency_in_use_is_refused_by_name(code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_currency(code, "pay.currency")
    assert refused.value.field == "pay.currency"
    assert all(checked_currency(known) == known for known in DIGITS)
