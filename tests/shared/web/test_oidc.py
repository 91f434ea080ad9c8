"""Sign-in at an OpenID issuer: what a token says about a person, for Google, Firebase and others."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local.oidc import Signer
from infra.local.simulator.accounts import user_id_of
from shared import system
from shared.config import Settings, read_settings
from shared.domain.errors import Unavailable
from shared.web.oidc import verified_id_token
from shared.web.problems import Problem
from tests.issuer import CERTS, Issuer, rsa_key, serving, signed

GOOGLE, CLIENT = "https://accounts.google.com", "123-abc.apps.googleusercontent.com"
FIREBASE, PROJECT = "https://securetoken.google.com/rollcall-school", "rollcall-school"
NOW = int(system.now().timestamp())
ADA: dict[str, Any] = {
    "iss": GOOGLE, "aud": CLIENT, "azp": CLIENT, "sub": "110169484474386276334", "email": "Ada@School.example",
    "email_verified": True, "name": "Ada Teacher", "picture": "https://lh3.example/a.png", "hd": "school.example",
    "iat": NOW, "exp": NOW + 3600,
}  # fmt: skip


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with serving() as served:
        yield served


def house(issuer: Issuer, name: str = GOOGLE, audience: str = CLIENT) -> Settings:
    return read_settings({"OIDC_ISSUER": name, "OIDC_AUDIENCE": audience, "OIDC_JWKS_URL": issuer.certs})


def refused(token: str, settings: Settings) -> None:
    with pytest.raises(Problem) as problem:
        verified_id_token(token, settings)
    assert problem.value.told.status == 401


@pytest.mark.parametrize("spelling", [GOOGLE, "accounts.google.com"])
def test_google_says_who_signed_in_in_either_of_its_spellings(issuer: Issuer, spelling: str) -> None:
    told = verified_id_token(signed({**ADA, "iss": spelling}), house(issuer))
    assert (told.subject, told.google_id, told.is_google) == (ADA["sub"], ADA["sub"], True)
    assert (told.email, told.name, told.role) == ("ada@school.example", "Ada Teacher", None)
    assert (told.picture, told.hosted_domain) == ("https://lh3.example/a.png", "school.example")
    assert told.issued_at == datetime.fromtimestamp(NOW, UTC)


@pytest.mark.parametrize(
    "spelling", ["http://accounts.google.com", f"{GOOGLE}/", "ACCOUNTS.google.com", "accounts.google.com.evil.example", ""]
)
def test_no_other_spelling_is_google(issuer: Issuer, spelling: str) -> None:
    refused(signed({**ADA, "iss": spelling}), house(issuer))


def test_googles_short_name_is_nobody_elses(issuer: Issuer) -> None:
    refused(signed({**ADA, "iss": "accounts.google.com"}), house(issuer, "https://sign-in.school.example"))


def firebase(**linked: Any) -> dict[str, Any]:
    return {**ADA, "iss": FIREBASE, "aud": PROJECT, "sub": "uid-1", "firebase": linked}


def test_firebase_tells_the_google_account_that_was_signed_in_with(issuer: Issuer) -> None:
    claims = firebase(sign_in_provider="google.com", identities={"google.com": ["110169484474386276334"]})
    told = verified_id_token(signed(claims), house(issuer, FIREBASE, PROJECT))
    assert (told.subject, told.google_id, told.is_google, told.hosted_domain) == ("uid-1", ADA["sub"], False, None)


@pytest.mark.parametrize(
    "linked",
    [
        {"sign_in_provider": "password", "identities": {"google.com": ["110169484474386276334"]}},
        {"sign_in_provider": "google.com", "identities": {"google.com": ["1", "2"]}},
        {"sign_in_provider": "google.com", "identities": {"google.com": "1"}},
        {"sign_in_provider": "google.com", "identities": {"google.com": ["users/1"]}},
        {"sign_in_provider": "google.com", "identities": []},
        {"sign_in_provider": "google.com"},
    ],
)
def test_what_is_not_surely_the_google_account_is_none(issuer: Issuer, linked: dict[str, Any]) -> None:
    assert verified_id_token(signed(firebase(**linked)), house(issuer, FIREBASE, PROJECT)).google_id is None


def test_a_renewed_token_is_as_old_as_the_sign_in_that_it_comes_from(issuer: Issuer) -> None:
    told = verified_id_token(signed({**ADA, "auth_time": NOW - 86400}), house(issuer))
    assert told.issued_at == datetime.fromtimestamp(NOW - 86400, UTC)
    for odd in (NOW + 999, "yesterday", -1, True, None):
        assert verified_id_token(signed({**ADA, "auth_time": odd}), house(issuer)).issued_at.timestamp() == NOW


@pytest.mark.parametrize("role", ["user", "teacher", "admin"])
def test_a_role_that_the_issuer_claims_counts(issuer: Issuer, role: str) -> None:
    assert verified_id_token(signed({**ADA, "role": role}), house(issuer)).role == role


@pytest.mark.parametrize(
    "odd",
    [{"name": 5}, {"name": " \u0000\u202e "}, {"picture": "javascript:alert(1)"}, {"picture": 5}, {"hd": 5}, {"hd": "a\nb"}],
)
def test_odd_trimmings_are_left_out(issuer: Issuer, odd: dict[str, Any]) -> None:
    told = verified_id_token(signed({**ADA, **odd}), house(issuer))
    (name,) = odd
    assert getattr(told, {"hd": "hosted_domain"}.get(name, name)) is None


@pytest.mark.parametrize("credential", ["", "a.b.c", "x" * 5000, "é.é.é", "x" * 2**20])
def test_a_credential_of_any_form_is_refused_and_not_stumbled_over(issuer: Issuer, credential: str) -> None:
    refused(credential, house(issuer))


def test_an_issuer_that_cannot_be_reached_is_our_trouble_and_not_the_callers() -> None:
    with serving() as gone:
        settings = house(gone)
        gone.pages.pop(CERTS)
        with pytest.raises(Unavailable):
            verified_id_token(signed(ADA), settings)


def test_an_issuer_without_an_address_for_its_keys_is_asked_for_it() -> None:
    with serving() as served:
        settings = read_settings({"OIDC_ISSUER": served.url, "OIDC_AUDIENCE": CLIENT})
        assert verified_id_token(signed({**ADA, "iss": served.url}), settings).email == "ada@school.example"


def test_the_local_stacks_own_sign_in_is_taken_and_knows_people_as_its_meet_does() -> None:
    with serving() as local:
        signer = Signer(rsa_key("local"), system.now)
        local.pages[CERTS] = signer.key_set()
        told = verified_id_token(signer.id_token(email="ada@school.example", name="Ada", audience=CLIENT), house(local))
        assert (told.google_id, told.name) == (user_id_of("ada@school.example"), "Ada")
        refused(signer.token(email="tasks@school.example", audience="http://own.example"), house(local))
