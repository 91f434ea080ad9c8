"""Sign-in tokens, checked by what the functions check them with."""

from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from infra.local.keys import jwt_secret
from infra.local.token import display_name, make_token, signing_settings
from infra.local.troubles import BadSetting
from shared.web.callers import Door, caller_of

KEY = "k1:" + "a" * 32


def test_the_functions_accept_the_token(tmp_path: Path) -> None:
    settings = signing_settings({"ROLLCALL_DATA": str(tmp_path)})
    token = make_token(settings, email="Ada.Teacher@school.example", role="teacher", name=None, now=datetime.now(UTC))
    caller = caller_of(Door("teacher", ()), {"Authorization": f"Bearer {token}"}, settings)
    assert (caller.email, caller.role) == ("ada.teacher@school.example", "teacher")


def test_the_token_says_who_until_when_and_with_which_key() -> None:
    settings = signing_settings({"JWT_SECRET": f"{KEY} k0:{'b' * 32}"})
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    token = make_token(settings, email="a@b.example", role="user", name="Ada B", now=now)
    assert jwt.get_unverified_header(token)["kid"] == "k1"
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims == {
        "sub": "a@b.example",
        "email": "a@b.example",
        "role": "user",
        "name": "Ada B",
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 3600,
        "iss": "rollcall",
        "aud": "rollcall",
    }


def test_the_key_of_the_data_folder_signs_when_none_is_given(tmp_path: Path) -> None:
    settings = signing_settings({"ROLLCALL_DATA": str(tmp_path)})
    assert ":".join(settings.jwt_keys[0]) == jwt_secret(tmp_path / "secrets")


def test_what_makes_no_token_is_told() -> None:
    settings, now = signing_settings({"JWT_SECRET": KEY}), datetime.now(UTC)
    with pytest.raises(BadSetting, match="use one of user, teacher, admin"):
        make_token(settings, email="a@b", role="boss", name=None, now=now)
    with pytest.raises(BadSetting, match="give an address"):
        make_token(settings, email="ada", role="user", name=None, now=now)
    with pytest.raises(BadSetting, match="at least 32"):
        signing_settings({"JWT_SECRET": "k1:short"})


def test_a_name_is_made_of_an_address() -> None:
    assert display_name("ada.teacher@school.example") == "Ada Teacher"
    assert display_name("bob@school.example") == "Bob"
