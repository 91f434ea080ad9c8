"""E-mail against real SMTP servers on loopback: what arrives, under TLS, and what becomes of every refusal."""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP as Server  # noqa: N811 - the client is called so too
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from shared.adapters.mail import SmtpMailer
from shared.config import ConfigurationError
from shared.domain.messages import Addressees, Delivery, EventType, Message, Outcome
from tests.builders import at
from tests.shared.adapters.certificates import server_context

LENA, PAT, OFFICE = "lena@school.example", "pat@home.example", "office@school.example"
DATA: dict[str, object] = {
    "kind": "absences_in_row",
    "student_email": LENA,
    "student_name": "Lena Öz",
    "subject": "Algebra",
    "teacher_email": "ada@school.example",
    "start_time": "2026-12-01T23:30:00Z",
    "timezone": "Asia/Tokyo",
    "line": 3,
    "taken": 7,
    "share_percent": 57,
    "absences_in_row": 3,
}


@dataclass
class PostOffice:
    """A handler of aiosmtpd: keeps what came; `answers` are given instead of a yes, by command."""

    came: list[Envelope] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    were_secret: list[bool] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_MAIL(self, _: Server, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - the library's form
        if "MAIL" not in self.answers:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _: Server, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: ARG002, N802
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, _: Server, session: Session, envelope: Envelope) -> str:  # noqa: N802
        login: bytes | None = session.login_data
        self.names.append(login.decode() if login is not None else None)
        self.were_secret.append(session.ssl is not None)
        self.came.append(envelope)
        return self.answers.get("DATA", "250 OK")

    async def handle_QUIT(self, *_: Any) -> str:  # noqa: N802
        return self.answers.get("QUIT", "221 Bye")

    def mail(self) -> EmailMessage:
        """The only mail that came."""
        (envelope,) = self.came
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


def knows(_: Server, __: Session, ___: Envelope, ____: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"us:er", b"p@ss/w"), handled=False, auth_data=data)


