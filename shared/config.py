"""Settings: everything Rollcall reads from its environment, read once per process.

A plain dataclass, not a pydantic model: refusing a request (401, 404, 413) needs a few of these values, and a
refusal must not pay for importing pydantic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from shared.domain.money import DIGITS

AUTH_OPEN = "open"
AUTH_REQUIRED = "required"
SHORTEST_SECRET = 32
MOST_REMINDER_DAYS = 365


class ConfigurationError(Exception):
    """The environment contradicts itself or lacks something; the message names the variable and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One process's settings. Durations are timedeltas, secrets are text, absent means not configured."""

    project: str
    auth: str
    in_cloud: bool
    jwt_keys: tuple[tuple[str, str], ...]
    jwt_issuer: str
    jwt_audience: str
    webhook_secrets: tuple[str, ...]
    google_api_endpoint: str | None
    google_admin_email: str | None
    google_service_account: str | None
    tasks_endpoint: str | None
    tasks_location: str
    tasks_queue: str
    tasks_service_account: str
    scheduler_service_account: str
    scheduler_endpoint: str | None
    tick_job: str
    housekeeping_job: str
    oidc_certs_url: str
    monitor_tick_url: str
    meet_sync_url: str
    meet_push_url: str
    housekeeping_url: str
    billing_url: str
    billing_currency: str
    billing_reminder_days: tuple[int, ...]
    billing_issuer: str | None
    public_url: str | None
    push_service_account: str
    meet_events_topic: str
    zoom_webhook_secrets: tuple[str, ...]
    zoom_account_id: str | None
    zoom_client_id: str | None
    zoom_client_secret: str | None
    zoom_api_endpoint: str | None
    stripe_secret_key: str | None
    stripe_webhook_secrets: tuple[str, ...]
    stripe_api_endpoint: str | None
    google_oauth_client_id: str | None
    google_oauth_client_secret: str | None
    google_grants: str | None
    reports_details: bool
    poll_every: timedelta
    verify_every: timedelta
    sync_delays: tuple[timedelta, ...]
    meet_reads_per_minute: int
    calendar_send_updates: str
    fold_inline: bool
    cors_origins: tuple[str, ...]
    oidc_issuer: str | None
    oidc_audiences: tuple[str, ...]
    oidc_jwks_url: str | None
    admin_emails: tuple[str, ...]
    rate_per_user: int
    rate_per_address: int
    trusted_proxies: int
    outgoing_webhook_urls: tuple[str, ...]
    outgoing_webhook_secrets: tuple[str, ...]
    smtp_url: str | None
    mail_from: str | None
    keep_attendance: timedelta
    keep_raw: timedelta
    keep_books: timedelta
    is_debug: bool
    realtime_connections: int
    realtime_url: str | None
    organisation_timezone: str | None

    def url_of(self, function: str) -> str:
        """The address that service tokens for a function are made for; empty where the function takes none."""
        return {
            "monitor_tick": self.monitor_tick_url,
            "meet_sync": self.meet_sync_url,
            "meet_push": self.meet_push_url,
            "housekeeping": self.housekeeping_url,
            "billing": self.billing_url,
        }.get(function, "")

    @property
    def fresh_for(self) -> timedelta:
        """How long a reading of a meeting that is on counts as polling: two lost in a row are no polling any more."""
        return 2 * self.poll_every + timedelta(minutes=3)

    @property
    def has_zoom(self) -> bool:
        """Whether a Zoom account is connected, so that classes can be booked on it and read after it."""
        return bool(self.zoom_account_id and self.zoom_client_id and self.zoom_client_secret)

    @property
    def has_cards(self) -> bool:
        """Whether bills can be paid by card: links are made with one secret, what was paid by them is heard with the other."""
        return bool(self.stripe_secret_key and self.stripe_webhook_secrets)

    @property
    def is_open(self) -> bool:
        """Whether a caller without a token is the administrator: local use only."""
        return self.auth == AUTH_OPEN


