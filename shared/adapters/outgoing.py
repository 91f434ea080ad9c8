"""Outgoing webhooks, signed after the Standard Webhooks specification.

The id stays the same over all attempts, the timestamp and with it the signatures are made for each. The addresses come from
the deployment's own environment and never from input, so none is refused for lying inside a private network; what an address
answers beyond its status is not read, and it cannot send us on to another one.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

import requests
from requests.exceptions import ConnectTimeout, ReadTimeout, RequestException, SSLError

from shared.domain.messages import Delivery, Outcome, target_of

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
GONE = 410
_PREFIX = "whsec_"


class WebhookSender:
    """The port `Outgoing` for webhooks: `urls` are the addresses, `secrets` those that each message is signed with."""

    def __init__(self, urls: Sequence[str], secrets: Sequence[str]) -> None:
        self._urls = {target_of(url): url for url in urls}
        self._secrets = tuple(secrets)

    def send(self, delivery: Delivery, now: datetime) -> Outcome:
        """See the port. 2xx is told, 410 never is tried again, everything else is."""
        url, keys = self._urls.get(delivery.target), [_key_of(secret) for secret in self._secrets]
        if url is None:
            return Outcome("The address is not in OUTGOING_WEBHOOK_URLS any more.", is_final=True)
        if not keys or None in keys:
            return Outcome(
                "It cannot be signed: write OUTGOING_WEBHOOK_SECRET as whsec_ followed by base64, blanks between several."
            )
        body = delivery.body.encode()
        headers = _signed(delivery.delivery_id, int(now.timestamp()), body, [key for key in keys if key])
        try:
            return _outcome_of(_post(url, body, headers))
        except RequestException as trouble:
            return Outcome(_words_for(trouble))


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Neither proxies nor passwords of the machine's environment are used."""
    with requests.Session() as session:
        session.trust_env = False
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        with session.post(url, data=body, headers=headers, timeout=timeout, allow_redirects=False, stream=True) as answer:
            return answer.status_code


def _outcome_of(status: int) -> Outcome:
    if 200 <= status < 300:  # noqa: PLR2004 - the class of statuses that mean yes
        return Outcome()
    if status == GONE:
        return Outcome("The receiver answered 410: it wants no more of these messages.", is_final=True)
    if 300 <= status < 400:  # noqa: PLR2004 - the class of statuses that send elsewhere
        return Outcome(f"The receiver answered {status}; redirects are not followed, write the final address.")
    return Outcome(f"The receiver answered {status}.")


def _words_for(trouble: RequestException) -> str:
    """What went wrong, without the address: it may hold a secret."""
    if isinstance(trouble, ConnectTimeout):
        return f"The receiver could not be reached within {CONNECT_SECONDS:.0f} seconds."
    if isinstance(trouble, ReadTimeout):
        return f"The receiver did not answer within {READ_SECONDS:.0f} seconds."
    if isinstance(trouble, SSLError):
        return "The receiver's certificate is not to be trusted, or it speaks no TLS."
    return "The receiver could not be reached, or broke off the connection."


def _key_of(secret: str) -> bytes | None:
    """The key bytes of a secret; None where it is not one of the specification's."""
    if not secret.startswith(_PREFIX):
        return None
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True) or None
    except ValueError:
        return None


def _signed(message_id: str, timestamp: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers of one attempt: a signature for each key, so that receivers can change theirs one after the other."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Rollcall",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
