"""Workspace Events, through Google's own client."""

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from infra.local.simulator.accounts import user_id_of
from tests.infra.local.simulator.running import (
    EVENT_TYPES,
    STUDENT,
    TEACHER,
    Simulated,
    error_of,
    fixture,
    own_target,
    subscribing,
)

JOINED = "google.workspace.meet.participant.v2.joined"


def code_of(call: Any) -> int:
    """The status code with which a call is refused."""
    with pytest.raises(HttpError) as trouble:
        call.execute()
    return int(error_of(trouble.value)["code"])


def without_type(answer: Any) -> Any:
    """What an operation came to, without the name of its type."""
    return {name: value for name, value in answer["response"].items() if name != "@type"}


def test_a_subscription_is_made_by_an_operation_that_is_done_at_once(sim: Simulated) -> None:
    operation = sim.subscriptions().create(body=subscribing()).execute()
    sample = fixture("workspace_events/operation_create_done")
    made = without_type(operation)
    assert operation["done"] is True
    assert operation["response"]["@type"] == sample["response"]["@type"]
    assert set(sample["response"]) <= set(operation["response"])
    assert (made["state"], made["authority"]) == ("ACTIVE", f"users/{user_id_of(TEACHER)}")
    assert (made["targetResource"], made["eventTypes"]) == (own_target(TEACHER), EVENT_TYPES)
    assert sim.subscriptions().get(name=made["name"]).execute() == made


def test_a_second_subscription_is_refused_and_the_first_one_named(sim: Simulated) -> None:
    first = sim.subscribe()
    with pytest.raises(HttpError) as trouble:
        sim.subscribe()
    sample = fixture("workspace_events/error_already_exists")["error"]
    sample["details"][0]["metadata"]["current_subscription"] = first["name"]
    assert error_of(trouble.value) == sample
    assert sim.subscribe(STUDENT)["name"] != first["name"]


def test_a_preview_makes_nothing(sim: Simulated) -> None:
    preview = sim.subscriptions().create(body=subscribing(), validateOnly=True).execute()["response"]
    assert preview["state"] == "ACTIVE"
    assert code_of(sim.subscriptions().get(name=preview["name"])) == 404
    made = sim.subscribe()
    sim.subscriptions().patch(name=made["name"], updateMask="ttl", body={"ttl": "60s"}, validateOnly=True).execute()
    sim.subscriptions().delete(name=made["name"], validateOnly=True).execute()
    assert sim.subscriptions().get(name=made["name"]).execute()["expireTime"] == made["expireTime"]


def test_an_operation_takes_as_many_looks_as_are_set(sim: Simulated) -> None:
    sim.told("/settings", operation_pending_polls=2)
    begun = sim.subscriptions().create(body=subscribing()).execute()
    assert "done" not in begun
    operations = sim.google("workspaceevents").operations()
    looks = [operations.get(name=begun["name"]).execute() for _ in range(4)]
    assert [one.get("done", False) for one in looks] == [False, False, True, True]
    assert looks[3]["response"]["state"] == "ACTIVE"
    assert code_of(sim.google("workspaceevents", STUDENT).operations().get(name=begun["name"])) == 404
    assert code_of(operations.get(name="operations/none")) == 404


def test_a_subscription_is_renewed_for_seven_days(sim: Simulated) -> None:
    made = sim.subscribe(ttl="3600s")
    sim.clock.move(minutes=30)
    renewed = without_type(sim.subscriptions().patch(name=made["name"], updateMask="ttl", body={"ttl": "0s"}).execute())
    assert (made["expireTime"], renewed["expireTime"]) == ("2026-09-15T13:00:00Z", "2026-09-22T12:30:00Z")
    assert (renewed["createTime"], renewed["updateTime"]) == ("2026-09-15T12:00:00Z", "2026-09-15T12:30:00Z")
    assert renewed["etag"] != made["etag"]


def test_event_types_can_change_and_the_end_then_stays(sim: Simulated) -> None:
    made = sim.subscribe()
    sim.clock.move(hours=1)
    changed = sim.subscriptions().patch(name=made["name"], updateMask="event_types", body={"eventTypes": [JOINED]}).execute()
    assert (changed["response"]["eventTypes"], changed["response"]["expireTime"]) == ([JOINED], made["expireTime"])
    sim.subscriptions().patch(name=made["name"], body={"expireTime": "2026-09-16T00:00:00Z"}).execute()
    assert sim.subscriptions().get(name=made["name"]).execute()["expireTime"] == "2026-09-16T00:00:00Z"


