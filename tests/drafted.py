"""Items, drafts and issued documents of one payer, in the words of the domain alone."""

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.attendance import AttendanceStatus
from shared.domain.charges import Item, Side
from shared.domain.drafts import drafted
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, Paper, number_of, sealed
from shared.domain.money import Money
from shared.domain.packages import Package
from tests.builders import at

MUM, OMAR, ADA = "mum@home.example", "omar@school.example", "ada@school.example"
PREFIXES = {Paper.INVOICE: "R-", Paper.CREDIT_NOTE: "C-", Paper.PAYMENT_ORDER: "P-"}


def item(day: int, minor: int = 3000, **changes: object) -> Item:
    session_id = stable_id("session", str(day))
    made = Item(
        Side.CHARGE, session_id, stable_id("class", str(day)), "maths", "Algebra", at(day * 1440), OMAR, MUM, ADA,
        Money(minor, "EUR"), AttendanceStatus.PRESENT, 3600, "standard", 1, 0, "60 min at 30.00 EUR an hour", f"d{minor}",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def issued(lines: Sequence[Line], ledger: Sequence[Document], paper: Paper = Paper.INVOICE, **changes: object) -> Document:
    seq = len(ledger) + 1
    made = Document(
        stable_id("document", str(seq)), paper, number_of(paper, seq, PREFIXES), MUM, "EUR", at(0), at(30 * 1440), tuple(lines),
        at(30 * 1440), at(44 * 1440), "root@school.example", seq, ledger[-1].content_hash if ledger else "",
    )  # fmt: skip
    return sealed(replace(made, **changes))  # type: ignore[arg-type]


def draft(
    items: Sequence[Item], ledger: Sequence[Document] = (), packages: Sequence[Package] = (), waiting: Sequence[str] = ()
) -> tuple[Line, ...]:
    return drafted(items, waiting, ledger, MUM, "EUR", packages)


def nets(lines: Sequence[Line]) -> list[int]:
    return [line.net.amount_minor for line in lines]
