"""The deployment that is looked at: its names, its functions as they stand in the cloud, and their settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.doctor.finding import CannotAsk
from infra.doctor.google import Absent, Google

ROOT = Path(__file__).resolve().parents[2]
QUEUE, TOPIC = "rollcall", "meet-events"
JOBS = {"TICK_JOB": "monitor-tick", "HOUSEKEEPING_JOB": "housekeeping"}
INNER = frozenset({"task", "scheduler", "push"})


@dataclass(frozen=True, slots=True)
class Table:
    """A function as its function.json describes it; inner ones are called by the deployment's own machinery alone."""

    name: str
    environment: tuple[str, ...]
    secrets: tuple[str, ...]
    is_inner: bool
    push_path: str | None

    @property
    def service(self) -> str:
        """Its name in Cloud Run, which has no underscores."""
        return self.name.replace("_", "-")


def read_tables(root: Path = ROOT) -> tuple[Table, ...]:
    """Every function of the repository."""
    found = []
    for path in sorted(root.glob("functions/*/function.json")):
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        callers = {route["caller"] for route in told["routes"]}
        pushed = [route["path"] for route in told["routes"] if route["caller"] == "push"]
        is_inner = bool(callers) and callers <= INNER
        name, environment = path.parent.name, tuple(told.get("environment", ()))
        found.append(Table(name, environment, tuple(told.get("secrets", ())), is_inner, pushed[0] if pushed else None))
    return tuple(found)


@dataclass
class Deployment:
    """One deployment. `env` is the operator's own environment, used where the functions cannot be asked for theirs.

    `teacher` is somebody to try delegated rights as.
    """

    google: Google
    project: str
    region: str
    env: Mapping[str, str] = field(default_factory=dict)
    teacher: str | None = None
    url: str | None = None
    tables: tuple[Table, ...] = field(default_factory=read_tables)

    @property
    def parent(self) -> str:
        """What jobs and queues are under."""
        return f"projects/{self.project}/locations/{self.region}"

    @cached_property
    def services(self) -> dict[str, dict[str, Any]]:
        """What stands in Cloud Run, by the functions' names; raises `CannotAsk`."""
        try:
            listed = self.google.pages("run", "projects.locations.services.list", "services", parent=self.parent)
        except Absent:
            return {}
        known = {str(service["name"]).rpartition("/")[2]: service for service in listed}
        return {table.name: known[table.service] for table in self.tables if table.service in known}

    def environment_of(self, name: str) -> dict[str, str]:
        """The plain settings of a function as it stands in the cloud; what is a secret is not among them."""
        return {each["name"]: each.get("value", "") for each in self._variables(name) if "valueSource" not in each}

    def secrets_of(self, name: str) -> dict[str, str]:
        """The secrets that a function as it stands in the cloud is given, by the names of its variables."""
        found = {}
        for each in self._variables(name):
            reference = each.get("valueSource", {}).get("secretKeyRef", {})
            if reference:
                found[each["name"]] = str(reference["secret"]).rpartition("/")[2]
        return found

    def setting(self, name: str) -> str | None:
        """A setting as the first function that has it in the cloud, else as the operator's environment; raises `CannotAsk`."""
        own = self.env.get(name) or None
        try:
            values = (self.environment_of(function).get(name) for function in self.services)
            return next((value for value in values if value), own)
        except CannotAsk:
            if own is None:
                raise
            return own

    def secret_id(self, variable: str) -> str:
        """The name in Secret Manager of what a variable holds."""
        for function in self.services:
            if found := self.secrets_of(function).get(variable):
                return found
        return variable.lower().replace("_", "-")

    @property
    def public_url(self) -> str | None:
        """The one public address, without a slash at its end."""
        found = self.url or self.setting("PUBLIC_URL")
        return found.rstrip("/") if found else None

    def _variables(self, name: str) -> list[dict[str, Any]]:
        containers = self.services.get(name, {}).get("template", {}).get("containers", [])
        return [each for container in containers for each in container.get("env", [])]
