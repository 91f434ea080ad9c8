"""Whether a deployment lives: a few requests from outside, as strangers and as an administrator would send them.

`python -m infra.smoke https://rollcall.school.example` asks the one public address. With JWT_SECRET in the environment it asks,
as an administrator, whether the system is well. Nothing is written: it can be run against a school's own deployment at any time.
The exit code is 0 when all is as it should be, 1 when something is not, and 2 when it cannot be asked at all.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from infra.local.token import make_token
from shared import system
from shared.config import ConfigurationError, read_settings

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = ROOT / "functions" / "openapi" / "openapi.json"
TIMEOUT_S, PAUSE_S = 30.0, 3.0
SMOKE = "smoke@rollcall.invalid"
UNAUTHORISED, NOT_FOUND, MOVED = 401, 404, 301


class Wrong(Exception):
    """Something is not as it should be; the message says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is asked: the public address, how, and with whose token (None asks only as a stranger)."""

    base: str
    client: httpx.Client
    token: str | None

    def ask(
        self,
        method: str,
        path: str,
        *,
        url: str | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request; raises `Wrong` when nobody answers."""
        try:
            return self.client.request(method, url or f"{self.base}{path}", json=json, headers=headers)
        except httpx.HTTPError as failed:
            raise Wrong(f"{method} {url or path} was not answered: {type(failed).__name__} {failed}") from failed


Check = Callable[[Deployment], None]


def description(at: Deployment) -> None:
    """The API's description is the one of this very checkout, so this release is what answers."""
    told = _json(_expect(at.ask("GET", "/api/openapi.json"), 200))
    own = json.loads(DESCRIPTION.read_text("utf-8"))
    if told != own:
        differ = sorted(path for path in told.get("paths", {}).keys() ^ own["paths"].keys()) or "in their details"
        raise Wrong(f"/api/openapi.json is not this release's: the paths differ, {differ}.")


def pages(at: Deployment) -> None:
    """The dashboard's page comes, with the policy that keeps foreign scripts out, and says where the gateway is."""
    page = _expect(at.ask("GET", "/"), 200)
    if "default-src" not in page.headers.get("content-security-policy", ""):
        raise Wrong("GET / has no Content-Security-Policy.")
    _json(_expect(at.ask("GET", "/config.json"), 200))


def strangers(at: Deployment) -> None:
    """Nobody without a token is told anything."""
    for path in ("/api/monitoring/health", "/api/schedule/classes", "/api/billing/invoices", "/api/people/courses"):
        _expect_problem(at.ask("GET", path), UNAUTHORISED)


