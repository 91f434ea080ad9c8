"""The booked classes in Firestore: collection `classes`, and `requests` for Idempotency-Keys."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.live import put_class
from shared.adapters.firestore.store import AMBIGUOUS, HOW, MOST_WRITES, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.domain.classes import ScheduledClass, Status
from shared.domain.errors import KeyReused, NotFound, Stale
from shared.domain.ids import is_id
from shared.ports import ClassFilter, KeyedRequest, Page, Sleep, Versioned

TRIES = 10
MOST_PEOPLE = 30
# Each change may write a live view beside its class.
MOST_CHANGES = MOST_WRITES // 2


class FirestoreClasses:
    """Fulfils the port `Classes`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._sleep = sleep
        self._commits = Commits(client, sleep)
        self._classes = client.collection("classes")
        self._requests = client.collection("requests")

    def add(self, booked: Sequence[ScheduledClass], request: KeyedRequest | None) -> tuple[str, ...] | None:
        """See the port; one commit holds the classes and the key, so a key never names classes that are not there."""
        batch = self._commits.batch()
        for each in booked:
            batch.create(f"classes/{each.class_id}", document_of(each))
        if request is not None:
            told = {"told": request.told, "class_ids": [each.class_id for each in booked]}
            batch.create(f"requests/{request.key_id}", told)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            known = self.booked_under(request) if request is not None else None
            if known is None and not self.versioned([booked[0].class_id]):
                raise
            return None if known is None or known == tuple(each.class_id for each in booked) else known
        return None

    def booked_under(self, request: KeyedRequest) -> tuple[str, ...] | None:
        """See the port."""
        with reachable():
            snapshot = self._requests.document(request.key_id).get(**HOW)
        if not snapshot.exists:
            return None
        if snapshot.get("told") != request.told:
            raise KeyReused("This Idempotency-Key was used for another request; use a new key for a new booking.")
        return tuple(snapshot.get("class_ids"))

    def release(self, request: KeyedRequest) -> None:
        """See the port."""
        with reachable():
            self._requests.document(request.key_id).delete(**HOW)

    def in_order(self, class_ids: Sequence[str]) -> tuple[str, ...]:
        """See the port; `create_time` is set by the store in the order of its commits."""
        found = sorted((snapshot.create_time, snapshot.id) for snapshot in self._all(class_ids))
        return tuple(class_id for _, class_id in found)

    def get(self, class_id: str) -> ScheduledClass:
        """See the port."""
        found = self.versioned([class_id]) if is_id(class_id) else ()
        if not found:
            raise NotFound("No such class.")
        return found[0].value

    def by_session(self, session_id: str) -> ScheduledClass:
        """See the port."""
        query = self._classes.where(filter=FieldFilter("session_id", "==", session_id)).limit(1)
        found = self._run(query) if is_id(session_id) else ()
        if not found:
            raise NotFound("No such session.")
        return found[0]

    def versioned(self, class_ids: Sequence[str]) -> tuple[Versioned[ScheduledClass], ...]:
        """See the port."""
        found = {snapshot.id: _versioned(snapshot) for snapshot in self._all(class_ids)}
        return tuple(found[class_id] for class_id in class_ids if class_id in found)

    def in_series(self, series_id: str) -> tuple[ScheduledClass, ...]:
        """See the port."""
        return self._run(self._classes.where(filter=FieldFilter("series_id", "==", series_id)).order_by("start_at"))

    def in_room(self, room: str, start_from: datetime, start_before: datetime) -> tuple[ScheduledClass, ...]:
        """See the port."""
        query = self._classes.where(filter=FieldFilter("room", "==", room))
        return self._run(_starting(query, start_from, start_before).order_by("start_at"))

    def of_people(self, emails: Sequence[str], start_from: datetime, start_before: datetime) -> tuple[ScheduledClass, ...]:
        """See the port; Firestore compares with at most 30 people at a time."""
        found = {}
        for first in range(0, len(emails), MOST_PEOPLE):
            some = list(emails[first : first + MOST_PEOPLE])
            query = self._classes.where(filter=FieldFilter("people", "array_contains_any", some))
            for each in self._run(_starting(query, start_from, start_before).order_by("start_at")):
                found[each.class_id] = each
        return tuple(sorted(found.values(), key=lambda c: (c.start_at, c.class_id)))

    def page(self, wanted: ClassFilter, limit: int, token: str | None) -> Page[ScheduledClass]:
        """See the port; the token is the id of the last class of the page before."""
        query: Any = self._classes
        for name, value in (
            ("teacher_email", wanted.teacher_email),
            ("course_id", wanted.course_id),
            ("status", wanted.status),
        ):
            if value is not None:
                query = query.where(filter=FieldFilter(name, "==", str(value)))
        person, is_student = wanted.student_email or wanted.person_email, wanted.student_email is not None
        if person is not None:
            query = query.where(filter=FieldFilter("people", "array_contains", person))
        query = _starting(query, wanted.start_from, wanted.start_before).order_by("start_at")
        cursor = self._cursor(token)
        found: list[ScheduledClass] = []
        while len(found) <= limit:
            page = query.start_after(cursor) if cursor is not None else query
            with reachable():
                snapshots = list(page.limit(limit + 1).stream(**HOW))
            found += [c for s in snapshots if _suits(c := _class_in(s), wanted, is_student=is_student)]
            if len(snapshots) <= limit:
                break
            cursor = snapshots[-1]
        is_more = len(found) > limit
        items = tuple(found[:limit])
        return Page(items, items[-1].class_id if is_more else None)

    def due(self, now: datetime, limit: int) -> tuple[Versioned[ScheduledClass], ...]:
        """See the port: one range over the one field that opening, closing, planning and syncing share."""
        query = self._classes.where(filter=FieldFilter("due_at", "<=", now)).order_by("due_at").limit(limit)
        with reachable():
            return tuple(_versioned(snapshot) for snapshot in query.stream(**HOW))

    def overdue(self) -> ScheduledClass | None:
        """See the port."""
        found = self._run(self._classes.order_by("due_at").limit(1))
        return found[0] if found else None

    def unsynced(self, limit: int) -> tuple[ScheduledClass, ...]:
        """See the port."""
        return self._run(self._classes.order_by("unsettled_at").limit(limit))

    def amend(self, class_id: str, rule: Callable[[ScheduledClass], ScheduledClass]) -> ScheduledClass:
        """See the port."""
        for attempt in range(TRIES):
            found = self.versioned([class_id]) if is_id(class_id) else ()
            if not found:
                raise NotFound("No such class.")
            after = rule(found[0].value)
            if after == found[0].value or self._store([(found[0], after)]):
                return after
            self._sleep(0.01 * 2**attempt)
        raise Stale("The class was changed by others again and again; try again.")

    def save(self, changes: Sequence[tuple[Versioned[ScheduledClass], ScheduledClass]]) -> tuple[ScheduledClass, ...]:
        """See the port: whole batches, and one by one only where a batch met somebody else's write."""
        stored: list[ScheduledClass] = []
        for first in range(0, len(changes), MOST_CHANGES):
            some = changes[first : first + MOST_CHANGES]
            if self._store(some):
                stored += [after for _, after in some]
            elif len(some) > 1:
                stored += [change[1] for change in some if self._store([change])]
        return tuple(stored)

    def _store(self, changes: Sequence[tuple[Versioned[ScheduledClass], ScheduledClass]]) -> bool:
        """Compare and swap in one commit; True when it was done, by us even if the reply was lost."""
        batch = self._commits.batch()
        for before, after in changes:
            batch.swap(f"classes/{after.class_id}", document_of(after), before.version)
            put_class(batch, before.value, after)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            now_stored = self.versioned([after.class_id for _, after in changes])
            return [each.value for each in now_stored] == [after for _, after in changes]
        return True

    def _all(self, class_ids: Sequence[str]) -> list[Any]:
        if not class_ids:
            return []
        with reachable():
            found = self._client.get_all([self._classes.document(class_id) for class_id in class_ids], **HOW)
            return [snapshot for snapshot in found if snapshot.exists]

    def _cursor(self, token: str | None) -> Any:  # noqa: ANN401 - a snapshot of the client library
        if token is None:
            return None
        found = self._all([token]) if is_id(token) else []
        if not found:
            raise NotFound("No such page; start again without page_token.")
        return found[0]

    def _run(self, query: Any) -> tuple[ScheduledClass, ...]:  # noqa: ANN401 - a query of the client library
        with reachable():
            return tuple(_class_in(snapshot) for snapshot in query.stream(**HOW))


