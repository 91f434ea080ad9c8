"""Routes: path, size, type and caller are settled before anything of the function is loaded."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Request, Response

from functions.schedule import main as schedule_main
from functions.schedule.main import routes as schedule
from functions.webhook.main import routes as webhook
from shared import config
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
    from shared import system

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
