"""Tests of calling Google: who calls, how often, over which connections, and what comes of failures."""

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.crypt import RSASigner

from shared.adapters.google.access import LONGEST_CALL, GoogleApis, Notice, delegated, google_apis, local
from shared.adapters.google.apis import CALENDAR, DIRECTORY, MEET, PEOPLE, Api
from shared.adapters.google.grants import TOKEN_URI
from shared.adapters.google.troubles import Missing
from shared.config import read_settings
from shared.domain.errors import DomainError, Unavailable, UpstreamRefused
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.google.scripted import NOT_FOUND, error, in_turn, old_error, scripted_google

ADA = "ada@school.example"
SPACE = {"name": "spaces/jQCFfuBOdN5z"}


def ask_for_a_space(apis: GoogleApis, subject: str = ADA, **options: Any) -> dict[str, Any]:
    """A harmless request."""
    return apis.call(MEET, subject, "spaces.get", {"name": "spaces/abc-mnop-xyz"}, **options)


@pytest.mark.parametrize(
    ("api", "method", "params", "path"),
    [
        (MEET, "spaces.get", {"name": "spaces/abc-mnop-xyz"}, "/v2/spaces/abc-mnop-xyz"),
        (CALENDAR, "events.get", {"calendarId": "primary", "eventId": "rc1"}, "/calendar/v3/calendars/primary/events/rc1"),
        (PEOPLE, "people.getBatchGet", {"resourceNames": ["people/1"]}, "/v1/people:batchGet"),
        (DIRECTORY, "users.get", {"userKey": "1"}, "/admin/directory/v1/users/1"),
    ],
)
def test_each_api_is_found_at_its_path_and_asked_as_the_subject(api: Api, method: str, params: dict[str, Any], path: str) -> None:
    with scripted_google(in_turn((200, SPACE))) as google:
        assert google.apis().call(api, ADA, method, params) == SPACE
    (asked,) = google.asked
    assert (asked.path, asked.subject) == (path, ADA)


@pytest.mark.parametrize(
    "busy", [error(429, "", "RATE_LIMIT_EXCEEDED"), error(503), error(500), old_error(403, "rateLimitExceeded")]
)
def test_a_busy_google_is_asked_again_a_little_later(busy: tuple[int, dict[str, Any]]) -> None:
    machine = FakeMachine()
    with scripted_google(in_turn(busy, busy, (200, SPACE))) as google:
        assert ask_for_a_space(google.apis(machine)) == SPACE
    assert len(google.asked) == 3
    assert machine.slept == [0.5, 1.0]


def test_a_google_that_stays_busy_is_left_alone_after_four_tries() -> None:
    with scripted_google(in_turn(error(503))) as google, pytest.raises(Unavailable, match="busy"):
        ask_for_a_space(google.apis())
    assert len(google.asked) == 4


def test_slow_failures_do_not_add_up_to_more_than_twenty_seconds() -> None:
    machine = FakeMachine()

    def slow(_: object) -> tuple[int, dict[str, Any]]:
        machine.now += LONGEST_CALL / 2
        return error(503)

    with scripted_google(slow) as google, pytest.raises(Unavailable):
        ask_for_a_space(google.apis(machine))
    assert len(google.asked) == 2


@pytest.mark.parametrize("no", [error(401), error(403), error(400), NOT_FOUND])
def test_a_plain_no_is_not_asked_again(no: tuple[int, dict[str, Any]]) -> None:
    with scripted_google(in_turn(no)) as google, pytest.raises(UpstreamRefused):
        ask_for_a_space(google.apis())
    assert len(google.asked) == 1


def test_each_further_try_pays_its_toll() -> None:
    paid: list[int] = []
    with scripted_google(in_turn(error(429), error(429), (200, SPACE))) as google:
        ask_for_a_space(google.apis(), toll=lambda: paid.append(len(google.asked)))
    assert paid == [1, 2]


def test_nobody_listening_is_a_matter_of_time() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        machine = FakeMachine()
        with pytest.raises(Unavailable, match="cannot be reached"):
            ask_for_a_space(GoogleApis(nobody, local, machine.sleep, machine.monotonic))


def test_a_redirect_is_never_followed() -> None:
    with scripted_google(in_turn((302, {}))) as google, pytest.raises(UpstreamRefused):
        ask_for_a_space(google.apis())
    assert len(google.asked) == 1


def test_an_answer_without_a_body_is_an_empty_one() -> None:
    with scripted_google(in_turn((204, {}))) as google:
        assert google.apis().call(CALENDAR, ADA, "events.delete", {"calendarId": "primary", "eventId": "rc1"}) == {}


