"""All checks, in the order in which things are set up: what comes later mostly fails when something before it does."""

from collections.abc import Mapping

from infra.doctor.account import Apis, Billing, Credentials, Project
from infra.doctor.address import Address, SignIn
from infra.doctor.clocks import Jobs, Queue
from infra.doctor.database import Database, Expiry, Indexes
from infra.doctor.delegation import Delegation
from infra.doctor.deployment import Deployment
from infra.doctor.finding import Check
from infra.doctor.functions import Callers, Functions, SettingsOfAll
from infra.doctor.machine import Chromium, Data, Emulator, Java, Machine, Node, Ports, Python
from infra.doctor.push import Subscription, Topic
from infra.doctor.secrets import Secrets
from infra.doctor.zoom import ZoomApp, ZoomWebhook
from shared.adapters.google.grants import TOKEN_URI
from shared.adapters.zoom.tokens import REAL_TOKENS


def cloud_checks(env: Mapping[str, str]) -> tuple[Check[Deployment], ...]:
    """What a deployment needs. GOOGLE_TOKEN_URI and ZOOM_API_ENDPOINT name stand-ins for where tokens come from."""
    zoom = env.get("ZOOM_API_ENDPOINT")
    return (
        Credentials(),
        Project(),
        Billing(),
        Apis(),
        Database(),
        Indexes(),
        Expiry(),
        Secrets(),
        Functions(),
        SettingsOfAll(),
        Callers(),
        Queue(),
        Jobs(),
        Topic(),
        Subscription(),
        Delegation(env.get("GOOGLE_TOKEN_URI") or TOKEN_URI),
        SignIn(),
        ZoomApp(f"{zoom.rstrip('/')}/oauth/token" if zoom else REAL_TOKENS),
        ZoomWebhook(),
        Address(),
    )


def local_checks() -> tuple[Check[Machine], ...]:
    """What a machine needs."""
    return (Python(), Node(), Java(), Emulator(), Chromium(), Ports(), Data())
