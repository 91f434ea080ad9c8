"""Everything that the simulated Stripe knows, and the file that it is kept in between runs."""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.simulator.stripe.refusals import missing
from infra.local.troubles import Trouble

VERSION = 1
FILE_NAME = "stripe.json"

Json = dict[str, Any]


@dataclass(slots=True)
class Failure:
    """Planned failures of calls of one HTTP method whose path contains a text; with `is_after` only the answer is lost."""

    method: str
    path_contains: str
    status: int
    times: int
    is_after: bool = False


@dataclass(slots=True)
class StripeWorld:
    """Objects by id, as Stripe shows them, and the answers that were given under idempotency keys. `changes` counts changes."""

    objects: dict[str, Json] = field(default_factory=dict)
    answers: dict[str, Json] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    changes: int = 0

    def reset(self) -> None:
        """Forget everything."""
        self.objects.clear()
        self.answers.clear()
        self.failures.clear()
        self.changes += 1

    def make(self, prefix: str, kind: str, **told: object) -> Json:
        """A new object."""
        made: Json = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "livemode": False, **told}
        self.objects[made["id"]] = made
        self.changes += 1
        return made

    def get(self, named: str, kind: str) -> Json:
        """The object of an id; raises `StripeRefusal` for one of another kind."""
        found = self.objects.get(named)
        if found is None or found["object"] != kind:
            raise missing(kind, named)
        return found

    def every(self, kind: str, **having: object) -> list[Json]:
        """The objects of a kind with these fields, the newest first."""
        found = [one for one in self.objects.values() if one["object"] == kind]
        return [one for one in reversed(found) if all(one.get(name) == value for name, value in having.items())]

    def take_failure(self, method: str, path: str) -> Failure | None:
        """The failure that this call meets, counted down."""
        for failure in self.failures:
            if failure.method == method and failure.path_contains in path:
                failure.times -= 1
                self.failures = [one for one in self.failures if one.times > 0]
                return failure
        return None


def save(world: StripeWorld, path: Path) -> None:
    """Write what is kept to the file, at once or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.write_text(json.dumps({"version": VERSION, "objects": list(world.objects.values()), "answers": world.answers}))
    beside.replace(path)


def load(path: Path) -> StripeWorld:
    """The world of the file, an empty one when there is no file; raises `Trouble` when it cannot be read."""
    if not path.exists():
        return StripeWorld()
    try:
        kept = json.loads(path.read_text())
        if kept["version"] != VERSION:
            raise ValueError(f"its version is {kept['version']!r}, not {VERSION}")
        return StripeWorld({one["id"]: one for one in kept["objects"]}, dict(kept["answers"]))
    except (OSError, ValueError, KeyError, TypeError) as bad:
        raise Trouble(
            f"The simulated Stripe's file {path} cannot be read ({bad!r}). Delete it to start without payments, "
            "or put a copy of it back."
        ) from bad
