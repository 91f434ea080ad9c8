"""Who may come in: every trap of tokens is refused with the same answer."""

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shared import system
from shared.config import Settings, read_settings
from shared.domain.accounts import Caller
from shared.web import callers
from shared.web.callers import Door, caller_of
from shared.web.problems import Problem

KEY, OLD_KEY = "k" * 40, "o" * 40
SETTINGS = read_settings(
    {
        "JWT_SECRET": f"new:{KEY} old:{OLD_KEY}",
        "TASKS_SERVICE_ACCOUNT": "tasks@school.example",
        "SCHEDULER_SERVICE_ACCOUNT": "timer@school.example",
        "PUSH_SERVICE_ACCOUNT": "push@school.example",
        "OIDC_CERTS_URL": "http://127.0.0.1:9/certs",
    }
)
USER = Door("user", ())
NOW = int(system.now().timestamp())
GOOD: dict[str, Any] = {
    "sub": "u1", "email": "Ada@School.example", "role": "teacher", "iss": "rollcall", "aud": "rollcall",
    "iat": NOW, "exp": NOW + 3600,
}  # fmt: skip


def token(claims: dict[str, Any] | None = None, key: str = KEY, kid: str | None = "new", **header: Any) -> str:
    named = {"kid": kid} if kid else {}
    return jwt.encode(GOOD if claims is None else claims, key, "HS256", headers={**named, **header})


def ask(given: str | None, door: Door = USER, settings: Settings = SETTINGS) -> Caller:
    return caller_of(door, {"Authorization": given} if given is not None else {}, settings)


def refusal(given: str | None, door: Door = USER, settings: Settings = SETTINGS) -> int:
    with pytest.raises(Problem) as problem:
        ask(given, door, settings)
    assert problem.value.told.status != 401 or problem.value.told.title == "Invalid or expired token"
    return problem.value.told.status


def test_a_good_token_names_its_caller() -> None:
    assert ask(f"Bearer {token()}") == Caller("u1", "ada@school.example", "teacher")


def test_the_key_before_the_present_one_still_opens() -> None:
    assert ask(f"bearer {token(key=OLD_KEY, kid='old')}").role == "teacher"


@pytest.mark.parametrize("claim", ["exp", "iat", "iss", "aud", "sub", "email", "role"])
def test_a_token_that_lacks_a_claim_is_refused(claim: str) -> None:
    assert refusal(f"Bearer {token({k: v for k, v in GOOD.items() if k != claim})}") == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": NOW - 60},
        {"exp": str(NOW + 60)},
        {"exp": 10**30},
        {"exp": NOW + 7200},
        {"iat": NOW + 600, "exp": NOW + 900},
        {"nbf": NOW + 600},
        {"aud": "another"},
        {"iss": "another"},
        {"role": "root"},
        {"role": ["admin"]},
        {"email": 5},
        {"email": "nobody"},
        {"sub": 5},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(wrong: dict[str, Any]) -> None:
    assert refusal(f"Bearer {token({**GOOD, **wrong})}") == 401


@pytest.mark.parametrize("kid", ["../../x", "http://evil.example/k", "' OR 1=1", "x" * 4000, "unknown", "default"])
def test_a_key_name_that_is_none_of_ours_is_refused(kid: str) -> None:
    assert refusal(f"Bearer {token(kid=kid)}") == 401


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"jku": "http://evil.example"}, {"jwk": {}}, {"x5u": "x"}, {"x5c": ["x"]}])
def test_a_header_that_brings_its_own_key_is_refused(header: dict[str, Any]) -> None:
    assert refusal(f"Bearer {token(**header)}") == 401


def test_an_unsigned_token_is_refused() -> None:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    assert refusal(f"Bearer {part({'alg': 'none', 'kid': 'new'})}.{part(GOOD)}.") == 401


def test_a_changed_payload_is_refused() -> None:
    head, _, signature = token().split(".")
    forged = base64.urlsafe_b64encode(json.dumps({**GOOD, "role": "admin"}).encode()).decode().rstrip("=")
    assert refusal(f"Bearer {head}.{forged}.{signature}") == 401


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer a.b", "Bearer é.é.é", "Bearer " + "x" * 5000, "Bearer ...."]
)
def test_what_is_no_bearer_token_is_refused(given: str | None) -> None:
    assert refusal(given) == 401


