"""Rate plans in Firestore: `rate_plans`, one document for each version; `rate_assignments`, one for each time one was given."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.remembered import Monotonic, Remembered
from shared.adapters.firestore.store import AMBIGUOUS
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits
from shared.domain.rate_plans import Assignment, RatePlan
from shared.domain.verdicts import AttendanceStatus
from shared.ports import Sleep


class FirestoreRatePlans:
    """Fulfils the port `RatePlans`. Both lists are remembered for a minute; `monotonic` tells seconds that only grow."""

    def __init__(self, client: firestore.Client, sleep: Sleep, monotonic: Monotonic) -> None:
        self._commits = Commits(client, sleep)
        self._plans = Remembered(client.collection("rate_plans"), _plan_in, monotonic)
        self._given = Remembered(client.collection("rate_assignments"), _assignment_in, monotonic)

    def all(self) -> tuple[RatePlan, ...]:
        """See the port."""
        return tuple(sorted(self._plans.all(), key=lambda plan: (plan.plan_id, plan.version)))

    def add(self, plan: RatePlan) -> bool:
        """See the port; a lost reply is told from a taken number by what is stored."""
        fields = {"v": BODY_VERSION, "plan_id": plan.plan_id, "version": plan.version, "body": body_of(plan)}
        batch = self._commits.batch()
        batch.create(f"rate_plans/{plan.version_id}", fields)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            return self._plans.one(plan.version_id) == plan
        finally:
            self._plans.forget()
        return True

    def assignments(self) -> tuple[Assignment, ...]:
        """See the port."""
        return tuple(sorted(self._given.all(), key=lambda each: (each.at, each.assignment_id)))

    def assign(self, assignment: Assignment) -> None:
        """See the port; the id is a function of what it says, so whatever is stored under it is this."""
        fields = {"v": BODY_VERSION, "about": assignment.about, "at": assignment.at, "body": body_of(assignment)}
        batch = self._commits.batch()
        batch.create(f"rate_assignments/{assignment.assignment_id}", fields)
        try:
            with suppress(exceptions.AlreadyExists):
                self._commits.send(batch)
        finally:
            self._given.forget()


def _plan_in(snapshot: Any) -> RatePlan:  # noqa: ANN401 - a snapshot of the client library
    plan = read(RatePlan, snapshot)
    return replace(plan, outcomes={AttendanceStatus(status): outcome for status, outcome in plan.outcomes.items()})


def _assignment_in(snapshot: Any) -> Assignment:  # noqa: ANN401 - a snapshot of the client library
    return read(Assignment, snapshot)
