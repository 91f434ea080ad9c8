"""Stripe's signatures: raw bytes, five minutes, several secrets, and headers of any kind."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.stripe_signatures import is_stripe_signed, signature

SECRET, OTHER = "whsec_the_endpoints_own", "whsec_the_one_before"
BODY = '{\n  "id": "evt_1",\n  "name": "Zo\\u00eb Zoë"\n}'.encode()
NOW = 1_790_000_000


def header(secret: str = SECRET, at: int | str = NOW, body: bytes = BODY) -> str:
    return f"t={at},v1={signature(secret, str(at), body)}"


def is_right(told: str, body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,), now: float = NOW) -> bool:
    return is_stripe_signed({"Stripe-Signature": told}, body, secrets, now)


def test_what_stripe_signed_is_taken() -> None:
    assert is_right(header())


def test_the_signature_is_the_one_that_stripe_documents() -> None:
    wanted = hmac.new(SECRET.encode(), str(NOW).encode() + b"." + BODY, hashlib.sha256).hexdigest()
    assert is_right(f"t={NOW},v1={wanted},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39")


def test_while_secrets_change_either_side_may_have_two() -> None:
    assert is_right(header(OTHER), secrets=(SECRET, OTHER))
    both = f"t={NOW},v1={signature('whsec_new', str(NOW), BODY)},v1={signature(OTHER, str(NOW), BODY)}"
    assert is_right(both, secrets=(OTHER,))
    assert not is_right(both, secrets=(SECRET,))


def test_the_same_json_in_other_bytes_is_not_what_was_signed() -> None:
    assert not is_right(header(), json.dumps(json.loads(BODY)).encode())


@pytest.mark.parametrize(("age", "wanted"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_signature_is_good_for_five_minutes(age: int, wanted: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_right(header(at=NOW - age)) is wanted


def test_another_time_than_the_signed_one_is_refused() -> None:
    assert not is_right(header().replace(f"t={NOW}", f"t={NOW + 1}"))


def test_another_scheme_counts_for_nothing() -> None:
    assert not is_right(header().replace("v1=", "v0="))


def test_nothing_is_right_without_a_secret() -> None:
    assert not is_right(header(), secrets=())


@pytest.mark.parametrize(
    "told",
    ["", "t=", f"t={NOW}", "v1=" + "0" * 64, f"t={NOW},t={NOW},v1=" + "0" * 64, "t=١٢٣,v1=" + "0" * 64, "=,=,=", "t=-5,v1=x"],
)
def test_a_header_of_another_form_is_refused(told: str) -> None:
    assert not is_right(told)


@given(st.text(), st.binary())
def test_no_header_and_no_body_make_it_fall_over(told: str, body: bytes) -> None:
    assert not is_right(told, body)
