"""Webhook signatures: raw bytes, five minutes, and no header that crashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.signatures import is_signed, sign

SECRET, OTHER = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY", "a plain secret"
BODY = b'{"eventType": "join"}'
NOW = 1_790_000_000


def headers(secret: str = SECRET, at: int = NOW, body: bytes = BODY) -> dict[str, str]:
    return {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": sign(secret, "msg_1", at, body)}


@pytest.mark.parametrize("secret", [SECRET, OTHER, "whsec_not base64!"])
def test_what_was_signed_is_accepted(secret: str) -> None:
    assert is_signed(headers(secret), BODY, [secret], NOW)


def test_either_of_two_secrets_serves_while_they_are_changed() -> None:
    assert is_signed(headers(OTHER), BODY, [SECRET, OTHER], NOW)
    both = {**headers(), "webhook-signature": "v1,AAAA " + headers(OTHER)["webhook-signature"] + " v2,x"}
    assert is_signed(both, BODY, [OTHER], NOW)


@pytest.mark.parametrize("age", [-299, 0, 299])
def test_five_minutes_either_way_are_fine(age: int) -> None:
    assert is_signed(headers(at=NOW - age), BODY, [SECRET], NOW)


@pytest.mark.parametrize("age", [-302, 302, 10**6])
def test_older_and_future_signatures_are_not(age: int) -> None:
    assert not is_signed(headers(at=NOW - age), BODY, [SECRET], NOW)


def test_the_same_json_in_other_bytes_is_not_what_was_signed() -> None:
    assert not is_signed(headers(), b'{"eventType":"join"}', [SECRET], NOW)


def test_nothing_is_signed_without_a_secret() -> None:
    assert not is_signed(headers(), BODY, [], NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", ["", "nan", "-1", "1e9", "５" * 10, "é", "v1,é", "v0=00", "v1,", "\x00", "x" * 8192, "a.b"])
def test_a_strange_header_is_refused_and_never_crashes(name: str, value: str) -> None:
    assert not is_signed({**headers(), name: value}, BODY, [SECRET], NOW)


@given(st.text(), st.text(), st.text(), st.binary())
def test_no_header_at_all_crashes(one: str, two: str, three: str, body: bytes) -> None:
    assert not is_signed({"webhook-id": one, "webhook-timestamp": two, "webhook-signature": three}, body, [SECRET], NOW)
