"""Documents of one line, to be issued."""

from datetime import timedelta

from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.money import Money
from tests.builders import at

MUM = "mum@home.example"


def paper(amount_minor: int, currency: str = "EUR", kind: Paper = Paper.INVOICE, party: str = MUM) -> Document:
    """A document about one thing; a credit note of it where the amount is less than nothing."""
    line = Line("line", LineKind.AD_HOC, "A book", Money(amount_minor, currency))
    start = at(0)
    return Document(
        document_id="",
        paper=kind,
        number="",
        party=party,
        currency=currency,
        period_from=start,
        period_to=start + timedelta(days=31),
        lines=(line,),
        issued_at=start,
        due_at=start + timedelta(days=14),
        issued_by="boss@school.example",
        seq=0,
        previous_hash="",
    )
