"""Documents to put on paper, and their text as a reader of PDF sees it."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from pypdf import PdfReader

from functions.billing.paper.pages import pdf_of
from shared.domain.invoices import Document, Line, LineKind, Paper, sealed
from shared.domain.money import Money

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ISSUER = "Rollcall School\n12 Harbour Street\n1016 AB Amsterdam"
PREVIOUS = "ab" * 32


def a_line(number: int = 0, **changes: Any) -> Line:
    """An hour of Algebra, some days after the first of December."""
    told: dict[str, Any] = {
        "kind": LineKind.CLASS,
        "description": "Algebra, omar@school.example",
        "net": Money(3000, "EUR"),
        "person": "omar@school.example",
        "teacher_email": "ada@school.example",
        "start_at": NOON + timedelta(days=number),
        "how": "60 min at 30.00 EUR an hour",
        **changes,
    }
    return Line(f"{number:032x}", **told)


def a_document(*lines: Line, **changes: Any) -> Document:
    """An invoice to a mother."""
    told: dict[str, Any] = {
        "document_id": "0" * 32,
        "paper": Paper.INVOICE,
        "number": "INV-000123",
        "party": "mum@home.example",
        "currency": "EUR",
        "period_from": datetime(2026, 12, 1, tzinfo=UTC),
        "period_to": datetime(2027, 1, 1, tzinfo=UTC),
        "issued_at": datetime(2027, 1, 10, 9, 30, tzinfo=UTC),
        "due_at": datetime(2027, 1, 24, 9, 30, tzinfo=UTC),
        "issued_by": "boss@school.example",
        "seq": 123,
        "previous_hash": PREVIOUS,
        "issuer": ISSUER,
        "party_name": "Marta Nasser-Holm",
        "postal_address": "Keizersgracht 1, 1015 CC Amsterdam",
        **changes,
    }
    return sealed(Document(lines=lines or (a_line(),), **told))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, its lines joined by one space."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(document: Document) -> str:
    """The text of all pages."""
    return " ".join(pages_of(pdf_of(document)))
