"""The stack's settings."""

from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.settings import REPOSITORY, read_stack_settings
from infra.local.troubles import BadSetting


def test_without_an_environment_the_promised_ports_are_used() -> None:
    settings = read_stack_settings({})
    assert (settings.port, settings.simulator_port, settings.realtime_port) == (8000, 8090, 4002)
    assert settings.data == REPOSITORY / ".rollcall"
    assert (settings.auth, settings.project, settings.tick_every) == ("open", "demo-rollcall", None)


def test_an_empty_variable_counts_as_unset() -> None:
    assert read_stack_settings({"PORT": "", "ROLLCALL_DATA": ""}) == read_stack_settings({})


@pytest.mark.parametrize("name", ["PORT", "SIMULATOR_PORT", "REALTIME_PORT"])
@pytest.mark.parametrize("value", ["x", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_told_with_its_variable(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"{name} is '{value}'"):
        read_stack_settings({name: value})


def test_the_tick_may_be_quick_but_not_absurd() -> None:
    assert read_stack_settings({"TICK_SECONDS": "0.5"}).tick_every == timedelta(seconds=0.5)
    for value in ("0", "-1", "soon", "nan", "100000"):
        with pytest.raises(BadSetting, match="TICK_SECONDS"):
            read_stack_settings({"TICK_SECONDS": value})


def test_only_what_functions_know_is_passed_on(tmp_path: Path) -> None:
    told = {"WEBHOOK_SECRET": "whsec_x", "AWS_SECRET": "no", "ROLLCALL_DATA": str(tmp_path)}
    settings = read_stack_settings(told)
    assert settings.passed_on == {"WEBHOOK_SECRET": "whsec_x"}
    assert settings.data == tmp_path