def forgeries(at: Deployment) -> None:
    """Webhooks that nobody signed, or not with our secret, are refused."""
    body = {"meetingId": "smoke", "participantEmail": SMOKE, "eventType": "join", "timestamp": "2020-01-01T00:00:00Z"}
    signed = {"webhook-id": "smoke", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,c21va2U="}
    zoom = {"x-zm-request-timestamp": str(int(time.time())), "x-zm-signature": "v0=" + "0" * 64}
    _expect_problem(at.ask("POST", "/api/webhook/meet-events", json=body, headers=signed), UNAUTHORISED)
    _expect_problem(at.ask("POST", "/api/webhook/zoom", json={"event": "meeting.started"}, headers=zoom), UNAUTHORISED)
    _expect_problem(at.ask("POST", "/api/billing/stripe/events", json={"type": "smoke"}), UNAUTHORISED)


def inner_doors(at: Deployment) -> None:
    """What only our own clocks and queues may call has no way in from outside."""
    for path in ("/tick", "/sync", "/housekeeping", "/issue"):
        answer = at.ask("POST", path, json={})
        if answer.is_success:
            raise Wrong(f"POST {path} was answered {answer.status_code}: an inner function can be reached from outside.")


def gateway(at: Deployment) -> None:
    """The gateway of live events shakes hands."""
    told = _json(_expect(at.ask("GET", "/config.json"), 200))
    url = told.get("realtimeUrl")
    if not url:
        raise Wrong("/config.json names no gateway: set REALTIME_URL.")
    answer = _expect(at.ask("GET", "", url=f"{url}/socket.io/?EIO=4&transport=polling"), 200)
    if '"sid"' not in answer.text:
        raise Wrong("The gateway's answer is no handshake of Socket.IO.")


def encryption(at: Deployment) -> None:
    """Whoever comes without TLS is sent to where it is; a laptop has none."""
    if at.base.startswith("https://"):
        answer = at.ask("GET", "", url=at.base.replace("https://", "http://", 1) + "/")
        if answer.status_code != MOVED or not answer.headers.get("location", "").startswith("https://"):
            raise Wrong(f"http:// is answered {answer.status_code}, and not sent to https://.")


def health(at: Deployment) -> None:
    """An administrator is told that the monitor runs."""
    told = _json(_expect(at.ask("GET", "/api/monitoring/health", headers={"Authorization": f"Bearer {at.token}"}), 200))
    if told["status"] == "late":
        raise Wrong(f"The monitor is late: it last ran at {told['last_tick_at']}. Look at Cloud Scheduler's job monitor-tick.")


CHECKS: tuple[Check, ...] = (description, pages, strangers, forgeries, inner_doors, gateway, encryption)


def smoke(at: Deployment, patience_s: float) -> Iterator[tuple[str, str | None]]:
    """Each check's sentence with what is wrong, None when all is well. A check that fails is made again until time is up."""
    until = time.monotonic() + patience_s
    for check in CHECKS if at.token is None else (*CHECKS, health):
        sentence = (check.__doc__ or check.__name__).splitlines()[0]
        while (trouble := _trouble(check, at)) is not None and time.monotonic() < until:
            time.sleep(min(PAUSE_S, max(0.0, until - time.monotonic())))
        yield sentence, trouble


def token_from(env: Mapping[str, str]) -> str | None:
    """An administrator's token, signed with JWT_SECRET where the environment has it; raises `ConfigurationError`."""
    if not env.get("JWT_SECRET"):
        return None
    wanted = {name: env[name] for name in ("JWT_SECRET", "JWT_ISSUER", "JWT_AUDIENCE") if env.get(name)}
    return make_token(read_settings(wanted), email=SMOKE, role="admin", name="Smoke test", now=system.now())


def _trouble(check: Check, at: Deployment) -> str | None:
    try:
        check(at)
    except Wrong as wrong:
        return str(wrong)
    return None


def _expect(answer: httpx.Response, status: int) -> httpx.Response:
    if answer.status_code != status:
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise Wrong(f"{asked} was answered {answer.status_code} instead of {status}: {answer.text[:200]}")
    return answer


def _expect_problem(answer: httpx.Response, status: int) -> None:
    kind = _expect(answer, status).headers.get("content-type", "")
    if not kind.startswith("application/problem+json"):
        raise Wrong(f"{answer.request.url.path} refuses as {kind!r}: not Rollcall answers, but something before it.")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        told: dict[str, Any] = answer.json()
    except ValueError as bad:
        raise Wrong(f"{answer.request.url.path} is not JSON: {answer.text[:80]!r}") from bad
    return told


def main(arguments: Sequence[str]) -> int:
    """Ask everything and print a line for each; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.smoke", description="Ask a deployment whether it lives.")
    parser.add_argument("base_url", help="the public address, such as https://rollcall.school.example")
    parser.add_argument("--patience", type=float, default=0, metavar="SECONDS", help="how long to try again what fails")
    asked = parser.parse_args(arguments)
    base = asked.base_url.rstrip("/")
    try:
        token = token_from(os.environ)
    except ConfigurationError as bad:
        sys.stderr.write(f"{bad}\n")
        return 2
    if not base.startswith(("http://", "https://")):
        sys.stderr.write(f"{base!r} is no address: write it with https:// in front.\n")
        return 2
    with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
        wrong = 0
        for sentence, trouble in smoke(Deployment(base, client, token), asked.patience):
            print(f"{'ok   ' if trouble is None else 'WRONG'} {sentence}" + (f"\n      {trouble}" if trouble else ""), flush=True)
            wrong += trouble is not None
    if token is None:
        print("     (JWT_SECRET is not set: whether the monitor runs was not asked.)")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
