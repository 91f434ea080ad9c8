"""The whole stack, composed: what starts in which order, what watches what, and how it all ends."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from infra.local import keys
from infra.local.database import Database
from infra.local.edge import Edge
from infra.local.folder import DataFolder
from infra.local.functions import Addresses, Packer, environment_of, launch_function, pack_function, unpack
from infra.local.inner import Inner
from infra.local.manifest import FunctionSpec, read_functions
from infra.local.ports import LOOPBACK, free_ports, hold_free_port, hold_port, port_of
from infra.local.processes import end
from infra.local.pubsub.messages import PubsubMessage
from infra.local.report import Reporter
from infra.local.servers import serving
from infra.local.settings import StackSettings
from infra.local.simulator.signing_in import IssueIdToken
from infra.local.token import make_token
from infra.local.troubles import BadSetting
from infra.local.watch import Child
from shared.config import ConfigurationError, Settings, read_settings

Clock = Callable[[], datetime]

# The local Zoom takes any app; these only have to be there.
LOCAL_ZOOM = {"ZOOM_ACCOUNT_ID": "local", "ZOOM_CLIENT_ID": "local", "ZOOM_CLIENT_SECRET": "local"}
# The local Stripe takes any secret key.
LOCAL_STRIPE = {"STRIPE_SECRET_KEY": "sk_test_local"}

PEOPLE = {
    "admin": "admin@school.example",
    "teacher": "ada.teacher@school.example",
    "user": "ben.student@school.example",
}


@dataclass(frozen=True, slots=True)
class Outward:
    """Where the simulator tells of what happens in it: Google's events to a topic, Zoom's and Stripe's to addresses, signed.

    `issue_id_token` signs for its sign-in.
    """

    publish: Callable[[str, PubsubMessage], None]
    zoom_url: str
    zoom_secret: str
    issue_id_token: IssueIdToken
    stripe_url: str = ""
    stripe_secret: str = ""


SimulatorFactory = Callable[[Clock, Path, Outward], Starlette]


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that serves. `signing` makes tokens it accepts, `links` are its addresses, `watchers` keep it alive."""

    signing: Settings
    links: Mapping[str, str]
    watchers: tuple["asyncio.Task[None]", ...]

    def token(self, email: str, role: str) -> str:
        """A token for somebody, good for an hour."""
        return make_token(self.signing, email=email, role=role, name=None, now=system_clock())

    async def until_trouble(self) -> None:
        """Wait until something ends that should not; raises its `Trouble`."""
        done, _ = await asyncio.wait(self.watchers, return_when=asyncio.FIRST_COMPLETED)
        for watcher in done:
            watcher.result()


def system_clock() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def google_simulator(clock: Clock, state_file: Path, outward: Outward) -> Starlette:
    """The simulator of Google's and Zoom's APIs, with its state kept in a file."""
    from infra.local.simulator.app import create_app  # loads Google's API descriptions, which a token does not need
    from infra.local.simulator.stripe.webhooks import StripeWebhooks
    from infra.local.simulator.zoom.webhooks import ZoomWebhooks

    zoom = ZoomWebhooks(outward.zoom_url, outward.zoom_secret)
    return create_app(
        clock=clock,
        state_file=state_file,
        publish=outward.publish,
        zoom_webhooks=zoom,
        stripe_webhooks=StripeWebhooks(outward.stripe_url, outward.stripe_secret) if outward.stripe_url else None,
        issue_id_token=outward.issue_id_token,
    )


