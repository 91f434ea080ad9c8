"""Meet's rooms: spaces, the conferences held in them, who took part, and with which device from when to when.

When a conference or a participant came and went is never stored but follows from the stays, so facts may be told in any
order.
"""

import secrets
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from infra.local.simulator import instants

Kind = Literal["signed_in", "anonymous", "phone"]

KEPT_FOR = 30 * instants.DAY
_ID_LETTERS = string.ascii_letters + string.digits


@dataclass(slots=True)
class Stay:
    """One device in the conference, from one joining to its leaving; `left` is None while it is in."""

    stay_id: str
    device: str | None
    joined: int
    left: int | None = None


@dataclass(slots=True)
class Participant:
    """Somebody in one conference. `person` tells apart those who are not signed in, where the caller names them."""

    participant_id: str
    kind: Kind
    display_name: str
    email: str | None = None
    person: str | None = None
    stays: list[Stay] = field(default_factory=list)

    @property
    def joined(self) -> int:
        """When they first came."""
        return min(stay.joined for stay in self.stays)

    @property
    def left(self) -> int | None:
        """When they last went; None while they are in."""
        return _last(stay.left for stay in self.stays)


@dataclass(slots=True)
class Conference:
    """One conference: from when somebody came into the empty room to when the last one went."""

    record_id: str
    participants: list[Participant] = field(default_factory=list)

    @property
    def started(self) -> int:
        """When the first one came."""
        return min(one.joined for one in self.participants)

    @property
    def ended(self) -> int | None:
        """When the last one went; None while somebody is in."""
        return _last(one.left for one in self.participants)

    @property
    def expires(self) -> int:
        """When Meet forgets it: thirty days after its end, or after its start while it is on."""
        ended = self.ended
        return (self.started if ended is None else ended) + KEPT_FOR

    def is_gone(self, now: int) -> bool:
        """Whether Meet has forgotten it."""
        return self.ended is not None and self.expires <= now

    def was_on(self, at: int) -> bool:
        """Whether it was on at an instant."""
        ended = self.ended
        return self.started <= at and (ended is None or at < ended)

    def has_seen(self, email: str) -> bool:
        """Whether the person took part, signed in."""
        return any(one.email == email for one in self.participants)


@dataclass(slots=True)
class Space:
    """A room that keeps its code; `owner` is an address."""

    space_id: str
    code: str
    owner: str
    conferences: list[Conference] = field(default_factory=list)

    @property
    def live(self) -> Conference | None:
        """The conference that is on."""
        return next((one for one in self.conferences if one.ended is None), None)

    def has_seen(self, email: str) -> bool:
        """Whether the person owns the room or took part in it."""
        return email == self.owner or any(one.has_seen(email) for one in self.conferences)


class Rooms:
    """All spaces."""

    def __init__(self, spaces: Iterable[Space] = ()) -> None:
        self._by_id: dict[str, Space] = {}
        self._by_code: dict[str, Space] = {}
        self._records: dict[str, tuple[Space, Conference]] = {}
        for space in spaces:
            self._add(space)

    def __iter__(self) -> Iterator[Space]:
        return iter(self._by_id.values())

    def open_space(self, owner: str, code: str | None = None) -> Space:
        """A new room; its code is a fresh one where none is given."""
        space = Space(_letters(12, _ID_LETTERS), code or self._fresh_code(), owner.lower())
        self._add(space)
        return space

    def begin(self, space: Space, record_id: str) -> Conference:
        """A new conference in the room; somebody has to be in it at once."""
        conference = Conference(record_id)
        space.conferences.append(conference)
        self._records[record_id] = (space, conference)
        return conference

    def find(self, name: str) -> Space | None:
        """The space of an id or, in any spelling, of a meeting code."""
        return self._by_id.get(name) or self._by_code.get(code_in(name) or "")

    def conference(self, record_id: str, now: int) -> tuple[Space, Conference] | None:
        """A conference and its space; None when there is none or Meet has forgotten it."""
        found = self._records.get(record_id)
        return None if found is None or found[1].is_gone(now) else found

    def conferences(self, now: int) -> Iterator[tuple[Space, Conference]]:
        """Every conference that Meet has not forgotten, with its space."""
        return ((space, one) for space, one in self._records.values() if not one.is_gone(now))

    def forget(self, now: int) -> None:
        """Drop what Meet has forgotten."""
        for space in self:
            space.conferences[:] = [one for one in space.conferences if not one.is_gone(now)]
        self._records = {name: held for name, held in self._records.items() if not held[1].is_gone(now)}

    def _add(self, space: Space) -> None:
        self._by_id[space.space_id] = self._by_code[space.code] = space
        self._records |= {one.record_id: (space, one) for one in space.conferences}

    def _fresh_code(self) -> str:
        while (code := "-".join(_letters(size, string.ascii_lowercase) for size in (3, 4, 3))) in self._by_code:
            continue
        return code


def code_in(text: str) -> str | None:
    """A meeting code in any spelling as `abc-mnop-xyz`; None for anything else."""
    letters = text.lower().replace("-", "")
    if len(letters) != 10 or not letters.isascii() or not letters.isalpha():  # noqa: PLR2004 - three, four and three
        return None
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"


def _letters(count: int, alphabet: str) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(count))


def _last(ends: Iterator[int | None]) -> int | None:
    latest = None
    for end in ends:
        if end is None:
            return None
        latest = end if latest is None else max(latest, end)
    return latest
