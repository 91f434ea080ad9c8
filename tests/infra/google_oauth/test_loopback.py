"""The address that the browser comes back to takes one answer, and no other for it."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from infra.google_oauth.loopback import Loopback
from infra.local.troubles import Trouble

STATE = "state-1"


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    waiting = Loopback(0)
    waiting.expect(STATE)
    with waiting.open():
        yield waiting


def browse(loopback: Loopback, rest: str) -> tuple[int, str]:
    """What a browser sees at the address."""
    seen = requests.get(loopback.redirect_uri + rest, timeout=5)
    return seen.status_code, seen.text


def test_the_code_of_the_answer_is_handed_on(loopback: Loopback) -> None:
    status, page = browse(loopback, f"?state={STATE}&code=4%2Fabc")
    assert (status, "terminal says" in page) == (200, True)
    assert loopback.code(1) == "4/abc"


def test_a_second_answer_changes_nothing_and_is_told_so(loopback: Loopback) -> None:
    browse(loopback, f"?state={STATE}&code=first")
    status, page = browse(loopback, f"?state={STATE}&code=second")
    assert (status, "answered already" in page) == (409, True)
    assert loopback.code(1) == "first"


@pytest.mark.parametrize("stray", ["favicon.ico", "", "?code=first", f"elsewhere?state={STATE}&code=first"])
def test_what_is_no_answer_is_passed_over(loopback: Loopback, stray: str) -> None:
    assert browse(loopback, stray)[0] == 404
    browse(loopback, f"?state={STATE}&code=real")
    assert loopback.code(1) == "real"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("state=another&code=x", "state differs"),
        (f"state={STATE}&error=access_denied", "Consent was denied"),
        (f"state={STATE}&error=server_error&code=x", "Google says server_error"),
        (f"state={STATE}", "holds no code"),
    ],
)
def test_a_refusal_is_told_in_the_browser_and_in_the_terminal(loopback: Loopback, query: str, sentence: str) -> None:
    status, page = browse(loopback, f"?{query}")
    assert (status, sentence in page) == (400, True)
    with pytest.raises(Trouble, match=sentence):
        loopback.code(1)


def test_what_google_says_is_no_html_of_ours(loopback: Loopback) -> None:
    _, page = browse(loopback, f"?state={STATE}&error=%3Cscript%3E")
    assert "<script>" not in page


def test_a_browser_that_connects_ahead_and_says_nothing_is_no_obstacle(loopback: Loopback) -> None:
    url = urlsplit(loopback.redirect_uri)
    with socket.create_connection((str(url.hostname), int(url.port or 0))):
        browse(loopback, f"?state={STATE}&code=real")
        assert loopback.code(1) == "real"


def test_nobody_answering_ends_the_wait(loopback: Loopback) -> None:
    with pytest.raises(Trouble, match=r"within 0\.1 seconds"):
        loopback.code(0.1)
