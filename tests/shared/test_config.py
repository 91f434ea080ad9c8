"""Settings: a wrong environment says which variable and what to do."""

from datetime import timedelta

import pytest

from shared.config import ConfigurationError, read_settings


def test_nothing_set_means_that_a_token_is_required() -> None:
    assert not read_settings({}).is_open


def test_an_open_house_refuses_to_start_in_the_cloud() -> None:
    with pytest.raises(ConfigurationError, match="ROLLCALL_AUTH=open"):
        read_settings({"ROLLCALL_AUTH": "open", "K_SERVICE": "schedule"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROLLCALL_AUTH", "closed"),
        ("JWT_SECRET", "short"),
        ("JWT_SECRET", f"a:{'x' * 40} b:short"),
        ("SYNC_DELAYS", "soon"),
        ("SYNC_DELAYS", "60,30"),
        ("SYNC_DELAYS", "-1,30"),
        ("SYNC_DELAYS", "30,2592000"),
        ("MEET_READS_PER_MINUTE", "0"),
        ("MEET_READS_PER_MINUTE", "many"),
        ("CALENDAR_SEND_UPDATES", "some"),
        ("FOLD_INLINE", "maybe"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://*.example"),
        ("CORS_ORIGINS", "https://app.example/"),
        ("CORS_ORIGINS", "app.example"),
        ("REALTIME_URL", "https://live.example/socket"),
        ("REALTIME_URL", "https://live.example; script-src *"),
        ("ORGANISATION_TIMEZONE", "Mars/Olympus"),
        ("ORGANISATION_TIMEZONE", "../etc/passwd"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read_settings({name: value})


def test_keys_have_names_and_a_lone_secret_is_the_default_one() -> None:
    assert read_settings({"JWT_SECRET": "x" * 32}).jwt_keys == (("default", "x" * 32),)
    two = read_settings({"JWT_SECRET": f"new:{'a' * 32} old:{'b' * 32}"}).jwt_keys
    assert [kid for kid, _ in two] == ["new", "old"]


def test_readings_are_planned_soon_later_and_before_google_forgets() -> None:
    delays = read_settings({}).sync_delays
    assert delays == tuple(timedelta(seconds=s) for s in (30, 600, 3600, 86400, 28 * 86400))
