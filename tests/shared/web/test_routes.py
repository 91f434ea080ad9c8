"""Routes: path, size, type and caller are settled before anything of the function is loaded."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, Request, Response

from functions.openapi.main import routes as openapi
from functions.openapi.wiring import wire as openapi_wire
from functions.schedule import main as schedule_main
from functions.schedule.main import routes as schedule
from functions.webhook.main import routes as webhook
from shared import config, system
from shared.domain.accounts import AskedTooOften, Caller, SignedOut
from shared.domain.errors import (
    AlreadyBooked,
    DomainError,
    Forbidden,
    InvalidInput,
    KeyReused,
    NotFound,
    NotInThisState,
    Stale,
    Unavailable,
    UpstreamRefused,
)
from shared.web.problems import told_of
from shared.web.routes import Routes
from shared.web.signatures import sign
from shared.web.tokens import mint

SECRET = "s" * 40
APP = Flask("test")
APP_ORIGIN = "https://app.school.example"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment that requires tokens and signatures."""
    known = config.read_settings({"JWT_SECRET": SECRET, "WEBHOOK_SECRET": SECRET, "CORS_ORIGINS": APP_ORIGIN})
    monkeypatch.setattr("shared.web.routes.settings", lambda: known)


def unwired() -> Any:
    raise AssertionError("the function was composed for a request that is refused")


def ask(routes: Routes, path: str, wire: Callable[[], Any] = unwired, **request: Any) -> Response:
    with APP.test_request_context(path, **request) as context:
        asked: Request = context.request
        return routes.answer(asked, wire)


def problem(response: Response) -> dict[str, Any]:
    assert response.content_type == "application/problem+json"
    told: dict[str, Any] = json.loads(response.get_data())
    assert {"type", "title", "status", "detail", "request_id"} <= told.keys()
    assert told["status"] == response.status_code
    return told


@pytest.mark.parametrize("path", ["/", "/api/schedule/nothing", "/api/schedule/class/x/y", "/api/schedule//class"])
def test_an_unknown_path_is_not_found(path: str) -> None:
    assert problem(ask(schedule, path))["status"] == 404


@pytest.mark.parametrize("path", ["/api/schedule/classes", "/schedule/classes", "/classes", "/classes/"])
def test_every_form_of_a_path_reaches_its_route(path: str) -> None:
    assert problem(ask(schedule, path))["status"] == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "POST"])
def test_another_method_is_told_which_to_use(method: str) -> None:
    response = ask(schedule, "/api/schedule/classes", method=method)
    assert (problem(response)["status"], response.headers["Allow"]) == (405, "GET")


def test_a_path_variable_is_one_segment() -> None:
    assert problem(ask(schedule, "/api/schedule/classes/abc"))["status"] == 401
    assert problem(ask(schedule, "/api/schedule/classes/" + "x" * 300))["status"] == 404


@pytest.mark.parametrize("size", [65537, 200_000])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(size: int) -> None:
    response = ask(schedule, "/api/schedule/class", method="POST", data=b"x" * size, content_type="application/json")
    assert problem(response)["status"] == 413


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_a_packed_body_is_refused(encoding: str) -> None:
    response = ask(schedule, "/api/schedule/class", method="POST", data=b"x", headers={"Content-Encoding": encoding})
    assert problem(response)["status"] == 415


def signed(body: bytes, at: int | None = None) -> dict[str, str]:
    at = int(system.now().timestamp()) if at is None else at
    return {"webhook-id": "m1", "webhook-timestamp": str(at), "webhook-signature": sign(SECRET, "m1", at, body)}


def test_an_unsigned_webhook_is_refused_and_costs_nothing() -> None:
    response = ask(webhook, "/api/webhook/meet-events", method="POST", data=b"{}", content_type="application/json")
    assert problem(response)["status"] == 401
    old = ask(
        webhook, "/api/webhook/meet-events", method="POST", data=b"{}", headers=signed(b"{}", 1), content_type="application/json"
    )
    assert problem(old)["status"] == 401


def test_a_signed_form_is_not_json() -> None:
    response = ask(
        webhook, "/api/webhook/meet-events", method="POST", data=b"{}", headers=signed(b"{}"), content_type="text/plain"
    )
    assert problem(response)["status"] == 415


