"""Google Classroom's courses and rosters, read with a teacher's own authority: the teacher sees exactly what Classroom shows."""

from collections.abc import Iterator, Sequence
from typing import Any

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import CLASSROOM
from shared.adapters.google.troubles import Missing
from shared.people_ports import ImportedRoster, Member

# Where the size is not given, a page holds 30. Google may give fewer than asked for, so only the token tells the last page.
PAGE = 100

Json = dict[str, Any]


class GoogleClassroom:
    """The port `Classroom`; each reading is made as the teacher."""

    def __init__(self, apis: GoogleApis) -> None:
        self._apis = apis

    def courses(self, teacher: str) -> Sequence[tuple[str, str]]:
        """Ids and names of the active courses that the teacher teaches, the newest first, each once.

        Raises `Unavailable`, or `UpstreamRefused` where Google lets nobody act for the teacher.
        """
        found = self._pages(teacher, "courses", teacherId="me", courseStates="ACTIVE")
        return tuple({str(course["id"]): str(course["name"]) for course in found}.items())

    def roster(self, teacher: str, classroom_id: str) -> ImportedRoster | None:
        """One course with everybody in it, each once; None when there is none, or not any more.

        Raises what `courses` raises, and `UpstreamRefused` for a course that the teacher may not see.
        """
        try:
            course = self._apis.call(CLASSROOM, teacher, "courses.get", {"id": classroom_id})
            # An alias leads to the course as well; from here on it goes by its own id.
            own_id = str(course["id"])
            return ImportedRoster(
                classroom_id=own_id,
                name=str(course["name"]),
                teachers=self._members(teacher, "courses.teachers", own_id),
                students=self._members(teacher, "courses.students", own_id),
            )
        except Missing:
            return None

    def _members(self, teacher: str, collection: str, classroom_id: str) -> tuple[Member, ...]:
        """Everybody of a list; who comes or goes while it is read may be on two pages."""
        found = [_member_in(told) for told in self._pages(teacher, collection, courseId=classroom_id)]
        return tuple({member.google_id: member for member in found}.values())

    def _pages(self, teacher: str, collection: str, **params: object) -> Iterator[Json]:
        """The items of all pages of a collection."""
        items = collection.rpartition(".")[2]
        token: str | None = None
        while True:
            wanted = {"pageSize": PAGE, "pageToken": token, **params}
            answer = self._apis.call(CLASSROOM, teacher, f"{collection}.list", wanted)
            yield from answer.get(items) or ()
            token = answer.get("nextPageToken")
            if not token:
                return


def _member_in(told: Json) -> Member:
    """One student or teacher. The address is not told of everybody, the names may be empty; the id is always there."""
    profile = told.get("profile") or {}
    name = profile.get("name") or {}
    return Member(
        google_id=str(profile.get("id") or told["userId"]),
        email=_text(profile.get("emailAddress"), lower=True),
        first_name=_text(name.get("givenName")),
        last_name=_text(name.get("familyName")),
    )


def _text(told: object, *, lower: bool = False) -> str | None:
    text = str(told or "").strip()
    return (text.lower() if lower else text) or None
