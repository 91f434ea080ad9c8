"""Sign-in tokens for the local stack: HS256, with the claims that the functions ask for."""

from collections.abc import Mapping
from datetime import datetime

from infra.local.folder import DataFolder
from infra.local.keys import jwt_secret
from infra.local.settings import read_stack_settings
from infra.local.troubles import BadSetting
from shared.config import ConfigurationError, Settings, read_settings
from shared.domain.accounts import Caller
from shared.web.tokens import ROLES, mint


def make_token(settings: Settings, *, email: str, role: str, name: str | None, now: datetime) -> str:
    """A token that the functions under `settings` accept for one hour from `now`; raises `BadSetting`."""
    if role not in ROLES:
        raise BadSetting(f"The role is {role!r}: use one of {', '.join(ROLES)}.")
    if "@" not in email:
        raise BadSetting(f"The e-mail is {email!r}: give an address such as ada.teacher@school.example.")
    if not settings.jwt_keys:
        raise BadSetting("JWT_SECRET holds no key: set it to `kid:secret` with a secret of at least 32 characters.")
    return mint(Caller(email.lower(), email.lower(), role, name or display_name(email)), settings, now)


def display_name(email: str) -> str:
    """A name made of an address: `Ada Teacher` of ada.teacher@school.example."""
    return " ".join(word.capitalize() for word in email.partition("@")[0].replace("_", ".").split(".") if word)


def signing_settings(env: Mapping[str, str]) -> Settings:
    """The settings that tokens are signed under: JWT_SECRET of `env`, else the one kept in the data folder."""
    secret = env.get("JWT_SECRET") or jwt_secret(DataFolder(read_stack_settings(env).data).secrets)
    wanted = {name: env[name] for name in ("JWT_ISSUER", "JWT_AUDIENCE") if env.get(name)}
    try:
        return read_settings({"JWT_SECRET": secret, **wanted})
    except ConfigurationError as bad:
        raise BadSetting(str(bad)) from bad
