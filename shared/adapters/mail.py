"""E-mail about warnings and money, over SMTP: plain text, one message for each recipient."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from shared.adapters.mail_texts import written
from shared.config import ConfigurationError
from shared.domain.messages import Delivery, Outcome

TIMEOUT_SECONDS = 15.0
_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_REFUSED_FOR_GOOD = 500


def no_link(_: Delivery) -> str | None:
    """Nothing that a mail tells of can be opened by a link."""
    return None


class SmtpMailer:
    """The port `Outgoing` for e-mail.

    `url` is `smtp://user:password@host:587`, where the connection must turn to TLS before anything is said unless the server is
    on this machine, or `smtps://user:password@host:465`. `sender` is the address that the mails come from, `link_of` makes the
    link that opens what a mail tells of. Raises `ConfigurationError`.
    """

    def __init__(
        self,
        url: str,
        sender: str | None,
        context: ssl.SSLContext | None = None,
        link_of: Callable[[Delivery], str | None] = no_link,
    ) -> None:
        self._server = _checked(url)
        try:
            self._sender = Address(addr_spec=sender or "")
        except (ValueError, HeaderParseError, IndexError) as bad:
            raise ConfigurationError(
                "MAIL_FROM: write the plain address that mails come from, like office@school.example."
            ) from bad
        self._context = context or ssl.create_default_context()
        self._link_of = link_of

    def send(self, delivery: Delivery, now: datetime) -> Outcome:
        """See the port. What the server refuses for good is not tried again, unless it is our own sign-in."""
        try:
            message = self._message(delivery, now)
        except (ValueError, HeaderParseError, IndexError, KeyError):
            return Outcome("No e-mail can be written to this address or of this event.", is_final=True)
        try:
            self._send(message)
        except (smtplib.SMTPException, OSError) as trouble:
            return _outcome_of(trouble)
        return Outcome()

    def _message(self, delivery: Delivery, now: datetime) -> EmailMessage:
        subject, text = written(delivery, self._link_of(delivery))
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = Address(addr_spec=delivery.target)
        message["Subject"] = subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{delivery.delivery_id}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message

    def _send(self, message: EmailMessage) -> None:
        """Hand over the message; once the server took it, a clumsy goodbye changes nothing."""
        server = self._connected()
        try:
            if self._server.username:
                server.login(unquote(self._server.username), unquote(self._server.password or ""))
            server.send_message(message)
        except BaseException:
            server.close()
            raise
        with suppress(smtplib.SMTPException, OSError):
            server.quit()

    def _connected(self) -> smtplib.SMTP:
        host, port = self._server.hostname or "", self._server.port or _PORTS[self._server.scheme]
        name = self._sender.domain
        if self._server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=TIMEOUT_SECONDS, context=self._context)
        server = smtplib.SMTP(host, port, local_hostname=name, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo()
            if host not in _LOOPBACK or server.has_extn("starttls"):
                server.starttls(context=self._context)
                server.ehlo()
        except BaseException:
            server.close()
            raise
        return server


def _checked(url: str) -> SplitResult:
    try:
        server = urlsplit(url)
        is_good = server.scheme in _PORTS and bool(server.hostname) and (server.port is None or server.port > 0)
    except ValueError:
        is_good = False
    if not is_good:
        # The value stays out of the words, and out of the traceback: it holds a password.
        raise ConfigurationError("SMTP_URL: write smtp://user:password@host:587 or smtps://user:password@host:465.") from None
    return server


def _outcome_of(trouble: Exception) -> Outcome:
    """What went wrong, in words of ours: the server's own may repeat what it was told."""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return _refused("recipient", min((code for code, _ in trouble.recipients.values()), default=0))
    if isinstance(trouble, smtplib.SMTPDataError):
        return _refused("message", trouble.smtp_code)
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return Outcome("The mail server refused user or password: see to SMTP_URL.")
    if isinstance(trouble, smtplib.SMTPSenderRefused):
        return Outcome(f"The mail server refused the sender with {trouble.smtp_code}: see to MAIL_FROM.")
    if isinstance(trouble, smtplib.SMTPNotSupportedError):
        return Outcome("The mail server offers no STARTTLS or no sign-in on this port: see to SMTP_URL.")
    if isinstance(trouble, ssl.SSLError):
        return Outcome("The mail server's certificate is not to be trusted, or it speaks no TLS on this port: see to SMTP_URL.")
    return Outcome("The mail server could not be reached, or broke off the connection.")


def _refused(what: str, code: int) -> Outcome:
    return Outcome(f"The mail server refused the {what} with {code}.", is_final=code >= _REFUSED_FOR_GOOD)