@asynccontextmanager
async def running_stack(
    settings: StackSettings,
    report: Reporter,
    *,
    packer: Packer = pack_function,
    simulator: SimulatorFactory = google_simulator,
) -> AsyncIterator[Stack]:
    """A stack for the time of the block. Raises `Trouble` when it cannot start; leaves no process behind either way."""
    async with AsyncExitStack() as exits:
        doors = [
            _held(exits, hold_port(settings.port, "PORT")),
            _held(exits, hold_port(settings.simulator_port, "SIMULATOR_PORT")),
        ]
        if any(one.is_service for one in read_functions(settings.functions)):
            hold_port(settings.realtime_port, "REALTIME_PORT").close()  # the gateway takes it itself
        folder = DataFolder(settings.data)
        exits.enter_context(folder.locked())
        exits.enter_context(_logging_to(folder.log("stack")))
        composing = _Composing(exits, settings, folder, report)
        with report.starting():
            await composing.base(doors[1], simulator)
            await composing.processes(packer)
            await composing.edge(doors[0])
        yield composing.watched()


class _Composing:
    """The parts of one stack while it starts; each registers its own end before it begins."""

    def __init__(self, exits: AsyncExitStack, settings: StackSettings, folder: DataFolder, report: Reporter) -> None:
        self._exits, self._settings, self._folder, self._report = exits, settings, folder, report
        self._functions = read_functions(settings.functions)
        self._secrets = _secrets(settings, folder)
        self._signing = _checked(settings, self._secrets)
        self._database = Database(settings, folder, report)
        self._inner_socket = _held(exits, hold_free_port())
        self._at = _addresses(settings, self._database.host, self._functions, self._inner_socket)
        self._inner = Inner(folder, self._functions, self._at, settings, system_clock, self._database.touched)
        exits.callback(self._inner.close)
        self._children: list[Child] = []

    async def base(self, door: socket.socket, simulator: SimulatorFactory) -> None:
        """What the functions lean on: the emulator, the task queue, the simulator."""
        for name in ("firestore", "task queue", "simulator"):
            self._report.begins(name)
        self._exits.push_async_callback(self._database.stop)
        await self._database.start()
        await self._exits.enter_async_context(serving(self._inner.app(), self._inner_socket, "The task queue"))
        self._report.serves("task queue", self._at.inner)
        edge = f"http://{LOOPBACK}:{self._settings.port}"
        outward = Outward(
            self._inner.publish,
            f"{edge}/api/webhook/zoom",
            self._secrets["ZOOM_WEBHOOK_SECRET"],
            self._inner.issue_id_token,
            f"{edge}/api/billing/stripe/events",
            self._secrets["STRIPE_WEBHOOK_SECRET"].split()[0],
        )
        app = simulator(system_clock, self._folder.simulator, outward)
        await self._exits.enter_async_context(serving(app, door, "The simulator"))
        self._report.serves("simulator", self._at.simulator)

    async def processes(self, packer: Packer) -> None:
        """The functions, started beside the emulator, and the emulator with the data of the last run."""
        self._exits.push_async_callback(_end_all, self._children)
        for function in self._functions:
            self._report.begins(function.name)
            child = await self._child(function, packer)
            self._children.append(child)
            child.start()
        restored = await self._database.ready()
        self._report.serves("firestore", f"{self._database.host}{f', data of {restored}' if restored else ''}")
        await asyncio.gather(*(self._up(child) for child in self._children))

    async def edge(self, door: socket.socket) -> None:
        """The public door, opened last."""
        tokens = self._tokens if self._settings.auth == "open" and self._settings.jwt_secret is None else None
        edge = Edge(self._functions, self._at.functions, _links(self._settings), self._database.touched, tokens)
        await self._exits.enter_async_context(serving(edge.app(), door, "The edge"))

    def _tokens(self) -> dict[str, dict[str, str]]:
        """What to sign in with here, where a caller without a token is the administrator anyway."""
        now = system_clock()
        return {
            role: {"email": email, "token": make_token(self._signing, email=email, role=role, name=None, now=now)}
            for role, email in PEOPLE.items()
        }

    def watched(self) -> Stack:
        """The stack, with what has to run all the time."""
        work: list[Coroutine[Any, Any, None]] = [
            self._database.watch(),
            *(child.keep(self._report.say) for child in self._children),
            *self._inner.work(),
        ]
        watchers = tuple(asyncio.create_task(one) for one in work)
        self._exits.push_async_callback(_cancel, watchers)
        links = {
            **_links(self._settings),
            "cloud": f"{self._at.inner}  (task queue and clock: CLOUD_TASKS_ENDPOINT, CLOUD_SCHEDULER_ENDPOINT)",
        }
        return Stack(self._signing, links, watchers)

    async def _child(self, function: FunctionSpec, packer: Packer) -> Child:
        home = await asyncio.to_thread(unpack, function, self._folder, packer)
        env = environment_of(function, self._settings, self._at, self._secrets)
        url, log = self._at.functions[function.name], self._folder.log(function.name)
        port = int(url.rpartition(":")[2])
        return Child(function.name, lambda: launch_function(function, home, port=port, env=env, log=log), url, log)

    async def _up(self, child: Child) -> None:
        await child.serves()
        self._report.serves(child.name, child.url)


