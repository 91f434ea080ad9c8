"""Grants: kept for their owner's eyes, used where they cover what is asked, refused with a remedy where they do not."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError, RefreshError

from shared.adapters.google.access import GoogleApis, Notice
from shared.adapters.google.apis import CALENDAR, DIRECTORY, MEET, PEOPLE, REPORTS, Api
from shared.adapters.google.grants import (
    ABSENT_FOR,
    KNOWN_FOR,
    FileGrants,
    Grant,
    Kind,
    SecretGrants,
    granted,
    grants_at,
)
from shared.config import ConfigurationError, read_settings
from shared.domain.errors import Unavailable, UpstreamRefused
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.google.scripted import Answer, Asked, error, in_turn, scripted_google

ADA = "ada@school.example"
GRANT = Grant(ADA, "refresh-1", (*MEET.scopes, *CALENDAR.scopes), "2026-11-21T10:00:00Z")


def nobody(subject: str, scopes: Any) -> Any:
    """No delegation at all."""
    raise UpstreamRefused("No valid credentials found", f"nobody acts for {subject} with {scopes}")


def test_a_file_gives_back_what_it_was_given_whatever_the_spelling(tmp_path: Path) -> None:
    grants = FileGrants(tmp_path / "new" / "grants.json")
    assert grants.get(ADA, Kind.MEET) is None
    grants.put(GRANT)
    assert grants.get("Ada@School.example", Kind.MEET) == GRANT


def test_a_file_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    FileGrants(path).put(GRANT)
    path.chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        FileGrants(path).get(ADA, Kind.MEET)


def test_a_file_that_is_no_grants_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    path.write_text('{"ada@school.example": {}}')
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match=r"infra\.google_oauth"):
        FileGrants(path).get(ADA, Kind.MEET)


def test_of_many_who_write_at_once_nobodys_grant_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    people = [f"teacher{number}@school.example" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: FileGrants(path).put(Grant(one, "r", (), "")), people))
    assert all(FileGrants(path).get(one, Kind.MEET) for one in people)


def test_a_grant_comes_before_delegation(tmp_path: Path) -> None:
    grants = FileGrants(tmp_path / "grants.json")
    grants.put(GRANT)
    credentials: Any = granted(grants, "id", "secret", nobody)(ADA, MEET.scopes)
    assert (credentials.refresh_token, credentials.client_id, credentials.scopes) == ("refresh-1", "id", list(MEET.scopes))
    with pytest.raises(UpstreamRefused, match="nobody acts for bea"):
        granted(grants, "id", "secret", nobody)("bea@school.example", MEET.scopes)


@pytest.mark.parametrize(
    ("asked", "given", "command"), [(PEOPLE, MEET, "--meet"), (DIRECTORY, REPORTS, "--reports")], ids=["teacher", "admin"]
)
def test_a_scope_that_was_not_granted_is_named_with_the_command(tmp_path: Path, asked: Api, given: Api, command: str) -> None:
    grants = FileGrants(tmp_path / "grants.json")
    grants.put(Grant(ADA, "refresh-1", given.scopes, ""))
    with pytest.raises(UpstreamRefused) as refusal:
        granted(grants, "id", "secret", nobody)(ADA, asked.scopes)
    assert refusal.value.title == "Insufficient permissions"
    assert f"infra.google_oauth {command}" in refusal.value.detail
    assert all(scope in refusal.value.detail for scope in asked.scopes)


def test_who_teaches_and_administers_keeps_both_grants_and_renews_each_by_itself(tmp_path: Path) -> None:
    manager = SecretManager()
    with scripted_google(manager) as google:
        for grants in (FileGrants(tmp_path / "grants.json"), SecretGrants("p", AnonymousCredentials(), google.url)):
            for token, api in (("teacher", MEET), ("admin", REPORTS), ("teacher again", MEET)):
                grants.put(Grant(ADA, token, api.scopes, ""))
            credentials_for = granted(grants, "id", "secret", nobody)
            found: list[Any] = [credentials_for(ADA, api.scopes) for api in (MEET, REPORTS)]
            assert [one.refresh_token for one in found] == ["teacher again", "admin"]
    assert len(manager.secrets) == 2


def test_a_grant_of_the_other_kind_leaves_delegation_to_act(tmp_path: Path) -> None:
    grants = FileGrants(tmp_path / "grants.json")
    grants.put(Grant(ADA, "admin", REPORTS.scopes, ""))
    with pytest.raises(UpstreamRefused, match="nobody acts for ada"):
        granted(grants, "id", "secret", nobody)(ADA, MEET.scopes)


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
        assert grants.get(ADA, Kind.MEET) is None
        grants.put(GRANT)
        again = Grant(ADA, "refresh-2", GRANT.scopes, GRANT.granted_at)
        grants.put(again)
        assert grants.get("ADA@school.example", Kind.MEET) == again
    ((name, versions),) = manager.secrets.items()
    assert name.startswith("rollcall-grant-")
    assert "ada" not in name
    assert [json.loads(base64.b64decode(one))["refresh_token"] for one in versions] == ["refresh-1", "refresh-2"]


def test_what_secret_manager_said_is_remembered_for_a_while() -> None:
    manager, machine = SecretManager(), FakeMachine()
    with scripted_google(manager) as google:
        grants = SecretGrants("p", AnonymousCredentials(), google.url, machine.monotonic)
        for _ in range(3):
            assert grants.get(ADA, Kind.MEET) is None
        assert len(google.asked) == 1
        SecretGrants("p", AnonymousCredentials(), google.url).put(GRANT)
        machine.sleep(ABSENT_FOR + 1)
        assert grants.get(ADA, Kind.MEET) == GRANT
        before = len(google.asked)
        machine.sleep(KNOWN_FOR - 1)
        grants.get(ADA, Kind.MEET)
        assert len(google.asked) == before
        machine.sleep(2)
        grants.get(ADA, Kind.MEET)
        assert len(google.asked) == before + 1


@pytest.mark.parametrize(("status", "kind"), [(403, UpstreamRefused), (503, Unavailable)])
def test_secret_managers_no_is_never_taken_for_no_grant(status: int, kind: type[Exception]) -> None:
    with scripted_google(lambda _: error(status)) as google:
        grants = SecretGrants("p", AnonymousCredentials(), google.url)
        with pytest.raises(kind):
            grants.get(ADA, Kind.MEET)


def test_without_an_identity_of_its_own_the_process_says_how_to_get_one() -> None:
    class Stranger(AnonymousCredentials):
        """Credentials that nobody can renew."""

        def before_request(self, *_: object) -> None:
            raise DefaultCredentialsError("none were found")

    with scripted_google(SecretManager()) as google:
        grants = SecretGrants("p", Stranger(), google.url)
        with pytest.raises(UpstreamRefused, match="gcloud auth application-default login"):
            grants.put(GRANT)
        with pytest.raises(UpstreamRefused, match="gcloud auth application-default login"):
            grants.get(ADA, Kind.MEET)


def test_a_secret_manager_that_nobody_answers_for_is_a_matter_of_time() -> None:
    for nowhere in ("http://secretmanager.invalid", "http://127.0.0.1:9"):
        with pytest.raises(Unavailable, match="cannot be reached"):
            SecretGrants("p", AnonymousCredentials(), nowhere).get(ADA, Kind.MEET)


def test_a_secret_that_is_no_grant_says_what_to_delete() -> None:
    payload = base64.b64encode(b'{"subject": "ada"}').decode()
    with scripted_google(lambda _: (200, {"payload": {"data": payload}})) as google:
        grants = SecretGrants("p", AnonymousCredentials(), google.url)
        with pytest.raises(UpstreamRefused, match="delete that secret"):
            grants.get(ADA, Kind.MEET)


def test_a_grant_brings_a_token_of_its_own_person_and_a_revoked_one_brings_its_remedy(tmp_path: Path) -> None:
    grants = FileGrants(tmp_path / "grants.json")
    grants.put(GRANT)
    live = (200, {"access_token": "access-1", "expires_in": 3600})
    revoked = (400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
    with scripted_google(in_turn(live, revoked), form=True) as tokens, scripted_google(lambda _: (200, {})) as google:
        credentials_for = granted(grants, "id", "secret", nobody, f"{tokens.url}/token")
        GoogleApis(google.url, credentials_for, lambda _: None).call(MEET, ADA, "conferenceRecords.list", {})
        with pytest.raises(UpstreamRefused, match=r"infra\.google_oauth --meet") as refusal:
            GoogleApis(google.url, credentials_for, lambda _: None).call(MEET, ADA, "conferenceRecords.list", {})
    form = {name: values[0] for name, values in parse_qs(tokens.asked[0].body).items()}
    told = (form["grant_type"], form["refresh_token"], form["client_id"], form["client_secret"], form["scope"])
    assert told == ("refresh_token", "refresh-1", "id", "secret", MEET.scopes[0])
    assert [asked.subject for asked in google.asked] == ["Bearer access-1"]
    assert refusal.value.title == "No valid credentials found"
    assert "refresh-1" not in refusal.value.detail


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
