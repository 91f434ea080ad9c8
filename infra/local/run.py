"""Running a stack in the foreground: from the first line on the terminal to a clean end on SIGINT or SIGTERM."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from infra.local.functions import Packer, pack_function
from infra.local.report import Reporter
from infra.local.settings import StackSettings
from infra.local.stack import PEOPLE, SimulatorFactory, Stack, google_simulator, running_stack
from infra.local.troubles import Trouble

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Guest = Callable[[Stack], Awaitable[None]]
"""Something to do with a stack that serves; the stack ends when it returns."""


def run_stack(
    settings: StackSettings,
    report: Reporter,
    guest: Guest,
    *,
    packer: Packer = pack_function,
    simulator: SimulatorFactory = google_simulator,
) -> int:
    """Start a stack, let `guest` have it, end it; the exit code: 0 after a signal or the guest's end, else the trouble's."""

    async def session() -> None:
        async with running_stack(settings, report, packer=packer, simulator=simulator) as stack:
            await _first_of(guest(stack), stack.until_trouble())

    return asyncio.run(_until_stopped(session, report))


async def keep_serving(stack: Stack, report: Reporter, settings: StackSettings) -> None:
    """Tell the person where everything is, and serve until somebody stops it."""
    tokens = {role: stack.token(email, role) for role, email in PEOPLE.items()}
    notes = {
        "data": f"{settings.data} (kept between runs; logs in its folder logs)",
        "stop": "Ctrl-C, or SIGTERM",
        "sign-in": "a caller without a token is the administrator" if settings.auth == "open" else "tokens are required",
    }
    report.banner(stack.links, tokens, notes)
    await asyncio.Event().wait()


async def _until_stopped(session: Callable[[], Awaitable[None]], report: Reporter) -> int:
    stopping = asyncio.Event()
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    running = asyncio.ensure_future(session())
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([running, stop], return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        report.say("\nstopping ...")
        running.cancel()
    stop.cancel()
    try:
        await running
    except asyncio.CancelledError:
        report.say("stopped; data is kept")
    except Trouble as trouble:
        report.trouble(str(trouble))
        return trouble.exit_code
    return 0


async def _first_of(*works: Awaitable[None]) -> None:
    """Wait for the first of these to end, end the others, and raise what the first one raised."""
    running = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in running:
            if not one.done():
                one.cancel()
        ended = await asyncio.gather(*running, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
            raise outcome
