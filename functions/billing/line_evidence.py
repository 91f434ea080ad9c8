"""The evidence of a line on the wire. Who decided and who recorded is told to administrators, time and reason to everybody."""

from datetime import datetime
from typing import Literal, Self

from functions.billing.answers import LinePart, MoneyPart, StayPart
from functions.billing.rates import RatePart
from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.charges import Side
from shared.domain.policies import Policy
from shared.domain.rate_plans import RatePlan
from shared.usecases.show_line_evidence import Correction, Decided, LineEvidence, OfClass, Visit
from shared.web.fields import Answer, Instant


class LessonPart(Answer):
    """The class that the line is about."""

    class_id: str
    session_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    status: str
    start_at: Instant
    end_at: Instant
    cancelled_at: Instant | None


class VerdictPart(Answer):
    """The person's attendance as it counts now: the verdict, how it is known who it was, and the time that counts.

    `shared` is when the other side was there too: of a student whoever teaches, of a teacher any student.
    """

    status: str
    computed_status: str
    match: str
    basis: str
    source: str | None
    policy_version: int
    display_name: str | None
    devices: int
    stays: list[StayPart]
    seconds: int
    shared: list[StayPart]
    shared_seconds: int

    @classmethod
    def of(cls, row: Attendance) -> Self:
        """The row on the wire."""
        return cls(
            status=row.status,
            computed_status=row.computed_status or row.status,
            match=row.match,
            basis=row.basis,
            source=row.source,
            policy_version=row.policy_version,
            display_name=row.display_name,
            devices=row.devices,
            stays=[StayPart.model_validate(each) for each in row.stays],
            seconds=row.seconds(row.end_at),
            shared=[StayPart.model_validate(each) for each in row.shared],
            shared_seconds=row.shared_seconds(row.end_at),
        )


class VisitPart(Answer):
    """One visit as one source told it, on one device; without an end the source did not see the person go."""

    source: str
    basis: str
    joined_at: Instant
    left_at: Instant | None
    display_name: str | None
    device: str | None
    connection: str
    recorded_at: Instant | None
    reason: str | None
    by: str | None

    @classmethod
    def of(cls, visit: Visit, caller: Caller) -> Self:
        """The visit on the wire."""
        return cls(
            source=visit.source,
            basis=visit.basis,
            joined_at=visit.joined_at,
            left_at=visit.left_at,
            display_name=visit.display_name,
            device=visit.device,
            connection=visit.connection,
            recorded_at=visit.recorded_at,
            reason=visit.reason,
            by=visit.author if caller.is_admin else None,
        )


class DecisionPart(Answer):
    """What somebody decided about the person; `is_withdrawn` takes back what was decided before about the same."""

    kind: Literal["excuse", "status", "link", "confirmed", "card"]
    value: str
    at: Instant
    reason: str
    by: str | None
    is_withdrawn: bool

    @classmethod
    def of(cls, decided: Decided, caller: Caller) -> Self:
        """The decision on the wire."""
        told = {name: getattr(decided, name) for name in ("kind", "value", "at", "reason", "is_withdrawn")}
        return cls.model_validate({**told, "by": decided.by if caller.is_admin else None})


class RulesPart(Answer):
    """The version of the attendance policy that counts for the class, as numbers and in words."""

    version: int
    effective_from: Instant | None
    grace_minutes: int
    left_early_minutes: int
    minimum_share_percent: int
    minimum_minutes: int
    auto_absent: bool
    student_no_show_minutes: int | None
    words: list[str]

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """The policy on the wire."""
        told = {name: getattr(policy, name) for name in cls.model_fields if name != "words"}
        return cls.model_validate({**told, "words": list(words_of(policy))})


