"""The written matrix: who may call which route, on what is theirs and on what is others'.

A line is a route, what is sent, and six columns: nobody (no token), a user who has nothing to do with the class, a student of the
class, a teacher of other classes, the class's teacher, an administrator. First come the statuses, then, where the answer is a
list or a document, whether it may tell of the class and its people (`y`), must not (`n`), or need not be looked at (`-`).

`{name}` is filled in by the test. `{fresh_class}` books a class of its own for each cell, `{fresh_excuse}` excuses the student
from one, `{registration}` registers the student, `{fresh_invoice}` and `{fresh_order}` are issued, `{fresh_person}` is an address
of nobody, and `{fresh_student}` and the like are entered: those are used up by the call.
`{card_id}` is an open review card of a class that is over, `{row_id}` the student's row, `{invoice_line}` and
`{order_line}` are lines of the documents, and `{invoice_link}` opens the invoice for whoever holds it.
"""

from dataclasses import dataclass, field
from typing import Any

COLUMNS = ("nobody", "other_user", "student", "other_teacher", "teacher", "admin")


@dataclass(frozen=True, slots=True)
class Line:
    """One route of the matrix. `path` may hold a query; `route` is the path as function.json has it.

    `tells` is what only those may see to whom it `shows`; without it, that is the class's or its session's id.
    """

    method: str
    path: str
    statuses: str
    shows: str = "- - - - - -"
    body: dict[str, Any] | None = None
    route: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    tells: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What function.json calls it."""
        return self.method, self.route or self.path.partition("?")[0]


BOOKING = {"teacher_email": "ada@school.example", "student_emails": ["omar@school.example"], "subject": "Another class",
           "start_time": "{tomorrow}", "duration_minutes": 30, "allow_conflicts": True}  # fmt: skip
TIMETABLE = {"allow_conflicts": True, "csv": "teacher_email,subject,start_time,duration_minutes\n"
             "ada@school.example,{fresh_key},{tomorrow},30\n"}  # fmt: skip
BY_HAND = {"session_id": "{session_id}", "email": "omar@school.example", "join_time": "{start}", "leave_time": "{later}",
           "reason": "the camera saw him"}  # fmt: skip
OVERRIDE = {"email": "omar@school.example", "status": "excused", "reason": "his train"}
PERIOD = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"
RATE = {"prices": [{"currency": "EUR", "rate_minor": 3000}]}
PLAN = {"plan_id": "usual", "name": "Usual", "charge": RATE, "pay": RATE, "reason": "as agreed"}
REVIEWED = {"party": "zoe@school.example", "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z", "currency": "EUR",
            "digest": "0" * 64}  # fmt: skip
EXTRA = {"party": "zoe@school.example", "description": "A book", "net": {"amount_minor": 500, "currency": "EUR"}}
PAID = {"party": "zoe@school.example", "amount": {"amount_minor": 500, "currency": "EUR"}}
NEW_KEY = {"Idempotency-Key": "{fresh_key}"}
ONLY_ADMIN = "401 403 403 403 403"
IN_ROOM = "/api/user-sessions/meeting/{meet_code}"

MATRIX = (
    Line("POST", "/api/schedule/class", "401 403 403 403 201 201", body=BOOKING),
    Line("POST", "/api/schedule/import", "401 403 403 403 201 201", body=TIMETABLE),
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
    Line(
        "GET",
        "/api/attendance-tracker/attendance/{meet_code}?enriched=true",
        "401 404 200 404 200 200",
        "- n y n y y",
        route="/api/attendance-tracker/attendance/{meeting_id}",
    ),
    Line("POST", "/api/user-sessions/sign-in", "401 401 401 401 401 401", body={"credential": "a.b.c"}),
    Line("POST", "/api/user-sessions/join-meeting", "401 200 200 200 200 200", body={"meetingId": "{meet_code}"}),
    Line("POST", "/api/user-sessions/leave-meeting", "401 404 200 404 404 404", body={"sessionId": "{registration}"}),
    Line("GET", "/api/user-sessions/my-sessions", "401 200 200 200 200 200"),
    Line("GET", "/api/user-sessions/stats", "401 403 403 403 403 200"),
    Line(
        "GET",
        f"{IN_ROOM}/authenticated-participants",
        "401 200 200 200 200 200",
        tells="omar@school.example",
        shows="- n y n y y",
        route="/api/user-sessions/meeting/{meeting_id}/authenticated-participants",
    ),
    Line("POST", f"{IN_ROOM}/end", "401 403 403 404 200 200", route="/api/user-sessions/meeting/{meeting_id}/end"),
    Line("GET", "/api/attendance-tracker/review", "401 403 403 200 200 200", "- n n n y y", tells="{card_id}"),
    Line("POST", "/api/attendance-tracker/review/{card_id}", "401 403 403 404 200 200", body={"decision": "dismiss"}),
    Line("POST", "/api/attendance-tracker/sessions/{session_id}/overrides", "401 403 403 404 200 200", body=OVERRIDE),
    Line("DELETE", "/api/attendance-tracker/sessions/{session_id}/overrides/{row_id}?reason=mistaken", "401 403 403 404 200 200"),
    Line("GET", "/api/attendance-tracker/sessions/{session_id}/rulings", "401 403 403 404 200 200"),
    Line(
        "POST",
        "/api/attendance-tracker/excuses",
        "401 403 403 404 200 200",
        body={"email": "omar@school.example", "classId": "{fresh_class}", "reason": "ill"},
    ),
    Line(
        "GET",
        "/api/attendance-tracker/excuses?email=omar@school.example&from={start}&to={next_month}",
        "401 403 403 200 200 200",
        "- n n n y y",
        tells="{standing_excuse}",
    ),
    Line(
        "DELETE",
        "/api/attendance-tracker/excuses/{fresh_excuse}?reason=well",
        "401 403 403 404 200 200",
        route="/api/attendance-tracker/excuses/{excuse_id}",
    ),
    Line("GET", "/api/attendance-tracker/policy", "401 200 200 200 200 200"),
    Line("GET", "/api/attendance-tracker/policy/versions", "401 403 403 200 200 200"),
    Line("POST", "/api/attendance-tracker/policy", "401 403 403 403 403 201", body={"grace_minutes": 9, "reason": "as agreed"}),
    Line(
        "POST",
        "/api/attendance-tracker/policy/preview",
        "401 403 403 200 200 200",
        body={"minimum_minutes": 40, "minimum_share_percent": 100, "from": "{start}", "to": "{tomorrow}"},
    ),
    Line(
        "GET", "/api/attendance-tracker/totals?by=student", "401 200 200 200 200 200", "- n y n y y", tells="omar@school.example"
    ),
    Line("GET", "/api/attendance-tracker/warnings", "401 200 200 200 200 200"),
    Line("GET", "/api/privacy/access-log", "401 200 200 200 200 200", "- n y n y y", tells="root@school.example"),
    Line(
        "GET",
        "/api/privacy/people/omar@school.example/export",
        "401 404 200 404 404 200",
        "- n y n n y",
        route="/api/privacy/people/{email}/export",
    ),
    Line(
        "POST",
        "/api/privacy/people/{fresh_person}/erase",
        "401 403 403 403 403 200",
        route="/api/privacy/people/{email}/erase",
        body={"reason": "asked for", "confirm": "{fresh_person}"},
    ),
    Line("GET", "/api/attendance-tracker/students", "401 403 403 200 200 200", "- n n n y y", tells="omar@school.example"),
    Line("POST", "/api/attendance-tracker/students/import", "401 403 403 403 403 200", body={"csv": "email\n{fresh_person}\n"}),
    Line(
        "GET",
        "/api/attendance-tracker/students/omar@school.example",
        "401 404 200 404 200 200",
        "- n y n y y",
        tells="omar@school.example",
        route="/api/attendance-tracker/students/{student}",
    ),
    Line(
        "PUT",
        "/api/attendance-tracker/students/{fresh_person}",
        "401 403 403 403 403 200",
        body={"firstName": "Ann"},
        route="/api/attendance-tracker/students/{student}",
    ),
    Line(
        "DELETE",
        "/api/attendance-tracker/students/{fresh_student}",
        "401 403 403 403 403 200",
        route="/api/attendance-tracker/students/{student}",
    ),
    Line("GET", "/api/people/me", "401 200 200 200 200 200", "- n y n y n", tells="omar@school.example"),
    Line("GET", "/api/people/teachers", "401 403 403 200 200 200", "- n n n y y", tells="ada@school.example"),
    Line("GET", "/api/people/teachers/ada@school.example", "401 404 404 404 200 200", route="/api/people/teachers/{email}"),
    Line(
        "PUT",
        "/api/people/teachers/{fresh_person}",
        "401 403 403 403 403 200",
        body={"first_name": "Ann"},
        route="/api/people/teachers/{email}",
    ),
    Line("DELETE", "/api/people/teachers/{fresh_teacher}", "401 403 403 403 403 200", route="/api/people/teachers/{email}"),
    Line("GET", "/api/people/guardians", "401 403 403 200 200 200", "- n n n y y", tells="mum@home.example"),
    Line("GET", "/api/people/guardians/mum@home.example", "401 404 404 404 200 200", route="/api/people/guardians/{email}"),
    Line(
        "PUT",
        "/api/people/guardians/{fresh_person}",
        "401 403 403 403 403 200",
        body={"first_name": "Ann"},
        route="/api/people/guardians/{email}",
    ),
    Line("DELETE", "/api/people/guardians/{fresh_guardian}", "401 403 403 403 403 200", route="/api/people/guardians/{email}"),
    Line("POST", "/api/people/{nobodys_id}/sign-out", "401 403 403 403 403 404", route="/api/people/{person_id}/sign-out"),
    Line("GET", "/api/people/courses", "401 200 200 200 200 200", "- n y n y y", tells="algebra-1"),
    Line("GET", "/api/people/courses/{course_id}", "401 404 200 404 200 200", "- n y n y y", tells="omar@school.example"),
    Line(
        "PUT",
        "/api/people/courses/{fresh_person}",
        "401 403 403 403 403 200",
        body={"name": "Art"},
        route="/api/people/courses/{course_id}",
    ),
    Line("DELETE", "/api/people/courses/{fresh_course}", "401 403 403 403 403 200", route="/api/people/courses/{course_id}"),
    Line(
        "PUT",
        "/api/people/courses/{course_id}/students/lena@school.example",
        "401 403 403 404 200 200",
        route="/api/people/courses/{course_id}/students/{email}",
    ),
    Line(
        "DELETE",
        "/api/people/courses/{course_id}/students/lena@school.example",
        "401 403 403 404 200 200",
        route="/api/people/courses/{course_id}/students/{email}",
    ),
    Line(
        "GET",
        "/api/people/classroom-courses?teacher_email=ada@school.example",
        "401 403 403 403 200 200",
        "- n n n y y",
        tells="classroom-9",
    ),
    Line(
        "POST",
        "/api/people/courses/{course_id}/classroom-import",
        "401 403 403 403 200 200",
        body={"classroom_id": "classroom-9", "teacher_email": "ada@school.example", "dry_run": True},
    ),
    Line("GET", "/api/billing/rate-plans", f"{ONLY_ADMIN} 200"),
    Line("POST", "/api/billing/rate-plans", f"{ONLY_ADMIN} 201", body=PLAN),
    Line(
        "POST",
        "/api/billing/rate-plans/assignments",
        f"{ONLY_ADMIN} 422",
        body={"scope": "everything", "plan_id": "{nobodys_id}", "reason": "as agreed"},
    ),
    Line("GET", "/api/billing/parties", f"{ONLY_ADMIN} 200"),
    Line(
        "PUT",
        "/api/billing/parties/{fresh_person}",
        f"{ONLY_ADMIN} 200",
        body={"currency": "EUR"},
        route="/api/billing/parties/{email}",
    ),
    Line("GET", f"/api/billing/invoices/drafts?{PERIOD}", f"{ONLY_ADMIN} 200"),
    Line("POST", "/api/billing/invoices/issue", f"{ONLY_ADMIN} 409", body=REVIEWED),
    Line("GET", "/api/billing/invoices", "401 200 200 200 200 200", "- n y n n y", tells="{invoice_id}"),
    Line(
        "GET",
        "/api/billing/invoices/{invoice_id}",
        "401 404 200 404 404 200",
        "- n y n n y",
        tells="{invoice_id}",
        route="/api/billing/invoices/{document_id}",
    ),
    Line(
        "POST",
        "/api/billing/invoices/{fresh_invoice}/void",
        f"{ONLY_ADMIN} 200",
        route="/api/billing/invoices/{document_id}/void",
    ),
    Line(
        "POST",
        "/api/billing/invoices/{invoice_id}/payment-link",
        "401 404 200 404 404 200",
        route="/api/billing/invoices/{document_id}/payment-link",
    ),
    Line("POST", "/api/billing/stripe/events", "401 401 401 401 401 401", body={"type": "charge.refunded"}),
    Line(
        "GET",
        "/api/billing/invoices/{invoice_id}/pdf",
        "401 404 200 404 404 200",
        route="/api/billing/invoices/{document_id}/pdf",
    ),
    Line(
        "GET",
        "/api/billing/invoices/{invoice_id}/lines/{invoice_line}/evidence",
        "401 404 200 404 404 200",
        "- n y n n y",
        tells="{invoice_id}",
        route="/api/billing/invoices/{document_id}/lines/{line_id}/evidence",
    ),
    Line(
        "POST",
        "/api/billing/invoices/{invoice_id}/share",
        "401 404 201 404 404 201",
        "- n y n n y",
        body={},
        tells="{invoice_id}",
        route="/api/billing/invoices/{document_id}/share",
    ),
    Line(
        "GET",
        "/api/billing/shared/{invoice_link}?format=json",
        "200 200 200 200 200 200",
        "y y y y y y",
        tells="{invoice_id}",
        route="/api/billing/shared/{link}",
    ),
    Line(
        "GET",
        "/api/billing/payroll/{order_id}/pdf",
        "401 404 404 404 200 200",
        route="/api/billing/payroll/{document_id}/pdf",
    ),
    Line(
        "GET",
        "/api/billing/payroll/{order_id}/lines/{order_line}/evidence",
        "401 404 404 404 200 200",
        "- n n n y y",
        tells="{order_id}",
        route="/api/billing/payroll/{document_id}/lines/{line_id}/evidence",
    ),
    Line("GET", f"/api/billing/payroll/drafts?{PERIOD}", f"{ONLY_ADMIN} 200"),
    Line("POST", "/api/billing/payroll/issue", f"{ONLY_ADMIN} 409", body=REVIEWED),
    Line("GET", "/api/billing/payroll", "401 200 200 200 200 200", "- n n n y y", tells="{order_id}"),
    Line(
        "GET",
        "/api/billing/payroll/{order_id}",
        "401 404 404 404 200 200",
        "- n n n y y",
        tells="{order_id}",
        route="/api/billing/payroll/{document_id}",
    ),
    Line("POST", "/api/billing/payroll/{fresh_order}/void", f"{ONLY_ADMIN} 200", route="/api/billing/payroll/{document_id}/void"),
    Line("GET", f"/api/billing/runs?{PERIOD}", f"{ONLY_ADMIN} 200"),
    Line("POST", "/api/billing/runs", f"{ONLY_ADMIN} 202", body={"from": "2020-01-01T00:00:00Z", "to": "2020-02-01T00:00:00Z"}),
    Line("GET", f"/api/billing/questions?{PERIOD}", f"{ONLY_ADMIN} 200"),
    Line("GET", "/api/billing/payments", "401 200 200 200 200 200", "- n y n n y", tells="omar-paid"),
    Line("POST", "/api/billing/payments", f"{ONLY_ADMIN} 201", body=PAID, headers=NEW_KEY),
    Line("GET", "/api/billing/ad-hoc", f"{ONLY_ADMIN} 200"),
    Line("POST", "/api/billing/ad-hoc", f"{ONLY_ADMIN} 201", body=EXTRA, headers=NEW_KEY),
    Line("DELETE", "/api/billing/ad-hoc/{fresh_extra}", f"{ONLY_ADMIN} 200", route="/api/billing/ad-hoc/{ad_hoc_id}"),
    Line("GET", "/api/billing/packages?party=omar@school.example", "401 404 200 404 404 200"),
    Line(
        "GET",
        "/api/billing/statements/omar@school.example",
        "401 404 200 404 404 200",
        "- n y n n y",
        tells="omar@school.example",
        route="/api/billing/statements/{payer}",
    ),
    *(
        Line("GET", f"/api/billing/reports/{name}?{PERIOD}", f"{ONLY_ADMIN} 200")
        for name in ("revenue", "margin", "payroll", "lines")
    ),
    Line("GET", "/api/billing/reports/outstanding", f"{ONLY_ADMIN} 200"),
    Line("GET", "/api/openapi.json", "200 200 200 200 200 200"),
    Line("GET", "/api/docs", "200 200 200 200 200 200"),
    Line("GET", "/api/docs/nothing.js", "404 404 404 404 404 404", route="/api/docs/{asset}"),
)
# Routes that no edge serves: only our own timers and tasks may call them, whatever token a person shows.
INNER = tuple(
    ("POST", f"/{path}")
    for path in ("tick", "class-due", "sync", "look", "staff-check", "housekeeping", "channel", "deliver", "tell", "issue")
)
