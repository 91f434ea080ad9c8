"""Meet's JSON as stays: who was in a conference, from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.domain.evidence import PersonKind
from shared.ports import MeasuredStay

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conference:
    """One conference record; `ended_at` is None while the conference is on."""

    name: str
    started_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None

    def was_on(self, start_from: datetime, end_before: datetime) -> bool:
        """Whether it was on at some instant between the two."""
        return self.started_at < end_before and (self.ended_at is None or self.ended_at > start_from)


def conference_in(record: Json) -> Conference:
    """A conference record as Meet tells it."""
    return Conference(
        record["name"], instant(record["startTime"]), _instant_in(record, "endTime"), _instant_in(record, "expireTime")
    )


def stays_in(participant: Json, visits: Iterable[Json]) -> tuple[MeasuredStay, ...]:
    """A participant's visits, one for each device and each time of joining."""
    ref, kind, display_name = _person_in(participant)
    return tuple(
        MeasuredStay(visit["name"], ref, display_name, kind, instant(visit["startTime"]), _instant_in(visit, "endTime"))
        for visit in visits
    )


def instant(text: str) -> datetime:
    """A time of Meet's, with any number of fraction digits, in UTC to the microsecond."""
    return datetime.fromisoformat(text).astimezone(UTC)


def google_id_of(participant: Json) -> str | None:
    """The Google user id of somebody who is signed in."""
    user = str((participant.get("signedinUser") or {}).get("user", ""))
    return user.removeprefix("users/") or None


def _person_in(participant: Json) -> tuple[str, PersonKind, str | None]:
    """Ref, kind and display name.

    Only a signed-in person keeps the same id from one conference to the next; for all others the ref names the
    conference too.
    """
    _, record, _, own = participant["name"].split("/")
    ref, kind, told = f"meet:{record}/{own}", PersonKind.ANONYMOUS, participant.get("anonymousUser") or {}
    if (signed_in := participant.get("signedinUser")) is not None:
        kind, told = PersonKind.SIGNED_IN, signed_in
        google_id = google_id_of(participant)
        ref = f"google:{google_id}" if google_id else ref
    elif (phone := participant.get("phoneUser")) is not None:
        kind, told = PersonKind.PHONE, phone
    return ref, kind, told.get("displayName") or None


def _instant_in(record: Json, field: str) -> datetime | None:
    text = record.get(field)
    return instant(text) if text else None
