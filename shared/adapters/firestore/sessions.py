"""The folded sessions in Firestore: `sessions`, and `attendance`, one row for each person of a session."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of, value_of
from shared.adapters.firestore.evidence import forget
from shared.adapters.firestore.lists import page_of, streamed
from shared.adapters.firestore.live import put_news
from shared.adapters.firestore.outbox import outbox_document
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Batch, Commits, version_of
from shared.domain.attendance import Attendance
from shared.domain.errors import Stale
from shared.domain.ids import is_id, stable_id
from shared.domain.presence import Heard, heard_key
from shared.domain.review import ReviewCard
from shared.domain.sessions import Session
from shared.ports import AttendanceFilter, Fold, Page, Sleep, Versioned


class FirestoreSessions:
    """Fulfils the port `Sessions`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._sessions = client.collection("sessions")
        self._rows = client.collection("attendance")

    def get(self, session_id: str) -> Versioned[Session] | None:
        """See the port."""
        if not is_id(session_id):
            return None
        with reachable():
            snapshot = self._sessions.document(session_id).get(**HOW)
        return _versioned(snapshot) if snapshot.exists else None

    def get_many(self, session_ids: Sequence[str]) -> Mapping[str, Session]:
        """See the port."""
        if not session_ids:
            return {}
        with reachable():
            found = self._client.get_all([self._sessions.document(i) for i in session_ids], **HOW)
            return {s.id: _session_in(s) for s in found if s.exists}

    def store(self, folds: Sequence[Fold]) -> tuple[Versioned[Session], ...]:
        """See the port: sessions by compare-and-swap, their rows and the pending notes in the same commit."""
        batch = self._commits.batch()
        for fold in folds:
            _put_session(batch, fold)
        for fold in folds:
            for each in fold.rows:
                batch.set(f"attendance/{each.row_id}", row_document(each))
            for row_id in fold.gone:
                batch.delete(f"attendance/{row_id}")
            for card in fold.cards:
                batch.set(f"review/{card.card_id}", card_document(card))
            for card_id in fold.cards_gone:
                batch.delete(f"review/{card_id}")
            for row in fold.outbox:
                batch.set(*outbox_document(row))
            if fold.live is not None:
                put_news(batch, fold.live)
            forget(batch, fold.consumed)
        try:
            versions = self._commits.send(batch)
        except AMBIGUOUS as trouble:
            return self._mine(folds, trouble)
        return tuple(Versioned(fold.after, version) for fold, version in zip(folds, versions, strict=False))

    def rows(self, wanted: AttendanceFilter, limit: int, token: str | None) -> Page[Attendance]:
        """See the port; the token is the id of the last row of the page before."""
        return page_of(self._rows, self._matching(wanted), limit, token, _row_in)

    def stream(self, wanted: AttendanceFilter) -> Iterator[Attendance]:
        """See the port; a stream that is cut off goes on after the last row it gave."""
        return streamed(self._matching(wanted), _row_in)

    def _mine(self, folds: Sequence[Fold], trouble: Exception) -> tuple[Versioned[Session], ...]:
        """Whether the commit that seemed refused was ours after all: then every session is what we meant to store."""
        found = [self.get(fold.after.session_id) for fold in folds]
        if all(now and now.value == fold.after for now, fold in zip(found, folds, strict=True)):
            return tuple(now for now in found if now)
        raise Stale("The session was changed by somebody else.") from trouble

    def _matching(self, wanted: AttendanceFilter) -> Any:  # noqa: ANN401 - a query of the client library
        query: Any = self._rows
        if wanted.taught_by is not None:
            query = query.where(filter=FieldFilter("teachers", "array_contains", wanted.taught_by))
        if wanted.session_ids is not None:
            query = query.where(filter=FieldFilter("session_id", "in", list(wanted.session_ids)))
        for name in ("session_id", "teacher_email", "email", "course_id"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(filter=FieldFilter(name, "==", value))
        if wanted.start_from is not None:
            query = query.where(filter=FieldFilter("start_at", ">=", wanted.start_from))
        if wanted.start_before is not None:
            query = query.where(filter=FieldFilter("start_at", "<", wanted.start_before))
        return query.order_by("start_at", direction=firestore.Query.DESCENDING)


def _put_session(batch: Batch, fold: Fold) -> None:
    """The session by compare-and-swap; of a stored one only what is new: most folds add to one connection."""
    path = f"sessions/{fold.after.session_id}"
    if fold.before is None:
        heard = {_field(key): body_of(each) for key, each in fold.after.heard.items()}
        document = {"v": BODY_VERSION, "class_id": fold.after.class_id, "rev": fold.after.rev, "body": _rest_of(fold.after)}
        batch.create(path, {**document, "heard": heard})
        return
    before = fold.before.value
    if before.heard.keys() - fold.after.heard.keys():
        heard = {_field(key): body_of(each) for key, each in fold.after.heard.items()}
        fields: dict[str, Any] = {"heard": heard}
    else:
        fields = {
            f"heard.{_field(key)}": body_of(each)
            for key, each in fold.after.heard.items()
            if before.heard.get(key) is not each and before.heard.get(key) != each
        }
    if (rest := _rest_of(fold.after)) != _rest_of(before):
        fields["body"] = rest
    batch.merge(path, {"rev": fold.after.rev, **fields}, fold.before.version)


def _field(key: str) -> str:
    """A connection's name as a field: letters and digits alone."""
    return "h" + stable_id("heard", key)


def _rest_of(session: Session) -> str:
    return body_of(replace(session, heard={}, rev=0))


def _session_in(snapshot: Any) -> Session:  # noqa: ANN401 - a snapshot of the client library
    told = [value_of(Heard, body) for body in snapshot.get("heard").values()]
    heard = {heard_key(each.source, each.connection): each for each in told}
    return replace(read(Session, snapshot), heard=heard, rev=snapshot.get("rev"))


def row_document(row: Attendance) -> dict[str, Any]:
    """One attendance row as a document: what queries use, and the body."""
    return {
        "v": BODY_VERSION,
        "session_id": row.session_id,
        "teacher_email": row.teacher_email,
        "teachers": list(row.teacher_emails),
        "email": row.email,
        "course_id": row.course_id,
        "start_at": row.start_at,
        "body": body_of(row),
    }


def card_document(card: ReviewCard) -> dict[str, Any]:
    """One review card as a document: what queries use, and the body."""
    return {
        "v": BODY_VERSION,
        "session_id": card.session_id,
        "teachers": list(card.teacher_emails),
        "kind": card.kind.value,
        "is_open": card.is_open,
        "start_at": card.start_at,
        "body": body_of(card),
    }


def _row_in(snapshot: Any) -> Attendance:  # noqa: ANN401 - a snapshot of the client library
    return read(Attendance, snapshot)


def _versioned(snapshot: Any) -> Versioned[Session]:  # noqa: ANN401 - a snapshot of the client library
    return Versioned(_session_in(snapshot), version_of(snapshot))