def document_of(booked: ScheduledClass) -> dict[str, Any]:
    """The class as a document: what queries use, and the body. A field without a value is left out, also of its index."""
    return {
        "v": BODY_VERSION,
        "session_id": booked.session_id,
        "series_id": booked.series.series_id if booked.series else None,
        "teacher_email": booked.teacher_email,
        "people": list(booked.people),
        "course_id": booked.course_id,
        "status": str(booked.status),
        "room": booked.room,
        "start_at": booked.start_at,
        "due_at": booked.due_at,
        "unsettled_at": _unsettled_at(booked),
        "body": body_of(booked),
    }


def _unsettled_at(booked: ScheduledClass) -> datetime | None:
    return booked.end_at if booked.status is Status.COMPLETED and not booked.is_settled else None


def _class_in(snapshot: Any) -> ScheduledClass:  # noqa: ANN401 - a snapshot of the client library
    return read(ScheduledClass, snapshot)


def _versioned(snapshot: Any) -> Versioned[ScheduledClass]:  # noqa: ANN401 - a snapshot of the client library
    return Versioned(_class_in(snapshot), version_of(snapshot))


def _starting(query: Any, start_from: datetime | None, start_before: datetime | None) -> Any:  # noqa: ANN401 - a query
    if start_from is not None:
        query = query.where(filter=FieldFilter("start_at", ">=", start_from))
    if start_before is not None:
        query = query.where(filter=FieldFilter("start_at", "<", start_before))
    return query


def _suits(booked: ScheduledClass, wanted: ClassFilter, *, is_student: bool) -> bool:
    """What one query cannot say: a student filter leaves out the classes that the person teaches."""
    if is_student and wanted.student_email not in booked.student_emails:
        return False
    return wanted.person_email is None or wanted.person_email in booked.people
