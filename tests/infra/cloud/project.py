"""A project at Google as it is before anything is in it, on this machine, for the real gcloud.

What is asked for is held against Google's own descriptions of its APIs, and remembered.
"""

import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from infra.local.described import CloudCall, DescribedApi, Operation
from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from infra.local.simulator.discovery import CloudApi
from infra.local.simulator.refusals import absent
from tests.infra.local.threads import in_thread

PROJECT, REGION = "school-rollcall", "europe-west1"

Json = dict[str, Any]
# What gcloud calls each API, and where of its address it adds an API's paths.
_PLACES = {
    CloudApi.SERVICES: ("serviceusage", ""),
    CloudApi.STORAGE: ("storage", "storage/v1/"),
    CloudApi.ARTIFACTS: ("artifactregistry", ""),
    CloudApi.IAM: ("iam", ""),
    CloudApi.POLICIES: ("cloudresourcemanager", ""),
    CloudApi.BUILDS: ("cloudbuild", ""),
}


@dataclass
class Project:
    """What is in the project: resources and who may do what with them, by name."""

    there: dict[str, Json] = field(default_factory=dict)
    policies: dict[str, list[Json]] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)
    builds: list[Json] = field(default_factory=list)

    def rights(self, of: str) -> set[tuple[str, str]]:
        """Who has which role on a resource."""
        return {(member, binding["role"]) for binding in self.policies.get(of, []) for member in binding["members"]}

    def operations(self) -> dict[CloudApi, dict[str, Callable[[CloudCall], Json | None]]]:
        """What each API answers; None for what is not there."""
        accounts, roles, repositories = "projects.serviceAccounts", "projects.roles", "projects.locations.repositories"
        return {
            CloudApi.SERVICES: {"services.batchEnable": self._enabled},
            CloudApi.STORAGE: {
                "buckets.get": lambda call: self.there.get(f"b/{call.path['bucket']}"),
                "buckets.insert": lambda call: self._made(f"b/{call.body['name']}", call.body),
                "buckets.patch": self._changed,
                "buckets.getIamPolicy": lambda call: self._policy(f"b/{call.path['bucket']}"),
                "buckets.setIamPolicy": lambda call: self._allowed(f"b/{call.path['bucket']}", call.body),
            },
            CloudApi.ARTIFACTS: {
                f"{repositories}.get": lambda call: self.there.get(call.name()),
                f"{repositories}.create": self._repository,
                "projects.locations.operations.get": lambda call: {"name": call.name(), "done": True, "response": {}},
            },
            CloudApi.IAM: {
                # gcloud asks for an account of any project: an address is enough.
                f"{accounts}.get": lambda call: self.there.get(
                    f"projects/{PROJECT}/serviceAccounts/{call.path['serviceAccountsId']}"
                ),
                f"{accounts}.create": self._account,
                f"{roles}.get": lambda call: self.there.get(call.name()),
                f"{roles}.create": self._role,
            },
            CloudApi.POLICIES: {
                "projects.getIamPolicy": lambda call: self._policy(call.path["resource"]),
                "projects.setIamPolicy": lambda call: self._allowed(call.path["resource"], call.body["policy"]),
            },
            CloudApi.BUILDS: {"projects.locations.builds.create": self._build, "projects.builds.create": self._build},
        }

    def _made(self, name: str, told: Json) -> Json:
        assert name not in self.there, f"{name} is there already."
        self.there[name] = told
        return told

    def _enabled(self, call: CloudCall) -> Json:
        self.services.update(call.body["serviceIds"])
        return {"name": "operations/noop.DONE_OPERATION", "done": True, "response": {}}

    def _changed(self, call: CloudCall) -> Json | None:
        found = self.there.get(f"b/{call.path['bucket']}")
        if found is not None:
            found.update(call.body)
        return found

    def _repository(self, call: CloudCall) -> Json:
        name = f"projects/{PROJECT}/locations/{REGION}/repositories/{call.query['repositoryId']}"
        self._made(name, {"name": name, "format": call.body["format"]})
        return {"name": f"projects/{PROJECT}/locations/{REGION}/operations/made", "done": True, "response": {}}

    def _account(self, call: CloudCall) -> Json:
        email = f"{call.body['accountId']}@{PROJECT}.iam.gserviceaccount.com"
        name = f"projects/{PROJECT}/serviceAccounts/{email}"
        return self._made(name, {"name": name, "email": email, **call.body["serviceAccount"]})

    def _role(self, call: CloudCall) -> Json:
        name = f"projects/{PROJECT}/roles/{call.body['roleId']}"
        return self._made(name, {**call.body["role"], "name": name})

    def _build(self, call: CloudCall) -> Json:
        self.builds.append(call.body)
        build = {"id": "b1", "projectId": PROJECT, "name": f"projects/{PROJECT}/locations/global/builds/b1", "status": "QUEUED"}
        return {"name": "operations/build", "metadata": {"build": build}}

    def _policy(self, of: str) -> Json:
        return {"bindings": self.policies.get(of, []), "etag": "BwX="}

    def _allowed(self, of: str, policy: Json) -> Json:
        self.policies[of] = policy["bindings"]
        return self._policy(of)


def _operation(answer: Callable[[CloudCall], Json | None]) -> Operation:
    async def operation(call: CloudCall) -> Json:
        told = answer(call)
        if told is None:
            raise absent()
        return told

    return operation


@dataclass(frozen=True, slots=True)
class Gcloud:
    """The real gcloud, signed in as nobody, with a configuration of its own; it asks at `addresses`, by its names of the APIs."""

    folder: Path
    addresses: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str | Path, told: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to which gcloud is this one."""
        own = {
            "CLOUDSDK_CONFIG": str(self.folder),
            "CLOUDSDK_AUTH_ACCESS_TOKEN": "nobody's",
            "CLOUDSDK_CORE_PROJECT": PROJECT,
            "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            **{f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": url for api, url in self.addresses.items()},
        }
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CLOUDSDK_")}
        return subprocess.run(
            command, input=told, env={**environment, **own}, capture_output=True, text=True, timeout=240, check=False
        )


@contextmanager
def asked_at(project: Project, folder: Path) -> Iterator[Gcloud]:
    """A gcloud that works in a project."""
    served = {
        api: DescribedApi(api, {name: _operation(answer) for name, answer in answers.items()})
        for api, answers in project.operations().items()
    }

    @asynccontextmanager
    async def server() -> AsyncIterator[str]:
        held = hold_free_port()
        mounts = [Mount(f"/{_PLACES[api][0]}", routes=[each.route()]) for api, each in served.items()]
        async with serving(Starlette(routes=mounts), held, "Google"):
            yield f"http://127.0.0.1:{port_of(held)}"

    with in_thread(server) as url:
        yield Gcloud(folder, {name: f"{url}/{name}/{more}" for name, more in _PLACES.values()})
