"""What the demo says to the system: the public API at the edge as a school's own program would, and the simulator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from infra.local.demo.cast import CAST, TEACHER, Person
from infra.local.demo.office import COURSE, Office
from infra.local.troubles import Trouble

SUBJECT = "Demo: fractions in one minute"


@dataclass(frozen=True, slots=True)
class School:
    """One school at one stack. `teacher_token` and `admin_token` give fresh tokens of the teacher and the office."""

    http: httpx.AsyncClient
    api: str
    simulator: str
    teacher_token: Callable[[], str]
    admin_token: Callable[[], str]

    @property
    def office(self) -> Office:
        """The school's office."""

        async def ask(method: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what httpx takes
            return await self._ask(method, f"{self.api}/api{path}", self.admin_token, **more)

        return Office(ask)

    async def book(self, start: datetime) -> dict[str, Any]:
        """Book the class of one minute; answers with the class."""
        body = {
            "teacher_email": TEACHER,
            "student_emails": [person.email for person in CAST if person.is_student],
            "subject": SUBJECT,
            "course_id": COURSE,
            "start_time": stamp(start),
            "duration_minutes": 1,
            "allow_conflicts": True,
        }
        return await self._ask("POST", f"{self.api}/api/schedule/class", json=body)

    async def booked(self, class_id: str) -> dict[str, Any]:
        """The class as it is now."""
        return await self._ask("GET", f"{self.api}/api/schedule/classes/{class_id}")

    async def live(self, session_id: str) -> dict[str, Any] | None:
        """The session among those that are on now; None when it is not."""
        told = await self._ask("GET", f"{self.api}/api/monitoring/active-sessions")
        return next((session for session in told["sessions"] if session["session_id"] == session_id), None)

    async def attendance(self, session_id: str) -> list[dict[str, Any]]:
        """The rows of the session."""
        told = await self._ask(
            "GET", f"{self.api}/api/monitoring/attendance-logs", params={"session_id": session_id, "limit": 500}
        )
        rows: list[dict[str, Any]] = told["logs"]
        return rows

    async def join(self, code: str, person: Person, device: str, at: datetime) -> str:
        """Put a device into the meeting; answers with its id there."""
        body = {"display_name": person.name, "kind": person.kind, "device": device, "at": stamp(at)}
        told = await self._ask(
            "POST",
            f"{self.simulator}/_sim/meetings/{code}/join",
            json=body | ({"email": person.email} if person.email else {}),
        )
        return str(told["device_session_id"])

    async def leave(self, code: str, device_session: str, at: datetime) -> None:
        """Take a device out of the meeting."""
        body = {"device_session_id": device_session, "at": stamp(at)}
        await self._ask("POST", f"{self.simulator}/_sim/meetings/{code}/leave", json=body)

    async def end(self, code: str, at: datetime) -> None:
        """End the meeting for everybody."""
        await self._ask("POST", f"{self.simulator}/_sim/meetings/{code}/end", json={"at": stamp(at)})

    async def _ask(
        self,
        method: str,
        url: str,
        token: Callable[[], str] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - what httpx takes
    ) -> dict[str, Any]:
        bearer = (token or self.teacher_token)() if url.startswith(self.api + "/api/") else None
        told_by = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            answer = await self.http.request(method, url, headers={**told_by, **(headers or {})}, **more)
        except httpx.HTTPError as failed:
            raise Trouble(f"{method} {url} got no answer: {failed!r}.") from failed
        if not answer.is_success:
            raise Trouble(f"{method} {url} answered {answer.status_code}: {answer.text[:500]}")
        body: dict[str, Any] = answer.json() if answer.content else {}
        return body


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