class PricedPart(Answer):
    """The version of the rate plan that the class is priced by: the line's own side of it, and what its status means there."""

    plan_id: str
    version: int
    name: str
    effective_from: Instant
    rate: RatePart
    percent: int | None
    tax_basis_points: int

    @classmethod
    def of(cls, plan: RatePlan, told: LineEvidence) -> Self:
        """The plan on the wire; of its two sides whoever pays sees one and whoever is paid the other."""
        is_charge = told.side is Side.CHARGE
        row = told.of_class.row if told.of_class else None
        outcome = plan.outcome_of(row.status) if row is not None and is_charge else None
        rate = RatePart.model_validate(plan.charge if is_charge else plan.pay)
        own = [price for price in rate.prices if price.currency == told.document.currency]
        return cls(
            plan_id=plan.plan_id,
            version=plan.version,
            name=plan.name,
            effective_from=plan.effective_from,
            rate=rate.model_copy(update={"prices": own}),
            percent=outcome.charge_percent if outcome else None,
            tax_basis_points=plan.tax_basis_points if is_charge else 0,
        )


class CorrectionPart(Answer):
    """A later line about the same, by the number of its document."""

    number: str
    line_id: str
    kind: str
    net: MoneyPart
    how: str | None
    cause: str | None

    @classmethod
    def of(cls, correction: Correction) -> Self:
        """The correction on the wire."""
        line = correction.line
        net = MoneyPart.model_validate(line.net)
        return cls(number=correction.number, line_id=line.line_id, kind=line.kind, net=net, how=line.how, cause=line.cause)


class LineEvidenceBody(Answer):
    """A line and everything that it rests on, as it stands now.

    `as_billed` is whether pricing the class today comes to what the line says; null where there is nothing to compare with or a
    question is open. `visits` are each source's own. `is_intact` is whether the document still has the hash that it was given.
    """

    document_id: str
    number: str
    issued_at: Instant
    content_hash: str
    is_intact: bool
    line: LinePart
    as_billed: bool | None
    lesson: LessonPart | None
    verdict: VerdictPart | None
    visits: list[VisitPart]
    decisions: list[DecisionPart]
    policy: RulesPart | None
    rate_plan: PricedPart | None
    corrections: list[CorrectionPart]

    @classmethod
    def of(cls, told: LineEvidence, caller: Caller) -> Self:
        """The evidence as the caller may see it."""
        document, of_class = told.document, told.of_class
        return cls(
            document_id=document.document_id,
            number=document.number,
            issued_at=document.issued_at,
            content_hash=document.content_hash,
            is_intact=told.is_intact,
            line=LinePart.model_validate(told.line),
            as_billed=told.as_billed,
            lesson=_lesson(of_class) if of_class else None,
            verdict=VerdictPart.of(of_class.row) if of_class and of_class.row else None,
            visits=[VisitPart.of(each, caller) for each in of_class.visits] if of_class else [],
            decisions=[DecisionPart.of(each, caller) for each in of_class.decisions] if of_class else [],
            policy=RulesPart.of(of_class.policy) if of_class and of_class.policy else None,
            rate_plan=PricedPart.of(told.plan, told) if told.plan else None,
            corrections=[CorrectionPart.of(each) for each in told.corrections],
        )


class ShareBody(Answer):
    """A link that opens the document for whoever holds it, until it expires."""

    url: str
    expires_at: Instant


def words_of(policy: Policy) -> tuple[str, ...]:
    """The rules that make a verdict, one sentence each."""
    unseen = "absent" if policy.auto_absent else "unknown until somebody decides"
    waits = policy.student_no_show_minutes
    return (
        f"Late is who comes more than {policy.grace_minutes} minutes after the start.",
        f"Who goes more than {policy.left_early_minutes} minutes before the end left early.",
        f"Who was there for less than {policy.minimum_share_percent} % of the class was partly present.",
        f"Who was there for less than {policy.minimum_minutes} minutes was not there.",
        f"Who was not seen in a meeting that was read whole is {unseen}.",
        *([] if waits is None else [f"Who was never seen while the teacher waited {waits} minutes is a no-show."]),
    )


def _lesson(of_class: OfClass) -> LessonPart:
    held = of_class.held
    told: dict[str, str | datetime | None] = {name: getattr(held, name) for name in LessonPart.model_fields}
    return LessonPart.model_validate(told)
