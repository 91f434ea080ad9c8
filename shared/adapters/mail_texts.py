"""The words of e-mails: a subject line and a text for each event that is told by e-mail."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import DictLoader, Environment, StrictUndefined

from shared.domain.invoices import Paper
from shared.domain.messages import Delivery, EventType
from shared.domain.money import Money
from shared.domain.warnings import WarningKind

# English whatever the machine speaks: strftime would write the names in its language.
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]
_CLOSING = """

If this is not as you remember it, please write to the teacher: {{ teacher_email }}
This message was sent automatically.
"""
_END = "\n\nThis message was sent automatically.\n"
_OPEN = "{{ '\n\nOpen it here, for thirty days: ' + link if link else '' }}"
_PERIOD = "\nFrom: {{ begin }}\nBefore: {{ end }}"
_DOCUMENT = (
    "\n\nNumber: {{ number }}\nAmount: {{ amount }}\n"
    "{{ 'Due: ' + due if is_to_pay else 'Nothing is to be paid; what is less than nothing is set off.' }}" + _PERIOD
)
_CANCELLED = "\n\nNumber: {{ number }}\nTakes back: {{ cancels }}\nAmount: {{ amount }}" + _PERIOD
_PAYMENT = "\n\nAmount: {{ amount }}\nDate: {{ date }}\nBy: {{ method }}{{ '\nFor: ' + number if number else '' }}"
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
    "invoice.issued.subject": "Invoice {{ number }}: {{ amount }}",
    "invoice.issued.text": "You have a new invoice." + _DOCUMENT + _OPEN + _END,
    "payment_order.issued.subject": "Payment order {{ number }}: {{ amount }}",
    "payment_order.issued.text": "What you are to be paid was settled." + _DOCUMENT + _END,
    "invoice.cancelled.subject": "Credit note {{ number }}: invoice {{ cancels }} was taken back",
    "invoice.cancelled.text": "Invoice {{ cancels }} was taken back." + _CANCELLED + _OPEN + _END,
    "payment_order.cancelled.subject": "Credit note {{ number }}: payment order {{ cancels }} was taken back",
    "payment_order.cancelled.text": "Payment order {{ cancels }} was taken back." + _CANCELLED + _END,
    "invoice.overdue.subject": "Reminder: {{ open }} of invoice {{ number }} is over due",
    "invoice.overdue.text": "An invoice is over due.\n\nNumber: {{ number }}\nStill to pay: {{ open }}\nAmount: {{ amount }}\n"
    "Due: {{ due }}\nDays over due: {{ days_over }}"
    + _OPEN
    + "\n\nIf you paid it in the last days, there is nothing to do."
    + _END,
    "received.subject": "Payment received: {{ amount }}",
    "received.text": "Thank you, your payment was received." + _PAYMENT + _END,
    "refunded.subject": "Paid back to you: {{ amount }}",
    "refunded.text": "Money was paid back to you." + _PAYMENT + _END,
    "paid_out.subject": "Paid to you: {{ amount }}",
    "paid_out.text": "You were paid." + _PAYMENT + _END,
    "returned.subject": "Payment returned: {{ amount }}",
    "returned.text": "Money that was paid to you came back." + _PAYMENT + _END,
}
_STATES = {EventType.WARNING_RAISED: "raised", EventType.WARNING_ENDED: "ended"}
_MONEY = frozenset(each for each in EventType if each.value.partition(".")[0] in ("invoice", "payment", "payment_order"))
# The texts are plain: nothing in them is markup, so nothing is escaped.
_words = Environment(loader=DictLoader(_TEXTS), undefined=StrictUndefined, autoescape=False)  # noqa: S701


def written(delivery: Delivery, link: str | None = None) -> tuple[str, str]:
    """Subject and text of the e-mail for a delivery, with a link that opens what it tells of, where there is one.

    Raises `KeyError` for an event that is not told by e-mail.
    """
    data: Mapping[str, Any] = json.loads(delivery.body)["data"]
    facts = {key: _line(value) if isinstance(value, str) else value for key, value in data.items()}
    name, more = _of_money(delivery.event, data) if delivery.event in _MONEY else _of_warning(delivery.event, data, facts)
    facts |= {**more, "link": link}
    return _words.get_template(f"{name}.subject").render(facts), _words.get_template(f"{name}.text").render(facts)


def _of_warning(event: EventType, data: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
    """Which words tell of a warning, and the facts in them that are made of others."""
    return f"{WarningKind(data['kind'])}.{_STATES[event]}", {
        "name": facts["student_name"] or facts["student_email"],
        "date": _date(datetime.fromisoformat(data["start_time"]), data["timezone"]),
    }


def _of_money(event: EventType, data: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
    """The same of a document or a payment. What money did to somebody who is paid is the other way round; sums are told plain."""
    amount = Money(**data["amount"])
    if event is EventType.PAYMENT_RECORDED:
        names = ("paid_out", "returned") if data["paper"] == Paper.PAYMENT_ORDER else ("received", "refunded")
        is_back = amount.amount_minor < 0
        return names[is_back], {"amount": (-amount if is_back else amount).text, "date": _day(data["received_at"])}
    zone = data.get("timezone", "UTC")
    told: dict[str, object] = {"amount": amount.text, "is_to_pay": amount.amount_minor > 0, "due": _day(data["due_at"], zone)}
    told |= {"begin": _day(data["period_from"], zone), "end": _day(data["period_to"], zone)}
    return event.value, {**told, "open": Money(**data["open"]).text} if "open" in data else told


def _day(at: str, timezone: str = "UTC") -> str:
    """A day and time of the books, as the document tells it; a payment knows no place."""
    return _date(datetime.fromisoformat(at), timezone)


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
