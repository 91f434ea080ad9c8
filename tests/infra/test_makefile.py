"""The Makefile: whatever shows or packs the dashboard has its pages built first."""

import os
import subprocess

import pytest

from infra.local.settings import REPOSITORY


@pytest.mark.parametrize("command", ["demo", "run", "test", "check", "bench", "pack", "pictures", "web"])
def test_pages_that_changed_are_built_before_they_are_used(command: str) -> None:
    pretended = ("--what-if", "functions/dashboard/web/index.html", "--dry-run")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # `make test` runs this test
    made = subprocess.run(
        ["make", *pretended, command], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    first, *others = [line for line in made.stdout.splitlines() if "infra/setup.sh" not in line]
    assert "run --silent build" in first
    assert others or command == "web"
