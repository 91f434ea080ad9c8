"""Zoom's signatures: raw bytes, a day's patience, and a challenge that signs nothing of use."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.zoom_signatures import Age, Verdict, encrypted_token, is_safe_token, is_zoom_signed, signature

SECRET, OTHER = "the secret token of the app", "a token from before"
BODY = '{"event":"meeting.participant_left","name":"Zo\\u00eb Zoë"}'.encode()
NOW = 1_790_000_000
FIXTURES = Path(__file__).parents[2] / "fixtures" / "zoom"


def headers(secret: str = SECRET, at: int = NOW, body: bytes = BODY) -> dict[str, str]:
    return {"x-zm-request-timestamp": str(at), "x-zm-signature": signature(secret, str(at), body)}


def test_what_zoom_signed_is_authentic() -> None:
    assert is_zoom_signed(headers(), BODY, [SECRET], NOW) == Verdict(Age.FRESH, SECRET)


def test_the_signature_is_the_one_that_zoom_documents() -> None:
    wanted = hmac.new(SECRET.encode(), b"v0:" + str(NOW).encode() + b":" + BODY, hashlib.sha256).hexdigest()
    assert headers()["x-zm-signature"] == f"v0={wanted}"


def test_either_of_two_secrets_serves_and_is_told() -> None:
    assert is_zoom_signed(headers(OTHER), BODY, [SECRET, OTHER], NOW).secret == OTHER


def test_the_same_json_in_other_bytes_is_not_what_was_signed() -> None:
    again = json.dumps(json.loads(BODY)).encode()
    assert is_zoom_signed(headers(), again, [SECRET], NOW).age is Age.REFUSED


@pytest.mark.parametrize(
    ("age", "wanted"),
    [
        (0, Age.FRESH),
        (300, Age.FRESH),
        (301, Age.LATE),
        (85 * 60, Age.LATE),
        (86_400, Age.LATE),
        (86_401, Age.REFUSED),
        (-300, Age.FRESH),
        (-301, Age.REFUSED),
    ],
)
def test_a_day_old_is_late_and_the_future_is_refused(age: int, wanted: Age) -> None:
    verdict = is_zoom_signed(headers(at=NOW - age), BODY, [SECRET], NOW)
    assert (verdict.age, verdict.is_authentic) == (wanted, wanted is not Age.REFUSED)


def test_nothing_is_authentic_without_a_secret() -> None:
    assert is_zoom_signed(headers(), BODY, [], NOW) == Verdict(Age.REFUSED)


def test_a_request_without_any_signature_is_told_from_a_wrong_one() -> None:
    assert is_zoom_signed({}, BODY, [SECRET], NOW) == Verdict(Age.UNSIGNED)
    assert not is_zoom_signed({}, BODY, [SECRET], NOW).is_authentic


@pytest.mark.parametrize("missing", ["x-zm-request-timestamp", "x-zm-signature"])
def test_half_a_signature_is_a_wrong_one(missing: str) -> None:
    half = {name: value for name, value in headers().items() if name != missing}
    assert is_zoom_signed(half, BODY, [SECRET], NOW).age is Age.REFUSED


@pytest.mark.parametrize("name", ["x-zm-request-timestamp", "x-zm-signature"])
@pytest.mark.parametrize(
    "value", ["", "nan", "-1", "1e9", "５" * 10, "v0=" + "é" * 64, "v0=", "a" * 64, "v0=" + "A" * 64, "\x00", "x" * 8192]
)
def test_a_strange_header_is_refused_and_never_crashes(name: str, value: str) -> None:
    assert is_zoom_signed({**headers(), name: value}, BODY, [SECRET], NOW).age is Age.REFUSED


def test_a_header_with_an_end_of_line_behind_it_is_refused() -> None:
    for name, value in headers().items():
        assert is_zoom_signed({**headers(), name: value + "\n"}, BODY, [SECRET], NOW).age is Age.REFUSED


def test_the_placeholder_in_zooms_documentation_is_no_signature() -> None:
    sample = json.loads((FIXTURES / "webhook_request_headers_docs.json").read_text())
    at = int(sample["x-zm-request-timestamp"])
    assert is_zoom_signed(sample, BODY, [SECRET], at).age is Age.REFUSED


@given(st.text(), st.text(), st.binary())
def test_no_header_at_all_crashes(one: str, two: str, body: bytes) -> None:
    assert not is_zoom_signed({"x-zm-request-timestamp": one, "x-zm-signature": two}, body, [SECRET], NOW).is_authentic


def test_a_challenge_is_answered_with_the_tokens_hmac() -> None:
    plain = json.loads((FIXTURES / "webhook_endpoint_url_validation.json").read_text())["payload"]["plainToken"]
    assert encrypted_token(SECRET, plain) == hmac.new(SECRET.encode(), plain.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("plain", [f"v0:{NOW}:{{}}", "", "a" * 129, "a b", "a\n", "é", "a.b", "a:b"])
def test_what_could_pass_for_an_event_is_never_signed(plain: str) -> None:
    assert not is_safe_token(plain)
    with pytest.raises(ValueError, match="not answered"):
        encrypted_token(SECRET, plain)


@given(st.from_regex(r"[A-Za-z0-9_-]{1,128}", fullmatch=True))
def test_no_answer_to_a_challenge_is_the_signature_of_an_event(plain: str) -> None:
    forged = {"x-zm-request-timestamp": str(NOW), "x-zm-signature": f"v0={encrypted_token(SECRET, plain)}"}
    assert not is_zoom_signed(forged, plain.encode(), [SECRET], NOW).is_authentic
