"""An issuer's keys: fetched rarely, kept over an outage, and from nowhere but where the settings say."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import PyJWK
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from shared.domain.errors import Unavailable
from shared.web.key_sets import Keys, KeySet, keys_at, keys_of
from tests.issuer import CERTS, DISCOVERY, KID, Issuer, jwk_of, rsa_key, serving

HOUR = 3600


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with serving() as served:
        yield served


class Remote:
    """An issuer whose keys a test changes, and a clock that it sets."""

    def __init__(self) -> None:
        self.kids = [KID]
        self.now = 5.0
        self.fetched = 0
        self.trouble: Exception | None = None
        self.keys = KeySet(self.fetch, lambda: self.now)

    def fetch(self) -> Keys:
        self.fetched += 1
        if self.trouble:
            raise self.trouble
        return {kid: PyJWK(jwk_of(rsa_key(), kid)) for kid in self.kids}


def test_keys_are_fetched_once_an_hour() -> None:
    remote = Remote()
    for _ in range(100):
        assert remote.keys.get(KID) is not None
    remote.now += HOUR - 1
    remote.keys.get(KID)
    assert remote.fetched == 1
    remote.now += 1
    assert remote.keys.get(KID) is not None
    assert remote.fetched == 2


def test_unknown_names_cost_one_fetch_in_five_minutes_however_many_there_are() -> None:
    remote = Remote()
    remote.keys.get(KID)
    for minute in range(59):
        remote.now = 5.0 + minute * 60
        for number in range(20):
            assert remote.keys.get(f"unknown-{minute}-{number}") is None
    assert remote.fetched == 1 + 58 // 5


def test_a_new_key_is_known_after_five_minutes_at_the_latest() -> None:
    remote = Remote()
    remote.keys.get(KID)
    remote.kids = ["key-2"]
    assert remote.keys.get("key-2") is None
    remote.now += 300
    assert remote.keys.get("key-2") is not None
    assert remote.keys.get(KID) is None


@pytest.mark.parametrize("trouble", [OSError("no route"), HTTPException("bad"), ValueError("no JSON"), RecursionError()])
def test_known_keys_outlive_an_outage_of_a_day_and_the_issuer_is_asked_every_ten_seconds(trouble: Exception) -> None:
    remote = Remote()
    remote.keys.get(KID)
    remote.trouble = trouble
    remote.now += HOUR
    for _ in range(50):
        assert remote.keys.get(KID) is not None
    assert remote.fetched == 2
    remote.now += 10
    assert remote.keys.get(KID) is not None
    assert remote.fetched == 3
    remote.now += 24 * HOUR
    with pytest.raises(Unavailable):
        remote.keys.get(KID)


def test_without_any_keys_the_answer_is_to_try_again_and_not_that_the_token_is_bad() -> None:
    remote = Remote()
    remote.trouble = OSError("no route")
    for _ in range(20):
        with pytest.raises(Unavailable):
            remote.keys.get(KID)
    assert remote.fetched == 1
    remote.trouble = None
    remote.now += 10
    assert remote.keys.get(KID) is not None


def test_thirty_two_callers_at_once_fetch_once() -> None:
    remote = Remote()
    slow = remote.fetch

    def fetch() -> Keys:
        time.sleep(0.05)
        return slow()

    remote.keys = KeySet(fetch, lambda: remote.now)
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda _: remote.keys.get(KID), range(32)))
    assert None not in found
    assert remote.fetched == 1


def test_keys_are_found_by_their_address_or_by_the_issuers_description(issuer: Issuer) -> None:
    assert keys_at(issuer.certs).keys() == keys_of(issuer.url).keys() == {KID}
    assert issuer.asked == [CERTS, DISCOVERY, CERTS]


@pytest.mark.parametrize(
    "page",
    [
        {"issuer": "https://evil.example", "jwks_uri": "here"},
        {"issuer": "own/", "jwks_uri": "here"},
        {"issuer": "own"},
        {"issuer": "own", "jwks_uri": 5},
        {"issuer": "own", "jwks_uri": "file:///etc/passwd"},
        {"issuer": "own", "jwks_uri": "http://169.254.169.254/keys"},
        {"issuer": "own", "jwks_uri": "http://localhost.evil.example/keys"},
        [],
    ],
)
def test_a_description_that_is_not_the_issuers_own_is_refused(issuer: Issuer, page: Any) -> None:
    if isinstance(page, dict):
        page = {name: told.replace("own", issuer.url).replace("here", issuer.certs) if isinstance(told, str) else told
                for name, told in page.items()}  # fmt: skip
    issuer.pages[DISCOVERY] = page
    with pytest.raises(ValueError, match=r"description|https|JSON object"):
        keys_of(issuer.url)
    assert issuer.asked == [DISCOVERY]


def private() -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(rsa_key(), as_dict=True), "kid": "private", "key_ops": ["sign"]}


def elliptic() -> dict[str, Any]:
    return {**ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True), "kid": "ec"}


USELESS = [
    {"kty": "oct", "k": "c2VjcmV0", "kid": "hmac", "alg": "HS256"},
    jwk_of(rsa_key(), "other-alg", alg="RS512"),
    jwk_of(rsa_key(), "to-encrypt", use="enc"),
    jwk_of(rsa_key("weak", 1024), "weak"),
    jwk_of(rsa_key(), "../../x"),
    {name: told for name, told in jwk_of(rsa_key()).items() if name != "kid"},
    {**jwk_of(rsa_key()), "kid": 5},
    {**jwk_of(rsa_key(), "broken"), "n": "!"},
    {**jwk_of(rsa_key(), "empty"), "n": ""},
    private(),
    elliptic(),
    "text",
    None,
]


@pytest.mark.parametrize("useless", USELESS, ids=range(len(USELESS)))
def test_a_key_that_does_not_verify_such_tokens_is_passed_over(issuer: Issuer, useless: Any) -> None:
    issuer.pages[CERTS] = {"keys": [useless, jwk_of(rsa_key())]}
    found = keys_at(issuer.certs)
    assert found.keys() == {KID}
    assert isinstance(found[KID].key, rsa.RSAPublicKey)
    issuer.pages[CERTS] = {"keys": [useless]}
    with pytest.raises(ValueError, match="no RSA key"):
        keys_at(issuer.certs)


@pytest.mark.parametrize(
    "page", [{}, {"keys": 5}, {"keys": {}}, [], b"<html>", b"", b"\xff", b"{" + b" " * 300_000 + b"}", b"[" * 100_000]
)
def test_a_page_that_is_no_key_set_is_refused(issuer: Issuer, page: Any) -> None:
    issuer.pages[CERTS] = page
    with pytest.raises((ValueError, RecursionError)):
        keys_at(issuer.certs)


def test_a_redirect_is_not_followed(issuer: Issuer) -> None:
    issuer.pages["/elsewhere"] = issuer.pages.pop(CERTS)
    issuer.redirects[CERTS] = f"{issuer.url}/elsewhere"
    with pytest.raises(OSError, match="302"):
        keys_at(issuer.certs)
    assert issuer.asked == [CERTS]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://school.example/keys", "ftp://school.example/keys", "keys", ""])
def test_keys_come_over_https_or_from_the_machine_itself(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        keys_at(url)


def test_an_issuer_that_says_nothing_is_waited_for_five_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            keys_at(f"http://127.0.0.1:{silent.getsockname()[1]}/keys")
    assert 4.5 < time.monotonic() - started < 7
