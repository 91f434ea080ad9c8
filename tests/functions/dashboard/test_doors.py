"""The dashboard's doors: pages that run nothing foreign, files that are kept as long as they are the same, and no more."""

from pathlib import Path

import pytest
from flask import Flask, Response, request

from functions.dashboard.wiring import Site, site_of
from infra.pack import ROOT
from shared.config import ConfigurationError, Settings, read_settings
from shared.web.routes import Routes

ROUTES = Routes(str(ROOT / "functions" / "dashboard" / "main.py"))
SECRET = {"JWT_SECRET": "s" * 32}


def known(**changes: str) -> Settings:
    return read_settings({**SECRET, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built site of four files."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "index-1.js").write_text("plain")
    (tmp_path / "assets" / "index-1.js.br").write_bytes(b"brotli")
    (tmp_path / "assets" / "index-1.js.gz").write_bytes(b"gzip")
    (tmp_path / "assets" / "secret.pem").write_text("not a page's")
    return tmp_path


def ask(site: Site, path: str, method: str = "GET", **headers: str) -> Response:
    with Flask("test").test_request_context(path, method=method, headers={k.replace("_", "-"): v for k, v in headers.items()}):
        return ROUTES.answer(request, lambda: site)


@pytest.mark.parametrize("path", ["/", "/live", "/schedule", "/sessions/abc", "/review", "/sign-in"])
def test_every_screen_is_the_same_page(folder: Path, path: str) -> None:
    answer = ask(site_of(folder, known()), path)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/html", b"<!doctype html>")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_page_may_run_our_scripts_and_speak_to_our_addresses_alone(folder: Path) -> None:
    answer = ask(site_of(folder, known(REALTIME_URL="https://live.school.example")), "/")
    rules = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self' https://live.school.example wss://live.school.example"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_google_is_let_in_only_where_people_sign_in_with_it(folder: Path) -> None:
    without = ask(site_of(folder, known()), "/")
    assert "google" not in without.headers["Content-Security-Policy"]
    google = site_of(folder, known(OIDC_ISSUER="https://accounts.google.com", OIDC_AUDIENCE="app.example"))
    assert "script-src 'self' https://accounts.google.com/gsi/client" in ask(google, "/").headers["Content-Security-Policy"]
    told = ask(google, "/config.json").get_json()
    assert (told["auth"], told["googleClientId"]) == ("google", "app.example")


def test_the_pages_are_told_of_the_deployment_and_of_nothing_secret(folder: Path) -> None:
    site = site_of(folder, known(REALTIME_URL="http://127.0.0.1:4002", ORGANISATION_TIMEZONE="Europe/Berlin"))
    assert ask(site, "/config.json").get_json() == {
        "realtimeUrl": "http://127.0.0.1:4002",
        "auth": "token",
        "googleClientId": None,
        "timeZone": "Europe/Berlin",
    }


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [("gzip, br", "br", b"brotli"), ("gzip", "gzip", b"gzip"), ("identity", None, b"plain"), ("br;q=0, gzip", "gzip", b"gzip")],
)
def test_a_file_comes_in_the_smallest_form_that_is_taken(folder: Path, accepted: str, encoding: str | None, body: bytes) -> None:
    answer = ask(site_of(folder, known()), "/assets/index-1.js", Accept_Encoding=accepted)
    assert (answer.headers.get("Content-Encoding"), answer.data) == (encoding, body)
    assert answer.headers["Vary"].startswith("Accept-Encoding")
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_file_that_is_still_the_same_is_not_sent_again(folder: Path) -> None:
    site = site_of(folder, known())
    tag = ask(site, "/").headers["ETag"]
    again = ask(site, "/", If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert ask(site, "/", If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize("path", ["/assets/nothing.js", "/assets/secret.pem", "/assets/..%2Findex.html", "/assets/index-1.js.br"])
def test_only_what_was_built_for_the_pages_is_given(folder: Path, path: str) -> None:
    answer = ask(site_of(folder, known()), path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_site_that_was_not_built_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="make web"):
        site_of(tmp_path, known())
