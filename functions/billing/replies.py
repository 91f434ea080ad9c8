"""What several doors of the Financial Hub do alike: lists of drafts and documents, whose something is, and the sender's key."""

import re

from functions.billing import rows
from functions.billing.answers import DocumentBody, DocumentsBody, DraftsBody
from functions.billing.schemas import ListQuery, PeriodQuery
from functions.billing.wiring import Billing
from shared.domain.errors import InvalidInput, NotFound
from shared.domain.invoices import Paper
from shared.usecases.draft_invoices import Drafts
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply

# What a reading is noted about that names nobody.
EVERYBODY = "*"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def drafts_reply(asked: Asked, app: Billing, query: PeriodQuery, paper: Paper, party: str | None) -> Reply:
    """The drafts of one party or of all, noted as read."""
    found: Drafts = app.draft.of_party(party, paper, query.period) if party else app.draft.of_all(paper, query.period)
    note_read(app.access, asked, "drafts", party or EVERYBODY, app.clock())
    if query.format == "csv":
        return rows.as_csv("drafts", rows.DRAFTS, rows.of_drafts(found.drafts))
    return Reply(200, DraftsBody.of_all(found).model_dump_json())


def documents_reply(asked: Asked, app: Billing, query: ListQuery, paper: Paper) -> Reply:
    """The documents that are the caller's: one page, or all of them as CSV."""
    wanted = query.to_filter(paper)
    if query.format == "csv":
        found = app.listed.stream(wanted, query.standing, asked.caller)
        return rows.as_csv(paper.value, rows.DOCUMENTS, rows.of_documents(found))
    page = app.listed.page(wanted, query.standing, query.limit, query.page_token, asked.caller)
    return Reply(200, DocumentsBody.of(page).model_dump_json())


def document_reply(asked: Asked, app: Billing, paper: Paper) -> Reply:
    """One document that is the caller's; whose attendance is in it is noted as read."""
    shown = app.show.one(asked.path["document_id"], asked.caller, paper)
    people = {line.person for line in shown.document.lines if line.person and line.line_id in shown.evidence}
    for person in sorted(people - {asked.caller.email}):
        note_read(app.access, asked, "document", person, app.clock())
    return Reply(200, DocumentBody.of(shown, asked.caller).model_dump_json())


def key_of(asked: Asked) -> str:
    """The request's Idempotency-Key; raises `InvalidInput` without one."""
    key = asked.request.headers.get("Idempotency-Key", "")
    if _KEY.fullmatch(key) is None:
        raise InvalidInput("Idempotency-Key", "Send this header with 1 to 255 visible ASCII characters, the same for each retry.")
    return key


def own(asked: Asked, party: str | None) -> str:
    """The party, if it is the caller's to see; raises `NotFound` as for an absent one."""
    if party is None or not (asked.caller.is_admin or party == asked.caller.email):
        raise NotFound("No such party.")
    return party
