"""Workspace Events API v1: subscriptions to what happens in Meet, each changed by a long-running operation."""

import uuid
from dataclasses import replace
from http import HTTPStatus

from infra.local.simulator import instants, operations
from infra.local.simulator.calls import Call, Json, Operation
from infra.local.simulator.pages import page_of, page_size
from infra.local.simulator.refusals import Refusal, absent, invalid, not_simulated
from infra.local.simulator.subscribing import (
    expiry_in,
    read_list_filter,
    subscription_shown,
    subscription_wanted,
    types_in,
)
from infra.local.simulator.subscriptions import Subscription
from infra.local.simulator.world import World

DOMAIN = "workspaceevents.googleapis.com"
_RESOURCE = "type.googleapis.com/google.apps.events.subscriptions.v1.Subscription"
_NOTHING: Json = {"@type": "type.googleapis.com/google.protobuf.Empty"}
_MASKED = {"ttl": "ttl", "expire_time": "expireTime", "expireTime": "expireTime"} | dict.fromkeys(
    ("event_types", "eventTypes"), "eventTypes"
)


class WorkspaceEventsApi:
    """Serves Workspace Events over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> dict[str, Operation]:
        """What is served, by method id."""
        of, dry = "workspaceevents.subscriptions", frozenset({"validateOnly"})
        return {
            f"{of}.create": Operation(self.create, dry),
            f"{of}.get": Operation(self.get),
            f"{of}.list": Operation(self.listed, frozenset({"filter", "pageSize", "pageToken"})),
            f"{of}.patch": Operation(self.patch, dry | {"updateMask"}),
            f"{of}.reactivate": Operation(self.reactivate),
            f"{of}.delete": Operation(self.delete, dry | {"allowMissing"}),
            "workspaceevents.operations.get": Operation(self.operation),
        }

    def create(self, call: Call) -> Json:
        """A new subscription; there is one of each user to each target."""
        wanted = subscription_wanted(call, self._world)
        there = self._world.subscriptions.of_target(call.subject, wanted.target, instants.of(call.now))
        if there is not None:
            metadata = {"current_subscription": there.name}
            raise Refusal(HTTPStatus.CONFLICT, "Subscription already exists.", "ALREADY_EXISTS", metadata, DOMAIN)
        self._world.accounts.seen(call.subject)
        if not call.query.get("validateOnly"):
            self._world.subscriptions.add(wanted)
        return self._begun(call, wanted)

    def get(self, call: Call) -> Json:
        """One subscription."""
        return subscription_shown(self._found(call))

    def listed(self, call: Call) -> Json:
        """The caller's subscriptions that pass a filter, which Google demands; the oldest first."""
        text = call.query.get("filter", "")
        passes = read_list_filter(text)
        living = self._world.subscriptions.living(instants.of(call.now))
        found = [one for one in living if one.email == call.subject and passes(one)]
        size = page_size(call.query.get("pageSize"), default=50, most=100)
        shown, token = page_of(found, lambda one: (one.created, one.uid), size, call.query.get("pageToken"), text)
        answer: Json = {"subscriptions": [subscription_shown(one) for one in shown]} if shown else {}
        return answer | ({"nextPageToken": token} if token else {})

    def patch(self, call: Call) -> Json:
        """Renew a subscription, or change its event types; whether it is suspended stays as it is."""
        stored, now = self._found(call), instants.of(call.now)
        if "etag" in call.body:
            raise not_simulated("etag in workspaceevents.subscriptions.patch")
        masked = _masked(call)
        one = replace(stored) if call.query.get("validateOnly") else stored
        types = types_in(call.body) if "eventTypes" in masked else one.event_types
        told = {field: call.body.get(field) for field in masked & {"ttl", "expireTime"}}
        expires = expiry_in(told, now) if told else one.expires
        one.event_types = types
        one.renew(expires, now)
        return self._begun(call, one)

    def reactivate(self, call: Call) -> Json:
        """Let a suspended subscription deliver again; refused for one that does."""
        one = self._found(call)
        if one.state != "SUSPENDED":
            raise invalid("The subscription is not suspended.")
        one.state, one.suspension_reason, one.updated = "ACTIVE", None, instants.of(call.now)
        return self._begun(call, one)

    def delete(self, call: Call) -> Json:
        """Take a subscription down."""
        try:
            one = self._found(call)
        except Refusal as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND and call.query.get("allowMissing"):
                return self._begun(call, None)
            raise
        if not call.query.get("validateOnly"):
            self._world.subscriptions.drop(one)
        return self._begun(call, None)

    def operation(self, call: Call) -> Json:
        """How far an operation is; each look brings it nearer to its end."""
        one = self._world.operations.get(f"operations/{call.path['operationsId']}")
        if one is None or one.email != call.subject:
            raise absent()
        shown = one.shown()
        one.polls_left = max(0, one.polls_left - 1)
        return shown

    def _found(self, call: Call) -> Subscription:
        name = f"subscriptions/{call.path['subscriptionsId']}"
        one = self._world.subscriptions.find(name, instants.of(call.now))
        if one is None:
            raise absent()
        if one.email != call.subject:
            raise Refusal(HTTPStatus.FORBIDDEN, "Permission denied on resource SUBSCRIPTION (or it may not exist)")
        return one

    def _begun(self, call: Call, outcome: Subscription | None) -> Json:
        """The operation of a change that is made already; while it is seen under way, callers have to wait all the same."""
        response = _NOTHING if outcome is None else {"@type": _RESOURCE, **subscription_shown(outcome)}
        polls = self._world.knobs.operation_pending_polls
        one = operations.StoredOperation(f"operations/{uuid.uuid4()}", call.subject, response, polls)
        operations.keep(self._world.operations, one)
        return one.shown()


def _masked(call: Call) -> set[str]:
    """The fields to update: those of the mask, or without one those of the body."""
    mask = call.query.get("updateMask")
    names = mask.split(",") if mask else [name for name in call.body if name in _MASKED]
    unknown = [name for name in names if name not in _MASKED]
    if unknown:
        raise invalid(f"Invalid update_mask: {unknown[0]} cannot be updated; expire_time, ttl and event_types can.")
    if not names:
        raise invalid("There is nothing to update; give expire_time, ttl or event_types.")
    return {_MASKED[name] for name in names}
