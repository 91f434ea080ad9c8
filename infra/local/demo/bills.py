"""The demo's last chapter: bills that follow from the class's attendance, issued by a run, paid in part, and drawn."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from infra.local.demo.cast import CAST, TEACHER
from infra.local.demo.office import CURRENCY, LESSON_MINOR, TAX_BASIS_POINTS, WAGE_MINOR, Office, day_of
from infra.local.demo.verdict import Finding

GROSS = LESSON_MINOR + (LESSON_MINOR * TAX_BASIS_POINTS + 5000) // 10_000
PART = 500
PAPERS = {"invoices": "invoice", "payroll": "payment_order"}
Until = Callable[[Callable[[], Awaitable[bool | None]], str], Awaitable[bool]]
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Billed:
    """What came of it: the open questions before and after the strangers were decided, what was issued, how it stands."""

    before: Sequence[Mapping[str, Any]]
    after: Sequence[Mapping[str, Any]]
    invoices: Sequence[Document]
    orders: Sequence[Document]
    standings: Mapping[str, Mapping[str, Any]]


async def bill(office: Office, session_id: str, start: datetime, tell: Callable[[str], None], until: Until) -> Billed:
    """Bill the class as an office does: look at the questions, answer them, issue, receive money."""
    day = day_of(start)
    before = await office.questions(session_id, day)
    tell(f"Billing: {len(before)} lines wait for an answer, since nobody is billed on a guess; the others are ready.")
    names = await office.calls_strangers_guests(session_id)
    tell(f"The office decides: {' and '.join(names)} were guests.")
    after = await office.questions(session_id, day)
    for paper in PAPERS.values():
        await office.starts_run(paper, day)
    for side, paper in PAPERS.items():

        async def is_run(paper: str = paper) -> bool | None:
            return await office.is_run(paper, day)

        await until(is_run, f"The {side} were not issued")
    invoices = await office.documents("invoices", session_id)
    orders = await office.documents("payroll", session_id)
    tell(f"Tasks issued {len(invoices)} invoices and {len(orders)} payment order, each frozen with a number and a hash.")
    await office.receives(invoices[0], GROSS)
    await office.receives(invoices[1], PART)
    tell(f"{invoices[0]['party']} pays in full, {invoices[1]['party']} in part.")
    standings = await office.standings([str(each["party"]) for each in invoices])
    return Billed(before, after, invoices, orders, standings)


def findings_about(billed: Billed) -> list[Finding]:
    """What is checked about the bills."""
    students = sorted(person.email or "" for person in CAST if person.is_student)
    doubts = sorted(each["doubt"] for each in billed.before)
    parties, sums = [each["party"] for each in billed.invoices], {each["gross"]["amount_minor"] for each in billed.invoices}
    paid = [billed.standings[each["number"]]["standing"] for each in billed.invoices]
    orders = [(each["party"], each["gross"]["amount_minor"]) for each in billed.orders]
    return [
        Finding(
            "While somebody unknown was there, the absent student was not billed, and nobody paid for the unknown",
            doubts == ["may_be_stranger", "unidentified", "unidentified"] and not billed.after,
            f"the questions were {doubts}, and then {len(billed.after)}",
        ),
        Finding(
            f"Each student has one invoice of {_text(_amount(GROSS))}",
            parties == students and sums == {GROSS},
            f"invoices of {sorted(sums)} went to {parties}",
        ),
        Finding("One invoice is paid, one in part", paid == ["paid", "partly_paid", *["unpaid"] * 3], f"they are {paid}"),
        Finding(
            f"The teacher is to be paid {_text(_amount(WAGE_MINOR))} once",
            orders == [(TEACHER, WAGE_MINOR)],
            f"payment orders are {orders}",
        ),
    ]


def bills_table(billed: Billed) -> Group:
    """The invoices and payment orders, as a person likes to read them."""
    table = Table(title="Bills that follow from it", title_justify="left", box=None, header_style="bold")
    for name in ("Number", "To", "For", "How"):
        table.add_column(name, no_wrap=True)
    for name in ("Net", "With tax", "Open"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in (*billed.invoices, *billed.orders):
        told = billed.standings.get(each["number"])
        line = each["lines"][-1]
        status = line["evidence"]["status"] if line["evidence"] else "-"
        is_open = told is None or told["open"]["amount_minor"] > 0
        left = Text(_text(told["open"]) if told else "", style="yellow" if is_open else "green")
        table.add_row(each["number"], each["party"], status, line["how"], _text(each["net"]), _text(each["gross"]), left)
    return Group(table, Text(f"The last one's hash: {billed.invoices[-1]['content_hash']}", style="dim"))


def _amount(minor: int) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": CURRENCY}


def _text(amount: Mapping[str, Any]) -> str:
    return f"{amount['amount_minor'] // 100}.{amount['amount_minor'] % 100:02d} {amount['currency']}"
