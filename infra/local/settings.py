"""Settings of the local stack, read from the environment of whoever starts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from infra.local.troubles import BadSetting

REPOSITORY = Path(__file__).resolve().parents[2]

PORTS = range(1, 65536)
SHORTEST_TICK_S, LONGEST_TICK_S = 0.1, 86400

PASSED_ON = (
    "JWT_ISSUER",
    "JWT_AUDIENCE",
    "WEBHOOK_SECRET",
    "ZOOM_WEBHOOK_SECRET",
    "STRIPE_WEBHOOK_SECRET",
    "GOOGLE_ADMIN_EMAIL",
    "REPORTS_DETAILS",
    "POLL_SECONDS",
    "VERIFY_SECONDS",
    "TASKS_LOCATION",
    "TASKS_QUEUE",
    "MEET_READS_PER_MINUTE",
    "CALENDAR_SEND_UPDATES",
    "CORS_ORIGINS",
    "FOLD_INLINE",
    "ADMIN_EMAILS",
    "OIDC_ISSUER",
    "OIDC_AUDIENCE",
    "OIDC_JWKS_URL",
    "RATE_PER_USER",
    "RATE_PER_ADDRESS",
    "OUTGOING_WEBHOOK_URLS",
    "OUTGOING_WEBHOOK_SECRET",
    "SMTP_URL",
    "MAIL_FROM",
    "KEEP_ATTENDANCE_DAYS",
    "KEEP_RAW_DAYS",
    "KEEP_BOOKS_DAYS",
    "BILLING_REMINDER_DAYS",
    "ROLLCALL_DEBUG",
    "ORGANISATION_TIMEZONE",
)


@dataclass(frozen=True, slots=True)
class StackSettings:
    """One local stack. `tick_every` and `housekeeping_every` None follow the functions' own schedule.

    `emulator_host` None starts an emulator.
    """

    port: int
    simulator_port: int
    realtime_port: int
    data: Path
    functions: Path
    project: str
    auth: str
    sync_delays: str
    jwt_secret: str | None
    passed_on: Mapping[str, str]
    tick_every: timedelta | None = None
    housekeeping_every: timedelta | None = None
    emulator_host: str | None = None
    export_every: timedelta = timedelta(seconds=30)

    def every(self, function: str) -> timedelta | None:
        """How often a function that runs by the clock is called here; None by its own schedule."""
        return {"monitor_tick": self.tick_every, "housekeeping": self.housekeeping_every}.get(function)


def read_stack_settings(env: Mapping[str, str]) -> StackSettings:
    """Settings from `env`, where an empty variable counts as unset; raises `BadSetting` naming the variable."""
    env = {name: value for name, value in env.items() if value}
    return StackSettings(
        port=_port(env, "PORT", 8000),
        simulator_port=_port(env, "SIMULATOR_PORT", 8090),
        realtime_port=_port(env, "REALTIME_PORT", 4002),
        data=Path(env.get("ROLLCALL_DATA", REPOSITORY / ".rollcall")).expanduser().absolute(),
        functions=REPOSITORY / "functions",
        project=env.get("GOOGLE_CLOUD_PROJECT", "demo-rollcall"),
        auth=env.get("ROLLCALL_AUTH", "open"),
        sync_delays=env.get("SYNC_DELAYS", "5,60,600,3600,86400"),
        jwt_secret=env.get("JWT_SECRET"),
        passed_on={name: env[name] for name in PASSED_ON if name in env},
        tick_every=_seconds(env, "TICK_SECONDS"),
        housekeeping_every=_seconds(env, "HOUSEKEEPING_SECONDS"),
        emulator_host=env.get("FIRESTORE_EMULATOR_HOST"),
    )


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or int(text) not in PORTS:
        raise BadSetting(f"{name} is {text!r}: give a port number from 1 to 65535.")
    return int(text)


def _seconds(env: Mapping[str, str], name: str) -> timedelta | None:
    text = env.get(name)
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not SHORTEST_TICK_S <= seconds <= LONGEST_TICK_S:
        raise BadSetting(f"{name} is {text!r}: give seconds, from 0.1 to 86400.")
    return timedelta(seconds=seconds)
