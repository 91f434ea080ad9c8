"""OAuth: who gets a token, and how long it is good."""

import pytest

from infra.local.simulator.zoom.schemas import wrong_in
from tests.infra.local.simulator.zoom.zooming import BASIC, HOST, Zoomed


def test_any_client_gets_a_token_for_an_hour(zoom: Zoomed) -> None:
    told = zoom.grant().json()
    assert wrong_in("token", told) is None
    assert told["expires_in"] == 3599
    assert zoom.api("GET", f"/users/{HOST}/meetings").status_code == 200


def test_the_question_may_stand_in_the_body_too(zoom: Zoomed) -> None:
    data = {"grant_type": "account_credentials", "account_id": "acc-1"}
    answer = zoom.sim.http.post(f"{zoom.sim.url}/zoom/oauth/token", data=data, headers={"Authorization": BASIC})
    assert answer.status_code == 200


def test_a_token_ends_with_its_hour_and_a_new_one_is_taken(zoom: Zoomed) -> None:
    zoom.got(f"/users/{HOST}/meetings")
    zoom.sim.clock.move(seconds=3600)
    refused = zoom.api("GET", f"/users/{HOST}/meetings")
    assert (refused.status_code, refused.json()["code"]) == (401, 124)
    zoom.token = ""
    assert zoom.api("GET", f"/users/{HOST}/meetings").status_code == 200


def test_a_token_that_nobody_gave_is_refused(zoom: Zoomed) -> None:
    zoom.token = "made-up"
    refused = zoom.api("GET", f"/users/{HOST}/meetings")
    assert (refused.status_code, refused.json()) == (401, {"code": 124, "message": "Invalid access token."})


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ({"client_id": "other"}, "invalid_client"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"account_id": "x"}, "invalid_request"),
    ],
)
def test_settings_name_the_only_client_that_gets_one(zoom: Zoomed, setting: dict[str, str], error: str) -> None:
    zoom.set(**setting)
    refused = zoom.grant()
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    zoom.set(client_id="client", client_secret="secret", account_id="acc-1")
    assert zoom.grant().status_code == 200


def test_another_grant_and_a_client_without_a_secret_are_refused(zoom: Zoomed) -> None:
    assert zoom.grant(grant_type="client_credentials").json()["error"] == "unsupported_grant_type"
    for header in ("", "Basic !", "Basic Y2xpZW50", "Bearer Y2xpZW50OnM="):
        answer = zoom.sim.http.post(
            f"{zoom.sim.url}/zoom/oauth/token",
            params={"grant_type": "account_credentials", "account_id": "a"},
            headers={"Authorization": header},
        )
        assert answer.json()["error"] == "invalid_client", header
