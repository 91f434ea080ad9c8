"""The gate in HTTP's words: whom it is for, what it answers, and which address a request counts under."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from flask import Flask, Request

from shared.domain.accounts import AskedTooOften, Caller, SignedOut
from shared.web.gate import address_of, pass_gate
from shared.web.problems import Problem

APP = Flask("test")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADA = Caller("1", "ada@school.example", "admin", None, NOON)


@dataclass
class FakeGate:
    """Says who came by, and lowers everybody to a user."""

    seen: list[tuple[str, str]] = field(default_factory=list)
    trouble: Exception | None = None

    def admit(self, caller: Caller, address: str) -> Caller:
        self.seen.append((caller.email, address))
        if self.trouble:
            raise self.trouble
        return Caller(caller.subject, caller.email, "user")

    def admit_stranger(self, address: str) -> None:
        self.seen.append(("", address))
        if self.trouble:
            raise self.trouble


def request(method: str = "GET", peer: str = "198.51.100.1", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with APP.test_request_context("/", method=method, headers=named, environ_base={"REMOTE_ADDR": peer}) as context:
        asked: Request = context.request
        return asked


@pytest.mark.parametrize("kind", ["user", "teacher", "admin"])
def test_people_with_a_token_pass_the_gate_and_leave_it_with_their_present_role(kind: str) -> None:
    gate = FakeGate()
    assert pass_gate(gate, kind, request(), ADA, 1).role == "user"
    assert gate.seen == [("ada@school.example", "198.51.100.1")]


@pytest.mark.parametrize("kind", ["public-signed", "zoom-signed", "stripe-signed", "task", "scheduler", "push"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_webhooks_tasks_timers_and_pushes_never_do(kind: str, method: str) -> None:
    gate = FakeGate(trouble=AskedTooOften(1, NOON, 9))
    for system in (Caller("bridge", "", "system"), Caller("bridge", "", "system", None, NOON)):
        assert pass_gate(gate, kind, request(method), system, 1) is system
    assert gate.seen == []


def test_an_open_house_limits_nobody_without_a_token() -> None:
    gate, local = FakeGate(trouble=AskedTooOften(1, NOON, 9)), Caller("local", "admin@localhost", "admin")
    assert pass_gate(gate, "admin", request(), local, 1) is local


def test_a_function_without_a_gate_lets_everybody_on() -> None:
    assert pass_gate(None, "admin", request(), ADA, 1) is ADA


def test_a_sign_in_is_counted_and_a_look_at_the_documents_is_not() -> None:
    gate, anyone = FakeGate(), Caller("anyone", "", "anyone")
    assert pass_gate(gate, "anyone", request("GET"), anyone, 1) is anyone
    assert gate.seen == []
    assert pass_gate(gate, "anyone", request("POST"), anyone, 1) is anyone
    assert gate.seen == [("", "198.51.100.1")]


@pytest.mark.parametrize(("kind", "method"), [("user", "GET"), ("anyone", "POST")])
def test_whoever_asks_too_often_is_told_how_long_to_wait(kind: str, method: str) -> None:
    with pytest.raises(Problem) as problem:
        pass_gate(FakeGate(trouble=AskedTooOften(600, NOON, 23)), kind, request(method), ADA, 1)
    told = problem.value.told
    assert (told.status, told.code, told.headers) == (429, "too-many-requests", {"Retry-After": "23"})
    assert told.detail == "At most 600 requests a minute are taken; wait 23 seconds and send it again."


def test_whoever_was_signed_out_is_told_to_sign_in() -> None:
    with pytest.raises(Problem) as problem:
        pass_gate(FakeGate(trouble=SignedOut()), "user", request(), ADA, 1)
    told = problem.value.told
    assert (told.status, told.title, told.headers) == (401, "Invalid or expired token", {"WWW-Authenticate": "Bearer"})


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("203.0.113.7", 1, "203.0.113.7"),
        ("10.0.0.1, 203.0.113.7", 1, "203.0.113.7"),
        ("127.0.0.1,1.2.3.4,203.0.113.7", 1, "203.0.113.7"),
        ("203.0.113.7, 35.191.0.1", 2, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 35.191.0.1", 2, "203.0.113.7"),
        ("35.191.0.1", 2, "198.51.100.1"),
        ("203.0.113.7, ", 1, "198.51.100.1"),
        ("203.0.113.7, evil", 1, "198.51.100.1"),
        ("203.0.113.7, 1.2.3.4:80", 1, "198.51.100.1"),
        ("203.0.113.7, 1.2.3", 1, "198.51.100.1"),
        ("", 1, "198.51.100.1"),
        ("," * 5000, 1, "198.51.100.1"),
        ("::ffff:203.0.113.7", 1, "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", 1, "2001:db8:1:3::/64"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(forwarded: str, proxies: int, address: str) -> None:
    assert address_of(forwarded, "198.51.100.1", proxies) == address


def test_without_a_proxy_the_address_is_the_peers() -> None:
    assert address_of("", "203.0.113.9", 1) == "203.0.113.9"
    assert address_of("evil", "203.0.113.9", 1) == "203.0.113.9"
