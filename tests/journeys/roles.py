"""The written matrix: who may call which route, on what is theirs and on what is others'.

A line is a route, what is sent, and six columns: nobody (no token), a user who has nothing to do with the class, a student of the
class, a teacher of other classes, the class's teacher, an administrator. First come the statuses, then, where the answer is a
list or a document, whether it may tell of the class and its people (`y`), must not (`n`), or need not be looked at (`-`).

`{name}` is filled in by the test; `{fresh_class}` books a class of its own for each cell, since the call uses it up.
"""

from dataclasses import dataclass, field
from typing import Any

COLUMNS = ("nobody", "other_user", "student", "other_teacher", "teacher", "admin")


@dataclass(frozen=True, slots=True)
class Line:
    """One route of the matrix. `path` may hold a query; `route` is the path as function.json has it."""

    method: str
    path: str
    statuses: str
    shows: str = "- - - - - -"
    body: dict[str, Any] | None = None
    route: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What function.json calls it."""
        return self.method, self.route or self.path.partition("?")[0]


BOOKING = {"teacher_email": "ada@school.example", "student_emails": ["omar@school.example"], "subject": "Another class",
           "start_time": "{tomorrow}", "duration_minutes": 30, "allow_conflicts": True}  # fmt: skip
BY_HAND = {"session_id": "{session_id}", "email": "omar@school.example", "join_time": "{start}", "leave_time": "{later}",
           "reason": "the camera saw him"}  # fmt: skip

MATRIX = (
    Line("POST", "/api/schedule/class", "401 403 403 403 201 201", body=BOOKING),
    Line("GET", "/api/schedule/classes", "401 200 200 200 200 200", "- n y n y y"),
    Line("GET", "/api/schedule/classes/{class_id}", "401 404 200 404 200 200", "- n y n y y"),
    Line("PATCH", "/api/schedule/classes/{class_id}", "401 403 403 404 200 200", body={"subject": "Algebra two"}),
    Line("DELETE", "/api/schedule/classes/{fresh_class}", "401 403 403 404 200 200", route="/api/schedule/classes/{class_id}"),
    Line("GET", "/api/monitoring/active-sessions", "401 200 200 200 200 200", "- n y n y y"),
    Line("GET", "/api/monitoring/attendance-logs", "401 200 200 200 200 200", "- n y n y y"),
    Line("POST", "/api/monitoring/attendance-logs", "401 403 403 404 201 201", body=BY_HAND),
    Line("GET", "/api/monitoring/sessions/{session_id}", "401 403 403 404 200 200", "- n n n y y"),
    Line("GET", "/api/monitoring/health", "401 403 403 403 403 200"),
    Line("POST", "/api/webhook/sessions/{session_id}/sync-participants", "401 403 403 404 200 200"),
    Line("POST", "/api/webhook/meet-events", "401 401 401 401 401 401", body={"meetingId": "abc-mnop-xyz"}),
    Line("POST", "/api/webhook/zoom", "401 401 401 401 401 401", body={"event": "meeting.ended"}),
    Line("POST", "/api/webhook/workspace-events", "401 401 401 401 401 401", body={"message": {}}),
    Line("GET", "/api/openapi.json", "200 200 200 200 200 200"),
    Line("GET", "/api/docs", "200 200 200 200 200 200"),
    Line("GET", "/api/docs/nothing.js", "404 404 404 404 404 404", route="/api/docs/{asset}"),
)
# Routes that no edge serves: only our own timers and tasks may call them, whatever token a person shows.
INNER = (("POST", "/tick"), ("POST", "/class-due"), ("POST", "/sync"), ("POST", "/look"), ("POST", "/staff-check"),
         ("POST", "/housekeeping"), ("POST", "/channel"), ("POST", "/deliver"))  # fmt: skip
