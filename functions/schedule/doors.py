"""Booking one class or a timetable of them; listing, changing and cancelling classes."""

import hashlib
import re

from functions.schedule.answers import ImportClassesBody
from functions.schedule.rows import ImportClassesRequest, check_own
from functions.schedule.schemas import (
    BookClassRequest,
    BookedBody,
    CancelQuery,
    ChangeClassRequest,
    ClassBody,
    ClassListBody,
    ListClassesQuery,
    ScopeQuery,
)
from functions.schedule.wiring import Schedule
from shared.domain.errors import Forbidden, InvalidInput, NotFound
from shared.domain.ids import stable_id
from shared.ports import KeyedRequest
from shared.web.describe import body_as, describes, query_as
from shared.web.routes import Asked, Reply
from shared.web.row_errors import unusable_table

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@describes(
    body=BookClassRequest,
    answers={201: BookedBody},
    problems=(400, 401, 403, 409, 413, 415, 422, 502, 503),
    headers={"Idempotency-Key": "Any text of 1 to 255 characters; the same key and body book once, however often they are sent."},
)
def book_class(asked: Asked, app: Schedule) -> Reply:
    """Book a class, or a series by an RRULE, and get its Meet link."""
    wanted = body_as(BookClassRequest, asked)
    if not asked.caller.is_admin and wanted.teacher_email != asked.caller.email:
        raise Forbidden("A teacher books own classes only; give your own address as teacher_email.")
    booked = app.book(wanted.to_booking(), _keyed(asked, "book"))
    return Reply(201, BookedBody.of_all(booked, asked.caller).model_dump_json())


@describes(
    body=ImportClassesRequest,
    answers={200: ImportClassesBody, 201: ImportClassesBody},
    problems=(400, 401, 403, 409, 413, 415, 422, 502, 503),
    headers={
        "Idempotency-Key": "Any text of 1 to 255 characters; the same key and body book once, however often they are sent, also "
        "after an answer that was lost. A dry run does not use it."
    },
)
def import_classes(asked: Asked, app: Schedule) -> Reply:
    """Book a timetable, a table of classes and series: all of them, or none and the errors of its rows."""
    told = body_as(ImportClassesRequest, asked)
    rows, errors = told.to_rows()
    check_own(rows, asked.caller)
    request = None if told.dry_run else _keyed(asked, "import")
    done = app.import_classes(rows, errors, request, is_dry_run=told.dry_run)
    if done.errors and not told.dry_run:
        raise unusable_table(done.errors)
    return Reply(200 if told.dry_run else 201, ImportClassesBody.of(done, is_dry_run=told.dry_run).model_dump_json())


@describes(query=ListClassesQuery, answers={200: ClassListBody}, problems=(400, 401, 404, 422, 503))
def list_classes(asked: Asked, app: Schedule) -> Reply:
    """List classes by start, those that are the caller's."""
    wanted = query_as(ListClassesQuery, asked)
    page = app.classes.page(wanted.to_filter(asked.caller), wanted.limit, wanted.page_token)
    return Reply(200, ClassListBody.of(page, asked.caller).model_dump_json())


@describes(answers={200: ClassBody}, problems=(401, 404, 503))
def get_class(asked: Asked, app: Schedule) -> Reply:
    """Show one class."""
    booked = app.classes.get(asked.path["class_id"])
    if not asked.caller.may_see(booked):
        raise NotFound("No such class.")
    return Reply(200, ClassBody.of(booked, asked.caller).model_dump_json())


@describes(
    body=ChangeClassRequest,
    query=ScopeQuery,
    answers={200: BookedBody},
    problems=(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
def change_class(asked: Asked, app: Schedule) -> Reply:
    """Change a class, or with it the following or all classes of its series; Calendar follows."""
    wanted = body_as(ChangeClassRequest, asked)
    scope = query_as(ScopeQuery, asked).scope
    changed = app.change.change(
        asked.path["class_id"], wanted.to_changes(), scope, asked.caller, allow_conflicts=wanted.allow_conflicts
    )
    return Reply(200, BookedBody.of_all(changed, asked.caller).model_dump_json())


@describes(query=CancelQuery, answers={200: BookedBody}, problems=(401, 403, 404, 409, 422, 503))
def cancel_class(asked: Asked, app: Schedule) -> Reply:
    """Cancel a class that has not begun, or the following or all classes of its series; Calendar follows."""
    wanted = query_as(CancelQuery, asked)
    cancelled = app.change.cancel(asked.path["class_id"], wanted.reason, wanted.scope, asked.caller)
    return Reply(200, BookedBody.of_all(cancelled, asked.caller).model_dump_json())


def _keyed(asked: Asked, what: str) -> KeyedRequest | None:
    """The request under its Idempotency-Key; a key is one caller's own, for one thing to do."""
    key = asked.request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if _KEY.fullmatch(key) is None:
        raise InvalidInput("Idempotency-Key", "The key must be 1 to 255 visible ASCII characters.")
    told = hashlib.sha256(asked.body).hexdigest()
    return KeyedRequest(stable_id("request", asked.caller.subject, asked.caller.email, what, key), told)
