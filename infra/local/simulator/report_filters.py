"""The filters of Reports, as unhelpful as Google's: what cannot be understood is ignored, a wrong name finds nothing."""

import operator
import re
from collections.abc import Callable, Mapping

from infra.local.simulator.report_rows import PARAMETERS, Row

_TERM = re.compile(r"(?P<name>\w+)(?P<compared>==|<>|<=|>=|<|>)(?P<value>.+)")
_COMPARISONS: Mapping[str, Callable[[str | int, str | int], bool]] = {
    "==": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def read_filters(text: str) -> Callable[[Row], bool]:
    """Whether a row passes. Terms are joined with commas; of two about the same parameter the last one counts."""
    found = (_TERM.fullmatch(part.strip()) for part in text.split(","))
    terms = {term["name"]: (term["compared"], term["value"]) for term in found if term is not None}

    def passes(row: Row) -> bool:
        told = row.parameters()
        return all(name in PARAMETERS and _holds(told.get(name), *term) for name, term in terms.items())

    return passes


def _holds(told: str | float | None, compared: str, value: str) -> bool:
    """Whether a parameter compares; one that a row does not have equals nothing."""
    match told:
        case None:
            return compared == "<>"
        case bool():
            return _COMPARISONS[compared](str(told).lower(), value.lower())
        case int():
            return re.fullmatch(r"-?\d{1,19}", value) is not None and _COMPARISONS[compared](told, int(value))
        case _:
            return _COMPARISONS[compared](str(told), value)
