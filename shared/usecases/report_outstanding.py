"""What is open by what it was charged for: by the month of issuing, or by whose classes they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.domain.invoices import Document
from shared.domain.money import Money, shared_out, zero
from shared.domain.payments import Account
from shared.usecases.report_money import GroupBy, key_of


@dataclass(frozen=True, slots=True)
class OpenSum:
    """What is open of a key in one currency, and how much of it is over due; what belongs to none has no key."""

    key: str | None
    open: Money
    overdue: Money


def open_by(accounts: Iterable[Account], by: GroupBy, now: datetime) -> tuple[OpenSum, ...]:
    """What is open in all accounts, by key.

    What is left of a document that is paid in part is shared out by its lines, so that the sums of every grouping are the same.
    """
    sums: dict[tuple[str | None, str], OpenSum] = {}
    for account in accounts:
        for each in account.documents:
            is_late = each.document.due_at < now
            for key, part in _parts(each.document, each.open, by):
                none = zero(part.currency)
                before = sums.get((key, part.currency), OpenSum(key, none, none))
                late = before.overdue + part if is_late else before.overdue
                sums[key, part.currency] = OpenSum(key, before.open + part, late)
    return tuple(sums[place] for place in sorted(sums, key=lambda place: (place[0] is None, place[0] or "", place[1])))


def _parts(document: Document, amount: Money, by: GroupBy) -> Iterator[tuple[str | None, Money]]:
    """The parts of an amount by the keys of a document's lines, in proportion to what they come to."""
    if amount.amount_minor <= 0:
        return
    weights: dict[str | None, int] = {}
    for line in document.lines:
        key = key_of(by, document, line)
        weights[key] = weights.get(key, 0) + line.net.amount_minor
    owed = {key: max(weight, 0) for key, weight in weights.items()}
    if not any(owed.values()):
        owed = {None: 1}
    for key, part in zip(owed, shared_out(amount.amount_minor, list(owed.values())), strict=True):
        if part:
            yield key, Money(part, amount.currency)
