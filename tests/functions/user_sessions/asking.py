"""The function over fakes, and who asks it; people sign in at an issuer whose keys are read over HTTP, as in the cloud."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, Response, request

from functions.user_sessions.main import routes
from functions.user_sessions.wiring import Registering
from shared import system
from shared.config import settings
from shared.domain.accounts import Caller
from shared.people_ports import AccessLog
from shared.usecases.claims import Fold
from shared.web.oidc import verified_id_token
from shared.web.tokens import LIFETIME_SECONDS, mint
from tests.builders import at
from tests.fake_privacy import MemoryAccessLog
from tests.fake_user_sessions import Desk, MemoryUserSessions
from tests.fakes import MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House
from tests.issuer import Issuer, signed

ROOT = "/api/user-sessions"
GOOGLE, CLIENT = "https://accounts.google.com", "123-abc.apps.googleusercontent.com"
OMAR = Caller("omar-1", "omar@school.example", "user", "Omar Nasser")
LENA = Caller("lena-1", "lena@school.example", "user", "Lena Holm")
ADA = Caller("ada-1", "ada@school.example", "teacher", "Ada Lovelace")
BEA = Caller("bea-1", "bea@school.example", "teacher", "Bea")
BOSS = Caller("boss-1", "boss@school.example", "admin", "Boss")


def environment_of(issuer: Issuer) -> dict[str, str]:
    """A deployment with one key of its own, where people sign in at Google."""
    return {
        "JWT_SECRET": "s" * 40,
        "ROLLCALL_AUTH": "required",
        "OIDC_ISSUER": GOOGLE,
        "OIDC_AUDIENCE": CLIENT,
        "OIDC_JWKS_URL": issuer.certs,
        "ADMIN_EMAILS": "root@school.example",
    }


def credential(email: str, number: str = "112233445566778899001", **changes: Any) -> str:
    """An ID token as Google gives it to a browser."""
    now = int(system.now().timestamp())
    claims = {"iss": GOOGLE, "aud": CLIENT, "sub": number, "email": email, "email_verified": True, "iat": now, "exp": now + 3600}
    return signed({**claims, **changes})


@dataclass
class Here:
    """The function over fakes."""

    access: AccessLog = field(default_factory=MemoryAccessLog)
    registrations: MemoryUserSessions = field(default_factory=MemoryUserSessions)
    fold: Fold | None = None
    gate: Any = None

    def __post_init__(self) -> None:
        evidence = self.registrations.evidence
        self.house = House(MemoryClasses(), evidence, MemorySessions(evidence))
        self.clock = self.house.clock
        self.clock.at = at(0)
        self.desk = Desk(self.house, self.registrations, fold=self.fold)

    @property
    def evidence(self) -> MemoryEvidence:
        """What was filed."""
        return self.registrations.evidence

    @property
    def app(self) -> Registering:
        """The composition."""
        desk = self.desk
        return Registering(
            self.registrations,
            replace(desk.join, new_id=system.new_id),
            desk.leave,
            desk.end,
            desk.watch,
            desk.sign_in,
            lambda told: verified_id_token(told, settings()),
            lambda caller: mint(caller, settings(), system.now()),
            LIFETIME_SECONDS,
            self.access,
            self.clock,
            self.gate,
        )

    def ask(self, method: str, path: str, caller: Caller | str | None, body: object = None, **how: Any) -> Response:
        """What the function answers to somebody with a token; `how` goes to the request as it is."""
        token = mint(caller, settings(), system.now()) if isinstance(caller, Caller) else caller
        headers = {**how.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        sent = {"json": body} if body is not None else {}
        with Flask("test").test_request_context(ROOT + path, method=method, headers=headers, **sent, **how):
            asked: Any = request
            response = routes.answer(asked, lambda: self.app)
            response.get_data()
            return response

    def told(self, method: str, path: str, caller: Caller | str | None, body: object = None) -> dict[str, Any]:
        """The body of an answer that went well."""
        response = self.ask(method, path, caller, body)
        assert response.status_code == 200, response.get_data()
        return body_of(response)

    def joins(self, caller: Caller, device: str | None = "Desktop", meeting_id: str = "abc-mnop-xyz") -> str:
        """Somebody registers; answers with the `sessionId`."""
        data = {} if device is None else {"participantData": {"device": device}}
        told = self.told("POST", "/join-meeting", caller, {"meetingId": meeting_id, **data})
        return str(told["sessionId"])


def body_of(response: Response) -> dict[str, Any]:
    """An answer's body."""
    told: dict[str, Any] = json.loads(response.get_data())
    return told


def error_of(told: Mapping[str, Any]) -> tuple[int, bool, str]:
    """What every error of the family tells."""
    assert {"type", "title", "status", "detail", "request_id", "success", "message"} <= told.keys()
    return told["status"], told["success"], told["message"]


def names_in(value: object) -> set[str]:
    """Every name of a member, however deep."""
    if isinstance(value, Mapping):
        return set(value) | {name for item in value.values() for name in names_in(item)}
    if isinstance(value, list):
        return {name for item in value for name in names_in(item)}
    return set()
