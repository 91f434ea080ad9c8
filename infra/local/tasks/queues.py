"""The queues themselves, as the real Cloud Tasks client shows, pauses and resumes them. Any name is a queue here."""

from typing import Any

from starlette.routing import Route

from infra.local.described import CloudCall, DescribedApi
from infra.local.simulator.discovery import CloudApi
from infra.local.tasks.dispatch import Dispatcher


class QueueApi:
    """Whether the tasks of a queue are delivered or held back."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def routes(self) -> list[Route]:
        """The routes of queues under /v2."""
        queues = "projects.locations.queues"
        served = {f"{queues}.get": self._get, f"{queues}.pause": self._pause, f"{queues}.resume": self._resume}
        return DescribedApi(CloudApi.TASKS, served).routes()

    async def _get(self, call: CloudCall) -> dict[str, Any]:
        return self._shown(call.name())

    async def _pause(self, call: CloudCall) -> dict[str, Any]:
        self._dispatcher.pause(call.name())
        return self._shown(call.name())

    async def _resume(self, call: CloudCall) -> dict[str, Any]:
        self._dispatcher.resume(call.name())
        return self._shown(call.name())

    def _shown(self, name: str) -> dict[str, Any]:
        return {"name": name, "state": "PAUSED" if self._dispatcher.is_paused(name) else "RUNNING"}
