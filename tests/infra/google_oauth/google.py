"""A small Google that asks for consent and gives tokens, and a browser that goes where it is sent."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlparse

import jwt
import requests

CLIENT_ID, CLIENT_SECRET = "client-1.apps.example", "not-a-secret"


@dataclass
class FakeGoogle:
    """Its address, what it was asked, and how it answers. `withheld` scopes are not granted."""

    url: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    token_request: dict[str, str] = field(default_factory=dict)
    email: str = "Ada@School.example"
    withheld: tuple[str, ...] = ()
    denies: bool = False
    wrong_state: bool = False
    brings_no_code: bool = False
    refresh_token: str | None = "refresh-1"

    def answer_to(self, url: str) -> requests.Response:
        """The browser opens the address, the person answers, and the browser follows the redirect."""
        self.asked = {name: values[0] for name, values in parse_qs(urlparse(url).query).items()}
        told = {"error": "access_denied"} if self.denies else {"code": "code-1", "scope": " ".join(self._granted())}
        if self.brings_no_code:
            told.pop("code", None)
        told["state"] = "another" if self.wrong_state else self.asked["state"]
        return requests.get(f"{self.asked['redirect_uri']}?{urlencode(told)}", timeout=10)

    def tokens(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint, which checks the code's verifier as Google does."""
        self.token_request = form
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": "https://accounts.google.com",
            "aud": CLIENT_ID,
            "email": self.email,
            "email_verified": True,
            "exp": 2**31,
        }
        told: dict[str, Any] = {
            "access_token": "access-1", "expires_in": 3599, "token_type": "Bearer", "scope": " ".join(self._granted()),
            "id_token": jwt.encode(claims, "k" * 32, "HS256"),
        }  # fmt: skip
        return 200, told | ({"refresh_token": self.refresh_token} if self.refresh_token else {})

    def _granted(self) -> list[str]:
        return [scope for scope in self.asked["scope"].split() if scope not in self.withheld]


@contextmanager
def fake_google() -> Iterator[FakeGoogle]:
    """It serves for the time of the block."""
    google = FakeGoogle()

    class Handler(BaseHTTPRequestHandler):
        """The token endpoint."""

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, told = google.tokens({name: values[0] for name, values in form.items()})
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    google.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        server.server_close()