def _held(exits: AsyncExitStack, held: socket.socket) -> socket.socket:
    exits.callback(held.close)
    return held


def _secrets(settings: StackSettings, folder: DataFolder) -> dict[str, str]:
    """The secrets of the functions. The bridge's one is made too, and used only when the user sets it: it is open here."""
    keys.webhook_secret(folder.secrets)
    return {
        "JWT_SECRET": settings.jwt_secret or keys.jwt_secret(folder.secrets),
        "ZOOM_WEBHOOK_SECRET": settings.passed_on.get("ZOOM_WEBHOOK_SECRET") or keys.zoom_webhook_secret(folder.secrets),
        **LOCAL_ZOOM,
        "STRIPE_WEBHOOK_SECRET": settings.passed_on.get("STRIPE_WEBHOOK_SECRET") or keys.stripe_webhook_secret(folder.secrets),
        **LOCAL_STRIPE,
    }


def _checked(settings: StackSettings, secrets: Mapping[str, str]) -> Settings:
    """The functions' settings, checked here once so that a bad one is told at the terminal and not in six logs."""
    own = {"ROLLCALL_AUTH": settings.auth, "SYNC_DELAYS": settings.sync_delays}
    try:
        return read_settings({**own, **secrets, **settings.passed_on})
    except ConfigurationError as bad:
        raise BadSetting(str(bad)) from bad


def _addresses(settings: StackSettings, firestore: str, functions: Sequence[FunctionSpec], inner: socket.socket) -> Addresses:
    ports = free_ports(len(functions))
    return Addresses(
        firestore=firestore,
        simulator=f"http://{LOOPBACK}:{settings.simulator_port}",
        inner=f"http://{LOOPBACK}:{port_of(inner)}",
        functions={
            one.name: f"http://{LOOPBACK}:{settings.realtime_port if one.is_service else port}"
            for one, port in zip(functions, ports, strict=True)
        },
    )


def _links(settings: StackSettings) -> dict[str, str]:
    edge = f"http://{LOOPBACK}:{settings.port}"
    return {
        "dashboard": edge,
        "API": f"{edge}/api",
        "API docs": f"{edge}/api/docs",
        "live": f"http://{LOOPBACK}:{settings.realtime_port}",
        "simulator": f"http://{LOOPBACK}:{settings.simulator_port}",
    }


async def _end_all(children: Sequence[Child]) -> None:
    await asyncio.to_thread(end, [child.process for child in children if child.process is not None])


async def _cancel(watchers: Sequence["asyncio.Task[None]"]) -> None:
    for watcher in watchers:
        watcher.cancel()
    await asyncio.gather(*watchers, return_exceptions=True)


@contextmanager
def _logging_to(log: Path) -> Iterator[None]:
    """The supervisor's own log lines in a file, so that the terminal stays readable."""
    handler = logging.FileHandler(log)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root, ours = logging.getLogger(), logging.getLogger("rollcall")
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
