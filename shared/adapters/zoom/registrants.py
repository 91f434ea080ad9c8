"""A join link for each student: the registrants of a class's Zoom meeting.

By their ids Zoom names people for sure, in webhooks and in reports. Zoom registers the same person for the same meeting three
times a day at most, so nobody is registered twice.
"""

import re
from collections.abc import Sequence

from shared.adapters.zoom.access import Json, ZoomApi, segment
from shared.adapters.zoom.lists import all_of
from shared.adapters.zoom.troubles import UNUSABLE, NeedsPlan
from shared.domain.classes import Registrant
from shared.domain.errors import UpstreamRefused
from shared.ports import ZoomLesson

AT_ONCE = 30
LONGEST_NAME = 64


class ZoomRegistrants:
    """Brings a meeting's registrants in line with a class's students."""

    def __init__(self, api: ZoomApi) -> None:
        self._api = api

    def follow(self, lesson: ZoomLesson, number: str, *, is_open: bool) -> tuple[Registrant, ...]:
        """One registrant for each student, in the students' order.

        Students who left the class lose their links; registrants whom somebody else added are let be. Where the meeting takes
        no registrations (`is_open`) or the host's plan has none, there are only those who were registered before.
        """
        path = f"/meetings/{segment(number)}/registrants"
        students = tuple(dict.fromkeys(email.strip().lower() for email in lesson.students))
        known = {each.email.lower(): each for each in lesson.registrants}
        if is_open:
            try:
                there = self._there(lesson.host, path)
                self._cancel(lesson, path, students, there)
                known |= there
                known |= {email: self._register(lesson.host, path, email) for email in students if email not in known}
            except NeedsPlan:
                pass
        return tuple(known[email] for email in students if email in known)

    def _there(self, host: str, path: str) -> dict[str, Registrant]:
        """Those who are registered and approved, by address."""
        rows = all_of(self._api, path, "registrants", host, params={"status": "approved"})
        found = (_registrant(str(row.get("email") or ""), row.get("id"), row.get("join_url")) for row in rows)
        return {each.email: each for each in found if each is not None}

    def _register(self, host: str, path: str, email: str) -> Registrant:
        answer = self._api.call("POST", path, host, body={"email": email, "auto_approve": True, **names_of(email)})
        made = _registrant(email, answer.get("registrant_id"), answer.get("join_url"))
        if made is None:
            raise UpstreamRefused(
                UNUSABLE,
                f"Zoom gave {email} no join link. See in Zoom, under the meeting's registration, that this person is not "
                "denied there.",
            )
        return made

    def _cancel(self, lesson: ZoomLesson, path: str, students: Sequence[str], there: dict[str, Registrant]) -> None:
        """Take back the links of those whom the class registered and does not have any more."""
        gone = [each for each in lesson.registrants if each.email.lower() not in students and each.email.lower() in there]
        for start in range(0, len(gone), AT_ONCE):
            named = [{"id": each.registrant_id, "email": each.email} for each in gone[start : start + AT_ONCE]]
            self._api.call("PUT", f"{path}/status", lesson.host, body={"action": "cancel", "registrants": named})


def names_of(email: str) -> Json:
    """First and last name out of an address, which is all that is known: `ada.teacher@..` is Ada Teacher."""
    words = [word for word in re.split(r"[._+-]+", email.partition("@")[0]) if word] or ["student"]
    first, *others = (word[:LONGEST_NAME].capitalize() for word in words)
    last = " ".join(others)[:LONGEST_NAME].strip()
    return {"first_name": first} | ({"last_name": last} if last else {})


def _registrant(email: str, registrant_id: object, join_url: object) -> Registrant | None:
    """The registrant, unless Zoom leaves out what makes one."""
    if not (email and registrant_id and join_url):
        return None
    return Registrant(email.strip().lower(), str(registrant_id), str(join_url))
