"""The versions of the attendance policy in Firestore: `policies`, one document for each version, never changed."""

from collections.abc import Callable
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits
from shared.domain.ids import stable_id
from shared.domain.policies import Policy
from shared.ports import Sleep

REMEMBERED_S = 60.0


class FirestorePolicies:
    """Fulfils the port `Policies`. All versions are remembered for a minute; `monotonic` tells seconds that only grow."""

    def __init__(self, client: firestore.Client, sleep: Sleep, monotonic: Callable[[], float]) -> None:
        self._commits = Commits(client, sleep)
        self._policies = client.collection("policies")
        self._monotonic = monotonic
        self._remembered: tuple[float, tuple[Policy, ...]] | None = None

    def all(self) -> tuple[Policy, ...]:
        """See the port."""
        asked_at, remembered = self._monotonic(), self._remembered
        if remembered is not None and asked_at - remembered[0] < REMEMBERED_S:
            return remembered[1]
        with reachable():
            found = [_policy_in(snapshot) for snapshot in self._policies.stream(**HOW)]
        versions = tuple(sorted(found, key=lambda policy: policy.version))
        self._remembered = (asked_at, versions)
        return versions

    def add(self, policy: Policy) -> bool:
        """See the port; a lost reply is told from a taken number by what is stored. What was remembered is forgotten."""
        batch = self._commits.batch()
        batch.create(f"policies/{_id(policy.version)}", _document(policy))
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            return self._stored(policy.version) == policy
        finally:
            self._remembered = None
        return True

    def _stored(self, version: int) -> Policy | None:
        with reachable():
            snapshot = self._policies.document(_id(version)).get(**HOW)
        return _policy_in(snapshot) if snapshot.exists else None


def _id(version: int) -> str:
    return stable_id("policy", str(version))


def _document(policy: Policy) -> dict[str, Any]:
    return {"v": BODY_VERSION, "version": policy.version, "body": body_of(policy)}


def _policy_in(snapshot: Any) -> Policy:  # noqa: ANN401 - a snapshot of the client library
    return read(Policy, snapshot)
