"""The functions as they stand in the cloud: ready, with settings that they can start with, open to whom they should be."""

from collections.abc import Iterator

from infra.doctor.database import APPLY
from infra.doctor.deployment import Deployment, Table
from infra.doctor.finding import Finding, missing, ok
from infra.doctor.google import Absent
from shared.config import ConfigurationError, read_settings

EVERYBODY = frozenset({"allUsers", "allAuthenticatedUsers"})
# What a function that declares it cannot do its work without.
CORE = (
    "TASKS_SERVICE_ACCOUNT",
    "SCHEDULER_SERVICE_ACCOUNT",
    "MONITOR_TICK_URL",
    "MEET_SYNC_URL",
    "HOUSEKEEPING_URL",
    "TICK_JOB",
    "HOUSEKEEPING_JOB",
    "PUBLIC_URL",
)


class Functions:
    """Whether each function is deployed, and ready."""

    key, title = "functions", "Functions"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        is_well = True
        for table in at.tables:
            service = at.services.get(table.name)
            condition = (service or {}).get("terminalCondition", {})
            if service is None:
                yield missing(f"{table.service} is not deployed", "Its part of Rollcall is not there.", APPLY)
            elif condition.get("state") not in (None, "CONDITION_SUCCEEDED"):
                link = f"https://console.cloud.google.com/run/detail/{at.region}/{table.service}/revisions?project={at.project}"
                yield missing(
                    f"{table.service} is not ready: {condition.get('message', condition['state'])}", "It does not serve.", link
                )
            else:
                continue
            is_well = False
        if is_well:
            yield ok(f"all {len(at.tables)} are ready")


class SettingsOfAll:
    """Whether each function can start with the settings that it has."""

    key, title = "settings", "Settings"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        wrong = {message: finding for table in at.tables if table.name in at.services for message, finding in self._of(at, table)}
        yield from wrong.values()
        if not wrong:
            yield ok(f"{len(at.services)} functions can start with theirs")

    def _of(self, at: Deployment, table: Table) -> Iterator[tuple[str, Finding]]:
        env = at.environment_of(table.name)
        given = at.secrets_of(table.name)
        try:
            read_settings({**env, "K_SERVICE": table.service})
        except ConfigurationError as bad:
            yield str(bad), missing(str(bad), f"{table.service} does not start.", f"correct it in the tfvars file; {APPLY}")
        for name in (*CORE, "GOOGLE_CLOUD_PROJECT"):
            is_wanted = name in table.environment or name == "GOOGLE_CLOUD_PROJECT"
            if is_wanted and not env.get(name) and name not in given:
                told = f"{table.service} is not told {name}"
                yield told, missing(told, "It cannot do its work without.", APPLY)


class Callers:
    """Whether only those may call a function that should."""

    key, title = "callers", "Who may call what"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        wrong = [finding for table in at.tables if table.name in at.services for finding in self._of(at, table)]
        yield from wrong
        if not wrong:
            yield ok("inner functions by their one caller, the others by everybody with their own checks")

    def _of(self, at: Deployment, table: Table) -> Iterator[Finding]:
        name = f"{at.parent}/services/{table.service}"
        try:
            policy = at.google.ask("run", "projects.locations.services.getIamPolicy", resource=name)
        except Absent:
            return
        members = {
            member
            for binding in policy.get("bindings", [])
            if binding.get("role") == "roles/run.invoker"
            for member in binding.get("members", [])
        }
        if table.is_inner and members & EVERYBODY:
            told = f"everybody may call {table.service}"
            why = (
                "It is for the deployment's own clock, queue or pushes; its own check of tokens is all that stands before it now."
            )
            yield missing(told, why, APPLY)
        if table.is_inner and not members - EVERYBODY:
            yield missing(f"nobody of ours may call {table.service}", "Its clock, queue or pushes are refused.", APPLY)
        if not table.is_inner and "allUsers" not in members:
            yield missing(f"{table.service} cannot be reached from outside", "Browsers, Zoom and scripts are refused.", APPLY)
