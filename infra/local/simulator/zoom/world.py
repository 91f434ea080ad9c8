"""Everything that the simulated Zoom knows, and the file that its meetings are kept in between runs."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from infra.local.simulator.zoom.knobs import ZoomFailures, ZoomKnobs
from infra.local.simulator.zoom.meetings import Holding, Meeting, Registrant, Row, Visit, new_number, new_uuid, user_id_of
from infra.local.simulator.zoom.pages import Pages
from infra.local.troubles import Trouble

VERSION = 1
FILE_NAME = "zoom.json"

Json = dict[str, Any]


@dataclass(slots=True)
class ZoomWorld:
    """Users (addresses by id) and meetings (by number) are kept in the file; the rest is not.

    `first_knobs` are the settings that a reset goes back to. `changes` counts what happened to the part that is kept.
    """

    first_knobs: ZoomKnobs = field(default_factory=ZoomKnobs)
    users: dict[str, str] = field(default_factory=dict)
    meetings: dict[int, Meeting] = field(default_factory=dict)
    knobs: ZoomKnobs = field(init=False)
    failures: ZoomFailures = field(default_factory=ZoomFailures)
    pages: Pages = field(default_factory=Pages)
    tokens: dict[str, int] = field(default_factory=dict)
    changes: int = 0

    def __post_init__(self) -> None:
        self.knobs = self.first_knobs

    @property
    def account_id(self) -> str:
        """The account that everything belongs to."""
        return self.knobs.account_id or "VjZoSimulatedAccount-0"

    def reset(self) -> None:
        """Forget everything, settings too."""
        fresh = ZoomWorld(self.first_knobs)
        for name in ("users", "meetings", "knobs", "failures", "pages", "tokens"):
            setattr(self, name, getattr(fresh, name))
        self.changes += 1

    def user(self, email: str) -> str:
        """The id of somebody with an account, who is known from now on."""
        user_id = user_id_of(email)
        self.users[user_id] = email.lower()
        return user_id

    def uuid(self) -> str:
        """A new uuid, of the kind that is set."""
        return new_uuid(slashed=self.knobs.slashed_uuids)

    def schedule(self, host_email: str, topic: str, now: int) -> Meeting:
        """A new meeting, with nothing but a host and a topic."""
        number = new_number(self.meetings.__contains__)
        meeting = Meeting(number, self.uuid(), self.user(host_email), host_email.lower(), topic, now)
        meeting.password = f"p{number % 1_000_000:06d}"
        self.meetings[number] = meeting
        return meeting

    def found(self, number: int | str) -> Meeting | None:
        """The meeting of a number, unless it was deleted."""
        meeting = self.meetings.get(int(number)) if str(number).isascii() and str(number).isdigit() else None
        return None if meeting is None or meeting.is_deleted else meeting

    def holding(self, told: str) -> tuple[Meeting, Holding] | None:
        """One time that a meeting was held, by its uuid, or the latest that is over by its number."""
        for meeting in self.meetings.values():
            for one in reversed(meeting.holdings):
                if one.uuid == told or (str(meeting.number) == told and one.ended is not None):
                    return meeting, one
        return None


def save(world: ZoomWorld, path: Path) -> None:
    """Write what is kept to the file, at once or not at all."""
    kept = {
        "version": VERSION,
        "users": sorted(world.users.values()),
        "meetings": [asdict(meeting) for meeting in world.meetings.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.write_text(json.dumps(kept, ensure_ascii=False))
    beside.replace(path)


def load(path: Path, knobs: ZoomKnobs) -> ZoomWorld:
    """The world of the file, an empty one when there is no file; raises `Trouble` when it cannot be read."""
    world = ZoomWorld(knobs)
    if not path.exists():
        return world
    try:
        kept = json.loads(path.read_text())
        if kept["version"] != VERSION:
            raise ValueError(f"its version is {kept['version']!r}, not {VERSION}")
        for email in kept["users"]:
            world.user(email)
        world.meetings = {told["number"]: _meeting(told) for told in kept["meetings"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as bad:
        raise Trouble(
            f"The simulated Zoom's file {path} cannot be read ({bad!r}). Delete it to start without meetings, "
            "or put a copy of it back."
        ) from bad
    return world


def _meeting(told: Json) -> Meeting:
    return Meeting(
        **told
        | {
            "registrants": [Registrant(**one) for one in told["registrants"]],
            "holdings": [Holding(**one | {"visits": [_visit(visit) for visit in one["visits"]]}) for one in told["holdings"]],
            "early": [_visit(one) for one in told["early"]],
        }
    )


def _visit(told: Json) -> Visit:
    return Visit(**told | {"rows": [Row(**one) for one in told["rows"]]})
