"""The consent flow as people type it, with a browser and a Google of our own."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.settings import REPOSITORY
from shared.adapters.google.apis import CALENDAR, CLASSROOM, DIRECTORY, MEET, PEOPLE, PROFILE, REPORTS
from tests.infra.google_oauth.google import CLIENT_ID, CLIENT_SECRET, FakeGoogle, fake_google


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with fake_google() as running:
        yield running


@dataclass
class Ran:
    """What a run said, and how it ended."""

    code: int
    out: str
    err: str
    page: str


def run(google: FakeGoogle, kept: Path, *arguments: str, consents: bool = True, **changes: str) -> Ran:
    """Run the command; the browser opens the address that it prints."""
    env = {
        "PATH": os.environ["PATH"], "HOME": str(kept.parent), "GOOGLE_OAUTH_CLIENT_ID": CLIENT_ID,
        "GOOGLE_OAUTH_CLIENT_SECRET": CLIENT_SECRET, "GOOGLE_OAUTH_ENDPOINT": google.url, "GOOGLE_GRANTS": str(kept),
        "OAUTHLIB_INSECURE_TRANSPORT": "1", "PYTHONUNBUFFERED": "1", **changes,
    }  # fmt: skip
    command = [sys.executable, "-m", "infra.google_oauth", "--no-browser", *arguments]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    said, page = "", ""
    for line in process.stdout:
        said += line
        if consents and (found := re.search(r"http\S+/auth\?\S+", line)):
            page = google.answer_to(found[0]).text
    return Ran(process.wait(30), said, process.stderr.read(), page)


def test_a_teachers_grant_is_kept_for_their_eyes_only(google: FakeGoogle, tmp_path: Path) -> None:
    kept = tmp_path / "data" / "grants.json"
    ran = run(google, kept, "--meet", "--email", "ada@school.example")
    assert ran.code == 0, ran.err
    assert "Granted by ada@school.example" in ran.out
    assert "close this page" in ran.page
    told = json.loads(kept.read_text())["ada@school.example (meet)"]
    assert told["refresh_token"] == "refresh-1"
    assert {*CALENDAR.scopes, *MEET.scopes, *PEOPLE.scopes, *PROFILE.scopes, *CLASSROOM.scopes} == set(told["scopes"])
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "refresh-1" not in ran.out + ran.err
    asked = google.asked
    assert (asked["access_type"], asked["prompt"], asked["login_hint"]) == ("offline", "consent", "ada@school.example")
    assert asked["code_challenge_method"] == "S256"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", asked["redirect_uri"])
    assert google.token_request["redirect_uri"] == asked["redirect_uri"]


def test_an_administrators_grant_stands_beside_it(google: FakeGoogle, tmp_path: Path) -> None:
    kept = tmp_path / "grants.json"
    run(google, kept, "--meet")
    assert run(google, kept, "--reports").code == 0
    google.email = "admin@school.example"
    assert run(google, kept, "--reports").code == 0
    told = json.loads(kept.read_text())
    assert set(told) == {"ada@school.example (meet)", "ada@school.example (reports)", "admin@school.example (reports)"}
    assert set(told["admin@school.example (reports)"]["scopes"]) == {*REPORTS.scopes, *DIRECTORY.scopes}


def test_a_box_that_was_unticked_is_named(google: FakeGoogle, tmp_path: Path) -> None:
    google.withheld = PEOPLE.scopes[:1]
    ran = run(google, tmp_path / "grants.json", "--meet")
    assert ran.code == 0
    assert f"Left out {PEOPLE.scopes[0]}" in ran.out


def refused(google: FakeGoogle, tmp_path: Path, *arguments: str, **changes: str) -> str:
    """What a run says that ends without a grant."""
    kept = tmp_path / "grants.json"
    ran = run(google, kept, *arguments, consents=True, **changes)
    assert ran.code == 1
    assert not kept.exists()
    assert "Traceback" not in ran.err
    return ran.err


def test_a_grant_that_would_be_useless_is_not_kept(google: FakeGoogle, tmp_path: Path) -> None:
    google.withheld = MEET.scopes
    assert f"Not granted, and nothing was stored: {MEET.scopes[0]}" in refused(google, tmp_path, "--meet")


def test_a_denied_consent_says_so(google: FakeGoogle, tmp_path: Path) -> None:
    google.denies = True
    ran = run(google, tmp_path / "grants.json", "--meet")
    assert ran.code == 1
    assert "Consent was denied" in ran.err
    assert "Consent was denied" in ran.page


def test_an_answer_to_another_question_is_not_taken(google: FakeGoogle, tmp_path: Path) -> None:
    google.wrong_state = True
    assert "state differs" in refused(google, tmp_path, "--meet")
    assert google.token_request == {}


def test_an_answer_without_a_code_is_told_as_that(google: FakeGoogle, tmp_path: Path) -> None:
    google.brings_no_code = True
    assert "holds no code" in refused(google, tmp_path, "--meet")


def test_a_place_that_keeps_nothing_is_found_out_before_anybody_is_asked(google: FakeGoogle, tmp_path: Path) -> None:
    kept = tmp_path / "grants.json"
    kept.write_text("{}")
    kept.chmod(0o644)
    ran = run(google, kept, "--meet")
    assert ran.code == 1
    assert "chmod 600" in ran.err
    assert google.asked == {}


def test_a_port_that_is_taken_is_named(google: FakeGoogle, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} cannot be listened on" in refused(google, tmp_path, "--meet", "--port", str(port))


def test_without_a_refresh_token_it_says_how_to_get_one(google: FakeGoogle, tmp_path: Path) -> None:
    google.refresh_token = None
    assert "myaccount.google.com/permissions" in refused(google, tmp_path, "--meet")


def test_nobody_waits_for_ever(google: FakeGoogle, tmp_path: Path) -> None:
    ran = run(google, tmp_path / "grants.json", "--meet", "--wait", "1", consents=False)
    assert (ran.code, ran.err) == (1, "Nobody consented within 1 seconds; run the command again.\n")


def test_without_a_client_it_says_what_to_make(google: FakeGoogle, tmp_path: Path) -> None:
    assert "Desktop app" in refused(google, tmp_path, "--meet", GOOGLE_OAUTH_CLIENT_ID="")


def test_without_a_project_secret_manager_is_not_guessed(google: FakeGoogle, tmp_path: Path) -> None:
    assert "GOOGLE_CLOUD_PROJECT" in refused(google, tmp_path, "--meet", GOOGLE_GRANTS="secretmanager")
