"""Warnings in Firestore: `warnings`, one document for each that was ever raised."""

from collections.abc import Sequence
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.deliveries import missing_of, put_new
from shared.adapters.firestore.lists import page_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.delivery_ports import WarningFilter
from shared.domain.messages import Delivery
from shared.domain.warnings import AttendanceWarning
from shared.ports import Page, Sleep, Versioned

Change = tuple[Versioned[AttendanceWarning] | None, AttendanceWarning]


class FirestoreWarnings:
    """Fulfils the port `Warnings`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._warnings = client.collection("warnings")

    def of_student(self, student_email: str, course_id: str) -> tuple[Versioned[AttendanceWarning], ...]:
        """See the port."""
        query: Any = self._warnings.where(filter=FieldFilter("student_email", "==", student_email))
        query = query.where(filter=FieldFilter("course_id", "==", course_id))
        with reachable():
            return tuple(Versioned(_warning_in(snapshot), version_of(snapshot)) for snapshot in query.stream(**HOW))

    def page(self, wanted: WarningFilter, limit: int, token: str | None) -> Page[AttendanceWarning]:
        """See the port; the token is the id of the last warning of the page before."""
        query: Any = self._warnings
        for name in ("student_email", "course_id", "teacher_email", "is_standing"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(filter=FieldFilter(name, "==", value))
        query = query.order_by("raised_at", direction=firestore.Query.DESCENDING)
        return page_of(self._warnings, query, limit, token, _warning_in)

    def store(self, changes: Sequence[Change], deliveries: Sequence[Delivery]) -> bool:
        """See the port; a lost reply is told from a lost race by what is stored."""
        batch = self._commits.batch()
        for before, after in changes:
            path, document = f"warnings/{after.warning_id}", warning_document(after)
            if before is None:
                batch.create(path, document)
            else:
                batch.swap(path, document, before.version)
        put_new(batch, missing_of(self._client, deliveries))
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            return self._are_mine(changes)
        return True

    def _are_mine(self, changes: Sequence[Change]) -> bool:
        """Whether the commit that seemed refused was ours after all: then every warning is what we meant to store."""
        with reachable():
            found = self._client.get_all([self._warnings.document(after.warning_id) for _, after in changes], **HOW)
            stored = {snapshot.id: _warning_in(snapshot) for snapshot in found if snapshot.exists}
        return all(stored.get(after.warning_id) == after for _, after in changes)


def warning_document(warning: AttendanceWarning) -> dict[str, Any]:
    """One warning as a document: what queries use, and the body."""
    return {
        "v": BODY_VERSION,
        "student_email": warning.student_email,
        "course_id": warning.course_id,
        "teacher_email": warning.teacher_email,
        "is_standing": warning.is_standing,
        "raised_at": warning.raised_at,
        "body": body_of(warning),
    }


def _warning_in(snapshot: Any) -> AttendanceWarning:  # noqa: ANN401 - a snapshot of the client library
    return read(AttendanceWarning, snapshot)
