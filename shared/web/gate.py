"""The gate between a known caller and a door, in HTTP's words: who was signed out is told 401, who asks too often 429.

Only people pass it. Signed webhooks, tasks, timers and pushes never do: their senders would take a 429 for our trouble.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Protocol

from flask import Request

from shared.domain.accounts import AskedTooOften, Caller, SignedOut
from shared.web.callers import unauthorised
from shared.web.problems import Problem

PEOPLE = ("user", "teacher", "admin")
# One subscriber of IPv6 has a whole network of this size.
OWN_NETWORK_BITS = 64


class Gate(Protocol):
    """What a function's wiring offers as `gate`; see shared/usecases/admit_caller.py."""

    def admit(self, caller: Caller, address: str) -> Caller:
        """The caller with the role that stands; raises `AskedTooOften`, `SignedOut` or `Unavailable`."""

    def admit_stranger(self, address: str) -> None:
        """Let somebody ask to be known, or open a link; raises `AskedTooOften`."""


def pass_gate(gate: Gate | None, kind: str, request: Request, caller: Caller, trusted_proxies: int) -> Caller:
    """The caller as the directory leaves them; raises a 401 or 429 `Problem`, or `Unavailable`.

    `kind` is the route's caller. Without a gate, and for a caller without a token in an open house, nothing is asked.
    """
    is_stranger = kind == "link" or (kind == "anyone" and request.method == "POST")
    is_person = kind in PEOPLE and caller.token_issued_at is not None
    if gate is None or not (is_stranger or is_person):
        return caller
    address = address_of(request.headers.get("X-Forwarded-For", ""), request.remote_addr or "", trusted_proxies)
    try:
        if is_stranger:
            gate.admit_stranger(address)
            return caller
        return gate.admit(caller, address)
    except SignedOut as out:
        raise unauthorised("You were signed out; sign in again.") from out
    except AskedTooOften as often:
        told = f"At most {often.limit} requests a minute are taken; wait {often.retry_s} seconds and send it again."
        headers = {"Retry-After": str(often.retry_s)}
        raise Problem(429, "Too many requests", told, code="too-many-requests", headers=headers) from often


def address_of(forwarded_for: str, peer: str, trusted_proxies: int) -> str:
    """The network address to count a request under, for nothing else: every part that our own proxies did not write may lie.

    `forwarded_for` is the header's text, `peer` whoever holds the connection.
    """
    entries = [entry.strip() for entry in forwarded_for.rsplit(",", trusted_proxies)]
    seen = entries[-trusted_proxies] if len(entries) >= trusted_proxies else ""
    address = _address(seen) or _address(peer)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address.packed, OWN_NETWORK_BITS), strict=False))
    return str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
