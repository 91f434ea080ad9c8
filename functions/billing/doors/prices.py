"""Rate plans and what they are given to."""

from functions.billing import rows
from functions.billing.doors.words import CHANGE, CSV, LIST
from functions.billing.rates import AssignmentAsked, AssignmentBody, PlanAsked, PlanBody, PlanPart, PlansBody
from functions.billing.schemas import FormatQuery
from functions.billing.wiring import Billing
from shared.web.describe import body_as, describes, query_as
from shared.web.routes import Asked, Reply


@describes(query=FormatQuery, answers={200: PlansBody}, problems=LIST, other_types=CSV)
def rate_plans(asked: Asked, app: Billing) -> Reply:
    """List every version of every rate plan, and what plans are given to; CSV has the prices alone."""
    if query_as(FormatQuery, asked).format == "csv":
        return rows.as_csv("rate-plans", rows.PLANS, rows.of_plans(app.show_plans.versions()))
    return Reply(200, PlansBody.of(app.show_plans.versions(), app.show_plans.assignments()).model_dump_json())


@describes(body=PlanAsked, answers={201: PlanBody}, problems=CHANGE)
def set_rate_plan(asked: Asked, app: Billing) -> Reply:
    """Set a version of a rate plan for classes to come; what has begun keeps the rates it had."""
    stored = app.plans(body_as(PlanAsked, asked).to_words(), asked.caller)
    return Reply(201, PlanBody(plan=PlanPart.of(stored)).model_dump_json())


@describes(body=AssignmentAsked, answers={201: AssignmentBody}, problems=CHANGE)
def assign_rate_plan(asked: Asked, app: Billing) -> Reply:
    """Give a rate plan to a class, a student, a teacher, a course or everything, or take it back; for classes to come."""
    given = app.plans.assign(body_as(AssignmentAsked, asked).to_words(), asked.caller)
    return Reply(201, AssignmentBody.of(given).model_dump_json())
