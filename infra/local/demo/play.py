"""The demo's command: a stack with short timers, the story played on it, and the stack kept up for whoever wants to look."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import httpx

from infra.local.demo.cast import TEACHER
from infra.local.demo.school import School
from infra.local.demo.story import Story
from infra.local.functions import ADMIN
from infra.local.report import Reporter
from infra.local.run import keep_serving, run_stack
from infra.local.settings import StackSettings, read_stack_settings
from infra.local.stack import Stack

TICK = timedelta(seconds=5)


def play_demo(env: Mapping[str, str]) -> int:
    """Start a stack, play the class, check what came of it; 1 when an expectation did not hold. ONCE=1 ends it then.

    Somebody who stops it before its end gets no verdict, and 0.
    """
    settings, report = demo_settings(env), Reporter()
    verdict: bool | None = None

    async def guest(stack: Stack) -> None:
        nonlocal verdict
        report.say("\nThe system serves; a class is played through it now.\n")
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            tokens = (lambda: stack.token(TEACHER, "teacher"), lambda: stack.token(ADMIN, "admin"))
            school = School(http, stack.links["dashboard"], stack.links["simulator"], *tokens)
            await school.office.price()
            verdict = await Story(school, report.console).play()
        if env.get("ONCE", "") in ("", "0"):
            await keep_serving(stack, report, settings)

    return run_stack(settings, report, guest) or int(verdict is False)


def demo_settings(env: Mapping[str, str]) -> StackSettings:
    """The stack's settings for a demo: quick ticks, an open door, data of its own unless ROLLCALL_DATA says where."""
    settings = read_stack_settings(env)
    return replace(
        settings,
        data=settings.data if env.get("ROLLCALL_DATA") else settings.data / "demo",
        auth="open",
        tick_every=settings.tick_every or TICK,
        passed_on={name: value for name, value in settings.passed_on.items() if name != "WEBHOOK_SECRET"},
    )
