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
        ("PUBLIC_URL", "https://school.example/rollcall"),
        ("PUBLIC_URL", "school.example"),
        ("BILLING_REMINDER_DAYS", "soon"),
        ("BILLING_REMINDER_DAYS", "3,"),
        ("BILLING_REMINDER_DAYS", "14,3"),
        ("BILLING_REMINDER_DAYS", "3,3"),
        ("BILLING_REMINDER_DAYS", "0"),
        ("BILLING_REMINDER_DAYS", "-3"),
        ("BILLING_REMINDER_DAYS", "366"),
        ("REALTIME_URL", "https://live.example/socket"),
        ("REALTIME_URL", "https://live.example; script-src *"),
        ("ORGANISATION_TIMEZONE", "Mars/Olympus"),
        ("ORGANISATION_TIMEZONE", "../etc/passwd"),
        ("TICK_JOB", "monitor-tick"),
        ("TICK_JOB", "projects/p/locations/l/queues/q"),
        ("HOUSEKEEPING_JOB", "projects/p/locations/l/jobs/j/extra"),
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


@pytest.mark.parametrize(("text", "days"), [("", ()), (" ", ()), ("7", (7,)), ("1, 2,365", (1, 2, 365))])
def test_payers_are_reminded_on_the_days_that_are_written(text: str, days: tuple[int, ...]) -> None:
    assert read_settings({"BILLING_REMINDER_DAYS": text}).billing_reminder_days == days
    assert read_settings({}).billing_reminder_days == (3, 14, 30)


def test_who_sends_bills_is_written_on_several_lines_or_on_one() -> None:
    open_house = {"GOOGLE_CLOUD_PROJECT": "p", "JWT_SECRET": "x" * 40}
    assert read_settings(open_house).billing_issuer is None
    assert read_settings({**open_house, "BILLING_ISSUER": " \\n "}).billing_issuer is None
    for text in ("School\\nHigh Street 1", "School\nHigh Street 1 \n"):
        assert read_settings({**open_house, "BILLING_ISSUER": text}).billing_issuer == "School\nHigh Street 1"


def test_bills_are_paid_by_card_where_both_secrets_are_set() -> None:
    key, secrets = {"STRIPE_SECRET_KEY": "sk_test_1"}, {"STRIPE_WEBHOOK_SECRET": "whsec_old whsec_new"}
    assert read_settings({**key, **secrets}).has_cards
    assert read_settings(secrets).stripe_webhook_secrets == ("whsec_old", "whsec_new")
    assert not any(read_settings(env).has_cards for env in ({}, key, secrets))
