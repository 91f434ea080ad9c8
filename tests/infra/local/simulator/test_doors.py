"""The doors of the control path: what counts as a change."""

from tests.infra.local.simulator.running import TEACHER, Simulated


def test_an_order_without_a_body_is_an_empty_one(sim: Simulated) -> None:
    code = sim.room(TEACHER)
    answer = sim.ask(f"/_sim/meetings/{code}/end", method="POST")
    assert (answer.status_code, answer.json()) == (200, {"conference_record": None})


def test_a_refusal_names_the_field_in_both_its_forms(sim: Simulated) -> None:
    error = sim.order("/meetings", {"owner_email": 5}).json()["error"]
    assert (error["code"], error["field"]) == (422, "owner_email")
    assert error["message"].startswith("owner_email: ")


def test_a_wrong_whole_is_told_by_the_field_that_is_missing(sim: Simulated) -> None:
    assert sim.order("/subscriptions/remind", {}).json()["error"]["field"] == "name"
    assert sim.order("/subscriptions/remind", []).json()["error"]["code"] == 422
