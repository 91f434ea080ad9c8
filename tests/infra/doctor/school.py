"""A whole deployment that is well, on this machine: what Google, Zoom and the public address answer, to be broken by tests.

Every question and every answer is held against Google's own descriptions of its APIs.
"""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from infra.doctor.account import NEEDED
from infra.doctor.deployment import ROOT, Deployment, Table, read_tables
from infra.doctor.google import Google
from infra.doctor.push import PUBLISHER, ROLE
from infra.local.described import CloudCall, DescribedApi, Operation
from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from infra.local.simulator.discovery import CloudApi
from infra.local.simulator.refusals import Refusal, absent
from shared.adapters.google.apis import CALENDAR, CLASSROOM, DIRECTORY, EVENTS, MEET, PEOPLE, PROFILE, REPORTS
from shared.adapters.zoom.troubles import SCOPES
from tests.infra.local.tasks.queue import KEY
from tests.infra.local.threads import in_thread

PROJECT, REGION = "school-rollcall", "europe-west1"
PARENT = f"projects/{PROJECT}/locations/{REGION}"
TOPIC = f"projects/{PROJECT}/topics/meet-events"
DELEGATE = f"google-delegate@{PROJECT}.iam.gserviceaccount.com"
ADMIN, TEACHER = "root@school.example", "ada@school.example"
DATABASE = f"projects/{PROJECT}/databases/(default)"

Json = dict[str, Any]


def _environment(table: Table) -> dict[str, str]:
    """What a function of a well deployment is told."""
    known = {
        "GOOGLE_SERVICE_ACCOUNT": DELEGATE,
        "GOOGLE_ADMIN_EMAIL": ADMIN,
        "ADMIN_EMAILS": ADMIN,
        "MEET_EVENTS_TOPIC": TOPIC,
        "PUSH_SERVICE_ACCOUNT": f"caller-push@{PROJECT}.iam.gserviceaccount.com",
        "TASKS_SERVICE_ACCOUNT": f"caller-tasks@{PROJECT}.iam.gserviceaccount.com",
        "SCHEDULER_SERVICE_ACCOUNT": f"caller-scheduler@{PROJECT}.iam.gserviceaccount.com",
        "MONITOR_TICK_URL": "https://monitor-tick-1.europe-west1.run.app",
        "MEET_SYNC_URL": "https://meet-sync-1.europe-west1.run.app",
        "HOUSEKEEPING_URL": "https://housekeeping-1.europe-west1.run.app",
        "TICK_JOB": f"{PARENT}/jobs/monitor-tick",
        "HOUSEKEEPING_JOB": f"{PARENT}/jobs/housekeeping",
        "OIDC_AUDIENCE": "1234567890-abc123.apps.googleusercontent.com",
        "ZOOM_ACCOUNT_ID": "zoom-account",
        "ZOOM_CLIENT_ID": "zoom-client",
        "PUBLIC_URL": "https://rollcall.school.example",
        "ORGANISATION_TIMEZONE": "Europe/Berlin",
    }
    own = {name: value for name, value in known.items() if name in table.environment}
    return {**own, "GOOGLE_CLOUD_PROJECT": PROJECT}


def _service(table: Table) -> Json:
    plain = [{"name": name, "value": value} for name, value in _environment(table).items()]
    secret = [
        {"name": name, "valueSource": {"secretKeyRef": {"secret": name.lower().replace("_", "-"), "version": "latest"}}}
        for name in table.secrets
        if name in SECRETS
    ]
    return {
        "name": f"{PARENT}/services/{table.service}",
        "terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED"},
        "template": {"containers": [{"image": "function", "env": [*plain, *secret]}]},
    }


SECRETS = ("JWT_SECRET", "ZOOM_CLIENT_SECRET", "ZOOM_WEBHOOK_SECRET", "WEBHOOK_SECRET")