def test_a_role_that_is_too_low_may_not_come_in() -> None:
    assert refusal(f"Bearer {token({**GOOD, 'role': 'user'})}", Door("teacher", ())) == 403
    assert refusal(f"Bearer {token()}", Door("admin", ())) == 403
    assert ask(f"Bearer {token({**GOOD, 'role': 'admin'})}", Door("teacher", ())).is_admin


def test_an_open_house_takes_a_caller_without_token_for_the_administrator_but_checks_tokens() -> None:
    open_house = read_settings({"ROLLCALL_AUTH": "open", "JWT_SECRET": f"new:{KEY}"})
    assert ask(None, USER, open_house).role == "admin"
    assert ask(f"Bearer {token()}", USER, open_house).role == "teacher"
    assert refusal(f"Bearer {token(key='x' * 40)}", USER, open_house) == 401


AUDIENCE = "https://tick.example"
TASK = Door("task", (AUDIENCE, f"{AUDIENCE}/class-due"))
SERVICE: dict[str, Any] = {
    "sub": "1", "email": "tasks@school.example", "email_verified": True, "iss": "https://accounts.google.com", "aud": AUDIENCE,
    "iat": NOW, "exp": NOW + 3600,
}  # fmt: skip


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> rsa.RSAPrivateKey:
    """Google's keys, without Google: the key set is ours, everything after it is the real code."""
    key = rsa.generate_private_key(65537, 2048)

    class Keys:
        def get_signing_key_from_jwt(self, given: str) -> Any:
            if jwt.get_unverified_header(given).get("kid") != "g1":
                raise jwt.PyJWKClientError("unknown key")
            return type("K", (), {"key": key.public_key()})()

    monkeypatch.setattr(callers, "_google_keys", lambda _: Keys())
    return key


def service(key: rsa.RSAPrivateKey, **wrong: Any) -> str:
    return "Bearer " + jwt.encode({**SERVICE, **wrong}, key, "RS256", headers={"kid": "g1"})


def test_our_own_task_comes_in_as_the_system(google: rsa.RSAPrivateKey) -> None:
    assert ask(service(google), TASK).role == "system"
    assert ask(service(google, aud=f"{AUDIENCE}/class-due"), TASK).is_admin


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "https://other.example"},
        {"iss": "https://evil.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"exp": NOW - 99},
    ],
)
def test_a_service_token_for_something_else_is_refused(google: rsa.RSAPrivateKey, wrong: dict[str, Any]) -> None:
    assert refusal(service(google, **wrong), TASK) == 401


def test_another_account_of_google_may_not_come_in(google: rsa.RSAPrivateKey) -> None:
    assert refusal(service(google, email="timer@school.example"), TASK) == 403
    assert ask(service(google, email="timer@school.example"), Door("scheduler", TASK.audiences)).role == "system"


def test_a_push_is_let_in_for_its_own_account_and_address_alone(google: rsa.RSAPrivateKey) -> None:
    push = Door("push", TASK.audiences)
    assert ask(service(google, email="push@school.example"), push).role == "system"
    assert refusal(service(google), push) == 403
    assert refusal(service(google, email="push@school.example"), TASK) == 403
    assert refusal(service(google, email="push@school.example", aud="https://elsewhere.example"), push) == 401
    assert refusal(service(google, email="push@school.example", email_verified=False), push) == 401
    assert refusal(service(google, email="push@school.example", iss="https://accounts.example"), push) == 401


def test_a_persons_token_and_a_key_of_somebody_else_open_no_service_door(google: rsa.RSAPrivateKey) -> None:
    assert refusal(f"Bearer {token({**GOOD, 'role': 'admin'})}", TASK) == 401
    assert refusal(service(rsa.generate_private_key(65537, 2048)), TASK) == 401
    assert refusal(None, TASK) == 401
    assert google is not None


def test_a_service_door_without_its_settings_stays_shut(google: rsa.RSAPrivateKey) -> None:
    assert refusal(service(google), TASK, read_settings({"ROLLCALL_AUTH": "open"})) == 401
    assert refusal(service(google), Door("task", ())) == 401
