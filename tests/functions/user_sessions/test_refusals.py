"""What user sessions refuse: every error has the family's members, every route needs a token, every bad field is named."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from functions.user_sessions import main
from shared.config import settings
from shared.domain.accounts import Caller
from shared.domain.errors import Stale, Unavailable
from shared.domain.evidence import Evidence
from shared.domain.user_sessions import UserSession
from tests.fake_user_sessions import MemoryUserSessions
from tests.functions.user_sessions.asking import ADA, OMAR, ROOT, Here, body_of, error_of

CODE, MEETING = "abc-mnop-xyz", "/meeting/abc-mnop-xyz"
ROUTES = json.loads((Path(main.__file__).parent / "function.json").read_text("utf-8"))["routes"]
CLOSED = [
    (each["method"], each["path"].removeprefix(ROOT).format(meeting_id=CODE)) for each in ROUTES if each["caller"] != "anyone"
]
JOIN = {"meetingId": CODE, "participantData": {"participantName": "Omar N.", "device": "Desktop"}}


@dataclass
class Troubled(MemoryUserSessions):
    """A store that raises what a test puts there."""

    trouble: Exception = field(default_factory=lambda: Unavailable("The database does not answer right now."))

    def join(self, wanted: UserSession, fact: Evidence) -> UserSession:  # noqa: ARG002 - the port's form
        """See the port."""
        raise self.trouble


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize("auth", ["required", "open"])
def test_every_route_needs_a_token_also_on_an_open_local_stack(
    here: Here, deployment: pytest.MonkeyPatch, method: str, path: str, auth: str
) -> None:
    deployment.setenv("ROLLCALL_AUTH", auth)
    settings.cache_clear()
    response = here.ask(method, path, None, JOIN if method == "POST" else None)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert error_of(body_of(response)) == (401, False, "Invalid or expired token")
    assert here.registrations.stored == {}


def test_on_an_open_local_stack_a_token_says_who_it_is(here: Here, deployment: pytest.MonkeyPatch) -> None:
    deployment.setenv("ROLLCALL_AUTH", "open")
    settings.cache_clear()
    assert here.told("POST", "/join-meeting", OMAR, JOIN)["userData"]["user"]["email"] == OMAR.email


@pytest.mark.parametrize(
    ("method", "path", "caller"), [("GET", "/stats", ADA), ("GET", "/stats", OMAR), ("POST", MEETING + "/end", OMAR)]
)
def test_what_needs_another_role_says_which(here: Here, method: str, path: str, caller: Caller) -> None:
    told = body_of(here.ask(method, path, caller))
    assert error_of(told) == (403, False, told["detail"])
    assert told["detail"].startswith("This needs the role ")


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"data": b"{", "content_type": "application/json"}, 400),
        ({"data": b"[]", "content_type": "application/json"}, 422),
        ({"data": b"", "content_type": "application/json"}, 422),
        ({"data": b"meetingId=1", "content_type": "application/x-www-form-urlencoded"}, 415),
        ({"data": b" " * 16385, "content_type": "application/json"}, 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_the_familys_words(here: Here, how: dict[str, Any], status: int) -> None:
    told = body_of(here.ask("POST", "/join-meeting", OMAR, **how))
    assert error_of(told) == (status, False, told["detail"])


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/my-sessions", 405), ("GET", "/sign-in", 405)]
)
def test_what_is_not_there_is_refused_in_the_familys_words(here: Here, method: str, path: str, status: int) -> None:
    told = body_of(here.ask(method, path, OMAR))
    assert error_of(told) == (status, False, told["detail"])


@pytest.mark.parametrize(
    ("trouble", "status"), [(Unavailable("Away."), 503), (Stale("Busy."), 409), (RuntimeError("secret"), 500)]
)
def test_our_own_troubles_are_told_in_the_familys_words(here: Here, trouble: Exception, status: int) -> None:
    here = replace(here, registrations=Troubled(trouble=trouble))
    response = here.ask("POST", "/join-meeting", OMAR, JOIN)
    told = body_of(response)
    assert error_of(told) == (status, False, told["detail"])
    assert b"secret" not in response.get_data()
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "meetingId"),
        ({"meetingId": ""}, "meetingId"),
        ({"meetingId": 123456789}, "meetingId"),
        ({"meetingId": "the algebra class"}, "meetingId"),
        ({"meeting_id": CODE}, "meeting_id"),
        ({"meetingId": CODE, "userId": "lena-1"}, "userId"),
        ({"meetingId": CODE, "participantData": None}, "participantData"),
        ({"meetingId": CODE, "participantData": {"email": "lena@school.example"}}, "participantData.email"),
        ({"meetingId": CODE, "participantData": {"device": "x" * 129}}, "participantData.device"),
        ({"meetingId": CODE, "participantData": {"device": ""}}, "participantData.device"),
        ({"meetingId": CODE, "participantData": {"participantName": "a\nb"}}, "participantData.participantName"),
        ({"meetingId": CODE, "participantData": {"participantName": "x" * 301}}, "participantData.participantName"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(here: Here, body: dict[str, object], named: str) -> None:
    response = here.ask("POST", "/join-meeting", OMAR, body)
    assert response.status_code == 422
    assert named in [each["field"] for each in body_of(response)["errors"]]
    assert here.registrations.stored == {}
