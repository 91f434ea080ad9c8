"""Documents as paper: the PDF, the evidence of each line, and links that open a document for whoever holds them."""

from datetime import timedelta

from functions.billing.answers import DocumentBody
from functions.billing.line_evidence import LineEvidenceBody, ShareBody
from functions.billing.schemas import ShareAsked, SharedQuery
from functions.billing.wiring import Billing
from shared.config import settings
from shared.domain.accounts import Caller
from shared.domain.errors import NotFound
from shared.domain.invoices import Document, Paper
from shared.usecases.show_documents import readable
from shared.web.describe import body_as, describes, query_as
from shared.web.links import BY_LINK, document_in, url_to
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply

READ = (401, 404, 503)
PDF = {"application/pdf": "The document on A4, the same bytes each time."}


@describes(other_types=PDF, problems=READ)
def invoice_pdf(asked: Asked, app: Billing) -> Reply:
    """Give an invoice or credit note as PDF."""
    return _pdf_of_own(asked, app, Paper.INVOICE)


@describes(other_types=PDF, problems=READ)
def order_pdf(asked: Asked, app: Billing) -> Reply:
    """Give a payment order as PDF."""
    return _pdf_of_own(asked, app, Paper.PAYMENT_ORDER)


@describes(answers={200: LineEvidenceBody}, problems=READ)
def invoice_evidence(asked: Asked, app: Billing) -> Reply:
    """Open what a line of an invoice rests on: visits by source, decisions, rules, and whether it is still what was billed."""
    return _evidence(asked, app, Paper.INVOICE)


@describes(answers={200: LineEvidenceBody}, problems=READ)
def order_evidence(asked: Asked, app: Billing) -> Reply:
    """Open what a line of a payment order rests on."""
    return _evidence(asked, app, Paper.PAYMENT_ORDER)


@describes(body=ShareAsked, answers={201: ShareBody}, problems=(400, 401, 404, 413, 415, 422, 503))
def share_invoice(asked: Asked, app: Billing) -> Reply:
    """Make a link that opens the document for whoever holds it, for some hours."""
    wanted, known = body_as(ShareAsked, asked), settings()
    document = readable(app.show.ledger, asked.path["document_id"], asked.caller, Paper.INVOICE)
    expires_at = (app.clock() + timedelta(hours=wanted.hours)).replace(microsecond=0)
    home = known.public_url or asked.request.url_root.rstrip("/")
    url = url_to(document.document_id, expires_at, home, known)
    return Reply(201, ShareBody(url=url, expires_at=expires_at).model_dump_json())


@describes(query=SharedQuery, answers={200: DocumentBody}, other_types=PDF, problems=(404, 422, 429, 503))
def shared_document(asked: Asked, app: Billing) -> Reply:
    """Open a shared document, as PDF or with the evidence of its lines; a link that is over or altered opens nothing."""
    document_id = document_in(asked.path["link"], settings(), app.clock().timestamp())
    if document_id is None:
        raise NotFound("No such document.")
    query = query_as(SharedQuery, asked)
    document = app.show.ledger.get(document_id)
    if document is None:
        raise NotFound("No such document.")
    _note(asked, app, document, {document.party})
    if query.format == "pdf":
        return _as_pdf(app, document)
    reader = Caller(BY_LINK.subject, document.party, "user")
    return Reply(200, DocumentBody.of(app.show.one(document_id, reader), reader).model_dump_json())


def _pdf_of_own(asked: Asked, app: Billing, paper: Paper) -> Reply:
    document = readable(app.show.ledger, asked.path["document_id"], asked.caller, paper)
    _note(asked, app, document, set())
    return _as_pdf(app, document)


def _evidence(asked: Asked, app: Billing, paper: Paper) -> Reply:
    told = app.papers.evidence(asked.path["document_id"], asked.path["line_id"], asked.caller, paper)
    if told.line.person not in (None, asked.caller.email):
        note_read(app.access, asked, "line evidence", told.line.person or "", app.clock())
    return Reply(200, LineEvidenceBody.of(told, asked.caller).model_dump_json())


def _as_pdf(app: Billing, document: Document) -> Reply:
    name = f'inline; filename="{document.number}.pdf"'
    return Reply(200, app.papers.draw(document), "application/pdf", {"Content-Disposition": name})


def _note(asked: Asked, app: Billing, document: Document, others: set[str]) -> None:
    """Whose attendance is in a document is noted as read, before anybody gets it."""
    people = {line.person for line in document.lines if line.person} | others
    for person in sorted(people - {asked.caller.email}):
        note_read(app.access, asked, "document", person, app.clock())
