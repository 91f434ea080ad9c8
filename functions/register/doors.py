"""The register: the rules that attendance is judged by, what it adds up to, and who is warned."""

from functions.register.schemas import (
    PolicyAsked,
    PolicyBody,
    PolicyPart,
    PolicyQuery,
    PreviewAsked,
    PreviewBody,
    VersionsBody,
)
from functions.register.sums import CSV_HEADERS, TotalsBody, TotalsQuery, csv_row
from functions.register.warned import WarningsBody, WarningsQuery
from functions.register.wiring import Register
from shared.usecases.total_attendance import EVERYTHING
from shared.web.csv_stream import csv_stream
from shared.web.describe import body_as, describes, query_as
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply


@describes(query=PolicyQuery, answers={200: PolicyBody}, problems=(401, 422, 503))
def policy(asked: Asked, app: Register) -> Reply:
    """Show the attendance policy of classes that start now, or at another time."""
    shown = app.show.at(query_as(PolicyQuery, asked).at)
    part = PolicyPart.of(shown, with_author=asked.caller.role != "user")
    return Reply(200, PolicyBody(policy=part).model_dump_json())


@describes(answers={200: VersionsBody}, problems=(401, 403, 503))
def policy_versions(asked: Asked, app: Register) -> Reply:  # noqa: ARG001 - every door takes both
    """List every version of the attendance policy, the newest first."""
    versions = [PolicyPart.of(each, with_author=True) for each in app.show.all()]
    return Reply(200, VersionsBody(versions=versions).model_dump_json())


@describes(body=PolicyAsked, answers={201: PolicyBody}, problems=(400, 401, 403, 409, 413, 415, 422, 503))
def set_policy(asked: Asked, app: Register) -> Reply:
    """Set a new version of the attendance policy for classes to come; what has begun keeps the one it had."""
    stored = app.set(body_as(PolicyAsked, asked).to_words(), asked.caller)
    return Reply(201, PolicyBody(policy=PolicyPart.of(stored, with_author=True)).model_dump_json())


@describes(body=PreviewAsked, answers={200: PreviewBody}, problems=(400, 401, 403, 413, 415, 422, 503))
def preview_policy(asked: Asked, app: Register) -> Reply:
    """Show what past classes would have been under other rules; nothing is stored."""
    wanted = body_as(PreviewAsked, asked)
    preview = app.preview(wanted.to_words(), asked.caller)
    note_read(app.access, asked, "preview", wanted.about or EVERYTHING, app.clock())
    return Reply(200, PreviewBody.of(preview).model_dump_json(by_alias=True))


@describes(
    query=TotalsQuery,
    answers={200: TotalsBody},
    problems=(401, 422, 503),
    other_types={"text/csv": "The same as CSV, one line for each row."},
)
def totals(asked: Asked, app: Register) -> Reply:
    """Add up attendance by student, course or teacher."""
    query = query_as(TotalsQuery, asked)
    found = app.total(query.to_words(), asked.caller)
    for about in dict.fromkeys(found.about):
        note_read(app.access, asked, "totals", about, app.clock())
    if query.format == "csv":
        name = {"Content-Disposition": f'attachment; filename="totals-by-{query.by}.csv"'}
        body = csv_stream(CSV_HEADERS[query.by], (csv_row(row) for row in found.rows))
        return Reply(200, body, "text/csv; charset=utf-8", name)
    return Reply(200, TotalsBody.of(query.by, found.rows).model_dump_json())


@describes(query=WarningsQuery, answers={200: WarningsBody}, problems=(401, 404, 422, 503))
def warnings(asked: Asked, app: Register) -> Reply:
    """List warnings about students' attendance, the last raised first."""
    query = query_as(WarningsQuery, asked)
    page = app.warnings(query.to_filter(), query.limit, query.page_token, asked.caller)
    if any(each.student_email != asked.caller.email for each in page.items):
        note_read(app.access, asked, "warnings", query.about or EVERYTHING, app.clock())
    return Reply(200, WarningsBody.of(page).model_dump_json())
