"""What the Financial Hub answers about drafts, documents and runs, on the wire."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Self

from functions.billing.rates import Shown
from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.charges import Question
from shared.domain.invoices import Document, Line
from shared.domain.money import Money
from shared.domain.payments import Standing
from shared.domain.rulings import Ruling
from shared.ports import Page
from shared.usecases.draft_invoices import Draft, Drafts
from shared.usecases.list_documents import Listed
from shared.usecases.run_period import Progress
from shared.usecases.show_documents import Shown as ShownDocument
from shared.web.fields import Answer, Instant

SECOND = timedelta(seconds=1)


class MoneyPart(Shown):
    """An amount in whole minor units."""

    amount_minor: int
    currency: str


class StayPart(Shown):
    """When somebody was there; without an end nobody saw them go."""

    joined_at: Instant
    left_at: Instant | None


class DecidedPart(Answer):
    """What a person decided. Who that was is told to administrators."""

    ruling_id: str
    value: str
    at: Instant
    reason: str
    by: str | None

    @classmethod
    def of(cls, ruling: Ruling | None, caller: Caller) -> Self | None:
        """The ruling on the wire."""
        if ruling is None:
            return None
        by = ruling.by if caller.is_admin else None
        return cls(ruling_id=ruling.ruling_id, value=ruling.value, at=ruling.at, reason=ruling.reason, by=by)


class EvidencePart(Answer):
    """What a line rests on, as it stands now: the verdict, how the person was found, by which policy and whose rulings.

    `stays` is when the person was there, `seconds` how much of it counts, `shared_seconds` together with the other side.
    """

    session_id: str
    status: str
    computed_status: str | None
    match: str
    basis: str
    source: str | None
    policy_version: int
    stays: list[StayPart]
    seconds: int
    shared_seconds: int
    ruling: DecidedPart | None
    excuse: DecidedPart | None

    @classmethod
    def of(cls, row: Attendance, caller: Caller) -> Self:
        """The row on the wire."""
        return cls(
            session_id=row.session_id,
            status=row.status,
            computed_status=row.computed_status,
            match=row.match,
            basis=row.basis,
            source=row.source,
            policy_version=row.policy_version,
            stays=[StayPart.model_validate(each) for each in row.stays],
            seconds=row.seconds(row.end_at),
            shared_seconds=row.shared_seconds(row.end_at),
            ruling=DecidedPart.of(row.ruling, caller),
            excuse=DecidedPart.of(row.excuse, caller),
        )


class LinePart(Shown):
    """One line, without tax. `digest` changes when what it rests on changes; `corrects` is the document that it changes."""

    line_id: str
    kind: str
    description: str
    net: MoneyPart
    tax_basis_points: int
    session_id: str | None
    person: str | None
    teacher_email: str | None
    course_id: str | None
    start_at: Instant | None
    how: str | None
    digest: str | None
    corrects: str | None
    cause: str | None
    package_id: str | None
    makeup_until: Instant | None
    plan_id: str | None
    plan_version: int | None
    evidence: EvidencePart | None = None

    @classmethod
    def of(cls, line: Line, evidence: Mapping[str, Attendance], caller: Caller) -> Self:
        """The line on the wire, with the row that it rests on."""
        row = evidence.get(line.line_id)
        told = cls.model_validate(line)
        return told if row is None else told.model_copy(update={"evidence": EvidencePart.of(row, caller)})


class TaxPart(Shown):
    """The tax on all lines of one rate, in hundredths of a percent."""

    basis_points: int
    net: MoneyPart
    tax: MoneyPart


class HeadPart(Shown):
    """A document without its lines."""

    document_id: str
    paper: str
    number: str
    party: str
    currency: str
    period_from: Instant
    period_to: Instant
    issued_at: Instant
    due_at: Instant
    cancels: str | None
    net: MoneyPart
    gross: MoneyPart


class RowPart(HeadPart):
    """A document of a list: how it stands as of now, what of it is paid and what is open; null for a credit note."""

    standing: Standing | None
    paid: MoneyPart | None
    open: MoneyPart | None

    @classmethod
    def of(cls, row: Listed) -> Self:
        """The row on the wire."""
        told = HeadPart.model_validate(row.document).model_dump()
        if row.how is None:
            return cls(**told, standing=None, paid=None, open=None)
        return cls(**told, standing=row.how.standing, paid=money(row.how.paid), open=money(row.how.open))


class DocumentPart(HeadPart):
    """A document. It never changes; `content_hash` covers it and the one before of its party.

    `timezone` is the zone in which its times are told on paper; null is UTC.
    """

    issued_by: str
    timezone: str | None
    previous_hash: str
    content_hash: str
    taxes: list[TaxPart]
    lines: list[LinePart]


class DocumentBody(Answer):
    """A document."""

    document: DocumentPart

    @classmethod
    def of(cls, shown: ShownDocument, caller: Caller) -> Self:
        """The document on the wire, with the evidence of its lines."""
        told = DocumentPart.model_validate(shown.document)
        lines = [LinePart.of(each, shown.evidence, caller) for each in shown.document.lines]
        return cls(document=told.model_copy(update={"lines": lines}))


class IssuedBody(Answer):
    """What was issued: one document, or several of one period where there are many lines."""

    documents: list[DocumentPart]

    @classmethod
    def of(cls, *issued: Document) -> Self:
        """The documents on the wire."""
        return cls(documents=[DocumentPart.model_validate(each) for each in issued])


class DocumentsBody(Answer):
    """One page of documents, the newest first. One that was asked for a standing may hold few rows, or none, and go on."""

    documents: list[RowPart]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[Listed]) -> Self:
        """The page on the wire."""
        return cls(documents=[RowPart.of(each) for each in page.items], next_page_token=page.next_token)


class QuestionPart(Shown):
    """Something to answer before it can be billed, and how."""

    side: str
    session_id: str
    class_id: str
    subject: str
    start_at: Instant
    person: str | None
    display_name: str | None
    doubt: str
    remedy: str


class QuestionsBody(Answer):
    """What has to be answered before more can be billed."""

    questions: list[QuestionPart]

    @classmethod
    def of(cls, questions: tuple[Question, ...]) -> Self:
        """The questions on the wire."""
        return cls(questions=[QuestionPart.model_validate(each) for each in questions])


class DraftPart(Answer):
    """What would be issued to a party in one currency; whoever issues it names its `digest`."""

    party: str
    paper: str
    currency: str
    period_from: Instant
    period_to: Instant
    digest: str
    net: MoneyPart
    taxes: list[TaxPart]
    gross: MoneyPart
    lines: list[LinePart]

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """The draft on the wire."""
        document = draft.document
        return cls(
            party=draft.party.email,
            paper=draft.paper,
            currency=draft.currency,
            period_from=draft.period.start,
            period_to=draft.period.end,
            digest=draft.digest,
            net=MoneyPart.model_validate(document.net),
            taxes=[TaxPart.model_validate(each) for each in document.taxes],
            gross=MoneyPart.model_validate(document.gross),
            lines=[LinePart.model_validate(each) for each in draft.lines],
        )


class DraftsBody(QuestionsBody):
    """The drafts, and what has to be answered before more can be billed."""

    drafts: list[DraftPart]

    @classmethod
    def of_all(cls, found: Drafts) -> Self:
        """The drafts on the wire."""
        questions = [QuestionPart.model_validate(each) for each in found.questions]
        return cls(drafts=[DraftPart.of(each) for each in found.drafts], questions=questions)


class LeftPart(Answer):
    """A draft that is not issued yet."""

    party: str
    gross: MoneyPart
    digest: str


class RunBody(Answer):
    """How far a run is: what was issued for the period, and which of the drafts that were planned are left.

    A draft that stays left has changed since the start; look at it and issue it, or start again. `questions` were open at the
    start. Before any start `started_at` is null.
    """

    issued: int
    sums: list[MoneyPart]
    planned: int
    left: list[LeftPart]
    questions: int
    started_at: Instant | None

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """The progress on the wire."""
        return cls(
            issued=progress.issued,
            sums=[MoneyPart.model_validate(each) for each in progress.sums],
            planned=progress.planned,
            left=[LeftPart(party=each.party, gross=money(each.gross), digest=each.digest) for each in progress.left],
            questions=progress.questions,
            started_at=progress.started_at,
        )


class TaskBody(Answer):
    """The numbers of what one task issued; none where the draft has changed since."""

    numbers: list[str]


def money(amount: Money) -> MoneyPart:
    """An amount on the wire."""
    return MoneyPart(amount_minor=amount.amount_minor, currency=amount.currency)
