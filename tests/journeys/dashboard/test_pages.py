"""The pages in a real browser, against the whole local stack: each journey is a script that plays one person."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.settings import REPOSITORY
from shared import system
from shared.web.checks import rfc3339
from tests.journeys.conftest import Stack

# The first journey waits for the stack and for a class that begins, is held and is read.
pytestmark = pytest.mark.timeout(900)
HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ADA, BEN, CLEO = "ada.teacher@school.example", "ben.student@school.example", "cleo@school.example"
PICTURES = REPOSITORY / "build" / "screens"


@pytest.fixture(scope="module")
def school(stack: Stack) -> str:
    """A teacher, two students and a course; and the session of a class that is over and read. Its id."""
    admin = stack.token("root@school.example", "admin")

    def put(path: str, **body: Any) -> None:
        assert stack.ask("PUT", f"/api/{path}", headers=admin, json=body).is_success

    put(f"people/teachers/{ADA}", first_name="Ada", last_name="Teacher")
    put(f"attendance-tracker/students/{BEN}", firstName="Ben", lastName="Baker")
    put(f"attendance-tracker/students/{CLEO}", firstName="Cleo", lastName="Clark")
    put("people/courses/newcomers", name="Newcomers", student_emails=[BEN, CLEO], teacher_emails=[ADA])
    start = (system.now() + timedelta(seconds=8)).replace(microsecond=0)
    body = {"teacher_email": ADA, "student_emails": [BEN, CLEO], "subject": "Fractions", "course_id": "newcomers"}
    answer = stack.ask("POST", "/api/schedule/class", json={**body, "start_time": rfc3339(start), "duration_minutes": 1})
    assert answer.status_code == 201, answer.text
    session_id, code = answer.json()["session_id"], answer.json()["meet_code"]
    time.sleep(10)
    visits = [
        stack.play(f"/meetings/{code}/join", email=ADA, display_name="Ada Teacher", kind="signed_in"),
        stack.play(f"/meetings/{code}/join", email=BEN, display_name="Ben Baker", kind="signed_in"),
        stack.play(f"/meetings/{code}/join", display_name="Kitchen tablet", kind="anonymous"),
    ]
    stack.until(lambda: stack.ask("GET", f"/api/monitoring/sessions/{session_id}").json()["status"] == "completed", 120)
    for visit in visits:
        stack.play(f"/meetings/{code}/leave", device_session_id=visit["device_session_id"])
    stack.play(f"/meetings/{code}/end")
    stack.until(
        lambda: (sync := stack.ask("GET", f"/api/monitoring/sessions/{session_id}").json()["sync"]) and sync["complete"], 120
    )
    return str(session_id)


def group_at(port: str) -> int:
    """The process group of whoever listens at a port of this machine."""
    if lsof := shutil.which("lsof"):
        found = subprocess.run([lsof, "-ti", f"tcp:{port}", "-sTCP:LISTEN"], capture_output=True, text=True, check=True)
        return os.getpgid(int(found.stdout.split()[0]))
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("utf-8").splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == int(port)}
    for held in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(held.readlink()) in sockets:
                return os.getpgid(int(held.parts[2]))
    raise AssertionError(f"Nobody listens at {port}.")


@pytest.fixture(scope="module")
def walk(stack: Stack, school: str) -> Callable[..., None]:
    """Run a journey's script; what it found wrong is the test's failure."""
    browser = os.environ.get("CHROMIUM") or next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert browser, "The pages are tested in Chromium: apt-get install chromium, or name a browser by CHROMIUM."

    def run(script: str, **more: str) -> None:
        told = {"URL_OF_STACK": stack.url, "SIMULATOR": stack.simulator, "SESSION_ID": school, "CHROMIUM": browser, **more}
        env = {**os.environ, **told, "SCREENS": str(PICTURES)}
        ran = subprocess.run(["node", str(HERE / script)], env=env, capture_output=True, text=True, timeout=600, check=False)
        print(script, ran.stdout)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    return run


def test_a_newcomer_books_a_class_and_watches_it(walk: Callable[..., None]) -> None:
    walk("newcomer.mjs")


def test_a_room_full_of_people_who_come_and_go_is_drawn_to_the_last_bar(walk: Callable[..., None]) -> None:
    walk("crowd.mjs")


def test_a_teacher_keeps_the_register(walk: Callable[..., None]) -> None:
    walk("register.mjs")


def test_the_office_brings_in_a_timetable_and_a_school_and_reads_the_register(walk: Callable[..., None]) -> None:
    walk("office.mjs")


def test_the_office_bills_and_is_paid(walk: Callable[..., None]) -> None:
    walk("money.mjs")


def test_a_page_says_that_it_is_cut_off_and_loses_nothing(stack: Stack, walk: Callable[..., None]) -> None:
    walk("away.mjs", GATEWAY_GROUP=str(group_at(stack.environment["REALTIME_PORT"])))


def test_every_screen_is_open_to_everybody_on_every_device(walk: Callable[..., None]) -> None:
    walk("screens.mjs")


def test_the_first_screen_can_be_used_within_two_seconds(walk: Callable[..., None]) -> None:
    walk("soon.mjs")
