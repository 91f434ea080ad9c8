"""The versions of the attendance policy in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.domain.policies import Policy


@dataclass
class MemoryPolicies:
    """The port `Policies`. `meanwhile` is done once before the next version is stored: what somebody else does at that time."""

    kept: dict[int, Policy] = field(default_factory=dict)
    meanwhile: Callable[[], object] | None = None

    def all(self) -> tuple[Policy, ...]:
        """See the port."""
        return tuple(self.kept[version] for version in sorted(self.kept))

    def add(self, policy: Policy) -> bool:
        """See the port."""
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        return self.kept.setdefault(policy.version, policy) == policy
