"""One person's data: exported, erased, and who read it."""

from functions.privacy.schemas import (
    AccessLogBody,
    AccessLogQuery,
    EraseAsked,
    EraseBody,
    ExportBody,
    ExportQuery,
    ExportRecord,
    address_in,
    plain,
)
from functions.privacy.wiring import Privacy
from shared.domain.errors import InvalidInput
from shared.usecases.export_person import cells_of
from shared.web.csv_stream import csv_stream
from shared.web.describe import body_as, describes, query_as
from shared.web.log import log
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply

CSV_HEADER = ("collection", "id", "field", "value")


@describes(query=AccessLogQuery, answers={200: AccessLogBody}, problems=(401, 404, 422, 503))
def access_log(asked: Asked, app: Privacy) -> Reply:
    """List who read whose attendance; whoever is no administrator sees the readings about themselves."""
    query = query_as(AccessLogQuery, asked)
    page = app.access.page(query.about_whom(asked.caller), query.by, query.limit, query.page_token)
    return Reply(200, AccessLogBody.of(page).model_dump_json())


@describes(
    query=ExportQuery,
    answers={200: ExportBody},
    problems=(401, 404, 422, 503),
    other_types={"text/csv": "The same as CSV: one row for each field of each record."},
)
def export(asked: Asked, app: Privacy) -> Reply:
    """Give everything that is stored about a person, to themselves, their guardians and administrators."""
    query, email = query_as(ExportQuery, asked), address_in(asked.path)
    records, now = app.export(email, asked.caller), app.clock()
    note_read(app.access, asked, "export", email, now)
    name = {"Content-Disposition": f'attachment; filename="personal-data.{query.format}"'}
    if query.format == "csv":
        rows = ((*cells[:3], plain(cells[3])) for record in records for cells in cells_of(record))
        return Reply(200, csv_stream(CSV_HEADER, rows), "text/csv; charset=utf-8", name)
    body = ExportBody(email=email, exported_at=now, records=[ExportRecord.of(record) for record in records])
    return Reply(200, body.model_dump_json(), headers=name)


@describes(body=EraseAsked, answers={200: EraseBody}, problems=(400, 401, 403, 404, 409, 413, 415, 422, 503))
def erase(asked: Asked, app: Privacy) -> Reply:
    """Erase a person and keep the times and the money under a pseudonym; asked again, it goes on where it was."""
    told, email = body_as(EraseAsked, asked), address_in(asked.path)
    if told.confirm != email:
        raise InvalidInput("confirm", "This is not the address in the path; write the same one to confirm who is erased.")
    note_read(app.access, asked, "erase", email, app.clock(), why=told.reason)
    erased = app.erase(email)
    log("WARNING", "erase", asked.trace, pseudonym=erased.pseudonym, done=erased.is_done)
    return Reply(200, EraseBody.of(erased).model_dump_json())
