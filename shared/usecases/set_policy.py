"""Setting the attendance policy: a new version beside the old ones, from now on or later."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.domain.accounts import Caller
from shared.domain.errors import Stale
from shared.domain.policies import DEFAULT_POLICY, Policy, checked, policy_at
from shared.people_ports import Policies
from shared.ports import Clock

ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class ToSet:
    """The rules that shall be different, by the names of `Policy`'s fields, from when on, and why. None means from now on."""

    rules: Mapping[str, Any]
    effective_from: datetime | None
    reason: str


@dataclass(frozen=True)
class SetPolicy:
    """Store a new version; what nobody asked to change is taken over from the version that counts at that time."""

    policies: Policies
    clock: Clock

    def __call__(self, wanted: ToSet, caller: Caller) -> Policy:
        """The version that was stored. Two at once get a number each; raises `InvalidInput`, `Stale` or `Unavailable`."""
        now = self.clock()
        effective_from = wanted.effective_from or now
        for _ in range(ATTEMPTS):
            versions = self.policies.all()
            added = replace(
                policy_at(versions, effective_from),
                **wanted.rules,
                version=max((each.version for each in versions), default=DEFAULT_POLICY.version) + 1,
                effective_from=effective_from,
                by=caller.email or caller.subject,
                at=now,
                reason=wanted.reason,
            )
            if self.policies.add(checked(added, now)):
                return added
        raise Stale("Somebody else set the policy at the same time; look at the versions, then set it again.")


@dataclass(frozen=True)
class ShowPolicy:
    """Look at the versions of the policy."""

    policies: Policies
    clock: Clock

    def at(self, when: datetime | None) -> Policy:
        """The version of classes that start at `when`, or now."""
        return policy_at(self.policies.all(), when or self.clock())

    def all(self) -> tuple[Policy, ...]:
        """Every version, the newest first; the last is the one that counts where none was set."""
        return (*sorted(self.policies.all(), key=lambda each: -each.version), DEFAULT_POLICY)
