"""Grants: kept for their owner's eyes, used where they cover what is asked, refused with a remedy where they do not."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import RefreshError

from shared.adapters.google.access import GoogleApis, Notice
from shared.adapters.google.apis import CALENDAR, MEET, REPORTS
from shared.adapters.google.grants import (
    ABSENT_FOR,
    KNOWN_FOR,
    FileGrants,
    Grant,
    SecretGrants,
    granted,
    grants_at,
)
from shared.config import ConfigurationError, read_settings
from shared.domain.errors import Unavailable, UpstreamRefused
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.google.scripted import Answer, Asked, error, scripted_google

ADA = "ada@school.example"
GRANT = Grant(ADA, "refresh-1", (*MEET.scopes, *CALENDAR.scopes), "2026-11-21T10:00:00Z")


def nobody(subject: str, scopes: Any) -> Any:
    """No delegation at all."""
    raise UpstreamRefused("No valid credentials found", f"nobody acts for {subject} with {scopes}")


def test_a_file_gives_back_what_it_was_given_whatever_the_spelling(tmp_path: Path) -> None:
    grants = FileGrants(tmp_path / "new" / "grants.json")
    assert grants.get(ADA) is None
    grants.put(GRANT)
    assert grants.get("Ada@School.example") == GRANT


def test_a_file_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    FileGrants(path).put(GRANT)
    path.chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        FileGrants(path).get(ADA)


def test_a_file_that_is_no_grants_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    path.write_text('{"ada@school.example": {}}')
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match=r"infra\.google_oauth"):
        FileGrants(path).get(ADA)


def test_of_many_who_write_at_once_nobodys_grant_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    people = [f"teacher{number}@school.example" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: FileGrants(path).put(Grant(one, "r", (), "")), people))
    assert all(FileGrants(path).get(one) for one in people)


def test_a_grant_comes_before_delegation(tmp_path: Path) -> None:
    grants = FileGrants(tmp_path / "grants.json")
    grants.put(GRANT)
    credentials: Any = granted(grants, "id", "secret", nobody)(ADA, MEET.scopes)
    assert (credentials.refresh_token, credentials.client_id, credentials.scopes) == ("refresh-1", "id", list(MEET.scopes))
    with pytest.raises(UpstreamRefused, match="nobody acts for bea"):
        granted(grants, "id", "secret", nobody)("bea@school.example", MEET.scopes)


def test_a_scope_that_was_not_granted_is_named_with_the_command(tmp_path: Path) -> None:
    grants = FileGrants(tmp_path / "grants.json")
    grants.put(GRANT)
    with pytest.raises(UpstreamRefused) as refusal:
        granted(grants, "id", "secret", nobody)(ADA, REPORTS.scopes)
    assert refusal.value.title == "Insufficient permissions"
    assert "infra.google_oauth --reports" in refusal.value.detail
    assert REPORTS.scopes[0] in refusal.value.detail


def test_a_grant_without_its_client_says_what_is_not_set(tmp_path: Path) -> None:
    grants = FileGrants(tmp_path / "grants.json")
    grants.put(GRANT)
    with pytest.raises(UpstreamRefused, match="GOOGLE_OAUTH_CLIENT_ID"):
        granted(grants, None, None, nobody)(ADA, MEET.scopes)


def test_the_settings_say_where_grants_are(tmp_path: Path) -> None:
    assert grants_at(read_settings({})) is None
    assert isinstance(grants_at(read_settings({"GOOGLE_GRANTS": str(tmp_path / "g.json")})), FileGrants)
    assert isinstance(grants_at(read_settings({"GOOGLE_GRANTS": "secretmanager"})), SecretGrants)


class SecretManager:
    """A small Secret Manager: secrets and their versions."""

    def __init__(self) -> None:
        self.secrets: dict[str, list[str]] = {}

    def __call__(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix("/v1/projects/p/secrets").partition("?")[0]
        if asked.method == "POST" and not path:
            name = asked.query["secretId"][0]
            if name in self.secrets:
                return error(409)
            self.secrets[name] = []
            return 200, {"name": f"projects/p/secrets/{name}"}
        name = path.split("/")[1].partition(":")[0]
        if asked.method == "POST":
            self.secrets[name].append(asked.body["payload"]["data"])
            return 200, {"name": "v"}
        if not self.secrets.get(name):
            return error(404)
        return 200, {"name": "v", "payload": {"data": self.secrets[name][-1]}}


def test_secret_manager_keeps_one_secret_for_each_person_and_the_latest_counts() -> None:
    manager = SecretManager()
    with scripted_google(manager) as google:
        grants = SecretGrants("p", AnonymousCredentials(), google.url)
        assert grants.get(ADA) is None
        grants.put(GRANT)
        again = Grant(ADA, "refresh-2", GRANT.scopes, GRANT.granted_at)
        grants.put(again)
        assert grants.get("ADA@school.example") == again
    ((name, versions),) = manager.secrets.items()
    assert name.startswith("rollcall-grant-")
    assert "ada" not in name
    assert [json.loads(base64.b64decode(one))["refresh_token"] for one in versions] == ["refresh-1", "refresh-2"]


def test_what_secret_manager_said_is_remembered_for_a_while() -> None:
    manager, machine = SecretManager(), FakeMachine()
    with scripted_google(manager) as google:
        grants = SecretGrants("p", AnonymousCredentials(), google.url, machine.monotonic)
        for _ in range(3):
            assert grants.get(ADA) is None
        assert len(google.asked) == 1
        SecretGrants("p", AnonymousCredentials(), google.url).put(GRANT)
        machine.sleep(ABSENT_FOR + 1)
        assert grants.get(ADA) == GRANT
        before = len(google.asked)
        machine.sleep(KNOWN_FOR - 1)
        grants.get(ADA)
        assert len(google.asked) == before
        machine.sleep(2)
        grants.get(ADA)
        assert len(google.asked) == before + 1


@pytest.mark.parametrize(("status", "kind"), [(403, UpstreamRefused), (503, Unavailable)])
def test_secret_managers_no_is_never_taken_for_no_grant(status: int, kind: type[Exception]) -> None:
    with scripted_google(lambda _: error(status)) as google:
        grants = SecretGrants("p", AnonymousCredentials(), google.url)
        with pytest.raises(kind):
            grants.get(ADA)


class Revoked(AnonymousCredentials):
    """Credentials that Google took back."""

    @property
    def valid(self) -> bool:
        return False

    def refresh(self, request: object) -> None:  # noqa: ARG002 - google-auth's form
        raise RefreshError("invalid_grant: Token has been expired or revoked.")


def test_a_revoked_grant_is_told_with_its_remedy_and_asked_for_anew_at_the_next_call() -> None:
    told: list[tuple[str, str, str | None]] = []
    made: list[str] = []

    def credentials_for(subject: str, _: Any) -> Any:
        made.append(subject)
        return Revoked() if len(made) == 1 else AnonymousCredentials()

    notice: Notice = lambda service, subject, refusal: told.append((service, subject, refusal.title if refusal else None))  # noqa: E731
    with scripted_google(lambda _: (200, {})) as google:
        apis = GoogleApis(google.url, credentials_for, lambda _: None, notice=notice)
        with pytest.raises(UpstreamRefused, match=r"infra\.google_oauth --meet"):
            apis.call(MEET, ADA, "conferenceRecords.list", {})
        apis.call(MEET, ADA, "conferenceRecords.list", {})
        apis.call(MEET, ADA, "conferenceRecords.list", {})
    assert told == [("Meet", ADA, "No valid credentials found"), ("Meet", ADA, None)]
    assert made == [ADA, ADA]
