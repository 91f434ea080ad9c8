"""Amounts as Stripe counts them, which is not always as ISO 4217 does.

Most currencies have two decimal digits for both. Stripe counts some in whole units; those with three digits end in a 0; and
the Icelandic króna is written with two digits that are always 00. Stripe's description of the Ugandan shilling says both that
it has no digits and that it has two, so nothing is charged in it rather than a hundred times too much.
"""

from shared.domain.errors import NotInThisState, UpstreamRefused
from shared.domain.money import DIGITS, Money

WHOLE = frozenset(("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"))
THOUSANDTHS = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
HUNDREDTHS_OF_WHOLE = frozenset(("ISK",))


def units_of(amount: Money) -> int:
    """An amount in Stripe's units; raises `NotInThisState` for one that Stripe cannot take to the last unit."""
    digits = _digits_of(amount.currency)
    if digits is None:
        raise NotInThisState(f"Nothing can be paid by card in {amount.currency}; have it paid in another way.")
    more = digits - DIGITS[amount.currency]
    units, rest = (amount.amount_minor * 10**more, 0) if more >= 0 else divmod(amount.amount_minor, 10**-more)
    if rest or (amount.currency in THOUSANDTHS and units % 10):
        raise NotInThisState(f"{amount.text} is too fine for a card; have the last digits paid in another way.")
    return units


def money_of(units: int, currency: str) -> Money:
    """What Stripe tells, as we count it; raises `UpstreamRefused` for what we cannot count to the last unit."""
    code = currency.upper()
    digits = _digits_of(code)
    if digits is None:
        raise UpstreamRefused("Unknown currency", f"Stripe tells of {units} units of {code}; record this payment by hand.")
    less = digits - DIGITS[code]
    amount, rest = divmod(units, 10**less) if less > 0 else (units * 10**-less, 0)
    if rest:
        raise UpstreamRefused("Unknown amount", f"Stripe tells of {units} units of {code}; record this payment by hand.")
    return Money(amount, code)


def _digits_of(currency: str) -> int | None:
    """How many decimal digits Stripe's unit of a currency stands for; None where that is not sure."""
    if currency in WHOLE:
        return 0
    if currency in THOUSANDTHS:
        return 3
    return 2 if currency in HUNDREDTHS_OF_WHOLE or DIGITS.get(currency) == 2 else None  # noqa: PLR2004 - as nearly all have