def test_a_thread_keeps_its_connection_whoever_it_asks_for() -> None:
    with scripted_google(in_turn((200, SPACE)), latency=0.01) as google, ThreadPoolExecutor(4) as pool:
        apis = google.apis()
        list(pool.map(lambda n: ask_for_a_space(apis, f"teacher{n % 3}@school.example"), range(40)))
        peers = {asked.peer for asked in google.asked}
        assert len(google.asked) == 40
        assert len({asked.subject for asked in google.asked}) == 3
    assert len(peers) <= 4


def test_the_settings_lead_to_the_simulator_or_to_google() -> None:
    with scripted_google(in_turn(NOT_FOUND)) as google, pytest.raises(Missing):
        ask_for_a_space(google_apis(google.settings(), FakeMachine().sleep))
    with pytest.raises(UpstreamRefused, match="set GOOGLE_SERVICE_ACCOUNT"):
        ask_for_a_space(google_apis(read_settings({}), FakeMachine().sleep))


def test_what_a_person_must_mend_is_told_and_once_that_it_is_mended() -> None:
    told: list[tuple[str, str, str | None]] = []
    notice: Notice = lambda service, subject, refusal: told.append((service, subject, refusal.title if refusal else None))  # noqa: E731
    no, works = error(403, "", "SERVICE_DISABLED"), (200, SPACE)
    with scripted_google(in_turn(works, no, works, works)) as google:
        apis = GoogleApis(google.url, local, FakeMachine().sleep, notice=notice)
        ask_for_a_space(apis)
        with pytest.raises(UpstreamRefused):
            ask_for_a_space(apis)
        ask_for_a_space(apis, "bea@school.example")
        assert told == [("Meet", ADA, "Meet API not enabled")]
        ask_for_a_space(apis)
        ask_for_a_space(apis)
    assert told[1:] == [("Meet", ADA, None)]


@pytest.mark.parametrize("passing", [NOT_FOUND, error(503), error(409), error(400)])
def test_what_no_person_needs_to_mend_is_not_told(passing: tuple[int, dict[str, Any]]) -> None:
    told: list[object] = []
    with scripted_google(in_turn(passing)) as google, pytest.raises(DomainError):
        ask_for_a_space(GoogleApis(google.url, local, FakeMachine().sleep, notice=lambda *what: told.append(what)))
    assert told == []


def test_a_notice_that_fails_harms_no_call() -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("the notice is broken")

    with scripted_google(in_turn(error(403), (200, SPACE))) as google:
        apis = GoogleApis(google.url, local, FakeMachine().sleep, notice=failing)
        with pytest.raises(UpstreamRefused):
            ask_for_a_space(apis)
        assert ask_for_a_space(apis) == SPACE


def token_server_key() -> tuple[RSASigner, rsa.RSAPublicKey]:
    """A signer as IAM would be one, and what checks its signatures."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return RSASigner.from_string(pem), key.public_key()


def test_the_service_account_acts_as_the_teacher_without_a_key_file() -> None:
    signer, public = token_server_key()
    assertions: list[str] = []

    def token(asked: Any) -> tuple[int, dict[str, Any]]:
        assertions.append(parse_qs(asked.body)["assertion"][0])
        return 200, {"access_token": f"token-{len(assertions)}", "expires_in": 3600}

    with scripted_google(token, form=True) as tokens, scripted_google(in_turn((200, SPACE))) as google:
        grant = delegated("rollcall@demo.example", lambda _: signer, f"{tokens.url}/token")
        apis = GoogleApis(google.url, grant, FakeMachine().sleep)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: ask_for_a_space(apis), range(16)))
    claims = jwt.decode(assertions[0], public, algorithms=["RS256"], audience=TOKEN_URI)
    assert claims["sub"] == ADA
    assert claims["iss"] == "rollcall@demo.example"
    assert claims["scope"] == "https://www.googleapis.com/auth/meetings.space.readonly"
    assert len(assertions) == 1
    assert google.asked[0].subject == "Bearer token-1"


def test_a_teacher_whom_google_does_not_know_is_named() -> None:
    signer, _ = token_server_key()
    no = (400, {"error": "invalid_grant", "error_description": "Invalid email or User ID"})
    with scripted_google(in_turn(no), form=True) as tokens:
        grant = delegated("rollcall@demo.example", lambda _: signer, f"{tokens.url}/token")
        apis = GoogleApis(None, grant, FakeMachine().sleep)
        with pytest.raises(UpstreamRefused, match=ADA) as refusal:
            ask_for_a_space(apis)
    assert refusal.value.title == "No valid credentials found"
