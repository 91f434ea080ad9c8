"""Outgoing webhooks against a real server on loopback: signed so that the reference library accepts them, never led astray."""

import base64
import json
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from shared.adapters import outgoing
from shared.adapters.outgoing import WebhookSender
from shared.domain.messages import Addressees, Delivery, EventType, Message, Outcome, target_of
from tests.builders import at

SECRET, OTHER = (f"whsec_{base64.b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))


@dataclass
class Receiver:
    """A server that answers every POST with `status` and remembers what came."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in/s3cret?token=t0ken"

    @contextmanager
    def listening(self, context: ssl.SSLContext | None = None) -> Iterator["Receiver"]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.came.append((self.path, {k.lower(): v for k, v in self.headers.items()}, told))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Say nothing of clients that go."""

        server = Server(("127.0.0.1", 0), Handler)
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join(10)
            server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver().listening() as running:
        yield running


def a_delivery(url: str, **data: object) -> Delivery:
    message = Message(EventType.WARNING_RAISED, "x", at(0), {"student_name": "Zoë 😀", **data})
    return Addressees((target_of(url),)).deliveries(message)[0]


def sent(url: str, *secrets: str, now: datetime | None = None) -> Outcome:
    return WebhookSender([url], secrets or [SECRET]).send(a_delivery(url), now or datetime.now(UTC))


def test_a_message_arrives_as_it_was_written_under_a_signature_that_the_reference_library_accepts(receiver: Receiver) -> None:
    assert sent(receiver.url) == Outcome()
    ((path, headers, body),) = receiver.came
    assert path == "/in/s3cret?token=t0ken"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == a_delivery(receiver.url).delivery_id
    told = Webhook(SECRET).verify(body, headers)
    assert told == json.loads(body)
    assert told["type"] == "attendance.warning.raised"
    assert told["timestamp"] == "2026-12-01T12:00:00Z"
    assert told["data"]["student_name"] == "Zoë 😀"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(body, headers)


def test_with_several_secrets_whoever_knows_one_of_them_can_verify(receiver: Receiver) -> None:
    sent(receiver.url, SECRET, OTHER)
    ((_, headers, body),) = receiver.came
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(body, headers)


def test_over_attempts_the_id_stays_and_the_timestamp_is_made_anew(receiver: Receiver) -> None:
    now = datetime.now(UTC)
    sent(receiver.url, now=now - timedelta(hours=2))
    sent(receiver.url, now=now)
    (_, first, body), (_, second, _) = receiver.came
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 7200
    assert first["webhook-signature"] != second["webhook-signature"]
    Webhook(SECRET).verify(body, second)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, first)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_means_told(receiver: Receiver, status: int) -> None:
    receiver.status = status
    assert sent(receiver.url) == Outcome()


@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 503])
def test_a_refusal_is_tried_again(receiver: Receiver, status: int) -> None:
    receiver.status = status
    assert sent(receiver.url) == Outcome(f"The receiver answered {status}.")


def test_a_receiver_that_is_gone_is_not_asked_again(receiver: Receiver) -> None:
    receiver.status = 410
    outcome = sent(receiver.url)
    assert outcome.is_final
    assert outcome.trouble is not None
    assert "410" in outcome.trouble


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    with Receiver().listening() as elsewhere:
        receiver.status, receiver.headers = status, {"Location": elsewhere.url}
        outcome = sent(receiver.url)
        assert elsewhere.came == []
    assert len(receiver.came) == 1
    assert not outcome.is_final
    assert outcome.trouble is not None
    assert f"answered {status}" in outcome.trouble


def test_what_the_receiver_writes_is_not_waited_for_and_not_repeated(receiver: Receiver) -> None:
    receiver.headers, receiver.body = {"Content-Length": str(10**9)}, b"my secret " * 1000
    receiver.status = 500
    assert sent(receiver.url) == Outcome("The receiver answered 500.")


def test_a_receiver_that_nobody_can_reach_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/in/s3cret"
        outcome = sent(url)
    assert outcome == Outcome("The receiver could not be reached, or broke off the connection.")


def test_a_receiver_that_takes_too_long_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "READ_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        outcome = sent(f"http://127.0.0.1:{silent.getsockname()[1]}/in")
    assert outcome.trouble is not None
    assert outcome.trouble.startswith("The receiver did not answer within")


def test_a_receiver_whose_certificate_nobody_vouches_for_is_told_nothing(tmp_path: Path) -> None:
    from tests.shared.adapters.certificates import server_context

    with Receiver().listening(server_context(tmp_path)[0]) as receiver:
        outcome = sent(f"https://127.0.0.1:{receiver.port}/in")
    assert receiver.came == []
    assert outcome.trouble is not None
    assert "certificate" in outcome.trouble


def test_nothing_goes_to_an_address_that_is_not_configured_any_more(receiver: Receiver) -> None:
    outcome = WebhookSender(["https://other.example/"], [SECRET]).send(a_delivery(receiver.url), at(0))
    assert outcome.is_final
    assert receiver.came == []


@pytest.mark.parametrize("secrets", [[], ["plain words"], ["whsec_"], ["whsec_!!!"], [SECRET, "whsec_é"]])
def test_nothing_goes_out_unsigned_or_under_a_secret_that_no_library_understands(receiver: Receiver, secrets: list[str]) -> None:
    outcome = WebhookSender([receiver.url], secrets).send(a_delivery(receiver.url), at(0))
    assert not outcome.is_final
    assert outcome.trouble is not None
    assert "OUTGOING_WEBHOOK_SECRET" in outcome.trouble
    assert receiver.came == []


def test_passwords_and_proxies_of_the_machine_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert sent(receiver.url) == Outcome()
    assert "authorization" not in receiver.came[0][1]


@pytest.mark.parametrize(
    "url", ["https://[s3cret", "https:///s3cret", "https://x:s3cret/", "https://x .example/s3cret", "https://"]
)
def test_an_address_that_is_none_is_an_outcome_without_its_words(url: str) -> None:
    outcome = sent(url)
    assert outcome.trouble is not None
    assert "s3cret" not in outcome.trouble + target_of(url)


def test_no_secret_is_in_what_is_said_of_a_failure(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        urls = [receiver.url, f"http://127.0.0.1:{free.getsockname()[1]}/in/s3cret?token=t0ken"]
        said = []
        for receiver.status in (302, 410, 500):
            receiver.body = SECRET.encode()
            said += [str(sent(url)) for url in urls]
    said.append(caplog.text)
    hidden = ("s3cret", "t0ken", SECRET, SECRET.removeprefix("whsec_"))
    assert not [(text, word) for text in said for word in hidden if word in text]
