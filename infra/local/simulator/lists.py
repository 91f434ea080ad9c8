"""Which events and instances a list of Calendar's holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.local.simulator.events import CANCELLED, Json, StoredEvent, instant_in
from infra.local.simulator.refusals import invalid


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for: a span of time, a least time of update, and whether deleted ones are shown."""

    ends_after: datetime | None
    starts_before: datetime | None
    updated_from: datetime | None
    with_deleted: bool

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Wanted":
        """What the query parameters ask for."""
        after, before, updated = (_time(query, name) for name in ("timeMin", "timeMax", "updatedMin"))
        if after is not None and before is not None and after >= before:
            raise invalid("The specified time range is empty.")
        return cls(after, before, updated, bool(query.get("showDeleted")))

    def takes(self, one: Json) -> bool:
        """Whether an event or an instance belongs into the list."""
        if one["status"] == CANCELLED and not self.with_deleted:
            return False
        return self.is_in_time(one) and (self.updated_from is None or datetime.fromisoformat(one["updated"]) >= self.updated_from)

    def is_in_time(self, one: Json) -> bool:
        """Whether it is on at some time of the span."""
        if self.ends_after is not None and instant_in(one["end"]) <= self.ends_after:
            return False
        return self.starts_before is None or instant_in(one["start"]) < self.starts_before


def events_wanted(events: Iterable[StoredEvent], query: Mapping[str, Any]) -> Iterator[Json]:
    """What `events.list` shows of a calendar, in no order."""
    is_spelled_out = bool(query.get("singleEvents"))
    if query.get("orderBy") == "startTime" and not is_spelled_out:
        raise invalid("The requested ordering is not available for the particular query.")
    wanted, named = Wanted.of(query), _named(query)
    for event in events:
        if not named(event.resource):
            continue
        if is_spelled_out or not event.is_series:
            yield from (one for one in event.instances() if wanted.takes(one))
        else:
            yield from _series(event, wanted)


def _series(event: StoredEvent, wanted: Wanted) -> Iterator[Json]:
    """A series as itself and its exceptions; of a series that is not deleted, cancelled instances are always told."""
    is_deleted = event.resource["status"] == CANCELLED
    instances = [one for one in event.instances() if wanted.is_in_time(one)]
    if not instances or (is_deleted and not wanted.with_deleted):
        return
    yield event.resource
    for one in instances:
        is_exception = one["id"].rpartition("_")[2] in event.exceptions
        if is_exception and not is_deleted:
            yield one


def _named(query: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a test of plain JSON
    """Whether an event has the private properties and the iCalUID that are asked for."""
    pairs = [text.partition("=") for text in query.get("privateExtendedProperty", [])]
    uid = query.get("iCalUID")

    def is_named(resource: Json) -> bool:
        private = resource.get("extendedProperties", {}).get("private", {})
        return uid in (None, resource["iCalUID"]) and all(private.get(name) == value for name, _, value in pairs)

    return is_named


def _time(query: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(query[name]) if name in query else None
