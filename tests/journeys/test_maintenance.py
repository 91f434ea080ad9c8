"""A maintenance: the clock rests while a class begins and ends, health says so, and afterwards nothing is lost."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.settings import REPOSITORY
from shared.system import now
from tests.journeys.conftest import Stack, started

TEACHER, STUDENT = "tess@school.example", "milo@school.example"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that no other journey shares: its clock stands still for a while."""
    with started(tmp_path_factory.mktemp("maintenance"), TICK_SECONDS="2") as serving:
        yield serving


def maintenance(stack: Stack, *arguments: str) -> str:
    """The command, as somebody types it for this stack; what it printed."""
    banner = (Path(stack.environment["ROLLCALL_DATA"]).parent / "out.log").read_text("utf-8")
    cloud = next(line.split()[1] for line in banner.splitlines() if line.startswith("  cloud "))
    told = {"GOOGLE_CLOUD_PROJECT": "demo-rollcall", "CLOUD_SCHEDULER_ENDPOINT": cloud, "CLOUD_TASKS_ENDPOINT": cloud}
    command = [sys.executable, "-m", "infra.maintenance", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, env={**os.environ, **told}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def health(stack: Stack) -> dict[str, Any]:
    """What health tells."""
    told: dict[str, Any] = stack.ask("GET", "/api/monitoring/health").json()
    return told


def status_of(stack: Stack, class_id: str) -> str:
    """The status of a class."""
    listed = stack.ask("GET", "/api/schedule/classes", params={"teacher_email": TEACHER}).json()["classes"]
    return next(str(each["status"]) for each in listed if each["class_id"] == class_id)


def test_while_the_clock_rests_nothing_is_lost_and_health_says_so(alone: Stack) -> None:
    alone.until(lambda: health(alone)["jobs"]["tick"]["state"] == "enabled")
    maintenance(alone, "pause")
    told = health(alone)
    assert told["status"] in ("degraded", "late")
    assert told["jobs"]["tick"]["state"] == told["jobs"]["housekeeping"]["state"] == "paused"
    assert "infra.maintenance resume" in told["jobs"]["tick"]["remedy"]

    wanted = {
        "teacher_email": TEACHER,
        "student_emails": [STUDENT],
        "subject": "Rest",
        "start_time": (now() + timedelta(seconds=2)).isoformat(),
        "duration_minutes": 30,
    }
    booked = alone.ask("POST", "/api/schedule/class", json=wanted)
    assert booked.status_code == 201, booked.text
    held = booked.json()
    alone.until(lambda: now() > now().fromisoformat(held["start_time"]) + timedelta(seconds=1))
    came = {
        "meetingId": held["meet_code"],
        "participantEmail": STUDENT,
        "eventType": "join",
        "timestamp": now().isoformat(timespec="seconds"),
    }
    assert alone.ask("POST", "/api/webhook/meet-events", json=came).status_code in (200, 202)
    before = health(alone)["last_tick_at"]
    stays = now() + timedelta(seconds=5)
    alone.until(lambda: now() > stays)
    assert health(alone)["last_tick_at"] == before
    assert status_of(alone, held["class_id"]) == "scheduled"

    maintenance(alone, "resume")
    alone.until(lambda: status_of(alone, held["class_id"]) == "active")
    alone.until(lambda: health(alone)["jobs"]["tick"]["state"] == "enabled")
    rows = alone.ask("GET", "/api/monitoring/attendance-logs", params={"student_email": STUDENT}).json()
    assert STUDENT in str(rows)
