"""The control path of subscriptions."""

import pytest

from tests.infra.local.simulator.running import STUDENT, TEACHER, TOPIC, Simulated, own_target

LIFECYCLE = "google.workspace.events.subscription.v1."


def test_what_subscriptions_there_are_can_be_looked_at(sim: Simulated) -> None:
    made = sim.subscribe()
    (told,) = sim.order("/subscriptions", method="GET").json()["subscriptions"]
    assert told == {
        "name": made["name"],
        "email": TEACHER,
        "target": own_target(TEACHER),
        "state": "ACTIVE",
        "suspension_reason": None,
        "event_types": made["eventTypes"],
        "topic": TOPIC,
        "created_at": made["createTime"],
        "expires_at": made["expireTime"],
    }


def test_all_of_somebodys_subscriptions_are_suspended_and_told_so(sim: Simulated) -> None:
    mine, other = sim.subscribe(), sim.subscribe(STUDENT)
    (told,) = sim.told("/subscriptions/suspend", email=TEACHER.upper(), reason="ENDPOINT_NOT_FOUND")["subscriptions"]
    assert (told["name"], told["state"], told["suspension_reason"]) == (mine["name"], "SUSPENDED", "ENDPOINT_NOT_FOUND")
    subscription = {"name": mine["name"], "suspension_reason": "ENDPOINT_NOT_FOUND"}
    assert sim.heard(1) == [{"type": f"{LIFECYCLE}suspended", "subscription": subscription}]
    assert sim.subscriptions(STUDENT).get(name=other["name"]).execute()["state"] == "ACTIVE"


def test_one_that_expires_on_command_is_told_so_once_and_gone(sim: Simulated) -> None:
    made = sim.subscribe()
    sim.clock.move(minutes=1)
    sim.told("/subscriptions/expire", name=made["name"])
    told = {"name": made["name"], "expire_time": "2026-09-15T12:01:00Z"}
    assert sim.heard(1) == [{"type": f"{LIFECYCLE}expired", "subscription": told}]
    assert sim.ask(f"/v1/{made['name']}").status_code == 404
    assert sim.order("/subscriptions", method="GET").json() == {"subscriptions": []}
    assert sim.subscribe()["name"] != made["name"]


def test_a_reminder_on_command_changes_nothing(sim: Simulated) -> None:
    made = sim.subscribe()
    sim.told("/subscriptions/remind", name=made["name"])
    told = {"name": made["name"], "expire_time": made["expireTime"]}
    assert sim.heard(1) == [{"type": f"{LIFECYCLE}expirationReminder", "subscription": told}]
    assert sim.subscriptions().get(name=made["name"]).execute()["etag"] == made["etag"]


@pytest.mark.parametrize("what", ["suspend", "expire", "remind"])
@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "name"),
        ({"email": "ada"}, 422, "email"),
        ({"colour": "red"}, 422, "colour"),
        ({"name": "subscriptions/none"}, 404, "name"),
        ({"email": STUDENT}, 404, "email"),
    ],
)
def test_an_order_that_names_none_is_refused(sim: Simulated, what: str, body: object, status: int, field: str) -> None:
    sim.subscribe()
    answer = sim.order(f"/subscriptions/{what}", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


def test_a_reason_that_is_none_of_googles_is_refused(sim: Simulated) -> None:
    sim.subscribe()
    answer = sim.order("/subscriptions/suspend", {"email": TEACHER, "reason": "BORED"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "reason")
