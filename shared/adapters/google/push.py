"""Subscriptions to what happens in a teacher's meetings: Google publishes each event to our topic.

Google Workspace Events API; every call is made as the teacher, because only an owner is told who joins and leaves. What
changes a subscription is a long-running operation there, waited for here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import EVENTS, PROFILE
from shared.adapters.google.machine import Machine
from shared.adapters.google.records import instant
from shared.adapters.google.troubles import NO_PERMISSION, Exists, Missing, advice_on, refusal_of_operation
from shared.domain.channels import ChannelState, RemoteSubscription
from shared.domain.errors import Unavailable, UpstreamRefused

EVENT_TYPES = (
    "google.workspace.meet.conference.v2.started",
    "google.workspace.meet.conference.v2.ended",
    "google.workspace.meet.participant.v2.joined",
    "google.workspace.meet.participant.v2.left",
)
AS_LONG_AS_GOOGLE_LETS = "0s"
OPERATION_PAUSES = (0.4, 0.8, 1.2, 1.6)
MOST_SUBSCRIPTIONS = 100

_STATES = {"ACTIVE": ChannelState.ACTIVE, "SUSPENDED": ChannelState.SUSPENDED, "DELETED": ChannelState.GONE}

Json = dict[str, Any]


class GoogleMeetPush:
    """The port `MeetPush`; `topic` is the full name of the Pub/Sub topic that Google publishes to."""

    def __init__(self, apis: GoogleApis, topic: str, machine: Machine) -> None:
        self._apis = apis
        self._topic = topic
        self._machine = machine

    def google_id(self, teacher: str) -> str:
        """The teacher's Google user id."""
        me = self._apis.call(PROFILE, teacher, "people.get", {"resourceName": "people/me", "personFields": "metadata"})
        own = str(me.get("resourceName", "")).removeprefix("people/")
        if own in ("", "me"):
            raise Unavailable(f"Google does not say which user {teacher} is; try again in a moment.")
        return own

    def create(self, teacher: str, google_id: str) -> RemoteSubscription:
        """Subscribe to all meetings that the teacher owns, or find the subscription that there is."""
        target = f"//cloudidentity.googleapis.com/users/{google_id}"
        try:
            return self._made(teacher, target)
        except Exists as exists:
            there = self._there(teacher, target, exists)
        if there is not None and not self._is_ours(there):
            self.delete(teacher, there["name"])
        elif there is not None and (adopted := self.renew(teacher, there["name"])) is not None:
            return adopted
        try:
            return self._made(teacher, target)
        except Exists as exists:
            raise Unavailable(
                f"Google says that {teacher} has a subscription to Meet already, and does not show it; try again in a minute."
            ) from exists

    def get(self, teacher: str, name: str) -> RemoteSubscription | None:
        """The subscription as it is; None when it is gone."""
        stored = self._stored(teacher, name)
        return None if stored is None else _subscription_in(stored)

    def renew(self, teacher: str, name: str) -> RemoteSubscription | None:
        """Let it live as long as Google lets it, from now; None when it is gone.

        One that Google will not renew because it is suspended is told as it is.
        """
        try:
            return self._changed(teacher, "patch", name, updateMask="ttl", body={"ttl": AS_LONG_AS_GOOGLE_LETS})
        except Missing:
            return None
        except UpstreamRefused:
            remote = self.get(teacher, name)
            if remote is not None and remote.state is ChannelState.ACTIVE:
                raise
            return remote

    def reactivate(self, teacher: str, name: str) -> RemoteSubscription | None:
        """Let a suspended one deliver again; None when it is gone. One that delivers is told as it is."""
        try:
            return self._changed(teacher, "reactivate", name, body={})
        except Missing:
            return None
        except UpstreamRefused:
            remote = self.get(teacher, name)
            if remote is not None and remote.state is ChannelState.SUSPENDED:
                raise
            return remote

    def delete(self, teacher: str, name: str) -> None:
        """Take it down; one that is gone already is fine."""
        try:
            self._run(teacher, "delete", name=name)
        except Missing:
            return
        except Exists as exists:
            raise _being_changed(name) from exists

    def _made(self, teacher: str, target: str) -> RemoteSubscription:
        if not self._topic:
            raise UpstreamRefused(
                "No topic for Meet events",
                "Set MEET_EVENTS_TOPIC to the Pub/Sub topic that Google may publish to: projects/<project>/topics/<topic>.",
            )
        body = {
            "targetResource": target,
            "eventTypes": list(EVENT_TYPES),
            "notificationEndpoint": {"pubsubTopic": self._topic},
            "ttl": AS_LONG_AS_GOOGLE_LETS,
        }
        try:
            made = self._run(teacher, "create", body=body)
        except Missing as missing:
            raise UpstreamRefused(NO_PERMISSION, f"{missing.detail} {advice_on(EVENTS, teacher)}") from missing
        if "name" not in made:
            raise Unavailable(f"Google does not say which subscription it made for {teacher}; try again in a moment.")
        return _subscription_in(made)

    def _there(self, teacher: str, target: str, exists: Exists) -> Json | None:
        """The subscription that stands in the way of another one: the error may name it, else it is looked for."""
        named = exists.metadata.get("current_subscription", "")
        stored = self._stored(teacher, named) if named.startswith("subscriptions/") else None
        found = self._all(teacher, target) if stored is None else iter([stored])
        return next((one for one in found if one.get("state") != "DELETED"), None)

    def _all(self, teacher: str, target: str) -> Iterator[Json]:
        """All subscriptions to a target; Google wants at least one event type to look for."""
        types = " OR ".join(f'event_types:"{each}"' for each in EVENT_TYPES)
        wanted = {"filter": f'({types}) AND target_resource="{target}"', "pageSize": MOST_SUBSCRIPTIONS}
        token: str | None = None
        while True:
            answer = self._apis.call(EVENTS, teacher, "subscriptions.list", {**wanted, "pageToken": token})
            yield from answer.get("subscriptions") or ()
            token = answer.get("nextPageToken")
            if not token:
                return

    def _is_ours(self, stored: Json) -> bool:
        """Whether it tells our topic everything that we want to hear; neither can be changed later."""
        endpoint = stored.get("notificationEndpoint") or {}
        return endpoint.get("pubsubTopic") == self._topic and set(EVENT_TYPES) <= set(stored.get("eventTypes") or ())

    def _stored(self, teacher: str, name: str) -> Json | None:
        try:
            return self._apis.call(EVENTS, teacher, "subscriptions.get", {"name": name})
        except Missing:
            return None

    def _changed(self, teacher: str, method: str, name: str, **params: object) -> RemoteSubscription | None:
        try:
            after = self._run(teacher, method, name=name, **params)
        except Exists as exists:
            raise _being_changed(name) from exists
        return _subscription_in(after) if "name" in after else self.get(teacher, name)

    def _run(self, teacher: str, method: str, **params: object) -> Json:
        """What an operation came to, waited for up to four seconds; raises what its error amounts to."""
        operation = self._apis.call(EVENTS, teacher, f"subscriptions.{method}", params)
        for pause in OPERATION_PAUSES:
            if operation.get("done") or not operation.get("name"):
                break
            self._machine.sleep(pause)
            operation = self._operation(teacher, operation["name"])
        if not operation.get("done"):
            raise _being_changed(str(params.get("name", "subscription")))
        if error := operation.get("error"):
            raise refusal_of_operation(error, EVENTS, teacher)
        return operation.get("response") or {}

    def _operation(self, teacher: str, name: str) -> Json:
        try:
            return self._apis.call(EVENTS, teacher, "operations.get", {"name": name})
        except Missing as missing:
            raise _being_changed(name) from missing


def _subscription_in(stored: Mapping[str, Any]) -> RemoteSubscription:
    """A subscription as Google tells it. One in no known state is not known to deliver, so it counts as suspended."""
    expires = stored.get("expireTime")
    told = str(stored.get("state") or "STATE_UNSPECIFIED")
    state = _STATES.get(told, ChannelState.SUSPENDED)
    reason = stored.get("suspensionReason") or (told if told not in _STATES else None)
    return RemoteSubscription(str(stored["name"]), state, instant(expires) if expires else None, reason)


def _being_changed(what: str) -> Unavailable:
    return Unavailable(f"Google is still at work on the {what} of Workspace Events; try again in a minute.")