def test_every_answer_says_its_trace_and_forbids_what_pages_could_do() -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    response = ask(schedule, "/nowhere", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    assert problem(response)["request_id"] == response.headers["X-Request-Id"] == trace
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_a_strange_trace_header_is_not_taken_over() -> None:
    response = ask(schedule, "/nowhere", headers={"traceparent": 'x"}\\n{"severity": "ALERT'})
    assert problem(response)["request_id"] != ""
    assert "ALERT" not in response.get_data(as_text=True)


def test_a_crash_shows_nobody_its_trace_but_the_log(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    open_house = config.read_settings({"ROLLCALL_AUTH": "open"})
    monkeypatch.setattr("shared.web.routes.settings", lambda: open_house)

    def broken() -> Any:
        raise RuntimeError("secret detail")

    response = ask(schedule, "/api/schedule/classes", broken)
    assert problem(response)["status"] == 500
    assert "secret detail" not in response.get_data(as_text=True)
    line = json.loads(capsys.readouterr().err.strip())
    assert "secret detail" in line["message"]
    assert line["trace_id"] == response.headers["X-Request-Id"]


@pytest.mark.parametrize("switch", ["on", "off"])
def test_debugging_logs_each_answer_by_its_route_and_says_nothing_of_whom(
    switch: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = config.read_settings({"ROLLCALL_DEBUG": switch})
    monkeypatch.setattr("shared.web.routes.settings", lambda: known)
    assert ask(openapi, "/api/docs/start.js", openapi_wire).status_code == 200
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["severity"], line["message"], line["status"], line["role"]) for line in told] == (
        [("DEBUG", "GET /api/docs/{asset}", 200, "anyone")] if switch == "on" else []
    )


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (NotFound("x"), 404),
        (InvalidInput("field", "x"), 422),
        (Forbidden("x"), 403),
        (NotInThisState("x"), 409),
        (AlreadyBooked("x", ("a",)), 409),
        (KeyReused("x"), 422),
        (Stale("x"), 409),
        (Unavailable("x"), 503),
        (UpstreamRefused("No valid credentials found", "x"), 502),
    ],
)
def test_every_refusal_has_its_status(trouble: DomainError, status: int) -> None:
    told = told_of(trouble)
    assert told is not None
    assert (told.status, told.detail) == (status, "x")


def test_the_table_of_refusals_knows_every_error() -> None:
    for kind in DomainError.__subclasses__():
        made = kind.__new__(kind)
        DomainError.__init__(made, "x")
        made.field, made.title, made.class_ids = "f", "t", ()  # type: ignore[attr-defined]
        assert told_of(made) is not None


def preflight(origin: str) -> Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return ask(schedule, "/api/schedule/class", method="OPTIONS", headers=headers)


def test_a_page_of_our_own_may_ask_and_read() -> None:
    answer = preflight(APP_ORIGIN)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, APP_ORIGIN)
    refused = ask(schedule, "/api/schedule/classes", headers={"Origin": APP_ORIGIN})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, APP_ORIGIN)


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", f"{APP_ORIGIN}.evil.example", "http://app.school.example", "*"]
)
def test_a_page_of_another_origin_may_neither_ask_nor_read(origin: str) -> None:
    answer = preflight(origin)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    read = ask(schedule, "/api/schedule/classes", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in read.headers
    assert read.headers["Vary"] == "Origin"


def test_an_open_house_does_not_start_in_the_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> config.Settings:
        return config.read_settings({"ROLLCALL_AUTH": "open", "K_SERVICE": "schedule"})

    monkeypatch.setattr("shared.web.routes.settings", wrong)
    with pytest.raises(config.ConfigurationError, match="K_SERVICE"):
        Routes(str(schedule_main.__file__))


NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CLASSES, BOOKING = "/api/schedule/classes", "/api/schedule/class"


@dataclass
class Gated:
    """A composed function of which only the gate is ever reached; `lowers` is the role that it leaves to everybody."""

    lowers: str | None = None
    trouble: Exception | None = None
    passed: int = 0

    @property
    def gate(self) -> "Gated":
        return self

    def admit(self, caller: Caller, address: str) -> Caller:
        assert address == "203.0.113.7"
        self.passed += 1
        if self.trouble:
            raise self.trouble
        return replace(caller, role=self.lowers or caller.role)

    def admit_stranger(self, address: str) -> None:
        raise AssertionError(f"nobody at {address} signs in here")


def as_role(role: str) -> dict[str, str]:
    known = config.read_settings({"JWT_SECRET": SECRET})
    token = mint(Caller("1", "ada@school.example", role), known, system.now())
    return {"Authorization": f"Bearer {token}", "X-Forwarded-For": "6.6.6.6, 203.0.113.7"}


def test_whoever_asks_too_often_is_told_429_and_when_to_come_again() -> None:
    app = Gated(trouble=AskedTooOften(600, NOON, 17))
    response = ask(schedule, CLASSES, lambda: app, headers={**as_role("user"), "Origin": APP_ORIGIN})
    told = problem(response)
    assert (told["status"], told["title"], told["type"]) == (429, "Too many requests", "urn:rollcall:problem:too-many-requests")
    assert (told["detail"], response.headers["Retry-After"]) == (
        "At most 600 requests a minute are taken; wait 17 seconds and send it again.",
        "17",
    )
    assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]


