"""Google's own descriptions of its APIs, bundled with its client library, as tables of methods."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import unquote

from googleapiclient.discovery_cache import get_static_doc

from infra.local.simulator.refusals import Shape

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApiFacts:
    """What the simulator adds to a description: its name here, its document, the form of its errors.

    A lenient API ignores query parameters that it does not know, and of one that is given twice takes the last.
    """

    title: str
    document: str
    version: str
    shape: Shape
    is_lenient: bool = False


class Api(Enum):
    """The APIs that are simulated."""

    CALENDAR = ApiFacts("calendar", "calendar", "v3", Shape.LEGACY)
    MEET = ApiFacts("meet", "meet", "v2", Shape.RPC)
    PEOPLE = ApiFacts("people", "people", "v1", Shape.RPC)
    DIRECTORY = ApiFacts("directory", "admin", "directory_v1", Shape.LEGACY)
    WORKSPACEEVENTS = ApiFacts("workspaceevents", "workspaceevents", "v1", Shape.RPC)
    REPORTS = ApiFacts("reports", "admin", "reports_v1", Shape.LEGACY, is_lenient=True)
    CLASSROOM = ApiFacts("classroom", "classroom", "v1", Shape.RPC)


class CloudApi(Enum):
    """The APIs of the cloud itself that the local stack serves a part of, or that tests answer for."""

    SCHEDULER = ApiFacts("cloudscheduler", "cloudscheduler", "v1", Shape.RPC)
    TASKS = ApiFacts("cloudtasks", "cloudtasks", "v2", Shape.RPC)
    PUBSUB = ApiFacts("pubsub", "pubsub", "v1", Shape.RPC)
    FIRESTORE = ApiFacts("firestore", "firestore", "v1", Shape.RPC)
    SECRETS = ApiFacts("secretmanager", "secretmanager", "v1", Shape.RPC)
    SERVICES = ApiFacts("serviceusage", "serviceusage", "v1", Shape.RPC)
    PROJECTS = ApiFacts("cloudresourcemanager", "cloudresourcemanager", "v3", Shape.RPC)
    BILLING = ApiFacts("cloudbilling", "cloudbilling", "v1", Shape.RPC)
    RUN = ApiFacts("run", "run", "v2", Shape.RPC)
    IAM = ApiFacts("iam", "iam", "v1", Shape.RPC)
    IAM_CREDENTIALS = ApiFacts("iamcredentials", "iamcredentials", "v1", Shape.RPC)
    STORAGE = ApiFacts("storage", "storage", "v1", Shape.RPC)
    ARTIFACTS = ApiFacts("artifactregistry", "artifactregistry", "v1", Shape.RPC)
    POLICIES = ApiFacts("cloudresourcemanager.v1", "cloudresourcemanager", "v1", Shape.RPC)
    BUILDS = ApiFacts("cloudbuild", "cloudbuild", "v1", Shape.RPC)


AnyApi: TypeAlias = Api | CloudApi


@dataclass(frozen=True, slots=True)
class Method:
    """One method of an API. `query` describes its parameters by name; request and response name schemas."""

    api: AnyApi
    method_id: str
    verb: str
    path: str
    query: Mapping[str, Json]
    request: str | None
    response: str | None

    @property
    def name(self) -> str:
        """The id without the API's name: `events.insert`."""
        return self.method_id.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Description:
    """One API: its methods and its schemas as the discovery document has them."""

    api: AnyApi
    methods: tuple[Method, ...]
    schemas: Mapping[str, Json]


@cache
def described(api: AnyApi) -> Description:
    """The description of an API, from the bundled discovery document."""
    text = get_static_doc(api.value.document, api.value.version)
    if text is None:
        raise RuntimeError(
            f"google-api-python-client brings no discovery document {api.value.document}.{api.value.version}; "
            "install the version that requirements.txt names."
        )
    document: Json = json.loads(text)
    return Description(api, tuple(_methods(api, document, document)), document["schemas"])


def _methods(api: AnyApi, document: Json, part: Json) -> Iterator[Method]:
    for found in part.get("methods", {}).values():
        told = found.get("parameters", {})
        query = {name: about for name, about in told.items() if about["location"] == "query"}
        yield Method(
            api,
            found["id"],
            found["httpMethod"],
            "/" + document["servicePath"] + found.get("flatPath", found["path"]),
            document.get("parameters", {}) | query,
            found.get("request", {}).get("$ref"),
            found.get("response", {}).get("$ref"),
        )
    for inner in part.get("resources", {}).values():
        yield from _methods(api, document, inner)


class Routes:
    """Which method a verb and a path call."""

    def __init__(self, methods: tuple[Method, ...]) -> None:
        self._routes = [(method, _pattern(method.path)) for method in methods]

    def find(self, verb: str, raw_path: str) -> tuple[Method, dict[str, str]] | None:
        """The method and the parts of the path by their names, decoded; None when Google has no such method."""
        for method, pattern in self._routes:
            if method.verb == verb and (found := pattern.fullmatch(raw_path)) is not None:
                return method, {name: unquote(part) for name, part in found.groupdict().items()}
        return None


def _pattern(path: str) -> re.Pattern[str]:
    """A path template as a pattern; literal parts may hold anything but braces."""
    parts = re.split(r"\{\+?(\w+)\}", path)
    literals, names = parts[::2], parts[1::2]
    text = re.escape(literals[0])
    for name, literal in zip(names, literals[1:], strict=True):
        text += rf"(?P<{name}>[^/:]+){re.escape(literal)}"
    return re.compile(text)
