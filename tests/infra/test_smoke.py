"""The smoke test notices each thing that may be wrong with a deployment, here with one that is made to be wrong."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from infra import smoke
from infra.smoke import DESCRIPTION, Deployment, Wrong, main, token_from
from shared.config import ConfigurationError

BASE = "https://rollcall.school.example"
PROBLEM = {"content-type": "application/problem+json"}
Answer = Callable[[httpx.Request], httpx.Response | None]


def healthy(request: httpx.Request) -> httpx.Response:
    """What a deployment that lives answers."""
    path, is_signed_in = request.url.path, "authorization" in request.headers
    if request.url.scheme == "http":
        return httpx.Response(301, headers={"location": f"{BASE}{path}"})
    if path == "/api/openapi.json":
        return httpx.Response(200, content=DESCRIPTION.read_bytes())
    if path == "/":
        return httpx.Response(200, headers={"content-security-policy": "default-src 'none'"})
    if path == "/config.json":
        return httpx.Response(200, json={"realtimeUrl": BASE})
    if path == "/socket.io/":
        return httpx.Response(200, text='0{"sid":"x"}')
    if path == "/api/monitoring/health" and is_signed_in:
        return httpx.Response(200, json={"status": "ok", "last_tick_at": "2026-11-21T10:00:00Z"})
    status = 401 if path.startswith("/api/") else 404
    return httpx.Response(status, headers=PROBLEM, text="{}")


def asked(different: Answer, *, is_admin: bool = True) -> list[str]:
    """What is wrong with a deployment that answers some requests differently."""

    def answer(request: httpx.Request) -> httpx.Response:
        return different(request) or healthy(request)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        return [
            trouble for _, trouble in smoke.smoke(Deployment(BASE, client, "t" if is_admin else None), patience_s=0) if trouble
        ]


def at(path: str, status: int, **more: Any) -> Answer:
    return lambda request: httpx.Response(status, **more) if request.url.path == path and request.url.scheme == "https" else None


def test_nothing_is_wrong_with_a_deployment_that_lives() -> None:
    assert asked(lambda _: None) == []


def _other_release() -> bytes:
    told = json.loads(DESCRIPTION.read_text("utf-8"))
    told["paths"].pop("/api/monitoring/health")
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    ("different", "told"),
    [
        (at("/api/openapi.json", 200, content=_other_release()), "is not this release's"),
        (at("/api/openapi.json", 502, text="Bad Gateway"), "answered 502 instead of 200"),
        (at("/api/openapi.json", 200, text="<html>"), "is not JSON"),
        (at("/", 200), "no Content-Security-Policy"),
        (at("/config.json", 200, json={"realtimeUrl": None}), "names no gateway"),
        (at("/api/schedule/classes", 200, json={}), "/api/schedule/classes was answered 200 instead of 401"),
        (at("/api/schedule/classes", 401, text="<html>"), "not Rollcall answers, but something before it"),
        (at("/api/webhook/meet-events", 200, json={}), "/api/webhook/meet-events was answered 200 instead of 401"),
        (at("/api/webhook/zoom", 500), "/api/webhook/zoom was answered 500 instead of 401"),
        (at("/api/billing/stripe/events", 200), "/api/billing/stripe/events was answered 200 instead of 401"),
        (at("/tick", 200, json={}), "an inner function can be reached from outside"),
        (at("/socket.io/", 200, text="hello"), "no handshake"),
        (at("/api/monitoring/health", 200, json={"status": "late", "last_tick_at": None}), "The monitor is late"),
        (lambda r: httpx.Response(200) if r.url.scheme == "http" else None, "not sent to https://"),
    ],
)
def test_what_is_wrong_is_noticed_and_said(different: Answer, told: str) -> None:
    assert any(told in trouble for trouble in asked(different))


def test_whether_the_monitor_runs_is_asked_only_with_a_token() -> None:
    late = at("/api/monitoring/health", 200, json={"status": "late", "last_tick_at": None})
    assert not any("monitor is late" in trouble for trouble in asked(late, is_admin=False))


def test_nobody_answering_is_wrong() -> None:
    def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    with (
        httpx.Client(transport=httpx.MockTransport(away)) as client,
        pytest.raises(Wrong, match="was not answered: ConnectError nobody there"),
    ):
        smoke.description(Deployment(BASE, client, None))


def test_a_check_that_fails_is_made_again_while_there_is_time() -> None:
    answers = iter([503, 503])

    def waking(request: httpx.Request) -> httpx.Response:
        status = next(answers, None) if request.url.path == "/api/openapi.json" else None
        return healthy(request) if status is None else httpx.Response(status)

    with httpx.Client(transport=httpx.MockTransport(waking)) as client:
        first = next(iter(smoke.smoke(Deployment(BASE, client, None), patience_s=30)))
    assert first[1] is None
    assert next(answers, None) is None


def test_a_token_is_made_where_the_secret_is_known() -> None:
    assert token_from({}) is None
    assert str(token_from({"JWT_SECRET": "k1:" + "s" * 32})).count(".") == 2
    with pytest.raises(ConfigurationError, match="at least 32"):
        token_from({"JWT_SECRET": "short"})


def test_an_address_without_a_scheme_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollcall.school.example"]) == 2
    assert "write it with https:// in front" in capsys.readouterr().err