def test_a_role_that_was_taken_away_opens_nothing_more() -> None:
    response = ask(schedule, BOOKING, lambda: Gated(lowers="user"), method="POST", headers=as_role("admin"))
    assert problem(response)["status"] == 403


def test_whoever_was_signed_out_has_to_sign_in() -> None:
    response = ask(schedule, CLASSES, lambda: Gated(trouble=SignedOut()), headers=as_role("admin"))
    assert (problem(response)["status"], problem(response)["title"]) == (401, "Invalid or expired token")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_claimed_role_that_is_too_low_is_refused_before_the_function_is_composed() -> None:
    assert problem(ask(schedule, BOOKING, method="POST", headers=as_role("user")))["status"] == 403


def test_a_bad_token_is_refused_before_the_function_is_composed() -> None:
    bad = {"Authorization": as_role("admin")["Authorization"][:-6] + "AAAAAA"}
    assert problem(ask(schedule, CLASSES, headers=bad))["status"] == 401


def test_a_signed_webhook_is_never_limited() -> None:
    app = Gated(trouble=AskedTooOften(1, NOON, 60))
    app.clock, app.quarantine = system.now, lambda *_: "0" * 32  # type: ignore[attr-defined]
    headers = {**signed(b"{}"), "X-Forwarded-For": "203.0.113.7"}
    response = ask(
        webhook,
        "/api/webhook/meet-events",
        lambda: app,
        method="POST",
        data=b"{}",
        headers=headers,
        content_type="application/json",
    )
    assert (response.status_code, app.passed) == (200, 0)


def test_an_open_house_limits_nobody_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    open_house = config.read_settings({"ROLLCALL_AUTH": "open", "JWT_SECRET": SECRET})
    monkeypatch.setattr("shared.web.routes.settings", lambda: open_house)
    app = Gated(trouble=AskedTooOften(1, NOON, 60))
    assert problem(ask(schedule, CLASSES, lambda: app, query_string={"limit": "x"}))["status"] == 422
    assert app.passed == 0
    assert problem(ask(schedule, CLASSES, lambda: app, headers=as_role("user")))["status"] == 429


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]
)
def test_what_another_sites_form_can_send_is_not_taken(content_type: str) -> None:
    asked: dict[str, Any] = {"method": "POST", "data": b'{"subject": "x"}', "content_type": content_type}
    assert problem(ask(schedule, BOOKING, headers=as_role("admin"), **asked))["status"] == 415
    cookie = {"Cookie": f"token={as_role('admin')['Authorization'][7:]}"}
    assert problem(ask(schedule, BOOKING, headers=cookie, **asked))["status"] == 401


def test_a_token_in_the_address_is_no_token() -> None:
    token = as_role("admin")["Authorization"][7:]
    assert problem(ask(schedule, CLASSES, query_string={"access_token": token, "token": token}))["status"] == 401
