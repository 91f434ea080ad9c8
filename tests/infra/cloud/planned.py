"""The deployment as Terraform plans it for a school that uses everything, without a cloud."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.cloud.offline.terraform import PROJECT_NUMBER, ROOT, Planned
from infra.pack import function_names, is_service

PROJECT, REGION, DOMAIN = "school-rollcall", "europe-west1", "rollcall.school.example"
TABLES: dict[str, dict[str, Any]] = {
    name: json.loads((ROOT / "functions" / name / "function.json").read_text("utf-8")) for name in function_names()
}
FUNCTIONS = sorted(name for name in TABLES if not is_service(name))
INNER = frozenset({"task", "scheduler", "push"})
SECRETS = sorted({secret for table in TABLES.values() for secret in table["secrets"]})

VARIABLES: Mapping[str, Any] = {
    "project": PROJECT,
    "environment": "prod",
    "region": REGION,
    "domain": DOMAIN,
    "admin_emails": ["head@school.example"],
    "alert_emails": ["it@school.example"],
    "google_admin_email": "root@school.example",
    "sign_in_client_id": "1234567890-abc.apps.googleusercontent.com",
    "use_grants": True,
    "secrets_filled": SECRETS,
    "settings": {"ORGANISATION_TIMEZONE": "Europe/Berlin"},
    "billing_account": "012345-6789AB-CDEF01",
    "release": {
        "commit": "0" * 40,
        "bucket": f"{PROJECT}-rollcall-releases",
        "objects": {name: f"functions/{name}-{'0' * 64}.zip" for name in FUNCTIONS},
        "images": {"realtime": f"{REGION}-docker.pkg.dev/{PROJECT}/rollcall-tools/realtime@sha256:{'0' * 64}"},
    },
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned resources, to be asked for."""

    resources: tuple[Planned, ...]

    def of(self, kind: str, name: str | None = None) -> dict[str | int | None, Mapping[str, Any]]:
        """The values of a kind's resources by their keys."""
        return {one.key: one.values for one in self.resources if one.kind == kind and name in (None, one.name)}

    def one(self, kind: str, name: str | None = None) -> Mapping[str, Any]:
        """The values of the only resource of its kind and name."""
        (values,) = [one.values for one in self.resources if one.kind == kind and name in (None, one.name)]
        return values

    def all(self, kind: str) -> list[Mapping[str, Any]]:
        """The values of all resources of a kind, whatever their names."""
        return [one.values for one in self.resources if one.kind == kind]

    def environment(self, name: str) -> dict[str, str]:
        """The plain variables of a function or the gateway."""
        if is_service(name):
            (container,) = self.of("google_cloud_run_v2_service")[name]["template"][0]["containers"]
            return {each["name"]: each["value"] for each in container["env"] if not each["value_source"]}
        told: dict[str, str] = self.of("google_cloudfunctions2_function")[name]["service_config"][0]["environment_variables"]
        return told

    def secrets(self, name: str) -> dict[str, str]:
        """The secrets of a function or the gateway: the variable, and the secret's id."""
        if is_service(name):
            (container,) = self.of("google_cloud_run_v2_service")[name]["template"][0]["containers"]
            return {e["name"]: e["value_source"][0]["secret_key_ref"][0]["secret"] for e in container["env"] if e["value_source"]}
        config = self.of("google_cloudfunctions2_function")[name]["service_config"][0]
        return {each["key"]: each["secret"] for each in config["secret_environment_variables"]}

    def invokers(self, name: str) -> set[str]:
        """Who may call a function."""
        bindings = self.of("google_cloud_run_v2_service_iam_member", "invoker").values()
        return {one["member"] for one in bindings if one["name"] == name.replace("_", "-")}


def url_of(name: str) -> str:
    """Where Cloud Run serves a function."""
    return f"https://{name.replace('_', '-')}-{PROJECT_NUMBER}.{REGION}.run.app"


def account(name: str) -> str:
    """A service account's address."""
    return f"{name}@{PROJECT}.iam.gserviceaccount.com"
