"""Everything that the simulator knows, and the file that it is kept in between runs."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from infra.local.simulator.accounts import Accounts, domain_of
from infra.local.simulator.courses import ClassroomCourse
from infra.local.simulator.events import StoredEvent
from infra.local.simulator.knobs import Failures, Knobs, ReadCount
from infra.local.simulator.operations import StoredOperation
from infra.local.simulator.rooms import Conference, Participant, Rooms, Space, Stay
from infra.local.simulator.subscriptions import Subscription, Subscriptions
from infra.local.troubles import Trouble

VERSION = 1

Json = dict[str, Any]


@dataclass(slots=True)
class World:
    """Accounts, rooms, calendars (events by organiser's address and id), subscriptions and courses by id are kept in the file.

    The rest is not: `operations` are those of Workspace Events, by name. `changes` counts what happened to the part
    that is kept.
    """

    accounts: Accounts = field(default_factory=Accounts)
    rooms: Rooms = field(default_factory=Rooms)
    calendars: dict[str, dict[str, StoredEvent]] = field(default_factory=dict)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    courses: dict[str, ClassroomCourse] = field(default_factory=dict)
    operations: dict[str, StoredOperation] = field(default_factory=dict)
    knobs: Knobs = field(default_factory=Knobs)
    failures: Failures = field(default_factory=Failures)
    reads: ReadCount = field(default_factory=ReadCount)
    changes: int = 0

    def reset(self) -> None:
        """Forget everything, settings too."""
        fresh = World()
        for name in ("accounts", "rooms", "calendars", "subscriptions", "courses", "operations", "knobs", "failures", "reads"):
            setattr(self, name, getattr(fresh, name))
        self.changes += 1

    def resolves(self, email: str, subject: str) -> bool:
        """Whether Google tells `subject` who this is: somebody of the same Workspace customer."""
        return domain_of(email) in {domain_of(subject), *self.knobs.domains}


def save(world: World, path: Path) -> None:
    """Write what is kept to the file, at once or not at all."""
    kept = {
        "version": VERSION,
        "accounts": world.accounts.names(),
        "spaces": [asdict(space) for space in world.rooms],
        "calendars": {owner: [asdict(event) for event in events.values()] for owner, events in world.calendars.items()},
        "subscriptions": [asdict(one) for one in world.subscriptions],
        "courses": [asdict(course) for course in world.courses.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.write_text(json.dumps(kept, ensure_ascii=False))
    beside.replace(path)


def load(path: Path) -> World:
    """The world of the file, an empty one when there is no file; raises `Trouble` when it cannot be read."""
    world = World()
    if not path.exists():
        return world
    try:
        kept = json.loads(path.read_text())
        if kept["version"] != VERSION:
            raise ValueError(f"its version is {kept['version']!r}, not {VERSION}")
        for email, name in kept["accounts"].items():
            world.accounts.seen(email, name)
        world.rooms = Rooms(_space(told) for told in kept["spaces"])
        for owner, events in kept["calendars"].items():
            world.calendars[owner] = {told["resource"]["id"]: StoredEvent(**told) for told in events}
        # files of before there were subscriptions or courses hold none
        world.subscriptions = Subscriptions(Subscription(**told) for told in kept.get("subscriptions", []))
        world.courses = {told["course_id"]: ClassroomCourse(**told) for told in kept.get("courses", [])}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as bad:
        raise Trouble(
            f"The simulator's file {path} cannot be read ({bad!r}). Delete it to start with empty calendars, "
            "or put a copy of it back."
        ) from bad
    return world


def _space(told: Json) -> Space:
    return Space(**told | {"conferences": [_conference(one) for one in told["conferences"]]})


def _conference(told: Json) -> Conference:
    return Conference(**told | {"participants": [_participant(one) for one in told["participants"]]})


def _participant(told: Mapping[str, Any]) -> Participant:
    return Participant(**{**told, "stays": [Stay(**one) for one in told["stays"]]})
