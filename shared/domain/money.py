"""Money: whole minor units of one ISO 4217 currency, with one rounding where a price is made and none anywhere else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.domain.errors import InvalidInput

MOST = 2**53 - 1
"""The largest amount of minor units that every reader of JSON keeps exact."""

_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK"
    " DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD"
    " KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP"
    " PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH"
    " USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG",
}
DIGITS = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}
"""How many decimal digits each currency's minor unit stands for."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount; negative ones are owed the other way round."""

    amount_minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount_minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_minor, self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added up")
        return other.amount_minor

    @property
    def text(self) -> str:
        """The amount as people write it: `-12.50 EUR`."""
        digits = DIGITS[self.currency]
        sign, units = "-" if self.amount_minor < 0 else "", abs(self.amount_minor)
        whole, rest = divmod(units, 10**digits)
        return f"{sign}{whole}.{rest:0{digits}d} {self.currency}" if digits else f"{sign}{whole} {self.currency}"


def checked_currency(code: str, field: str = "currency") -> str:
    """The code, if it is a currency that is in use; raises `InvalidInput`."""
    if code not in DIGITS:
        raise InvalidInput(field, "Write the three capital letters of a currency in use, like EUR.")
    return code


def zero(currency: str) -> Money:
    """Nothing."""
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum; nothing where there are none."""
    found = zero(currency)
    for amount in amounts:
        found += amount
    return found


def rounded(numerator: int, denominator: int) -> int:
    """The fraction as a whole number, halves away from zero: the one rounding of a line."""
    if denominator <= 0:
        raise ValueError("the denominator must be above 0")
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def shared_out(amount_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Whole parts of an amount in proportion to weights, which add up to it: largest remainders first, the earlier on a tie.

    Raises `ValueError` for weights that are negative or all nothing.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("there is nobody to share it out to")
    sign = -1 if amount_minor < 0 else 1
    amount = abs(amount_minor)
    parts = [amount * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda index: (-(amount * weights[index] % whole), index))
    for index in by_rest[: amount - sum(parts)]:
        parts[index] += 1
    return tuple(sign * part for part in parts)