@pytest.mark.parametrize(
    ("mask", "body"),
    [("state", {}), ("target_resource", {}), ("ttl", {"ttl": "604801s"}), ("event_types", {}), (None, {})],
)
def test_other_changes_are_refused(sim: Simulated, mask: str | None, body: Any) -> None:
    made = sim.subscribe()
    assert code_of(sim.subscriptions().patch(name=made["name"], updateMask=mask, body=body)) == 400
    assert sim.subscriptions().get(name=made["name"]).execute()["etag"] == made["etag"]


def test_a_suspended_subscription_is_reactivated_once(sim: Simulated) -> None:
    made = sim.subscribe()
    sim.told("/subscriptions/suspend", name=made["name"], reason="USER_AUTHORIZATION_FAILURE")
    suspended = sim.subscriptions().get(name=made["name"]).execute()
    assert (suspended["state"], suspended["suspensionReason"]) == ("SUSPENDED", "USER_AUTHORIZATION_FAILURE")
    assert suspended.keys() - {"userAuthority"} == fixture("workspace_events/subscription_suspended").keys()
    assert code_of(sim.subscriptions().create(body=subscribing())) == 409
    after = without_type(sim.subscriptions().reactivate(name=made["name"], body={}).execute())
    assert (after["state"], "suspensionReason" in after) == ("ACTIVE", False)
    assert code_of(sim.subscriptions().reactivate(name=made["name"], body={})) == 400


def test_a_renewed_subscription_stays_suspended(sim: Simulated) -> None:
    made = sim.subscribe()
    sim.told("/subscriptions/suspend", email=TEACHER)
    patched = sim.subscriptions().patch(name=made["name"], updateMask="ttl", body={"ttl": "0s"}).execute()
    assert patched["response"]["state"] == "SUSPENDED"


def test_a_deleted_subscription_is_gone_and_another_can_be_made(sim: Simulated) -> None:
    made = sim.subscribe()
    answer = sim.subscriptions().delete(name=made["name"]).execute()
    assert answer["response"] == {"@type": "type.googleapis.com/google.protobuf.Empty"}
    assert code_of(sim.subscriptions().get(name=made["name"])) == 404
    assert code_of(sim.subscriptions().delete(name=made["name"])) == 404
    assert sim.subscriptions().delete(name=made["name"], allowMissing=True).execute()["done"] is True
    assert sim.subscribe()["name"] != made["name"]


def test_an_expired_subscription_is_gone_and_another_can_be_made(sim: Simulated) -> None:
    made = sim.subscribe()
    sim.clock.move(days=7)
    assert code_of(sim.subscriptions().get(name=made["name"])) == 404
    assert code_of(sim.subscriptions().patch(name=made["name"], updateMask="ttl", body={"ttl": "0s"})) == 404
    assert sim.subscriptions().list(filter=f'event_types:"{JOINED}"').execute() == {}
    assert sim.subscribe()["name"] != made["name"]


def test_subscriptions_of_others_are_theirs(sim: Simulated) -> None:
    made = sim.subscribe()
    others = sim.subscriptions(STUDENT)
    for call in (others.get(name=made["name"]), others.delete(name=made["name"]), others.reactivate(name=made["name"], body={})):
        assert code_of(call) == 403
    assert others.list(filter=f'event_types:"{JOINED}"').execute() == {}


def test_lists_come_in_pages(sim: Simulated) -> None:
    spaces = [sim.told("/meetings", owner_email=TEACHER)["space"] for _ in range(5)]
    for space in spaces:
        sim.subscribe(targetResource=f"//meet.googleapis.com/{space}")
        sim.clock.move(seconds=1)
    subscriptions = sim.subscriptions()
    asked = subscriptions.list(filter=f'event_types:"{JOINED}"', pageSize=2)
    pages = []
    while asked is not None:
        answer = asked.execute()
        pages.append([one["targetResource"].rpartition("googleapis.com/")[2] for one in answer["subscriptions"]])
        asked = subscriptions.list_next(asked, answer)
    assert pages == [spaces[:2], spaces[2:4], spaces[4:]]
