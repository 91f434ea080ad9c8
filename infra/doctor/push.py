"""Live events from Meet: the topic that Google publishes to, and the subscription that pushes them to us."""

from collections.abc import Iterator

from infra.doctor.database import APPLY
from infra.doctor.deployment import Deployment
from infra.doctor.finding import Finding, advice, missing, off, ok
from infra.doctor.google import Absent

PUBLISHER = "serviceAccount:meet-api-event-push@system.gserviceaccount.com"
ROLE = "roles/pubsub.publisher"
WHY = "Without it nobody tells us of joins and leaves: classes are polled once a minute instead."


def _topic(at: Deployment) -> str | None:
    return at.setting("MEET_EVENTS_TOPIC")


class Topic:
    """Whether Google may publish Meet's events to our topic."""

    key, title = "topic", "Events from Meet: topic"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        topic = _topic(at)
        if not topic:
            yield off("MEET_EVENTS_TOPIC is not set: classes are polled", "set it, and apply")
            return
        try:
            at.google.ask("pubsub", "projects.topics.get", topic=topic)
            policy = at.google.ask("pubsub", "projects.topics.getIamPolicy", resource=topic)
        except Absent:
            yield missing(f"there is no topic {topic}", WHY, APPLY)
            return
        members = {
            member for each in policy.get("bindings", []) if each.get("role") == ROLE for member in each.get("members", [])
        }
        if PUBLISHER in members:
            yield ok("Meet publishes to it")
        else:
            short = topic.rpartition("/")[2]
            command = (
                f"gcloud pubsub topics add-iam-policy-binding {short} --member {PUBLISHER} --role {ROLE} --project {at.project}"
            )
            yield missing("Meet may not publish to the topic", WHY, command)


class Subscription:
    """Whether what is published reaches the function, signed, and what cannot be delivered is kept."""

    key, title = "push", "Events from Meet: push"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        if not _topic(at):
            yield off("not used")
            return
        for table in at.tables:
            if table.push_path is not None:
                yield from self._of(at, table.service, table.push_path)

    def _of(self, at: Deployment, name: str, path: str) -> Iterator[Finding]:
        try:
            told = at.google.ask(
                "pubsub", "projects.subscriptions.get", subscription=f"projects/{at.project}/subscriptions/{name}"
            )
        except Absent:
            yield missing(f"there is no subscription {name}", WHY, APPLY)
            return
        push = told.get("pushConfig", {})
        token, account = push.get("oidcToken", {}), at.setting("PUSH_SERVICE_ACCOUNT")
        faults = {
            f"it belongs to the topic {told.get('topic')}": told.get("topic") != _topic(at),
            f"it pushes to {push.get('pushEndpoint') or 'nowhere'}": not str(push.get("pushEndpoint", "")).endswith(path),
            "its pushes are not signed": not token,
            f"its pushes are signed for {token.get('serviceAccountEmail')}": bool(token and account)
            and token.get("serviceAccountEmail") != account,
            f"its state is {told.get('state')}": told.get("state", "ACTIVE") != "ACTIVE",
        }
        wrong = [fault for fault, is_so in faults.items() if is_so]
        for fault in wrong:
            yield missing(f"{name}: {fault}", f"The function refuses what is not signed for it. {WHY}", APPLY)
        if not wrong:
            yield ok(f"{name} pushes, signed")
        if not told.get("deadLetterPolicy", {}).get("deadLetterTopic"):
            yield advice(f"{name} has no dead-letter topic", "What cannot be delivered is gone after seven days.", APPLY)
