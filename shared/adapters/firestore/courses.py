"""Courses and their rosters in Firestore: `courses`, one document for each."""

from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.lists import page_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.domain.directory import Course
from shared.domain.ids import stable_id
from shared.ports import Page, Sleep, Versioned


class FirestoreCourses:
    """Fulfils the port `Courses`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._courses = client.collection("courses")

    def get(self, course_id: str) -> Versioned[Course] | None:
        """See the port."""
        with reachable():
            snapshot = self._courses.document(_id(course_id)).get(**HOW)
        return Versioned(read(Course, snapshot), version_of(snapshot)) if snapshot.exists else None

    def page(self, person_email: str | None, limit: int, token: str | None) -> Page[Course]:
        """See the port; the token is the document id of the last course of the page before."""
        query: Any = self._courses
        if person_email is not None:
            query = query.where(filter=FieldFilter("people", "array_contains", person_email))
        query = query.order_by("course_id")
        return page_of(self._courses, query, limit, token, lambda snapshot: read(Course, snapshot))

    def save(self, before: Versioned[Course] | None, after: Course) -> bool:
        """See the port; a lost reply is told from a lost race by what is stored."""
        batch = self._commits.batch()
        path = f"courses/{_id(after.course_id)}"
        if before is None:
            batch.create(path, _document(after))
        else:
            batch.swap(path, _document(after), before.version)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            stored = self.get(after.course_id)
            return stored is not None and stored.value == after
        return True

    def delete(self, before: Versioned[Course]) -> bool:
        """See the port."""
        batch = self._commits.batch()
        batch.delete(f"courses/{_id(before.value.course_id)}", before.version)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            return self.get(before.value.course_id) is None
        return True


def _id(course_id: str) -> str:
    return stable_id("course", course_id)


def _document(course: Course) -> dict[str, Any]:
    return {
        "v": BODY_VERSION,
        "course_id": course.course_id,
        "people": list(dict.fromkeys((*course.teacher_emails, *course.student_emails))),
        "body": body_of(course),
    }
