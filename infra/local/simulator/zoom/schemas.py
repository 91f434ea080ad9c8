"""JSON Schema of Zoom's answers and events, after published examples: Zoom has no description that programs can read.

What a schema does not name is refused, so that nothing is made up by mistake.
"""

import logging
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

LOG = logging.getLogger("rollcall.simulator.zoom")

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NAME: Json = {"type": "string", "minLength": 1}
NUMBER: Json = {"type": "integer"}
COUNT: Json = {"type": "integer", "minimum": 0}
FLAG: Json = {"type": "boolean"}
TIME: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
UUID: Json = {"type": "string", "pattern": "^[A-Za-z0-9+/]{22}==$"}
NUMBER_TEXT: Json = {"type": "string", "pattern": r"^\d{9,12}$"}
EITHER_NUMBER: Json = {"anyOf": [NUMBER, NUMBER_TEXT]}
EMAIL_OR_NONE: Json = {"type": "string", "pattern": "^$|@"}
STAY: Json = {"enum": ["in_meeting", "in_waiting_room"]}
FREE: Json = {"type": "object"}


def record(needed: Mapping[str, Json], more: Mapping[str, Json] | None = None) -> Json:
    """An object with the properties that must be there and those that may."""
    return {
        "type": "object",
        "properties": {**needed, **(more or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


def listed(item: Json) -> Json:
    """A list of such items."""
    return {"type": "array", "items": item}


def paged(name: str, item: Json, more: Mapping[str, Json] | None = None) -> Json:
    """A page of a list."""
    told = {"page_size": {**COUNT, "maximum": 300}, "total_records": COUNT, "next_page_token": TEXT, name: listed(item)}
    return record(told, {"page_count": COUNT, "page_number": COUNT, **(more or {})})


_OCCURRENCE = record({"occurrence_id": NAME, "start_time": TIME}, {"duration": COUNT, "status": TEXT})
_BASIS = {"uuid": UUID, "id": NUMBER, "host_id": NAME, "topic": TEXT, "type": NUMBER}
_PLANNED = {"start_time": TIME, "duration": COUNT, "timezone": NAME}
_MEETING = record(
    {**_BASIS, "duration": COUNT, "timezone": NAME, "status": {"enum": ["waiting", "started"]}, "created_at": TIME}
    | {"host_email": EMAIL_OR_NONE, "join_url": NAME, "start_url": NAME, "password": TEXT, "settings": FREE}
    | {"agenda": TEXT, "pre_schedule": FLAG},
    {"start_time": TIME, "registration_url": NAME},
)
_MEETING_ROW = record(
    {**_BASIS, "duration": COUNT, "timezone": NAME, "created_at": TIME, "join_url": NAME},
    {"start_time": TIME, "agenda": {**TEXT, "maxLength": 250}},
)
_REGISTRANT = record(
    {"id": NAME, "email": EMAIL_OR_NONE, "first_name": NAME, "last_name": TEXT, "create_time": TIME}
    | {"status": {"enum": ["approved", "pending", "denied"]}},
    {"join_url": NAME, "participant_pin_code": NUMBER},
)
_STAY_ROW = {"id": TEXT, "name": TEXT, "user_id": NAME, "user_email": EMAIL_OR_NONE, "join_time": TIME, "leave_time": TIME}
_STAY_ROW |= {"duration": COUNT, "failover": FLAG, "status": STAY}
_PAST = {"uuid": UUID, "id": NUMBER, "type": NUMBER, "topic": TEXT, "user_name": TEXT, "user_email": EMAIL_OR_NONE}
_PAST |= {"start_time": TIME, "end_time": TIME, "duration": COUNT, "total_minutes": COUNT, "participants_count": COUNT}

ANSWERS: dict[str, Json] = {
    "token": record(
        {"access_token": NAME, "token_type": {"const": "bearer"}, "expires_in": COUNT, "scope": TEXT, "api_url": NAME}
    ),
    "error": record({"code": NUMBER, "message": NAME}, {"errors": listed(record({"field": NAME, "message": NAME}))}),
    "meeting": _MEETING,
    "meetings": paged("meetings", _MEETING_ROW),
    "registrant_created": record(
        {"id": NUMBER, "registrant_id": NAME, "topic": TEXT},
        {"join_url": NAME, "start_time": TIME, "occurrences": listed(_OCCURRENCE), "participant_pin_code": NUMBER},
    ),
    "registrants": paged("registrants", _REGISTRANT),
    "instances": record({"meetings": listed(record({"uuid": UUID, "start_time": TIME}))}),
    "past_meeting": record(_PAST, {"host_id": NAME, "dept": TEXT, "source": TEXT, "has_meeting_summary": FLAG}),
    "past_participants": paged("participants", record({**_STAY_ROW, "registrant_id": TEXT, "internal_user": FLAG})),
    "report_participants": paged(
        "participants",
        record(_STAY_ROW, {"registrant_id": TEXT, "participant_user_id": TEXT, "customer_key": TEXT, "bo_mtg_id": UUID}),
    ),
}

_IDENTITY = {"user_name": TEXT, "id": TEXT}
_KNOWN = {"user_id": NAME, "participant_uuid": NAME, "email": EMAIL_OR_NONE, "participant_user_id": TEXT, **_IDENTITY}
_MAYBE = {"customer_key": TEXT, "phone_number": TEXT}
_REGISTERED = {"registrant_id": TEXT}
_MAYBE_REGISTERED: Json = {"registrant_id": {"type": ["string", "null"], "minLength": 1}}
_IP = {"public_ip": NAME}
_HOUR = {"host_id": NAME, "topic": TEXT, "type": NUMBER, **_PLANNED, "uuid": UUID}
_LEFT = {"leave_time": TIME, "leave_reason": TEXT}
_PARENT = {"parent_user_id": NAME}


def _event(name: str, needed: Mapping[str, Json], more: Mapping[str, Json] | None = None, beside: Json | None = None) -> Json:
    payload = record({"account_id": NAME, "object": record(needed, more), **(beside or {})})
    return record({"event": {"const": f"meeting.{name}"}, "event_ts": NUMBER, "payload": payload})


def _of_person(name: str, person: Mapping[str, Json], more: Mapping[str, Json] | None = None) -> Json:
    about = {**_HOUR, "id": NUMBER_TEXT, "participant": record(person, {**_MAYBE, **(more or {})})}
    if "breakout" in name:
        about["breakout_room_uuid"] = UUID
    return _event(f"participant_{name}", about)


_OPERATOR = {"operator": NAME, "operator_id": NAME}
_CREATED_MORE = {"pmi": TEXT, "occurrences": listed(_OCCURRENCE), "recurrence": FREE, "settings": FREE, "start_time": TIME}
_DATED = {**_KNOWN, **_REGISTERED, "date_time": TIME}
_NUMBERED = {**_BASIS, "duration": COUNT, "timezone": NAME}
_ASKED = (
    *("address", "city", "country", "zip", "state", "phone", "industry", "org", "job_title", "comments"),
    *("purchasing_time_frame", "role_in_purchase_process", "no_of_employees"),
)
_PERSON_REGISTERED = record(
    {"id": NAME, "first_name": NAME, "last_name": TEXT, "email": EMAIL_OR_NONE, "status": NAME, "join_url": NAME},
    dict.fromkeys(_ASKED, TEXT) | {"custom_questions": listed(FREE), "participant_pin_code": NUMBER},
)

EVENTS: dict[str, Json] = {
    "endpoint.url_validation": record(
        {"event": {"const": "endpoint.url_validation"}, "event_ts": NUMBER, "payload": record({"plainToken": NAME})}
    ),
    "meeting.created": _event(
        "created",
        {**_NUMBERED, "join_url": NAME, "password": TEXT},
        _CREATED_MORE,
        {**_OPERATOR, "operation": {"enum": ["single", "all"]}},
    ),
    "meeting.updated": _event(
        "updated",
        {"id": NUMBER},
        {"topic": TEXT, "settings": FREE, "agenda": TEXT, "type": NUMBER, "password": TEXT, **_PLANNED},
        {**_OPERATOR, "scope": {"enum": ["single", "all"]}, "time_stamp": NUMBER, "old_object": FREE},
    ),
    "meeting.deleted": _event(
        "deleted", _NUMBERED, {"start_time": TIME}, {**_OPERATOR, "operation": {"enum": ["single", "all"]}}
    ),
    "meeting.registration_created": _event(
        "registration_created",
        {**_HOUR, "id": NUMBER, "registrant": _PERSON_REGISTERED},
        {"occurrences": listed(_OCCURRENCE)},
    ),
    "meeting.started": _event("started", {**_HOUR, "id": EITHER_NUMBER}),
    "meeting.ended": _event("ended", {**_HOUR, "id": NUMBER_TEXT, "end_time": TIME}),
    "meeting.participant_joined": _of_person("joined", {**_KNOWN, **_MAYBE_REGISTERED, "join_time": TIME}, _IP),
    "meeting.participant_left": _of_person("left", {**_KNOWN, **_REGISTERED, **_LEFT}, {**_IP, "private_ip": NAME}),
    "meeting.participant_bind": _of_person(
        "bind", {**_KNOWN, **_REGISTERED, "bind_user_id": NAME, "bind_participant_uuid": NAME, "date_time": TIME}, _IP
    ),
    "meeting.participant_jbh_waiting": _of_person("jbh_waiting", _IDENTITY, _REGISTERED),
    "meeting.participant_jbh_joined": _of_person("jbh_joined", _IDENTITY, _REGISTERED),
    "meeting.participant_joined_breakout_room": _of_person(
        "joined_breakout_room", {**_KNOWN, **_REGISTERED, **_PARENT, "join_time": TIME}
    ),
    "meeting.participant_left_breakout_room": _of_person("left_breakout_room", {**_KNOWN, **_REGISTERED, **_PARENT, **_LEFT}),
} | {
    f"meeting.participant_{name}": _of_person(name, _DATED)
    for name in ("joined_waiting_room", "left_waiting_room", "admitted", "put_in_waiting_room")
}

_CHECKS = {name: Draft202012Validator(schema) for name, schema in {**ANSWERS, **EVENTS}.items()}


def wrong_in(name: str, body: object) -> str | None:
    """What is wrong with an answer, or with an event of that name, with the place; None when nothing is."""
    check = _CHECKS.get(name)
    if check is None:
        return f"there is no schema of {name}"
    wrong = best_match(check.iter_errors(body))
    if wrong is None:
        return None
    place = ".".join(str(part) for part in wrong.absolute_path) or "the body"
    return f"{place}: {wrong.message}"


class WrongOfOurOwn(Exception):
    """The simulator was about to say what Zoom would not."""


def must_be_right(name: str, body: object) -> None:
    """Raise `WrongOfOurOwn`, and say it loudly, for an answer or event that is none of Zoom's."""
    wrong = wrong_in(name, body)
    if wrong is not None:
        LOG.error("The simulator's %s is none of Zoom's: %s. It was %r", name, wrong, body)
        raise WrongOfOurOwn(f"The simulator's own {name} is wrong: at {wrong}")
