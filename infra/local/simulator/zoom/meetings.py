"""Zoom's meetings: what was scheduled, who is registered, each time that it was held, and who was in it.

Instants are whole nanoseconds in UTC; Zoom shows them cut to seconds.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Place = Literal["meeting", "waiting_room", "breakout"]

FIRST_USER_ID = 16_778_240
"""The first `user_id` of each time that a meeting is held, as seen live; each further one is 1024 more."""


@dataclass(slots=True)
class Registrant:
    """Somebody with a join link of their own; `requests` are the days on which the registration was asked for."""

    registrant_id: str
    email: str
    first_name: str
    last_name: str
    status: str
    created: int
    requests: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A stay in one place of a meeting, as reports list it; `until` None while it lasts, `room` names a breakout room."""

    user_id: str
    place: Place
    since: int
    until: int | None = None
    room: str | None = None


@dataclass(slots=True)
class Visit:
    """One device from joining to leaving. `user_ids` are all it was called by, the present one last.

    What Zoom tells of the person: `email`, `account_id`, `registrant_id` and `phone` are empty where it does not know.
    `is_internal` people have an account with the host's. `is_told_as_in`: whether Zoom's last word was that it is in.
    """

    participant_uuid: str
    name: str
    email: str = ""
    account_id: str = ""
    registrant_id: str = ""
    phone: str = ""
    is_internal: bool = False
    is_told_as_in: bool = False
    user_ids: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def user_id(self) -> str:
        """What it is called by now."""
        return self.user_ids[-1]

    @property
    def person(self) -> str:
        """Whom it stands for, as well as Zoom knows."""
        return self.registrant_id or self.account_id or self.email or self.participant_uuid

    def open_in(self, place: Place) -> Row | None:
        """The stay in such a place that lasts."""
        return next((row for row in self.rows if row.place == place and row.until is None), None)

    @property
    def latest(self) -> int:
        """The last instant that is known of it."""
        return max(row.since if row.until is None else row.until for row in self.rows)


@dataclass(slots=True)
class Holding:
    """One time that a meeting was held; `ended` None while it is."""

    uuid: str
    started: int
    ended: int | None = None
    visits: list[Visit] = field(default_factory=list)
    user_ids_given: int = 0

    def next_user_id(self) -> str:
        """A new `user_id`."""
        self.user_ids_given += 1
        return str(FIRST_USER_ID + 1024 * (self.user_ids_given - 1))

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in the meeting any more; who waits outside is not in it."""
        return not any(visit.open_in("meeting") for visit in self.visits)

    @property
    def people(self) -> int:
        """How many were in it."""
        return len({visit.person for visit in self.visits if any(row.place == "meeting" for row in visit.rows)})


@dataclass(slots=True)
class Meeting:
    """A meeting number and what stands behind it. `uuid` is of the time it is held now, or will be next.

    `start` is None for a meeting without a time. `early` are devices that wait for the host to begin. A deleted meeting is
    gone for all but reports.
    """

    number: int
    uuid: str
    host_id: str
    host_email: str
    topic: str
    created: int
    kind: int = 2
    agenda: str = ""
    start: int | None = None
    duration: int = 60
    timezone: str = "UTC"
    password: str = ""
    settings: Json = field(default_factory=dict)
    registrants: list[Registrant] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    early: list[Visit] = field(default_factory=list)
    is_deleted: bool = False

    @property
    def live(self) -> Holding | None:
        """The time that it is held now."""
        last = self.holdings[-1] if self.holdings else None
        return last if last is not None and last.ended is None else None

    @property
    def join_url(self) -> str:
        """The address that everybody can join by."""
        return f"https://zoom.example/j/{self.number}?pwd={self.password}"

    def registrant(self, registrant_id: str) -> Registrant | None:
        """The registrant of an id."""
        return next((one for one in self.registrants if one.registrant_id == registrant_id), None)

    def registrant_url(self, registrant: Registrant) -> str:
        """The address that one registrant joins by."""
        return f"https://zoom.example/w/{self.number}?tk={registrant.registrant_id}&pwd={self.password}"


def user_id_of(email: str) -> str:
    """Zoom's id of an account, 22 characters; the same for the same address."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"zoom:{email.lower()}".encode()).digest()[:16]).decode().rstrip("=")


def new_number(is_taken: Callable[[int], bool]) -> int:
    """A meeting number of eleven digits that is free."""
    while True:
        number = 80_000_000_000 + secrets.randbelow(9_999_999_999)
        if not is_taken(number):
            return number


def new_uuid(*, slashed: bool = False) -> str:
    """A new uuid: base64 of 16 bytes. A slashed one begins with `/` and holds `//`; others do neither."""
    if slashed:
        return base64.b64encode(b"\xff\xf0" + secrets.token_bytes(4) + b"\x03\xff\xff" + secrets.token_bytes(7)).decode()
    while True:
        made = base64.b64encode(secrets.token_bytes(16)).decode()
        if not made.startswith("/") and "//" not in made:
            return made


def new_participant_uuid() -> str:
    """A new `participant_uuid`, in capitals as Zoom writes it."""
    told = secrets.token_hex(16).upper()
    return "-".join((told[:8], told[8:12], told[12:16], told[16:20], told[20:]))


def new_id() -> str:
    """A new id of 22 characters, as registrants and accounts have."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
