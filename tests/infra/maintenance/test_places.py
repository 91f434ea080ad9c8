"""Which jobs and queue a maintenance is about: from the environment that the functions have, or from what is asked."""

from datetime import timedelta

import pytest

from infra.local.troubles import BadSetting
from infra.maintenance.places import duration, places


def test_names_are_made_of_project_and_region() -> None:
    at = places({"GOOGLE_CLOUD_PROJECT": "school"}, region="us-east1")
    assert at.jobs["tick"] == "projects/school/locations/us-east1/jobs/monitor-tick"
    assert at.queue == "projects/school/locations/us-east1/queues/rollcall"


def test_the_functions_own_names_go_before() -> None:
    named = "projects/other/locations/europe-west3/jobs/the-tick"
    at = places({"GOOGLE_CLOUD_PROJECT": "school", "TICK_JOB": named, "TASKS_QUEUE": "slow"})
    assert at.jobs["tick"] == named
    assert at.queue.endswith("/europe-west1/queues/slow")


def test_without_a_project_it_says_how_to_give_one() -> None:
    with pytest.raises(BadSetting, match="--project"):
        places({})


def test_a_short_name_is_refused_with_the_form_of_a_full_one() -> None:
    with pytest.raises(BadSetting, match=r"TICK_JOB.*projects/<project>"):
        places({"GOOGLE_CLOUD_PROJECT": "school", "TICK_JOB": "monitor-tick"})


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), ("2h", 7200), ("12h", 43200)])
def test_a_time_to_rest_is_read(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "30", "m", "0m", "-5m", "13h", "1d", "1.5h", "999999h"])
def test_a_time_that_is_none_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(BadSetting, match="up to 12h"):
        duration(text)
