"""What a subscription may be: requests to Workspace Events read and checked, and subscriptions as Google shows them."""

import hashlib
import re
from collections.abc import Callable
from http import HTTPStatus

from infra.local.simulator import instants
from infra.local.simulator.accounts import user_id_of
from infra.local.simulator.calls import Call, Json
from infra.local.simulator.refusals import Refusal, invalid
from infra.local.simulator.subscriptions import EVENT_TYPES, LONGEST, SPACES, USERS, Subscription, new_uid
from infra.local.simulator.world import World

_TOPIC = re.compile(r"projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/topics/[A-Za-z][\w.~+%-]{2,254}")
_DURATION = re.compile(r"(-?\d+)(?:\.(\d{1,9}))?s")
_TERM = re.compile(r'(event_types)\s*:\s*"([^"]+)"|(target_resource)\s*=\s*"([^"]+)"')
_TYPES = r'event_types\s*:\s*"[^"]+"'
_ONE_OR_MORE = rf"{_TYPES}(?:\s+OR\s+{_TYPES})*"
_FILTER = re.compile(
    rf"\s*(?:{_ONE_OR_MORE}|\(\s*{_ONE_OR_MORE}\s*\)|(?:\(\s*{_ONE_OR_MORE}\s*\)|{_TYPES})"
    r'\s+AND\s+target_resource\s*=\s*"[^"]+")\s*'
)


def subscription_wanted(call: Call, world: World) -> Subscription:
    """The subscription that a request to create one asks for; raises `Refusal` where Google would not make it."""
    body, now = call.body, instants.of(call.now)
    target = body.get("targetResource", "")
    _check_target(call.subject, target, world)
    topic = body.get("notificationEndpoint", {}).get("pubsubTopic", "")
    if _TOPIC.fullmatch(topic) is None:
        raise invalid("notification_endpoint.pubsub_topic must have the form projects/{project}/topics/{topic}.")
    for option in ("includeResource", "fieldMask"):
        if body.get("payloadOptions", {}).get(option):
            raise invalid(f"payload_options.{option} is not supported for events of Google Meet.")
    if "driveOptions" in body:
        raise invalid("drive_options are supported for subscriptions on Drive resources only.")
    types = types_in(body)
    return Subscription(new_uid(), call.subject, target, types, topic, now, now, expiry_in(body, now))


def _check_target(subject: str, target: str, world: World) -> None:
    """Whether somebody may subscribe to a target: oneself, or a room that one has a part in."""
    if target.startswith(USERS):
        if target != USERS + user_id_of(subject):
            raise _forbidden("USER")
    elif target.startswith(SPACES):
        space = world.rooms.find(target.removeprefix(SPACES))
        if space is None or space.space_id != target.removeprefix(SPACES) or not space.has_seen(subject):
            raise _forbidden("SPACE")
    else:
        raise invalid(f"Invalid target_resource {target!r}: give {SPACES}{{space}} or {USERS}{{user}}.")


def types_in(body: Json) -> list[str]:
    """The event types of a request; raises `Refusal` when there are none or Meet has no such one."""
    types = list(dict.fromkeys(body.get("eventTypes", [])))
    if not types:
        raise invalid("event_types must not be empty.")
    unknown = sorted(set(types) - EVENT_TYPES)
    if unknown:
        raise invalid(f"Invalid event type {unknown[0]!r} for the target resource.")
    return types


def expiry_in(body: Json, now: int) -> int:
    """When a subscription is to expire: after `ttl`, else at `expireTime`; nothing and zero mean as late as possible."""
    if body.get("ttl") is not None and body.get("expireTime") is not None:
        raise invalid("Only one of ttl and expire_time may be set.")
    if body.get("expireTime") is not None:
        ttl = instants.parsed(body["expireTime"]) - now
        if ttl <= 0:
            raise invalid("expire_time must be in the future.")
    else:
        ttl = _nanos(body.get("ttl") or "0s")
    if not 0 <= ttl <= LONGEST:
        raise invalid(f"A subscription lives up to {LONGEST // instants.SECOND} seconds.")
    return now + (ttl or LONGEST)


def _nanos(duration: str) -> int:
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise invalid(f"Invalid duration {duration!r}.")
    return int(found[1]) * instants.SECOND + int((found[2] or "").ljust(9, "0"))


def read_list_filter(text: str) -> Callable[[Subscription], bool]:
    """Whether a subscription passes: it has one of the event types and, where one is named, the target resource."""
    if _FILTER.fullmatch(text) is None:
        raise invalid(
            f"Invalid filter {text!r}. Name at least one event type, such as "
            'event_types:"google.workspace.meet.participant.v2.joined" AND target_resource="//..."; several are joined '
            "with OR, in parentheses when a target resource follows."
        )
    terms = _TERM.findall(text)
    types = {value for _, value, _, _ in terms if value}
    targets = {value for _, _, _, value in terms if value}

    def passes(one: Subscription) -> bool:
        return bool(types & set(one.event_types)) and (not targets or one.target in targets)

    return passes


def subscription_shown(one: Subscription) -> Json:
    """A subscription as Google shows it."""
    authority = f"users/{user_id_of(one.email)}"
    shown: Json = {
        "name": one.name,
        "uid": one.uid,
        "targetResource": one.target,
        "eventTypes": one.event_types,
        "payloadOptions": {},
        "notificationEndpoint": {"pubsubTopic": one.topic},
        "state": one.state,
        "authority": authority,
        "userAuthority": authority,
        "createTime": instants.shown(one.created),
        "updateTime": instants.shown(one.updated),
        "reconciling": False,
        "expireTime": instants.shown(one.expires),
        "etag": _etag(one),
    }
    return shown | ({"suspensionReason": one.suspension_reason} if one.suspension_reason else {})


def _etag(one: Subscription) -> str:
    """The checksum of a subscription, which changes with it."""
    told = f"{one.name} {one.state} {one.updated} {one.expires} {one.event_types}"
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:16]}"'


def _forbidden(what: str) -> Refusal:
    return Refusal(HTTPStatus.FORBIDDEN, f"Permission denied on resource {what} (or it may not exist)")
