"""Our own tokens: made by the first key, good for an hour."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared import system
from shared.config import ConfigurationError, read_settings
from shared.domain.accounts import Caller
from shared.web.callers import Door, caller_of
from shared.web.problems import Problem
from shared.web.tokens import mint

SETTINGS = read_settings({"JWT_SECRET": f"new:{'k' * 40} old:{'o' * 40}", "JWT_ISSUER": "school", "JWT_AUDIENCE": "rollcall-api"})
ADA = Caller("110", "ada@school.example", "teacher", "Ada Teacher")


def shown(token: str) -> Caller:
    return caller_of(Door("user", ()), {"Authorization": f"Bearer {token}"}, SETTINGS)


def test_whoever_gets_a_token_is_known_by_it() -> None:
    now = system.now()
    caller = shown(mint(ADA, SETTINGS, now))
    assert caller == ADA
    assert caller.token_issued_at == now.replace(microsecond=0)


def test_a_token_names_its_key_and_ends_after_an_hour() -> None:
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    token = mint(ADA, SETTINGS, noon)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT", "kid": "new"}
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == ("school", "rollcall-api", 3600)
    assert claims["iat"] == int(noon.timestamp())


def test_an_hour_later_it_is_refused() -> None:
    with pytest.raises(Problem) as problem:
        shown(mint(ADA, SETTINGS, system.now() - timedelta(seconds=3640)))
    assert problem.value.told.status == 401
    assert shown(mint(ADA, SETTINGS, system.now() - timedelta(seconds=3560))) == ADA


def test_somebody_without_a_name_gets_a_token_without_one() -> None:
    assert "name" not in jwt.decode(
        mint(Caller("1", "a@b.example", "user"), SETTINGS, system.now()), options={"verify_signature": False}
    )


def test_without_a_key_there_is_no_token() -> None:
    with pytest.raises(ConfigurationError, match="JWT_SECRET"):
        mint(ADA, read_settings({}), system.now())
