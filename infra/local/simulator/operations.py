"""Long-running operations of Workspace Events: done at once, or after they were looked at some times."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MOST_KEPT = 1000


@dataclass(slots=True)
class StoredOperation:
    """One operation: whose it is, what it came to, and how often it is still to be seen under way."""

    name: str
    email: str
    response: Json
    polls_left: int

    def shown(self) -> Json:
        """As Google shows it; proto3's JSON leaves out a `done` that is false."""
        if self.polls_left > 0:
            return {"name": self.name, "metadata": {}}
        return {"name": self.name, "metadata": {}, "done": True, "response": self.response}


def keep(operations: dict[str, StoredOperation], one: StoredOperation) -> None:
    """Keep a new operation and let go of the oldest ones beyond a thousand."""
    operations[one.name] = one
    while len(operations) > MOST_KEPT:
        del operations[next(iter(operations))]
