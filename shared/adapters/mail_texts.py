"""The words of e-mails: a subject line and a text for each event that is told by e-mail."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import DictLoader, Environment, StrictUndefined

from shared.domain.messages import Delivery, EventType
from shared.domain.warnings import WarningKind

# English whatever the machine speaks: strftime would write the names in its language.
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]
_CLOSING = """

If this is not as you remember it, please write to the teacher: {{ teacher_email }}
This message was sent automatically.
"""
_TEXTS = {
    "absences_in_row.raised.subject": "{{ name }}: {{ absences_in_row }} absences in a row in {{ subject }}",
    "absences_in_row.raised.text": "{{ name }} missed {{ absences_in_row }} classes of {{ subject }} in a row, "
    "most recently the one on {{ date }}." + _CLOSING,
    "absences_in_row.ended.subject": "{{ name }}: no longer absent from {{ subject }}",
    "absences_in_row.ended.text": "The warning about {{ name }}'s absences from {{ subject }}, raised after the class on "
    "{{ date }}, no longer stands." + _CLOSING,
    "low_share.raised.subject": "{{ name }}: attendance of {{ subject }} is at {{ share_percent }} %",
    "low_share.raised.text": "After the class on {{ date }}, {{ name }}'s attendance of {{ subject }} is at "
    "{{ share_percent }} % of {{ taken }} classes. At least {{ line }} % is expected." + _CLOSING,
    "low_share.ended.subject": "{{ name }}: attendance of {{ subject }} is back above the line",
    "low_share.ended.text": "The warning about {{ name }}'s attendance of {{ subject }}, raised after the class on {{ date }}, "
    "no longer stands." + _CLOSING,
}
_STATES = {EventType.WARNING_RAISED: "raised", EventType.WARNING_ENDED: "ended"}
# The texts are plain: nothing in them is markup, so nothing is escaped.
_words = Environment(loader=DictLoader(_TEXTS), undefined=StrictUndefined, autoescape=False)  # noqa: S701


def written(delivery: Delivery) -> tuple[str, str]:
    """Subject and text of the e-mail for a delivery. Raises `KeyError` for an event that is not told by e-mail."""
    data: Mapping[str, Any] = json.loads(delivery.body)["data"]
    name = f"{WarningKind(data['kind'])}.{_STATES[delivery.event]}"
    facts = {key: _line(value) if isinstance(value, str) else value for key, value in data.items()}
    facts |= {
        "name": facts["student_name"] or facts["student_email"],
        "date": _date(datetime.fromisoformat(data["start_time"]), data["timezone"]),
    }
    return _words.get_template(f"{name}.subject").render(facts), _words.get_template(f"{name}.text").render(facts)


def _line(text: str) -> str:
    """The text on one line, without anything that a reader cannot see."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())


def _date(at: datetime, timezone: str) -> str:
    """The day and time of a class where it is held."""
    try:
        local, place = at.astimezone(ZoneInfo(timezone)), timezone
    except (ZoneInfoNotFoundError, ValueError):
        local, place = at, "UTC"
    return f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} ({place})"
