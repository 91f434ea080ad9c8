"""The live views in Firestore: `live`, one document for each class of a course that has begun.

Two writers share a document: the class's part is written with the class, people, registrations and the reading with the
session's fold. Neither touches the other's fields, and either may come first; only with the class's part is it ever found.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.api_core.bidi import _Throttle
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of, value_of
from shared.adapters.firestore.store import HOW, reachable
from shared.adapters.firestore.versions import read, upcast
from shared.adapters.firestore.writes import Batch
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Course
from shared.domain.ids import stable_id
from shared.domain.live import (
    KEPT_AFTER_END,
    LiveClass,
    LiveNews,
    LivePerson,
    LiveReading,
    LiveRegistration,
    LiveSession,
    live_class,
)
from shared.live_ports import Seen, Watch

MOST_WATCHED = 100
REOPENS, REOPENS_WITHIN = 5, timedelta(seconds=10)


def put_class(batch: Batch, before: ScheduledClass, after: ScheduledClass) -> None:
    """Add the class's part of its live view to the commit that stores the class, where it changed."""
    live = live_class(after)
    if live is None or live == live_class(before):
        return
    fields = {
        "v": BODY_VERSION,
        "course_id": live.course_id,
        "end_at": live.end_at,
        "expire_at": live.end_at + KEPT_AFTER_END,
        "body": body_of(live),
    }
    batch.upsert(f"live/{live.session_id}", fields)


def put_news(batch: Batch, news: LiveNews) -> None:
    """Add a fold's news to the commit that stores the session."""
    fields: dict[str, Any] = {"v": BODY_VERSION, "expire_at": news.keep_until}
    fields |= {f"people.r{each.row_id}": body_of(each) for each in news.people}
    fields |= {f"registrations.g{stable_id('live', each.registration_id)}": body_of(each) for each in news.registrations}
    if news.reading is not None:
        fields["reading"] = body_of(news.reading)
    batch.upsert(f"live/{news.session_id}", fields, [f"people.r{row_id}" for row_id in news.gone])


class FirestoreLive:
    """Fulfils the port `LiveViews`. A listener costs CPU for each document in its result, so what it asks for is bounded."""

    def __init__(self, client: firestore.Client) -> None:
        self._client = client

    def of_course(self, course_id: str, ends_after: datetime) -> Mapping[str, LiveSession]:
        """See the port."""
        with reachable():
            return _sessions(self._query(course_id, ends_after).stream(**HOW))

    def watch(self, course_id: str, ends_after: datetime, seen: Seen) -> Watch:
        """See the port."""

        def told(documents: Iterable[Any], _: object, read_at: datetime) -> None:
            seen(_sessions(documents), read_at.astimezone(UTC))

        return _Listener.of(self._query(course_id, ends_after), told)

    def watch_roster(self, course_id: str, seen: Callable[[frozenset[str]], None]) -> Watch:
        """See the port."""

        def told(documents: Iterable[Any], _: object, __: datetime) -> None:
            courses = [read(Course, document) for document in documents if document.exists]
            seen(frozenset(email for course in courses for email in (*course.teacher_emails, *course.student_emails)))

        return _Listener.of(self._client.collection("courses").document(stable_id("course", course_id)), told)

    def _query(self, course_id: str, ends_after: datetime) -> Any:  # noqa: ANN401 - a query of the client library
        query: Any = self._client.collection("live").where(filter=FieldFilter("course_id", "==", course_id))
        query = query.where(filter=FieldFilter("end_at", ">", ends_after))
        return query.order_by("end_at", direction=firestore.Query.DESCENDING).limit(MOST_WATCHED)


@dataclass(slots=True)
class _Listener:
    """One listener of the client library, that says nothing any more once it was stopped."""

    _watch: Any
    _stopped: threading.Event

    @classmethod
    def of(cls, target: Any, told: Callable[[Iterable[Any], object, datetime], None]) -> "_Listener":  # noqa: ANN401
        """Listen to a query or a document."""
        stopped = threading.Event()

        def on_snapshot(documents: Iterable[Any], changes: object, read_at: datetime) -> None:
            if not stopped.is_set():
                told(documents, changes, read_at)

        watch = target.on_snapshot(on_snapshot)
        # While the database is away the library opens the stream anew without a pause, a thousand times a second.
        watch._rpc._reopen_throttle = _Throttle(access_limit=REOPENS, time_window=REOPENS_WITHIN)  # noqa: SLF001
        return cls(watch, stopped)

    @property
    def is_alive(self) -> bool:
        """See the port."""
        return not self._stopped.is_set() and bool(self._watch.is_active)

    def stop(self) -> None:
        """See the port."""
        self._stopped.set()
        self._watch.unsubscribe()


def _sessions(documents: Iterable[Any]) -> dict[str, LiveSession]:
    return {document.id: _session_in(document) for document in documents}


def _session_in(document: Any) -> LiveSession:  # noqa: ANN401 - a snapshot of the client library
    told: Mapping[str, Any] = upcast("live", document.to_dict())
    people = [value_of(LivePerson, body) for body in told.get("people", {}).values()]
    registrations = [value_of(LiveRegistration, body) for body in told.get("registrations", {}).values()]
    reading = told.get("reading")
    return LiveSession(
        held=value_of(LiveClass, told["body"]),
        people={person.row_id: person for person in people},
        registrations={each.registration_id: each for each in registrations},
        reading=value_of(LiveReading, reading) if reading else None,
        rev=_microseconds(document.update_time.timestamp_pb()),
    )


def _microseconds(version: Any) -> int:  # noqa: ANN401 - a generated message
    return int(version.seconds) * 1_000_000 + int(version.nanos) // 1000
