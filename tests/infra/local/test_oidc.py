"""Tokens of the queue and the scheduler."""

from datetime import UTC, datetime

import jwt

from infra.local.oidc import Signer
from infra.local.simulator.accounts import user_id_of
from tests.infra.local.tasks.queue import KEY

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_claims_are_those_that_google_sends() -> None:
    signer = Signer(KEY, lambda: NOON)
    token = signer.token(email="tasks@demo.example", audience="http://own.example")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == {"aud", "azp", "email", "email_verified", "exp", "iat", "iss", "sub"}
    assert claims["sub"] == claims["azp"]
    assert claims["sub"].isdecimal()
    assert len(claims["sub"]) == 21
    assert claims["exp"] - claims["iat"] == 3600
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "kid": signer.kid, "typ": "JWT"}


def test_the_key_set_verifies_the_token_and_holds_nothing_private() -> None:
    signer = Signer(KEY, lambda: datetime.now(UTC))
    (key,) = signer.key_set()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg", "key_ops"}
    token = signer.token(email="a@b", audience="x")
    assert jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], audience="x")["email"] == "a@b"


def test_a_sign_in_names_the_person_as_googles_does() -> None:
    signer = Signer(KEY, lambda: NOON)
    claims = jwt.decode(
        signer.id_token(email="ada@school.example", name="Ada", audience="dashboard"), options={"verify_signature": False}
    )
    assert claims == {
        "iss": "https://accounts.google.com",
        "aud": "dashboard",
        "azp": "dashboard",
        "sub": user_id_of("ada@school.example"),
        "email": "ada@school.example",
        "email_verified": True,
        "name": "Ada",
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 3600,
    }