@contextmanager
def serving(office: PostOffice, tls: ssl.SSLContext | None = None, **how: Any) -> Iterator[int]:
    """The port of a server for the office; with `tls` every connection is secret from its beginning."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(
            lambda: Server(office, loop=loop, hostname="mail.example", **how), "127.0.0.1", 0, ssl=tls
        )

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        loop.call_soon_threadsafe(loop.call_later, 0.1, loop.stop)
        thread.join(10)
        loop.close()


def a_delivery(to: str = PAT, event: EventType = EventType.WARNING_RAISED, **data: object) -> Delivery:
    message = Message(event, "x", at(0), {**DATA, **data}, (LENA,))
    return Addressees((), has_mail=True).deliveries(message, [to])[0]


def sent(port: int, delivery: Delivery | None = None, context: ssl.SSLContext | None = None, scheme: str = "smtp") -> Outcome:
    mailer = SmtpMailer(f"{scheme}://127.0.0.1:{port}", OFFICE, context)
    return mailer.send(delivery or a_delivery(), at(5))


def test_a_payment_is_acknowledged_in_plain_text() -> None:
    facts: dict[str, object] = {
        "paper": "invoice",
        "number": None,
        "amount": {"amount_minor": 1250, "currency": "EUR"},
        "method": "bank",
        "received_at": "2027-01-05T08:00:00Z",
    }
    message = Message(EventType.PAYMENT_RECORDED, "x", at(0), facts, (PAT,))
    office = PostOffice()
    with serving(office) as port:
        assert sent(port, Addressees(has_mail=True).deliveries(message, [PAT])[0]) == Outcome()
    mail = office.mail()
    assert (mail["Subject"], mail["To"], mail.get_content_type()) == ("Payment received: 12.50 EUR", PAT, "text/plain")
    assert "Amount: 12.50 EUR" in mail.get_content().splitlines()


def test_a_warning_arrives_with_the_classs_day_in_its_own_time_zone() -> None:
    office, delivery = PostOffice(), a_delivery()
    with serving(office) as port:
        assert sent(port, delivery) == Outcome()
    assert (office.came[0].mail_from, office.came[0].rcpt_tos) == (OFFICE, [PAT])
    mail = office.mail()
    assert (mail["From"], mail["To"]) == (OFFICE, PAT)
    assert mail["Subject"] == "Lena Öz: 3 absences in a row in Algebra"
    assert mail["Message-ID"] == f"<{delivery.delivery_id}@school.example>"
    assert mail["Date"] == "Tue, 01 Dec 2026 12:05:00 +0000"
    assert mail.get_content_type() == "text/plain"
    assert "Wednesday, 2 December 2026, 08:30 (Asia/Tokyo)" in mail.get_content()
    assert "ada@school.example" in mail.get_content()


def test_a_mail_that_is_sent_again_is_known_by_its_id() -> None:
    office, delivery = PostOffice(), a_delivery()
    with serving(office) as port:
        sent(port, delivery)
        sent(port, replace(delivery, attempts=1))
    first, second = (message_from_bytes(each.content or b"")["Message-ID"] for each in office.came)  # type: ignore[arg-type]
    assert first == second


@pytest.mark.parametrize("word", ["\r\nBcc: evil@x.example\r\n\r\nBuy!", "\nX: y", "\u2028X: y", "\x00\x0b\x85X: y", "a\r"])
def test_nothing_in_a_name_makes_a_second_header(word: str) -> None:
    office = PostOffice()
    with serving(office) as port:
        outcome = sent(port, a_delivery(student_name=f"Lena{word}", subject=f"Algebra{word}"))
    assert outcome == Outcome()
    assert office.came[0].rcpt_tos == [PAT]
    mail = office.mail()
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert mail["Subject"].startswith("Lena")
    assert mail["Subject"].isprintable()
    assert mail.get_content().count("\n") == 4


def test_a_long_name_is_told_whole() -> None:
    office, name = PostOffice(), "Ünal " * 40
    with serving(office) as port:
        sent(port, a_delivery(student_name=name))
    assert office.mail()["Subject"].startswith(name.strip())


@pytest.mark.parametrize("to", ["pat@home.example\r\nBcc: evil@x.example", "nobody", "a@b@c", "Pat <pat@home.example>", "", "@x"])
def test_nothing_is_sent_to_what_is_no_address(to: str) -> None:
    office = PostOffice()
    with serving(office) as port:
        outcome = sent(port, a_delivery(to))
    assert outcome.is_final
    assert office.came == []


def test_an_event_that_is_not_told_by_mail_is_given_up() -> None:
    office = PostOffice()
    with serving(office) as port:
        assert sent(port, a_delivery(event=EventType.SETTLED)).is_final
    assert office.came == []


def test_name_and_password_go_over_tls_only(tmp_path: Path) -> None:
    office, (tls, shown) = PostOffice(), server_context(tmp_path)
    trusting = ssl.create_default_context(cafile=str(shown))
    with serving(office, tls_context=tls, require_starttls=True, authenticator=knows, auth_required=True) as port:
        mailer = SmtpMailer(f"smtp://us%3Aer:p%40ss%2Fw@127.0.0.1:{port}", OFFICE, trusting)
        assert mailer.send(a_delivery(), at(0)) == Outcome()
        wrong = SmtpMailer(f"smtp://us%3Aer:wr0ng@127.0.0.1:{port}", OFFICE, trusting).send(a_delivery(), at(0))
    assert (office.names, office.were_secret) == (["us:er"], [True])
    assert wrong == Outcome("The mail server refused user or password: see to SMTP_URL.")


def test_a_server_that_speaks_tls_from_the_beginning_is_spoken_to_so(tmp_path: Path) -> None:
    office, (tls, shown) = PostOffice(), server_context(tmp_path)
    with serving(office, tls) as port:
        assert sent(port, context=ssl.create_default_context(cafile=str(shown)), scheme="smtps") == Outcome()
    assert len(office.came) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(tmp_path: Path, scheme: str) -> None:
    office, (tls, _) = PostOffice(), server_context(tmp_path)
    with serving(office, tls if scheme == "smtps" else None, tls_context=tls if scheme == "smtp" else None) as port:
        outcome = sent(port, scheme=scheme)
    assert not outcome.is_final
    assert outcome.trouble is not None
    assert "certificate" in outcome.trouble
    assert office.came == []


def test_a_server_elsewhere_that_offers_no_tls_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    office = PostOffice()
    with serving(office) as port:
        there = socket.create_connection

        def through_the_net(address: tuple[str, int], *rest: Any, **how: Any) -> socket.socket:
            assert address == ("mail.example", 587)
            return there(("127.0.0.1", port), *rest, **how)

        monkeypatch.setattr(socket, "create_connection", through_the_net)
        outcome = SmtpMailer("smtp://me:mine@mail.example", OFFICE).send(a_delivery(), at(0))
    assert outcome == Outcome("The mail server offers no STARTTLS or no sign-in on this port: see to SMTP_URL.")
    assert office.came == []


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("RCPT", "550 No such pat@home.example", Outcome("The mail server refused the recipient with 550.", is_final=True)),
        ("RCPT", "450 Greylisted", Outcome("The mail server refused the recipient with 450.")),
        ("DATA", "554 Spam", Outcome("The mail server refused the message with 554.", is_final=True)),
        ("DATA", "451 Later", Outcome("The mail server refused the message with 451.")),
        ("MAIL", "550 Who are you?", Outcome("The mail server refused the sender with 550: see to MAIL_FROM.")),
        ("QUIT", "500 Never", Outcome()),
    ],
)
def test_what_the_server_refuses_for_good_is_not_tried_again(command: str, answer: str, outcome: Outcome) -> None:
    with serving(PostOffice(answers={command: answer})) as port:
        assert sent(port) == outcome


def test_a_server_that_nobody_can_reach_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        outcome = sent(free.getsockname()[1])
    assert outcome == Outcome("The mail server could not be reached, or broke off the connection.")


@pytest.mark.parametrize("url", ["mail.s3cret", "http://u:s3cret@x", "smtp://", "smtp://u:s3cret@x:port", "smtp://[s3cret", ""])
def test_an_address_of_no_mail_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        SmtpMailer(url, OFFICE)
    assert "SMTP_URL" in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("sender", [None, "", "office", "Office <office@school.example>", "a@b\r\nX: y"])
def test_without_a_plain_sender_no_mail_is_sent(sender: str | None) -> None:
    with pytest.raises(ConfigurationError, match="MAIL_FROM"):
        SmtpMailer("smtp://127.0.0.1", sender)
