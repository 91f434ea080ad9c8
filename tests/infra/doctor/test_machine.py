"""A machine: what is there is told, what is not is named with what to install."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.doctor.checks import local_checks
from infra.doctor.finding import Finding, Verdict, outcome
from infra.doctor.machine import Machine
from infra.local.ports import hold_free_port, port_of


def look(key: str, env: Mapping[str, str]) -> list[Finding]:
    """What one check finds."""
    check = next(check for check in local_checks() if check.key == key)
    return outcome(check, Machine(env))


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine that has nothing."""
    return {"PATH": str(tmp_path), "HOME": str(tmp_path), "ROLLCALL_DATA": str(tmp_path / "data")}


def program(folder: Path, name: str, says: str) -> None:
    """A program that says something."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def test_this_python_is_told(bare: dict[str, str]) -> None:
    assert look("python", bare)[0].told == ".".join(map(str, sys.version_info[:3]))


@pytest.mark.parametrize(("key", "verdict"), [("node", Verdict.MISSING), ("java", Verdict.MISSING), ("chromium", Verdict.ADVICE)])
def test_a_program_that_is_not_there_is_told_with_where_to_get_it(bare: dict[str, str], key: str, verdict: Verdict) -> None:
    told = look(key, bare)
    assert [finding.verdict for finding in told] == [verdict]
    assert told[0].remedy


@pytest.mark.parametrize(("says", "verdict"), [("v20.19.0", Verdict.OK), ("v22.1.0", Verdict.OK), ("v20.18.9", Verdict.MISSING)])
def test_an_old_node_is_not_enough(bare: dict[str, str], tmp_path: Path, says: str, verdict: Verdict) -> None:
    program(tmp_path, "node", says)
    assert [finding.verdict for finding in look("node", bare)] == [verdict]


def test_a_browser_is_found_by_its_name_or_as_it_is_named(bare: dict[str, str], tmp_path: Path) -> None:
    program(tmp_path, "google-chrome", "")
    assert look("chromium", bare)[0].told == str(tmp_path / "google-chrome")
    assert look("chromium", {**bare, "CHROMIUM": "other"})[0].verdict is Verdict.ADVICE


def test_a_port_that_is_taken_is_told_with_the_variable_that_moves_it(bare: dict[str, str]) -> None:
    with hold_free_port() as held:
        told = look("ports", {**bare, "PORT": str(port_of(held))})
    taken = [finding for finding in told if finding.verdict is Verdict.MISSING]
    assert len(taken) == 1
    assert "PORT" in taken[0].remedy


def test_a_data_folder_that_can_be_made_is_fine(bare: dict[str, str]) -> None:
    assert look("data", bare)[0].verdict is Verdict.OK
