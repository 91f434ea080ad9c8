"""The demo's settings."""

from datetime import timedelta

from infra.local.demo.play import demo_settings
from infra.local.settings import REPOSITORY


def test_the_demo_is_quick_and_open_and_has_data_of_its_own() -> None:
    settings = demo_settings({"WEBHOOK_SECRET": "whsec_x", "ROLLCALL_AUTH": "required"})
    assert settings.tick_every == timedelta(seconds=5)
    assert settings.auth == "open"
    assert "WEBHOOK_SECRET" not in settings.passed_on
    assert settings.data == REPOSITORY / ".rollcall/demo"


def test_a_folder_and_a_tick_that_are_given_are_used() -> None:
    settings = demo_settings({"ROLLCALL_DATA": "/somewhere", "TICK_SECONDS": "2"})
    assert (str(settings.data), settings.tick_every) == ("/somewhere", timedelta(seconds=2))
