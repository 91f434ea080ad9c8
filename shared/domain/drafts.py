"""Drafts: what is missing from a party's ledger, computed anew from the evidence and never stored.

Everything that was ever issued is the ledger. A draft is the difference between what follows from the evidence now and what
the ledger says already: so whatever was billed is billed once, and what changes after it was billed becomes an adjustment
that names its cause. The same holds for what is paid to teachers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.charges import Item, Side
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, LineKind
from shared.domain.money import total, zero
from shared.domain.packages import Package, Told, class_lines, given_back, makeups_of, paid_from, standing_line


def drafted(
    items: Iterable[Item],
    open_items: Iterable[str],
    ledger: Sequence[Document],
    party: str,
    currency: str,
    packages: Sequence[Package] = (),
) -> tuple[Line, ...]:
    """The lines that are missing from a party's ledger, by the class's start.

    `items` is all that follows from the evidence now, for classes up to the period's end; what is in the ledger and in no item
    any more is taken back, unless it is an open question (`open_items`): then it stays as it is until somebody answers.
    `packages` are those that the party bought and that were not taken back; lessons to make up follow from the lines.
    """
    own = {item.item_id: item for item in items if item.party == party and item.amount.currency == currency}
    billed = class_lines(ledger, (), currency)
    waiting = set(open_items)
    lines = [
        line
        for item_id in sorted(own.keys() | (billed.keys() - waiting))
        if item_id not in waiting and (line := _missing(own.get(item_id), billed.get(item_id, ()), party, currency))
    ]
    lines.sort(key=lambda line: (line.start_at is None, line.start_at, line.line_id))
    every = [each for each in (*packages, *makeups_of(party, ledger, lines, currency)) if each.currency == currency]
    back = given_back(lines, ledger, every, currency)
    return (*lines, *back, *paid_from(lines, back, ledger, every, currency))


def _missing(item: Item | None, billed: Sequence[Told], party: str, currency: str) -> Line | None:
    """The line that brings the ledger to what follows now; None where it is there already."""
    standing = standing_line(billed)
    if item is not None and standing is None:
        return _first(item, party, len(billed))
    already = total((line.net for _, line in billed), currency)
    wanted = item.amount if item is not None else zero(currency)
    if standing is None or (wanted == already and (item is None or standing.makeup_until == _makeup_until(item))):
        return None
    number, last = billed[-1]
    return replace(
        last,
        line_id=stable_id("line", last.item_id or "", party, str(len(billed))),
        kind=LineKind.ADJUSTMENT,
        description=_described(item) if item is not None else last.description.removeprefix("Taken back: "),
        net=wanted - already,
        tax_basis_points=item.tax_basis_points if item is not None else last.tax_basis_points,
        seq=len(billed),
        how=item.how if item is not None else None,
        digest=item.digest if item is not None else None,
        corrects=number,
        cause=f"{_cause(item)}; billed so far was {already.text}",
        makeup_until=_makeup_until(item) if item is not None else None,
        plan_id=item.plan_id if item is not None else last.plan_id,
        plan_version=item.plan_version if item is not None else last.plan_version,
    )


def _first(item: Item, party: str, seq: int) -> Line | None:
    """The first line about an item, or the first after all before it were taken back; nothing owed needs none."""
    if item.amount.amount_minor == 0:
        return None
    return Line(
        line_id=stable_id("line", item.item_id, party, str(seq)),
        kind=LineKind.CLASS,
        description=_described(item),
        net=item.amount,
        tax_basis_points=item.tax_basis_points,
        item_id=item.item_id,
        seq=seq,
        session_id=item.session_id,
        person=item.person,
        teacher_email=item.teacher_email,
        course_id=item.course_id,
        start_at=item.start_at,
        how=item.how,
        digest=item.digest,
        makeup_until=_makeup_until(item),
        plan_id=item.plan_id,
        plan_version=item.plan_version,
    )


def _makeup_until(item: Item) -> datetime | None:
    return item.start_at + timedelta(days=item.makeup_days) if item.makeup_days is not None else None


def _cause(item: Item | None) -> str:
    if item is None:
        return "it follows from the class no more"
    makeup = ", and there is a lesson to make up" if item.makeup_days is not None else ""
    return f"it is now {item.status.value}: {item.how}{makeup}"


def _described(item: Item) -> str:
    who = item.person if item.side is Side.CHARGE else item.party
    return f"{item.subject}, {who}"