def read_settings(env: Mapping[str, str]) -> Settings:
    """Settings from `env`; raises `ConfigurationError` where a value cannot be used."""
    in_cloud = "K_SERVICE" in env
    auth = env.get("ROLLCALL_AUTH", AUTH_REQUIRED)
    if auth not in (AUTH_OPEN, AUTH_REQUIRED):
        raise ConfigurationError(f"ROLLCALL_AUTH is {auth!r}: use '{AUTH_OPEN}' or '{AUTH_REQUIRED}'.")
    if auth == AUTH_OPEN and in_cloud:
        raise ConfigurationError(
            "ROLLCALL_AUTH=open makes every caller the administrator and is for one laptop only; "
            "in the cloud (K_SERVICE is set) leave ROLLCALL_AUTH unset."
        )
    return Settings(
        project=env.get("GOOGLE_CLOUD_PROJECT", "demo-rollcall"),
        auth=auth,
        in_cloud=in_cloud,
        jwt_keys=_jwt_keys(env.get("JWT_SECRET", "")),
        jwt_issuer=env.get("JWT_ISSUER", "rollcall"),
        jwt_audience=env.get("JWT_AUDIENCE", "rollcall"),
        webhook_secrets=tuple(env.get("WEBHOOK_SECRET", "").split()),
        google_api_endpoint=env.get("GOOGLE_API_ENDPOINT") or None,
        google_admin_email=env.get("GOOGLE_ADMIN_EMAIL") or None,
        google_service_account=env.get("GOOGLE_SERVICE_ACCOUNT") or None,
        tasks_endpoint=env.get("CLOUD_TASKS_ENDPOINT") or None,
        tasks_location=env.get("TASKS_LOCATION", "europe-west1"),
        tasks_queue=env.get("TASKS_QUEUE", "rollcall"),
        tasks_service_account=env.get("TASKS_SERVICE_ACCOUNT", ""),
        scheduler_service_account=env.get("SCHEDULER_SERVICE_ACCOUNT", ""),
        scheduler_endpoint=env.get("CLOUD_SCHEDULER_ENDPOINT") or None,
        tick_job=_job(env, "TICK_JOB"),
        housekeeping_job=_job(env, "HOUSEKEEPING_JOB"),
        oidc_certs_url=env.get("OIDC_CERTS_URL", "https://www.googleapis.com/oauth2/v3/certs"),
        monitor_tick_url=env.get("MONITOR_TICK_URL", ""),
        meet_sync_url=env.get("MEET_SYNC_URL", ""),
        meet_push_url=env.get("MEET_PUSH_URL", ""),
        housekeeping_url=env.get("HOUSEKEEPING_URL", ""),
        billing_url=env.get("BILLING_URL", ""),
        billing_currency=_currency(env),
        billing_reminder_days=_days(env.get("BILLING_REMINDER_DAYS", "3,14,30")),
        billing_issuer=_lines(env.get("BILLING_ISSUER", "")),
        public_url=_origin(env, "PUBLIC_URL"),
        push_service_account=env.get("PUSH_SERVICE_ACCOUNT", ""),
        meet_events_topic=_topic(env.get("MEET_EVENTS_TOPIC", "")),
        zoom_webhook_secrets=tuple(env.get("ZOOM_WEBHOOK_SECRET", "").split()),
        zoom_account_id=env.get("ZOOM_ACCOUNT_ID") or None,
        zoom_client_id=env.get("ZOOM_CLIENT_ID") or None,
        zoom_client_secret=env.get("ZOOM_CLIENT_SECRET") or None,
        zoom_api_endpoint=env.get("ZOOM_API_ENDPOINT") or None,
        stripe_secret_key=env.get("STRIPE_SECRET_KEY") or None,
        stripe_webhook_secrets=tuple(env.get("STRIPE_WEBHOOK_SECRET", "").split()),
        stripe_api_endpoint=env.get("STRIPE_API_ENDPOINT") or None,
        google_oauth_client_id=env.get("GOOGLE_OAUTH_CLIENT_ID") or None,
        google_oauth_client_secret=env.get("GOOGLE_OAUTH_CLIENT_SECRET") or None,
        google_grants=env.get("GOOGLE_GRANTS") or None,
        reports_details=_one_of(env, "REPORTS_DETAILS", ("off", "on")) == "on",
        poll_every=timedelta(seconds=_positive(env, "POLL_SECONDS", 60)),
        verify_every=timedelta(seconds=_positive(env, "VERIFY_SECONDS", 300)),
        sync_delays=_delays(env.get("SYNC_DELAYS", "30,600,3600,86400,2419200")),
        meet_reads_per_minute=_positive(env, "MEET_READS_PER_MINUTE", 600),
        calendar_send_updates=_one_of(env, "CALENDAR_SEND_UPDATES", ("all", "externalOnly", "none")),
        cors_origins=_origins(env.get("CORS_ORIGINS", "")),
        fold_inline=_one_of(env, "FOLD_INLINE", ("on", "off")) == "on",
        oidc_issuer=env.get("OIDC_ISSUER") or None,
        oidc_audiences=tuple(env.get("OIDC_AUDIENCE", "").split()),
        oidc_jwks_url=env.get("OIDC_JWKS_URL") or None,
        admin_emails=tuple(address.lower() for address in env.get("ADMIN_EMAILS", "").split()),
        rate_per_user=_positive(env, "RATE_PER_USER", 600),
        rate_per_address=_positive(env, "RATE_PER_ADDRESS", 3000),
        trusted_proxies=_positive(env, "TRUSTED_PROXIES", 1),
        outgoing_webhook_urls=_targets(env.get("OUTGOING_WEBHOOK_URLS", ""), in_cloud=in_cloud),
        outgoing_webhook_secrets=tuple(env.get("OUTGOING_WEBHOOK_SECRET", "").split()),
        smtp_url=env.get("SMTP_URL") or None,
        mail_from=env.get("MAIL_FROM") or None,
        keep_attendance=timedelta(days=_positive(env, "KEEP_ATTENDANCE_DAYS", 1095)),
        keep_raw=timedelta(days=_positive(env, "KEEP_RAW_DAYS", 30)),
        keep_books=timedelta(days=_positive(env, "KEEP_BOOKS_DAYS", 3653)),
        is_debug=_one_of(env, "ROLLCALL_DEBUG", ("off", "on")) == "on",
        realtime_connections=_positive(env, "REALTIME_CONNECTIONS", 2000),
        realtime_url=_origin(env, "REALTIME_URL"),
        organisation_timezone=_timezone(env),
    )


