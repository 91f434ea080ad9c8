"""The one public address, and signing in: what answers, what is refused, and Google's button."""

import re
from collections.abc import Iterator

import requests

from infra.doctor.deployment import Deployment
from infra.doctor.finding import CannotAsk, Finding, missing, off, ok

TIMEOUT_S = 20
CONSENT = "https://console.cloud.google.com/auth/audience"
CLIENTS = "https://console.cloud.google.com/auth/clients"
DOMAIN = "https://console.cloud.google.com/net-services/loadbalancing/list/loadBalancers"
UNSIGNED = b'{"event": "meeting.ended", "payload": {}}'


class Address:
    """Whether the address answers, and refuses what it must."""

    key, title = "address", "Public address"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        url = at.public_url
        if url is None:
            yield missing(
                "no function is told PUBLIC_URL", "Links, webhooks and the dashboard need one address.", "set `domain` and apply"
            )
            return
        wanted = (
            ("GET", "/api/openapi.json", 200, "the API's description is not there"),
            ("GET", "/", 200, "the dashboard is not there"),
            ("GET", "/api/monitoring/health", 401, "health is shown to somebody who did not sign in"),
            ("POST", "/api/webhook/zoom", 401, "an event without a signature is not refused"),
        )
        wrong = [self._wrong(url, *each, at.project) for each in wanted]
        found = [finding for finding in wrong if finding is not None]
        yield from found
        if not found:
            yield ok(f"{url} answers, and refuses what it must")

    def _wrong(self, url: str, method: str, path: str, status: int, wrong: str, project: str) -> Finding | None:
        body = UNSIGNED if method == "POST" else None
        try:
            answer = requests.request(
                method,
                url + path,
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as bad:
            return missing(
                f"{url} has no good certificate: {str(bad)[:120]}", "Browsers and Zoom refuse it.", f"{DOMAIN}?project={project}"
            )
        except requests.RequestException as away:
            raise CannotAsk(f"{url} cannot be reached: {type(away).__name__}", f"{DOMAIN}?project={project}") from away
        if answer.status_code == status:
            return None
        return missing(
            f"{wrong}: {method} {path} answers {answer.status_code}, not {status}",
            "It is what everybody uses.",
            "see infra/runbook.md, outside",
        )


class SignIn:
    """Whether people can sign in with Google."""

    key, title = "sign_in", "Sign-in with Google"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        client, project = at.setting("OIDC_AUDIENCE"), at.project
        if not client:
            yield off("OIDC_AUDIENCE is not set: people sign in with tokens that you make", f"{CLIENTS}?project={project}")
            return
        if not all(re.fullmatch(r"[0-9]+-[0-9a-z]+\.apps\.googleusercontent\.com", each) for each in client.split()):
            why = "Google's button answers with an error to everybody."
            yield missing(
                f"{client} is no client id of Google", why, f"{CLIENTS}?project={project}: a client of the type Web application"
            )
            return
        if not at.setting("ADMIN_EMAILS"):
            yield missing("ADMIN_EMAILS is empty", "Nobody could let the first people in.", "set `admin_emails` and apply")
            return
        told = "the client is set; whether the consent screen is published, Google tells nobody"
        yield ok(f"{told}: see {CONSENT}?project={project}")
