"""`python -m infra.google_oauth --meet | --reports`: let Rollcall ask Google in your name.

As a teacher (--meet) for your own meetings and calendar, as a Workspace administrator (--reports) for the audit log and the
directory. A school with an administrator can delegate its whole domain instead; then nobody needs this.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from infra.google_oauth.consent import PURPOSES, Client, ask
from infra.local.settings import read_stack_settings
from infra.local.troubles import Trouble
from shared.adapters.google.grants import IN_SECRET_MANAGER, FileGrants, Grants, Kind, SecretGrants
from shared.config import ConfigurationError
from shared.domain.errors import DomainError

FILE_NAME = "grants.json"


def main() -> int:
    """Ask for consent and store the grant; the exit code."""
    asked = _arguments().parse_args()
    purpose = PURPOSES["meet" if asked.meet else "reports"]
    console = Console(highlight=False, soft_wrap=True)
    try:
        client, (grants, place) = _client(os.environ), _grants(os.environ)
        # A consent that cannot be kept is worse than none: a place that does not work is found out before anybody is asked.
        grants.get(asked.email or "nobody", Kind(purpose.name))
        consent = ask(client, purpose, email=asked.email, port=asked.port, opens_browser=not asked.no_browser, wait_s=asked.wait)
        grants.put(consent.grant)
    except (Trouble, ConfigurationError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except DomainError as trouble:
        print(trouble.detail, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; nothing was stored.", file=sys.stderr)
        return 130
    console.print(f"[green]Granted[/] by {consent.grant.subject}, kept in {place}.")
    for scope in consent.left_out:
        console.print(f"[yellow]Left out[/] {scope}: what it is for will not work for this person.")
    console.print(f"Functions use it with GOOGLE_GRANTS={_setting(os.environ)} and the same GOOGLE_OAUTH_CLIENT_ID and _SECRET.")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.google_oauth", description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--meet", action="store_true", help="as a teacher: own calendar, own meetings and who was in them, rosters of own courses"
    )
    which.add_argument("--reports", action="store_true", help="as an administrator: the audit log of Meet, the directory")
    parser.add_argument("--email", help="the account to sign in with, where the browser knows several")
    parser.add_argument("--port", type=int, default=0, help="loopback port for the answer (a free one)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address to open")
    parser.add_argument("--wait", type=int, default=300, help="seconds to wait for the consent (300)")
    return parser


def _client(env: Mapping[str, str]) -> Client:
    missing = [name for name in ("GOOGLE_OAUTH_CLIENT_ID", "GOOGLE_OAUTH_CLIENT_SECRET") if not env.get(name)]
    if missing:
        raise Trouble(
            f"{' and '.join(missing)} must be set: make an OAuth client of the type 'Desktop app' in the Cloud console (APIs & "
            "Services > Credentials) and give its id and secret."
        )
    client = Client(env["GOOGLE_OAUTH_CLIENT_ID"], env["GOOGLE_OAUTH_CLIENT_SECRET"])
    endpoint = env.get("GOOGLE_OAUTH_ENDPOINT")
    return Client(client.client_id, client.client_secret, f"{endpoint}/auth", f"{endpoint}/token") if endpoint else client


def _grants(env: Mapping[str, str]) -> tuple[Grants, str]:
    """Where the grant goes, and that place in words."""
    place = _setting(env)
    if place != IN_SECRET_MANAGER:
        return FileGrants(Path(place)), place
    project = env.get("GOOGLE_CLOUD_PROJECT")
    if not project:
        raise Trouble("GOOGLE_CLOUD_PROJECT must be set to the project whose Secret Manager keeps the grants.")
    return SecretGrants(project), f"Secret Manager of {project}"


def _setting(env: Mapping[str, str]) -> str:
    return env.get("GOOGLE_GRANTS") or str(read_stack_settings(env).data / FILE_NAME)


if __name__ == "__main__":
    sys.exit(main())