@dataclass(frozen=True, slots=True)
class Running:
    """What runs here, as logs tell it: the project, None where it is not said, the service and its version."""

    project: str | None
    service: str
    version: str


def read_running(env: Mapping[str, str]) -> Running:
    """What runs here, from the variables that Cloud Run and the functions' framework set; no value of them is refused."""
    service = env.get("K_SERVICE") or env.get("FUNCTION_TARGET") or "rollcall"
    return Running(env.get("GOOGLE_CLOUD_PROJECT") or None, service, env.get("K_REVISION") or "local")


@cache
def running() -> Running:
    """What runs in this process. It works where `settings` refuses the environment, so that the refusal can be logged."""
    import os

    return read_running(os.environ)


@cache
def settings() -> Settings:
    """This process's settings, read from its environment at the first call."""
    import os

    return read_settings(os.environ)


def _jwt_keys(text: str) -> tuple[tuple[str, str], ...]:
    """`kid:secret` pairs parted by blanks, the first one signing; a lone secret gets the kid `default`."""
    pairs = []
    for word in text.split():
        kid, colon, secret = word.partition(":")
        pair = (kid, secret) if colon else ("default", word)
        if len(pair[1]) < SHORTEST_SECRET:
            raise ConfigurationError(
                f"JWT_SECRET: the secret of key {pair[0]!r} has {len(pair[1])} characters; use at least {SHORTEST_SECRET}."
            )
        pairs.append(pair)
    return tuple(pairs)


def _delays(text: str) -> tuple[timedelta, ...]:
    """Seconds after a class's end at which its meeting is read, ascending, from `30,600,...`."""
    try:
        seconds = [int(word) for word in text.split(",")]
    except ValueError as bad:
        raise ConfigurationError(
            f"SYNC_DELAYS is {text!r}: give whole seconds after the end of a class, parted by commas."
        ) from bad
    if seconds != sorted(set(seconds)) or seconds[0] < 0 or seconds[-1] >= 30 * 86400:
        raise ConfigurationError(
            f"SYNC_DELAYS is {text!r}: the seconds must rise, from 0 to under 30 days, when Meet deletes its records."
        )
    return tuple(timedelta(seconds=s) for s in seconds)


