"""Terraform for these tests: the real binary, where there is one.

Where there is none, the tests that need it say so loudly, and test_sources.py still runs.
"""

from collections.abc import Iterator

import pytest

from infra.cloud.offline.terraform import Terraform, is_here, offline
from tests.infra.cloud.planned import VARIABLES, Plan

NONE_HERE = "There is no `terraform` here: what it would plan was NOT checked. Install Terraform 1.9 or later to check it."


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    """Terraform in a copy of the configuration."""
    if not is_here():
        pytest.skip(NONE_HERE)
    with offline(tmp_path_factory.mktemp("cloud")) as found:
        yield found


@pytest.fixture(scope="session")
def plan(terraform: Terraform) -> Plan:
    """What is planned for a school that uses everything."""
    return Plan(terraform.plan(VARIABLES))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not checked."""
    if not is_here():
        terminalreporter.write_line(f"WARNING: {NONE_HERE}", red=True, bold=True)
