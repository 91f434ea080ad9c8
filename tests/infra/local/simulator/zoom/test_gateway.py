"""The door to Zoom's API: limits, planned failures, and what is not served."""

from tests.infra.local.simulator.zoom.zooming import HOST, Zoomed


def test_calls_are_limited_by_the_second_when_set(zoom: Zoomed) -> None:
    zoom.set(rate_per_second=2)
    answers = [zoom.api("GET", f"/users/{HOST}/meetings") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert (answers[2].json()["code"], answers[2].headers["x-ratelimit-type"]) == (429, "QPS")
    zoom.sim.clock.move(seconds=1)
    assert zoom.api("GET", f"/users/{HOST}/meetings").status_code == 200


def test_planned_failures_come_as_often_as_told_on_their_path_only(zoom: Zoomed) -> None:
    number = zoom.bare()
    plan = {"method": "GET", "path_contains": "/registrants", "status": 400, "code": 4700, "times": 2}
    zoom.sim.told("/zoom/fail-next", **plan)
    assert zoom.api("GET", f"/meetings/{number}").status_code == 200
    told = [zoom.api("GET", f"/meetings/{number}/registrants") for _ in range(3)]
    assert [one.status_code for one in told] == [400, 400, 200]
    assert told[0].json()["code"] == 4700


def test_a_failure_after_the_fact_loses_the_answer_only(zoom: Zoomed) -> None:
    zoom.sim.told("/zoom/fail-next", method="POST", path_contains="/meetings", status=502, after=True)
    assert zoom.api("POST", f"/users/{HOST}/meetings", {"topic": "Lost"}).status_code == 502
    assert [one["topic"] for one in zoom.got(f"/users/{HOST}/meetings")["meetings"]] == ["Lost"]


def test_tokens_can_be_made_to_fail_too(zoom: Zoomed) -> None:
    zoom.sim.told("/zoom/fail-next", method="POST", path_contains="/oauth/token", status=503)
    assert [zoom.grant().status_code for _ in range(2)] == [503, 200]


def test_paths_and_parameters_that_are_not_served_say_so(zoom: Zoomed) -> None:
    assert zoom.api("GET", "/metrics/meetings").status_code == 404
    assert zoom.api("DELETE", f"/users/{HOST}/meetings").status_code == 404
    refused = zoom.api("GET", f"/users/{HOST}/meetings", page_number=2)
    assert refused.status_code == 501
    assert "page_number" in refused.json()["message"]


def test_a_body_that_is_no_json_is_refused_in_zooms_words(zoom: Zoomed) -> None:
    zoom.grant()
    token = zoom.grant().json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = zoom.sim.http.post(f"{zoom.sim.url}/zoom/v2/users/{HOST}/meetings", headers=headers, content=b"{")
    assert answer.json() == {"code": 300, "message": "Request Body should be a valid JSON object."}