def _days(text: str) -> tuple[int, ...]:
    """Days after an invoice is due on which its payer is reminded, ascending, from `3,14,...`; none where it is empty."""
    words = [word.strip() for word in text.split(",")] if text.strip() else []
    days = [int(word) for word in words if word.isdecimal()]
    if len(days) != len(words) or days != sorted(set(days)) or any(not 0 < each <= MOST_REMINDER_DAYS for each in days):
        raise ConfigurationError(
            f"BILLING_REMINDER_DAYS is {text!r}: give rising whole days after the due date, from 1 to {MOST_REMINDER_DAYS}, "
            "parted by commas; leave it empty to remind nobody."
        )
    return tuple(days)


def _origins(text: str) -> tuple[str, ...]:
    """Exact origins parted by blanks, `https://app.example`; a wildcard would let every page on earth call."""
    for origin in text.split():
        if not _is_origin(origin):
            raise ConfigurationError(f"CORS_ORIGINS holds {origin!r}: write exact origins like https://app.school.example.")
    return tuple(text.split())


def _is_origin(text: str) -> bool:
    scheme, separator, rest = text.partition("://")
    return scheme in ("http", "https") and bool(separator and rest) and not set("*/;, ") & set(rest)


def _origin(env: Mapping[str, str], name: str) -> str | None:
    """The origin of one of our own services, such as https://live.school.example; None when there is none."""
    text = env.get(name) or None
    if text is not None and not _is_origin(text):
        raise ConfigurationError(f"{name} is {text!r}: write an origin like https://live.school.example, without a path.")
    return text


def _timezone(env: Mapping[str, str]) -> str | None:
    """The organisation's time zone by its IANA name; None leaves it to each reader's own."""
    text = env.get("ORGANISATION_TIMEZONE") or None
    if text is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError) as bad:
        raise ConfigurationError(f"ORGANISATION_TIMEZONE is {text!r}: write an IANA name like Europe/Berlin.") from bad


def _targets(text: str, *, in_cloud: bool) -> tuple[str, ...]:
    """Addresses that outgoing webhooks go to, parted by blanks; plain http only on one's own laptop."""
    for url in text.split():
        if not url.startswith("https://") and (in_cloud or not url.startswith(("http://127.0.0.1", "http://localhost"))):
            raise ConfigurationError(f"OUTGOING_WEBHOOK_URLS holds {url!r}: write full https:// addresses.")
    return tuple(text.split())


def _topic(text: str) -> str:
    """The Pub/Sub topic that Google publishes Meet's events to, by its full name."""
    if text and (len(text.split("/")) != 4 or not text.startswith("projects/") or text.split("/")[2] != "topics"):  # noqa: PLR2004
        raise ConfigurationError(f"MEET_EVENTS_TOPIC is {text!r}: write projects/<project>/topics/<topic>.")
    return text


def _job(env: Mapping[str, str], name: str) -> str:
    """A job of Cloud Scheduler by its full name; empty where it is not told."""
    text = env.get(name, "")
    if text and (len(text.split("/")) != 6 or text.split("/")[::2] != ["projects", "locations", "jobs"]):  # noqa: PLR2004
        raise ConfigurationError(f"{name} is {text!r}: write projects/<project>/locations/<region>/jobs/<job>.")
    return text


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise ConfigurationError(f"{name} is {text!r}: give a whole number above 0.")
    return int(text)


def _currency(env: Mapping[str, str]) -> str:
    value = env.get("BILLING_CURRENCY", "EUR")
    if value not in DIGITS:
        raise ConfigurationError(f"BILLING_CURRENCY is {value!r}: write the three capital letters of a currency, like EUR.")
    return value


def _lines(text: str) -> str | None:
    """A text of several lines, as it is or with the two signs for a new line between them; None where it says nothing."""
    lines = [line.strip() for line in text.replace("\\n", "\n").splitlines()]
    return "\n".join(line for line in lines if line) or None


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name, choices[0])
    if value not in choices:
        raise ConfigurationError(f"{name} is {value!r}: use one of {', '.join(choices)}.")
    return value
