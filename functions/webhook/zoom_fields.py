"""Fields of Zoom's events: what each must be, and the words that name one that is not. Standard library alone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.errors import InvalidInput
from shared.web.checks import EARLIEST_YEAR, LATEST_YEAR, email, filled, instant, text

LONGEST_NAME = 300
LONGEST_ID = 200

_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Json = Mapping[str, Any]


def mapping_in(part: Json, field: str, path: str = "") -> Json:
    """An object; `path` is where `part` stands in the event."""
    value = part.get(field)
    if not isinstance(value, dict):
        raise InvalidInput(path + field, f"{path}{field} must be an object.")
    return value


def event_name_in(event: Json) -> str:
    """The event's name, fit for an answer and a log."""
    value = event.get("event")
    if not isinstance(value, str) or not value:
        raise InvalidInput("event", "The event has no name.")
    return _UNPRINTED.sub(" ", value)[:LONGEST_ID]


def number_in(meeting: Json, path: str) -> str:
    """The meeting's number as text; Zoom writes it as a number or as text."""
    value = meeting.get("id")
    told = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if _NUMBER.fullmatch(told) is None:
        raise InvalidInput(f"{path}id", "This must be the meeting's number.")
    return told


def id_in(part: Json, field: str, path: str) -> str:
    """An id that the event must tell."""
    found = optional_id_in(part, field, path)
    if found is None:
        raise InvalidInput(path + field, f"The event has no {field}.")
    return found


def optional_id_in(part: Json, field: str, path: str) -> str | None:
    """An id as text, whether Zoom writes it as text or as a number; None where it is null or empty."""
    value = part.get(field)
    told = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if told is None or told == "":
        return None
    try:
        found = filled(text(told))
    except ValueError as odd:
        raise InvalidInput(path + field, str(odd)) from odd
    if len(found) > LONGEST_ID:
        raise InvalidInput(path + field, f"An id of Zoom has at most {LONGEST_ID} characters.")
    return found


def name_in(part: Json) -> str | None:
    """What somebody called themselves, on one line that is not endless."""
    value = part.get("user_name")
    if not isinstance(value, str):
        return None
    return _UNPRINTED.sub(" ", value).strip()[:LONGEST_NAME].rstrip() or None


def address_in(part: Json) -> str | None:
    """A whole e-mail address; anything else is as good as none."""
    try:
        return email(part.get("email"))
    except ValueError:
        return None


def instant_in(part: Json, field: str, path: str) -> datetime:
    """A time with its zone, as UTC."""
    try:
        return instant(part.get(field))
    except ValueError as odd:
        raise InvalidInput(path + field, f"The event's time cannot be read: {odd}") from odd


def sent_at_in(event: Json) -> datetime:
    """When the event happened as its envelope tells it, in milliseconds since 1970."""
    value = event.get("event_ts")
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput("event_ts", "This must be milliseconds since 1970.")
    try:
        at = _EPOCH + timedelta(milliseconds=value)
    except OverflowError as odd:
        raise InvalidInput("event_ts", "There is no such time.") from odd
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise InvalidInput("event_ts", f"The year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}.")
    return at
