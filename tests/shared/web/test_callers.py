"""Who may come in: every trap of tokens is refused with the same answer, whoever signs them."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shared import system
from shared.config import Settings, read_settings
from shared.domain.accounts import Caller
from shared.web.callers import Door, caller_of, demand_role
from shared.web.problems import Problem
from tests.issuer import KID, Issuer, forged, part, pem_of, rsa_key, serving, signed

KEY, OLD_KEY = "k" * 40, "o" * 40
ISSUER, CLIENT = "https://sign-in.school.example", "rollcall-dashboard"
NOW = int(system.now().timestamp())
USER, TEACHER, ADMIN = Door("user", ()), Door("teacher", ()), Door("admin", ())
PERSON: dict[str, Any] = {"sub": "u1", "email": "Ada@School.example", "role": "teacher", "iat": NOW, "exp": NOW + 3600}
OURS: dict[str, Any] = {**PERSON, "iss": "rollcall", "aud": "rollcall"}
THEIRS: dict[str, Any] = {**PERSON, "iss": ISSUER, "aud": CLIENT, "email_verified": True}
GOOD = {"HS256": OURS, "RS256": THEIRS}
BOTH = pytest.mark.parametrize("kind", ["HS256", "RS256"])


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with serving() as served:
        yield served


@pytest.fixture
def house(issuer: Issuer) -> Settings:
    """A deployment with two keys of its own, an issuer, and accounts for its own services."""
    return read_settings(
        {
            "JWT_SECRET": f"new:{KEY} old:{OLD_KEY}",
            "OIDC_ISSUER": ISSUER,
            "OIDC_AUDIENCE": f"another-client {CLIENT}",
            "OIDC_JWKS_URL": issuer.certs,
            "OIDC_CERTS_URL": issuer.certs,
            "TASKS_SERVICE_ACCOUNT": "tasks@school.example",
            "SCHEDULER_SERVICE_ACCOUNT": "timer@school.example",
            "PUSH_SERVICE_ACCOUNT": "push@school.example",
        }
    )


def token(kind: str, claims: Mapping[str, Any], kid: str | None = "its own", **header: Any) -> str:
    """A token with a genuine signature of that kind."""
    if kind == "RS256":
        return signed(claims, KID if kid == "its own" else kid, **header)
    named = {} if kid is None else {"kid": "new" if kid == "its own" else kid}
    return forged({"alg": "HS256", "typ": "JWT", **named, **header}, claims, KEY.encode())


def ask(house: Settings, given: str | None, door: Door = USER, **more: str) -> Caller:
    return caller_of(door, {**({"Authorization": given} if given is not None else {}), **more}, house)


def refusal(house: Settings, given: str | None, door: Door = USER, **more: str) -> int:
    with pytest.raises(Problem) as problem:
        ask(house, given, door, **more)
    told = problem.value.told
    if told.status == 401:
        assert (told.title, told.code, told.headers) == (
            "Invalid or expired token",
            "unauthorised",
            {"WWW-Authenticate": "Bearer"},
        )
    return told.status


@BOTH
def test_a_good_token_names_its_caller(house: Settings, kind: str) -> None:
    caller = ask(house, f"Bearer {token(kind, {**GOOD[kind], 'name': 'Ada Teacher'})}")
    assert caller == Caller("u1", "ada@school.example", "teacher", "Ada Teacher")
    assert caller.token_issued_at is not None
    assert caller.token_issued_at.timestamp() == NOW


def test_the_key_before_the_present_one_still_opens(house: Settings) -> None:
    old = jwt.encode(OURS, OLD_KEY, "HS256", headers={"kid": "old"})
    assert ask(house, f"bearer {old}").role == "teacher"


@BOTH
@pytest.mark.parametrize("claim", ["exp", "iat", "iss", "aud", "sub", "email"])
def test_a_token_that_lacks_a_claim_is_refused(house: Settings, kind: str, claim: str) -> None:
    assert refusal(house, f"Bearer {token(kind, {k: v for k, v in GOOD[kind].items() if k != claim})}") == 401


WRONG: list[dict[str, Any]] = [
    {"exp": NOW - 60},
    {"exp": str(NOW + 60)},
    {"exp": NOW + 60.5},
    {"exp": 10**30},
    {"exp": None},
    {"exp": True},
    {"exp": NOW + 7200},
    {"exp": NOW + 3601},
    {"exp": NOW},
    {"iat": NOW + 3000, "exp": NOW + 3300},
    {"iat": str(NOW)},
    {"iat": NOW - 0.5},
    {"iat": -(10**30)},
    {"nbf": NOW + 3500},
    {"nbf": "soon"},
    {"nbf": 10**400},
    {"aud": "another"},
    {"aud": ["another"]},
    {"aud": 5},
    {"aud": [5]},
    {"aud": {}},
    {"aud": ""},
    {"iss": "another"},
    {"iss": 5},
    {"iss": None},
    {"role": "root"},
    {"role": "Admin"},
    {"role": ["admin"]},
    {"role": {"admin": True}},
    {"role": 2},
    {"email": 5},
    {"email": "nobody"},
    {"email": "@school.example"},
    {"email": "ada@"},
    {"email": "ada @school.example"},
    {"email": "ada\u0000@school.example"},
    {"email": "ada\ud800@school.example"},
    {"email": "a" * 300 + "@school.example"},
    {"email": ["ada@school.example"]},
    {"sub": 5},
    {"sub": ""},
    {"sub": "u\u0000"},
    {"sub": "u\n1"},
    {"sub": "u" * 300},
    {"sub": None},
]


@BOTH
@pytest.mark.parametrize("wrong", WRONG, ids=[f"{next(iter(each))}-{n}" for n, each in enumerate(WRONG)])
def test_a_token_with_a_wrong_claim_is_refused(house: Settings, kind: str, wrong: dict[str, Any]) -> None:
    assert refusal(house, f"Bearer {token(kind, {**GOOD[kind], **wrong})}") == 401


@BOTH
@pytest.mark.parametrize(
    "kid", ["../../x", "/etc/passwd", "http://evil.example/k", "' OR 1=1 --", "x" * 65, "x" * 4096, "", "a\x00", "é", "unknown"]
)
def test_a_key_name_that_is_none_of_ours_is_refused(house: Settings, kind: str, kid: str) -> None:
    assert refusal(house, f"Bearer {token(kind, GOOD[kind], kid=kid)}") == 401


@BOTH
def test_a_token_without_a_key_name_is_refused_where_no_key_is_the_default(house: Settings, kind: str) -> None:
    assert refusal(house, f"Bearer {token(kind, GOOD[kind], kid=None)}") == 401


@BOTH
@pytest.mark.parametrize("kid", [5, ["new"], {"kid": "new"}, True])
def test_a_key_name_that_is_no_text_is_refused(house: Settings, kind: str, kid: Any) -> None:
    header = {"alg": kind, "typ": "JWT", "kid": kid}
    assert refusal(house, f"Bearer {forged(header, GOOD[kind], KEY.encode())}") == 401


@BOTH
@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"]},
        {"jku": "http://evil.example"},
        {"jwk": {}},
        {"x5u": "x"},
        {"x5c": ["x"]},
        {"typ": "logout+jwt"},
        {"typ": "secevent+jwt"},
        {"typ": "JOSE"},
        {"typ": ""},
    ],
)
def test_a_header_that_brings_its_own_key_or_another_purpose_is_refused(
    house: Settings, kind: str, header: dict[str, Any]
) -> None:
    assert refusal(house, f"Bearer {token(kind, GOOD[kind], **header)}") == 401


@BOTH
@pytest.mark.parametrize("typ", ["at+jwt", "jwt"])
def test_the_usual_types_are_taken(house: Settings, kind: str, typ: str) -> None:
    assert ask(house, f"Bearer {token(kind, GOOD[kind], typ=typ)}").subject == "u1"


@BOTH
@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "HS384", "HS512", "RS384", "RS512", "PS256", "ES256", "EdDSA", "dir", "", None, 5, ["HS256"]]
)
def test_no_algorithm_but_the_keys_own_is_taken(house: Settings, kind: str, alg: Any) -> None:
    kid = KID if kind == "RS256" else "new"
    header = {"alg": alg, "typ": "JWT", "kid": kid}
    assert refusal(house, f"Bearer {part(header)}.{part(GOOD[kind])}.") == 401
    assert refusal(house, f"Bearer {forged(header, GOOD[kind], KEY.encode())}") == 401


@pytest.mark.parametrize("claims", [OURS, THEIRS])
@pytest.mark.parametrize("kid", [KID, "new"])
@pytest.mark.parametrize("alg", ["HS256", "RS256"])
def test_the_public_key_is_no_secret(house: Settings, alg: str, kid: str, claims: dict[str, Any]) -> None:
    for secret in (pem_of(rsa_key()), pem_of(rsa_key()).strip()):
        assert refusal(house, f"Bearer {forged({'alg': alg, 'typ': 'JWT', 'kid': kid}, claims, secret)}") == 401


def test_each_kind_of_token_is_taken_from_its_own_signer_alone(house: Settings) -> None:
    assert refusal(house, f"Bearer {token('HS256', THEIRS)}") == 401
    assert refusal(house, f"Bearer {token('RS256', OURS)}") == 401
    assert refusal(house, f"Bearer {signed(OURS, 'new')}") == 401
    assert refusal(house, f"Bearer {jwt.encode(THEIRS, KEY, 'HS256', headers={'kid': KID})}") == 401
    assert refusal(house, f"Bearer {signed(THEIRS, key=rsa_key('evil'))}") == 401
    assert refusal(house, f"Bearer {jwt.encode(OURS, 'x' * 40, 'HS256', headers={'kid': 'new'})}") == 401


@BOTH
def test_a_changed_payload_is_refused(house: Settings, kind: str) -> None:
    head, _, signature = token(kind, GOOD[kind]).split(".")
    assert refusal(house, f"Bearer {head}.{part({**GOOD[kind], 'role': 'admin'})}.{signature}") == 401
    assert refusal(house, f"Bearer {head}.{part(GOOD[kind])}.") == 401
    assert refusal(house, f"Bearer {head}.{part(GOOD[kind])}.{signature[:-8]}") == 401


@BOTH
@pytest.mark.parametrize("payload", [b"[]", b"null", b"{", b"", b"\xff\xfe", b"[" * 2000, b'"text"'])
def test_a_payload_that_is_no_object_is_refused(house: Settings, kind: str, payload: bytes) -> None:
    head = part({"alg": kind, "kid": KID if kind == "RS256" else "new"})
    assert refusal(house, f"Bearer {head}.{part(payload)}.{part(b'x')}") == 401


@BOTH
def test_a_detached_payload_is_refused(house: Settings, kind: str) -> None:
    header = {"alg": kind, "b64": False, "kid": KID if kind == "RS256" else "new"}
    assert refusal(house, f"Bearer {part(header)}..{part(b'x')}") == 401
    assert refusal(house, f"Bearer {forged(header, GOOD[kind], KEY.encode())}") == 401


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic abc",
        "Bearer a.b",
        "Bearer a.b.c.d.e",
        "Bearer é.é.é",
        "Bearer ٣.٣.٣",
        "Bearer " + "x" * 5000,
        "Bearer " + "x" * 2**20,
        "Bearer ....",
        "Bearer " + part(b"[" * 2000) + ".a.a",
        "Bearer " + part(b"5") + ".a.a",
    ],
    ids=lambda given: str(given)[:24].encode("unicode_escape").decode(),
)
def test_what_is_no_bearer_token_is_refused(house: Settings, given: str | None) -> None:
    assert refusal(house, given) == 401


@BOTH
def test_a_role_that_is_claimed_and_too_low_may_not_come_in(house: Settings, kind: str) -> None:
    def with_role(role: str) -> str:
        return f"Bearer {token(kind, {**GOOD[kind], 'role': role})}"

    assert refusal(house, with_role("user"), TEACHER) == 403
    assert refusal(house, with_role("teacher"), ADMIN) == 403
    assert ask(house, with_role("admin"), TEACHER).is_admin


def test_an_issuers_token_without_a_role_passes_as_the_least_one_for_the_directory_to_say_more(house: Settings) -> None:
    bare = f"Bearer {token('RS256', {k: v for k, v in THEIRS.items() if k != 'role'})}"
    caller = ask(house, bare, ADMIN)
    assert (caller.role, caller.role_is_claimed) == ("user", False)
    with pytest.raises(Problem) as problem:
        demand_role(caller, "admin")
    assert problem.value.told.status == 403


def test_our_own_token_without_a_role_is_refused(house: Settings) -> None:
    assert refusal(house, f"Bearer {token('HS256', {k: v for k, v in OURS.items() if k != 'role'})}") == 401


@pytest.mark.parametrize(("role", "kind"), [("anyone", "user"), ("", "user"), ("root", "admin"), ("system", "admin")])
def test_a_role_that_is_none_opens_nothing_that_asks_for_one(role: str, kind: str) -> None:
    with pytest.raises(Problem):
        demand_role(Caller("x", "x@school.example", role), kind)


@pytest.mark.parametrize("verified", [False, "true", 1, None, []])
def test_an_address_that_the_issuer_did_not_verify_is_refused(house: Settings, verified: Any) -> None:
    assert refusal(house, f"Bearer {token('RS256', {**THEIRS, 'email_verified': verified})}") == 401
    assert refusal(house, f"Bearer {token('RS256', {k: v for k, v in THEIRS.items() if k != 'email_verified'})}") == 401


def test_an_issuers_token_for_several_audiences_is_refused(house: Settings) -> None:
    assert refusal(house, f"Bearer {token('RS256', {**THEIRS, 'aud': [CLIENT]})}") == 401
    assert refusal(house, f"Bearer {token('RS256', {**THEIRS, 'aud': [CLIENT, 'another']})}") == 401


def test_without_an_issuer_in_the_settings_no_other_tokens_are_taken(issuer: Issuer) -> None:
    for env in (
        {},
        {"OIDC_ISSUER": ISSUER, "OIDC_JWKS_URL": issuer.certs},
        {"OIDC_AUDIENCE": CLIENT, "OIDC_JWKS_URL": issuer.certs},
    ):
        assert refusal(read_settings({"JWT_SECRET": f"new:{KEY}", **env}), f"Bearer {token('RS256', THEIRS)}") == 401


def test_bad_tokens_make_nobody_ask_the_issuer() -> None:
    with serving() as quiet:
        env = {"OIDC_ISSUER": ISSUER, "OIDC_AUDIENCE": CLIENT, "OIDC_JWKS_URL": quiet.certs, "JWT_SECRET": f"new:{KEY}"}
        house = read_settings(env)
        for kid in ("../../x", "http://evil.example/k", "x" * 65, "é"):
            refusal(house, f"Bearer {token('RS256', THEIRS, kid=kid)}")
        for given in ("Bearer a.b.c", f"Bearer {part({'alg': 'none', 'kid': KID})}.{part(THEIRS)}.", "Bearer " + "x" * 5000):
            refusal(house, given)
        refusal(house, f"Bearer {token('RS256', THEIRS, jku=quiet.certs)}")
        refusal(house, f"Bearer {token('HS256', THEIRS)}")
        assert quiet.asked == []
        for number in range(50):
            refusal(house, f"Bearer {token('RS256', THEIRS, kid=f'unknown-{number}')}")
        assert len(quiet.asked) == 1
        assert ask(house, f"Bearer {token('RS256', THEIRS)}").subject == "u1"
        assert len(quiet.asked) == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Email": "admin@school.example"},
        {"X-CloudTasks-QueueName": "rollcall", "X-CloudTasks-TaskName": "1"},
        {"X-CloudScheduler": "true", "X-CloudScheduler-JobName": "tick"},
        {"X-Goog-Authenticated-User-Email": "accounts.google.com:admin@school.example"},
        {"X-Appengine-Cron": "true"},
        {"X-Serverless-Authorization": "Bearer x.y.z"},
        {"Cookie": f"Authorization=Bearer {token('HS256', OURS)}"},
    ],
    ids=lambda lie: next(iter(lie)),
)
@pytest.mark.parametrize("door", ["user", "admin", "task", "scheduler", "push"])
def test_no_other_header_is_trusted(house: Settings, door: str, lie: dict[str, str]) -> None:
    assert refusal(house, None, Door(door, ("https://own.example",)), **lie) == 401


def test_an_open_house_takes_a_caller_without_token_for_the_administrator_but_checks_tokens() -> None:
    open_house = read_settings({"ROLLCALL_AUTH": "open", "JWT_SECRET": f"new:{KEY}"})
    local = ask(open_house, None)
    assert (local.role, local.token_issued_at) == ("admin", None)
    assert ask(open_house, f"Bearer {token('HS256', OURS)}").role == "teacher"
    assert refusal(open_house, f"Bearer {jwt.encode(OURS, 'x' * 40, 'HS256', headers={'kid': 'new'})}") == 401


AUDIENCE = "https://tick.example"
TASK = Door("task", (AUDIENCE, f"{AUDIENCE}/class-due"))
SERVICE: dict[str, Any] = {
    "sub": "1", "email": "tasks@school.example", "email_verified": True, "iss": "https://accounts.google.com", "aud": AUDIENCE,
    "iat": NOW, "exp": NOW + 3600,
}  # fmt: skip


def service(key: rsa.RSAPrivateKey | None = None, **wrong: Any) -> str:
    return "Bearer " + signed({**SERVICE, **wrong}, key=key)


def test_our_own_task_comes_in_as_the_system(house: Settings) -> None:
    assert ask(house, service(), TASK).role == "system"
    assert ask(house, service(aud=f"{AUDIENCE}/class-due"), TASK).is_admin


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "https://other.example"},
        {"aud": [AUDIENCE]},
        {"aud": f"{AUDIENCE}/"},
        {"iss": "https://evil.example"},
        {"iss": ISSUER},
        {"email_verified": False},
        {"email_verified": "true"},
        {"exp": NOW - 99},
        {"exp": NOW + 7200},
        {"exp": str(NOW + 60)},
        {"iat": NOW + 3000, "exp": NOW + 3300},
    ],
)
def test_a_service_token_for_something_else_is_refused(house: Settings, wrong: dict[str, Any]) -> None:
    assert refusal(house, service(**wrong), TASK) == 401


def test_another_account_of_google_may_not_come_in(house: Settings) -> None:
    assert refusal(house, service(email="timer@school.example"), TASK) == 403
    assert refusal(house, service(email="tasks@school.example.evil"), TASK) == 403
    assert ask(house, service(email="timer@school.example"), Door("scheduler", TASK.audiences)).role == "system"


def test_a_push_is_let_in_for_its_own_account_and_address_alone(house: Settings) -> None:
    push = Door("push", TASK.audiences)
    assert ask(house, service(email="push@school.example"), push).role == "system"
    assert refusal(house, service(), push) == 403
    assert refusal(house, service(email="push@school.example"), TASK) == 403
    assert refusal(house, service(email="push@school.example", aud="https://elsewhere.example"), push) == 401
    assert refusal(house, service(email="push@school.example", email_verified=False), push) == 401
    assert refusal(house, service(email="push@school.example", iss="https://accounts.example"), push) == 401


def test_a_persons_token_and_a_key_of_somebody_else_open_no_service_door(house: Settings) -> None:
    for kind, claims in GOOD.items():
        assert refusal(house, f"Bearer {token(kind, {**claims, 'role': 'admin'})}", TASK) == 401
    assert refusal(house, service(rsa_key("evil")), TASK) == 401
    assert refusal(house, None, TASK) == 401


def test_a_service_token_opens_no_persons_door(house: Settings, issuer: Issuer) -> None:
    assert refusal(house, service(), USER) == 401
    google = read_settings({"OIDC_ISSUER": "https://accounts.google.com", "OIDC_AUDIENCE": CLIENT, "OIDC_JWKS_URL": issuer.certs})
    assert refusal(google, service(), USER) == 401


def test_a_service_door_without_its_settings_stays_shut() -> None:
    assert refusal(read_settings({"ROLLCALL_AUTH": "open"}), service(), TASK) == 401


def test_a_service_door_without_an_address_stays_shut(house: Settings) -> None:
    assert refusal(house, service(), Door("task", ())) == 401


def test_a_refusal_without_a_token_pays_for_no_cryptography() -> None:
    program = (
        "import sys\n"
        "from shared.config import read_settings\n"
        "from shared.web.callers import Door, caller_of\n"
        "from shared.web.problems import Problem\n"
        "import shared.web.routes\n"
        "for given in ({}, {'Authorization': 'Basic x'}):\n"
        "    try: caller_of(Door('user', ()), given, read_settings({}))\n"
        "    except Problem as refused: print(refused.told.status)\n"
        "print(sorted({'jwt', 'cryptography', 'requests', 'google.auth', 'shared.people_ports'} & sys.modules.keys()))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.split("\n") == ["401", "401", "[]", ""]
