"""The command: its table, its JSON, its exit codes; and that it never shows a secret."""

import json
import os
import subprocess
import sys
from typing import Any

from infra.doctor.deployment import ROOT
from tests.infra.doctor.school import PROJECT, School


def doctor(school: School | None, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """The command as people type it."""
    told = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **(school.environment if school else {}), **env}
    command = [sys.executable, "-m", "infra.doctor", *arguments]
    return subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=120, check=False)


def found(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """What it told as JSON."""
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def options(school: School) -> tuple[str, ...]:
    """Whom it tries rights as, and the address that answers here."""
    return ("--as", "ada@school.example", "--url", f"{school.base}/site")


def test_a_deployment_that_is_well_ends_with_nothing_missing(school: School) -> None:
    done = doctor(school, *options(school))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing is missing." in done.stdout
    assert "zoom-secret" not in done.stdout + done.stderr


def test_what_is_missing_is_told_with_its_remedy_and_the_exit_code_says_so(school: School) -> None:
    school.publishers.clear()
    school.refuses["cloudtasks"] = 403
    done = doctor(school, *options(school))
    assert done.returncode == 1
    assert "1 missing" in done.stdout
    command = next(line for line in done.stdout.splitlines() if "add-iam-policy-binding meet-events" in line)
    assert command.strip().endswith(f"--project {PROJECT}")


def test_programs_get_every_finding(school: School) -> None:
    school.refuses["cloudtasks"] = 403
    done = doctor(school, "--json", *options(school))
    assert done.returncode == found(done)["exit_code"] == 2
    told = [finding for finding in found(done)["findings"] if finding["check"] == "queue"]
    assert [finding["verdict"] for finding in told] == ["unknown"]


def test_one_check_can_be_made_alone(school: School) -> None:
    done = doctor(school, "--json", "--only", "billing")
    assert {finding["check"] for finding in found(done)["findings"]} == {"billing"}


def test_without_a_project_it_says_how_to_name_one() -> None:
    done = doctor(None)
    assert done.returncode == 2
    assert "--project" in done.stderr


def test_when_nobody_can_be_asked_the_reason_is_told_once() -> None:
    done = doctor(
        None, "--project", PROJECT, DOCTOR_ENDPOINT="http://127.0.0.1:9/google", GOOGLE_TOKEN_URI="http://127.0.0.1:9/t"
    )
    assert done.returncode == 2
    assert "could not be asked" in done.stdout


def test_this_machine_can_be_looked_at() -> None:
    done = doctor(None, "--local", "--json")
    assert {finding["check"] for finding in found(done)["findings"]} >= {"python", "node", "java", "emulator", "ports"}
