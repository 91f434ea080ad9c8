"""A part of a cloud API: what Google does not know is refused, and an answer that Google could not give is a fault."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from infra.local.described import CloudCall, DescribedApi
from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from infra.local.simulator.discovery import CloudApi
from tests.infra.local.threads import in_thread

JOB = "/v1/projects/p/locations/l/jobs/tick"


async def show(call: CloudCall) -> dict[str, Any]:
    """A job, named as it was asked for."""
    return {"name": call.name(), "state": "ENABLED"}


async def show_badly(call: CloudCall) -> dict[str, Any]:
    """What Google would never say."""
    return {"name": call.name(), "state": "ASLEEP"}


@contextmanager
def api(answer: Any = show, *, prefix: str = "") -> Iterator[httpx.Client]:
    """Cloud Scheduler with these methods, and a client of it."""

    @asynccontextmanager
    async def server() -> AsyncIterator[str]:
        served = DescribedApi(
            CloudApi.SCHEDULER, {f"projects.locations.jobs.{name}": answer for name in ("get", "pause", "patch")}
        )
        held = hold_free_port()
        routes = [Mount(prefix, routes=[served.route()])] if prefix else served.routes()
        async with serving(Starlette(routes=routes), held, "The API"):
            yield f"http://127.0.0.1:{port_of(held)}{prefix}"

    with in_thread(server) as url, httpx.Client(base_url=url) as client:
        yield client


def test_what_a_path_names_is_told_without_its_verb() -> None:
    with api() as client:
        assert client.get(JOB).json()["name"] == "projects/p/locations/l/jobs/tick"
        assert client.post(f"{JOB}:pause", json={}).json()["name"] == "projects/p/locations/l/jobs/tick"


def test_it_can_stand_under_a_prefix() -> None:
    with api(prefix="/scheduler") as client:
        assert client.get(JOB).json()["state"] == "ENABLED"


def test_the_clients_own_parameters_are_taken() -> None:
    with api() as client:
        assert client.get(JOB, params={"$alt": "json;enum-encoding=int"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", JOB + "?colour=red", None, 400),
        ("POST", JOB + ":pause", {"colour": "red"}, 400),
        ("PATCH", JOB, {"state": 7}, 400),
        ("PATCH", JOB, {"retryConfig": {"retryCount": "many"}}, 400),
        ("DELETE", JOB, None, 501),
        ("PUT", JOB, None, 404),
    ],
)
def test_what_google_would_refuse_is_refused(method: str, path: str, body: object, status: int) -> None:
    with api() as client:
        answer = client.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status


def test_a_body_that_is_no_json_is_refused() -> None:
    with api() as client:
        assert client.post(f"{JOB}:pause", content=b"{").status_code == 400


def test_an_answer_that_is_none_of_googles_is_a_fault_of_ours() -> None:
    with api(show_badly) as client:
        assert client.get(JOB).status_code == 500


def test_a_method_that_google_does_not_have_cannot_be_served() -> None:
    with pytest.raises(ValueError, match=r"no method projects\.dance"):
        DescribedApi(CloudApi.SCHEDULER, {"projects.dance": show})
