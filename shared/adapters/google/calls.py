"""A row of the audit log of Meet as calls: who was in which room, from when to when.

The rows are written by many versions of Google's systems, so nothing is taken for granted: a row that lacks what a call
needs, or holds it in an unknown form, is unreadable as a whole.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.adapters.google.records import instant
from shared.domain.evidence import PersonKind
from shared.domain.rooms import meet_code_in
from shared.ports import ReportedCall

# A call's start is told in whole seconds, its end to the millisecond, and the two clocks need not agree.
CLOCKS_AGREE_WITHIN = timedelta(seconds=5)

Json = dict[str, Any]
Parameters = Mapping[str, str]


class Unreadable(Exception):
    """A row tells of a call, but not in a form from which it could be understood."""


def calls_in(row: Json, *, with_details: bool) -> tuple[ReportedCall, ...]:
    """The Meet calls that one row tells of: one, or none where it tells of something else. Raises `Unreadable`.

    The device and the place are kept only `with_details`, the IP address never.
    """
    try:
        ended = [_parameters(event) for event in row["events"] if event.get("name") == "call_ended"]
        return tuple(
            _call(row, told, with_details=with_details) for told in ended if told.get("product_type") in (None, "", "meet")
        )
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError) as bad:
        raise Unreadable(str(bad)) from bad


def _parameters(event: Json) -> Parameters:
    """The parameters as text; whole numbers come as text anyway."""
    told = {}
    for each in event["parameters"]:
        value = each.get("value", each.get("intValue"))
        if value is not None:
            told[str(each["name"])] = str(value).strip()
    return told


def _call(row: Json, told: Parameters, *, with_details: bool) -> ReportedCall:
    code = meet_code_in(told["meeting_code"])
    if code is None:
        raise ValueError(f"no meeting code: {told['meeting_code']!r}")
    endpoint = told.get("endpoint_id") or str(row["id"]["uniqueQualifier"])
    left_at = instant(row["id"]["time"])
    ref, kind, address = _person(row.get("actor") or {}, told, endpoint)
    return ReportedCall(
        meet_code=code,
        connection=endpoint,
        ref=ref,
        display_name=told.get("display_name") or None,
        kind=kind,
        joined_at=_joined_at(told, left_at),
        left_at=left_at,
        address=address,
        device=(told.get("device_type") or None) if with_details else None,
        location=_location(told) if with_details else None,
    )


def _joined_at(told: Parameters, left_at: datetime) -> datetime:
    """When the device joined: as the row tells it, else as long before it left as the call took."""
    started = int(told.get("start_timestamp_seconds") or 0)
    joined_at = (
        datetime.fromtimestamp(started, UTC) if started > 0 else left_at - timedelta(seconds=int(told["duration_seconds"]))
    )
    if joined_at > left_at + CLOCKS_AGREE_WITHIN:
        raise ValueError(f"joined at {joined_at.isoformat()}, after leaving")
    return min(joined_at, left_at)


def _person(actor: Json, told: Parameters, endpoint: str) -> tuple[str, PersonKind, str | None]:
    """Ref, kind, and the address that the ref does not hold.

    A guest's identifier may be empty or partly hidden by asterisks; what is left of it is not an address.
    """
    own = _address_in(actor.get("email"))
    if actor.get("callerType") == "USER" and actor.get("profileId"):
        return f"google:{actor['profileId']}", PersonKind.SIGNED_IN, own
    kind = told.get("identifier_type")
    address = _address_in(told.get("identifier")) if kind == "email_address" else None
    if (address := address or own) is not None:
        return f"email:{address}", PersonKind.SIGNED_IN, None
    is_phone = kind == "phone_number" or told.get("device_type", "").startswith("pstn")
    return f"reports:{endpoint}", PersonKind.PHONE if is_phone else PersonKind.ANONYMOUS, None


def _address_in(text: str | None) -> str | None:
    """A whole e-mail address in lower case; None where it is hidden or something else."""
    address = (text or "").strip().lower()
    name, at, domain = address.partition("@")
    return address if name and at and domain and "@" not in domain and "*" not in address else None


def _location(told: Parameters) -> str | None:
    """Country and city, as far as they are told: `ES, Madrid`."""
    return ", ".join(part for part in (told.get("location_country"), told.get("location_region")) if part) or None
