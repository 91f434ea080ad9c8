"""An OpenID issuer of our own: it signs tokens and serves its keys over HTTP, and counts who asks for them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

KID = "key-1"
CERTS, DISCOVERY = "/certs", "/.well-known/openid-configuration"


@cache
def rsa_key(name: str = "issuer", bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key, made once in a run for each name."""
    assert name
    return rsa.generate_private_key(65537, bits)


def jwk_of(key: rsa.RSAPrivateKey, kid: str = KID, **more: Any) -> dict[str, Any]:
    """The public half of a key as a JSON Web Key."""
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "RS256", **more}


def pem_of(key: rsa.RSAPrivateKey) -> bytes:
    """The public half of a key as text, as everybody can read it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def part(value: object) -> str:
    """One part of a token, made by hand: what tests forge, no library agrees to write."""
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).decode().rstrip("=")


def signed(claims: Mapping[str, Any], kid: str | None = KID, key: rsa.RSAPrivateKey | None = None, **header: Any) -> str:
    """A token as the issuer signs it."""
    named = {} if kid is None else {"kid": kid}
    told = f"{part({'alg': 'RS256', 'typ': 'JWT', **named, **header})}.{part(claims)}"
    return f"{told}.{part((key or rsa_key()).sign(told.encode(), PKCS1v15(), SHA256()))}"


def forged(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes) -> str:
    """A token whose signature is an HMAC, whatever its header says."""
    told = f"{part(header)}.{part(claims)}"
    return f"{told}.{part(hmac.digest(secret, told.encode(), hashlib.sha256))}"


@dataclass
class Issuer:
    """What is served: a JSON value, bytes, or a redirect for each path; and the paths that were asked for, in order."""

    url: str = ""
    pages: dict[str, Any] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    @property
    def certs(self) -> str:
        """Where the keys are."""
        return self.url + CERTS


@contextmanager
def serving() -> Iterator[Issuer]:
    """An issuer with one key, until the end of the block."""
    issuer = Issuer(pages={CERTS: {"keys": [jwk_of(rsa_key())]}})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            issuer.before()
            page = issuer.pages.get(self.path)
            self.send_response(302 if self.path in issuer.redirects else 404 if page is None else 200)
            self.send_header("Location", issuer.redirects.get(self.path, "/"))
            self.end_headers()
            self.wfile.write(page if isinstance(page, bytes) else json.dumps(page).encode())

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
    issuer.pages[DISCOVERY] = {"issuer": issuer.url, "jwks_uri": issuer.certs}
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