@dataclass
class School:
    """What everybody answers. `base` is the address of it all, once it serves."""

    tables: tuple[Table, ...] = field(default_factory=read_tables)
    base: str = ""
    project: Json | None = field(default_factory=lambda: {"name": "projects/1", "projectId": PROJECT, "state": "ACTIVE"})
    billing: Json = field(default_factory=lambda: {"billingEnabled": True, "billingAccountName": "billingAccounts/1"})
    disabled: set[str] = field(default_factory=set)
    database: Json | None = field(
        default_factory=lambda: {
            "type": "FIRESTORE_NATIVE",
            "locationId": "europe-west1",
            "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED",
            "deleteProtectionState": "DELETE_PROTECTION_ENABLED",
        }
    )
    secrets: dict[str, str] = field(default_factory=lambda: {name.lower().replace("_", "-"): "ENABLED" for name in SECRETS})
    queue: Json | None = field(default_factory=lambda: {"state": "RUNNING"})
    job: Json | None = field(default_factory=lambda: {"state": "ENABLED", "lastAttemptTime": "2026-11-21T12:00:00Z"})
    publishers: list[str] = field(default_factory=lambda: [PUBLISHER])
    has_topic: bool = True
    scopes: set[str] = field(
        default_factory=lambda: {
            scope for api in (CALENDAR, MEET, EVENTS, PROFILE, PEOPLE, CLASSROOM, DIRECTORY, REPORTS) for scope in api.scopes
        }
    )
    people: set[str] = field(default_factory=lambda: {ADMIN, TEACHER})
    may_sign: bool = True
    zoom_scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    zoom_status: int = 200
    pages: dict[str, int] = field(
        default_factory=lambda: {
            "GET /": 200,
            "GET /api/openapi.json": 200,
            "GET /api/monitoring/health": 401,
            "POST /api/webhook/zoom": 401,
        }
    )
    refuses: dict[str, int] = field(default_factory=dict)

    @cached_property
    def services(self) -> dict[str, Json]:
        """Cloud Run's services, by the functions' names."""
        return {table.name: _service(table) for table in self.tables}

    @cached_property
    def invokers(self) -> dict[str, list[str]]:
        """Who may call each function."""
        own = f"serviceAccount:caller-tasks@{PROJECT}.iam.gserviceaccount.com"
        return {table.name: [own] if table.is_inner else ["allUsers"] for table in self.tables}

    @cached_property
    def indexes(self) -> list[Json]:
        """Every index, ready."""
        told = json.loads((ROOT / "infra/firestore.indexes.json").read_text("utf-8"))["indexes"]
        return [
            {
                "name": f"{DATABASE}/collectionGroups/{each['collectionGroup']}/indexes/{number}",
                "queryScope": each["queryScope"],
                "fields": [*each["fields"], {"fieldPath": "__name__", "order": "ASCENDING"}],
                "state": "READY",
            }
            for number, each in enumerate(told)
        ]

    @cached_property
    def fields(self) -> list[Json]:
        """The fields by which documents expire."""
        told = json.loads((ROOT / "infra/firestore.indexes.json").read_text("utf-8"))["fieldOverrides"]
        return [
            {
                "name": f"{DATABASE}/collectionGroups/{each['collectionGroup']}/fields/{each['fieldPath']}",
                "ttlConfig": {"state": "ACTIVE"},
            }
            for each in told
            if each.get("ttl")
        ]

    @cached_property
    def subscription(self) -> Json | None:
        """The push subscription."""
        account = f"caller-push@{PROJECT}.iam.gserviceaccount.com"
        return {
            "name": f"projects/{PROJECT}/subscriptions/meet-push",
            "topic": TOPIC,
            "state": "ACTIVE",
            "pushConfig": {
                "pushEndpoint": "https://meet-push-1.europe-west1.run.app/api/webhook/workspace-events",
                "oidcToken": {"serviceAccountEmail": account, "audience": "https://meet-push-1.europe-west1.run.app"},
            },
            "deadLetterPolicy": {"deadLetterTopic": f"{TOPIC}-undelivered", "maxDeliveryAttempts": 20},
        }

    @property
    def deployment(self) -> Deployment:
        """The deployment as the doctor gets it."""
        return Deployment(Google(f"{self.base}/google"), PROJECT, REGION, {}, TEACHER, f"{self.base}/site", self.tables)

    @property
    def environment(self) -> dict[str, str]:
        """What makes the command ask here."""
        return {
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "DOCTOR_ENDPOINT": f"{self.base}/google",
            "GOOGLE_TOKEN_URI": f"{self.base}/token",
            "ZOOM_API_ENDPOINT": f"{self.base}/zoom",
        }

    def setting(self, name: str, value: str | None) -> None:
        """Change a setting of every function that has it; None takes it away."""
        for service in self.services.values():
            variables = service["template"]["containers"][0]["env"]
            kept = [each for each in variables if each["name"] != name]
            had = len(kept) < len(variables)
            service["template"]["containers"][0]["env"] = [*kept, {"name": name, "value": value}] if had and value else kept

    @contextmanager
    def serving(self) -> Iterator["School"]:
        """All of it, for the time of the block."""

        @asynccontextmanager
        async def server() -> AsyncIterator[str]:
            held = hold_free_port()
            async with serving(Starlette(routes=self._routes()), held, "The school"):
                yield f"http://127.0.0.1:{port_of(held)}"

        with in_thread(server) as base:
            self.base = base
            yield self

    def _routes(self) -> list[BaseRoute]:
        served = {api: operations for api in CloudApi if (operations := self._served(api))}
        apis = [Mount(f"/google/{api.value.document}", routes=[DescribedApi(api, each).route()]) for api, each in served.items()]
        return [
            *apis,
            Route("/token", self._token, methods=["POST"]),
            Route("/zoom/oauth/token", self._zoom, methods=["POST"]),
            Route("/site{path:path}", self._page, methods=["GET", "POST"]),
        ]

    def _served(self, api: CloudApi) -> dict[str, Operation]:
        answers: dict[CloudApi, dict[str, Callable[[CloudCall], Json | None]]] = {
            CloudApi.PROJECTS: {"projects.get": lambda _: self.project},
            CloudApi.BILLING: {"projects.getBillingInfo": lambda _: self.billing},
            CloudApi.SERVICES: {
                "services.batchGet": lambda call: {"services": [self._api(name) for name in call.query["names"]]}
            },
            CloudApi.FIRESTORE: {
                "projects.databases.get": lambda _: self.database,
                "projects.databases.collectionGroups.indexes.list": lambda call: self._paged(self.indexes, "indexes", call),
                "projects.databases.collectionGroups.fields.list": lambda _: {"fields": self.fields},
            },
            CloudApi.SECRETS: {
                "projects.secrets.versions.list": self._versions,
                "projects.secrets.versions.access": lambda _: {"payload": {"data": base64.b64encode(b"zoom-secret").decode()}},
            },
            CloudApi.TASKS: {"projects.locations.queues.get": lambda call: self._named(self.queue, call)},
            CloudApi.SCHEDULER: {"projects.locations.jobs.get": lambda call: self._named(self.job, call)},
            CloudApi.PUBSUB: {
                "projects.topics.get": lambda call: self._named({} if self.has_topic else None, call),
                "projects.topics.getIamPolicy": lambda _: {"bindings": [{"role": ROLE, "members": self.publishers}]},
                "projects.subscriptions.get": lambda _: self.subscription,
            },
            CloudApi.RUN: {
                "projects.locations.services.list": lambda call: self._paged(list(self.services.values()), "services", call),
                "projects.locations.services.getIamPolicy": self._policy,
            },
            CloudApi.IAM_CREDENTIALS: {"projects.serviceAccounts.signBlob": self._signed},
        }
        return {name: self._operation(api, answer) for name, answer in answers.get(api, {}).items()}

    def _operation(self, api: CloudApi, answer: Callable[[CloudCall], Json | None]) -> Operation:
        async def operation(call: CloudCall) -> Json:
            if status := self.refuses.get(api.value.document):
                raise Refusal(status, f"{api.value.document} refuses.")
            told = answer(call)
            if told is None:
                raise absent()
            return told

        return operation

    def _api(self, name: str) -> Json:
        assert name.split("/")[3].removesuffix(".googleapis.com") in NEEDED
        is_on = name.split("/")[3] not in self.disabled
        return {"name": f"projects/1/services/{name.split('/')[3]}", "state": "ENABLED" if is_on else "DISABLED"}

    def _named(self, told: Json | None, call: CloudCall) -> Json | None:
        return None if told is None else {"name": call.name(), **told}

    def _paged(self, items: list[Json], field_name: str, call: CloudCall) -> Json:
        """Pages of ten, so that nobody forgets that there are more."""
        start = int(call.query.get("pageToken", 0))
        more = {"nextPageToken": str(start + 10)} if start + 10 < len(items) else {}
        return {field_name: items[start : start + 10], **more}

    def _versions(self, call: CloudCall) -> Json | None:
        state = self.secrets.get(call.path["secretsId"])
        return None if state is None else {"versions": [{"name": f"{call.name()}/versions/1", "state": state}] if state else []}

    def _policy(self, call: CloudCall) -> Json:
        name = next(table.name for table in self.tables if table.service == call.path["servicesId"])
        return {"bindings": [{"role": "roles/run.invoker", "members": self.invokers[name]}]}

    def _signed(self, call: CloudCall) -> Json:
        if not self.may_sign:
            raise Refusal(403, "Permission iam.serviceAccounts.signBlob denied.")
        assert call.path["serviceAccountsId"] == DELEGATE
        signature = KEY.sign(base64.b64decode(call.body["payload"]), padding.PKCS1v15(), hashes.SHA256())
        return {"keyId": "1", "signedBlob": base64.b64encode(signature).decode()}

    async def _token(self, request: Request) -> Response:
        """Google's token service: one scope, asked for by a signed assertion."""
        assertion = parse_qs((await request.body()).decode())["assertion"][0]
        claims = jwt.decode(assertion, KEY.public_key(), algorithms=["RS256"], options={"verify_aud": False})
        if claims["sub"] not in self.people:
            return JSONResponse({"error": "invalid_grant", "error_description": "Invalid email or User ID"}, 400)
        if claims["scope"] not in self.scopes:
            return JSONResponse({"error": "unauthorized_client", "error_description": "Client is unauthorized."}, 401)
        return JSONResponse({"access_token": "x", "expires_in": 3600, "token_type": "Bearer"})

    async def _zoom(self, request: Request) -> Response:
        assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")) == b"zoom-client:zoom-secret"
        return JSONResponse({"access_token": "x", "scope": " ".join(self.zoom_scopes)}, self.zoom_status)

    async def _page(self, request: Request) -> Response:
        return Response(status_code=self.pages[f"{request.method} {request.path_params['path']}"])
