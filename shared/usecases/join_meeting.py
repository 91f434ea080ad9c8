"""Registering for a meeting: a signed-in person says that they are going in."""

from dataclasses import dataclass

from shared.domain.accounts import Caller
from shared.domain.directory import Person
from shared.domain.errors import InvalidInput
from shared.domain.evidence import Kind
from shared.domain.rooms import room_named
from shared.domain.user_sessions import LONGEST, UserSession
from shared.people_ports import People, UserSessions
from shared.ports import Clock, NewId
from shared.usecases.claims import Claims


@dataclass(frozen=True, slots=True)
class Registration:
    """What the person tells: the meeting in any spelling, and the name and device that they go in with."""

    meeting_id: str
    participant_name: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """The registration that stands, the person where the directory knows them, and what went wrong after it was stored."""

    registration: UserSession
    person: Person | None
    trouble: Exception | None = None


@dataclass(frozen=True)
class JoinMeeting:
    """Store a registration with its claim, in one commit. From one device there is one at a time, however often it is asked for.

    Nothing is looked up about the meeting, so that the answer tells nobody which meetings there are.
    """

    registrations: UserSessions
    people: People
    claims: Claims
    clock: Clock
    new_id: NewId

    def __call__(self, told: Registration, caller: Caller) -> Joined:
        """Register the caller; raises `InvalidInput`, `Stale` or `Unavailable`."""
        found = self.people.get(caller.email)
        wanted = self._wanted(told, caller)
        fact = self.claims.of(wanted, Kind.JOIN, wanted.joined_at)
        registration = self.registrations.join(wanted, fact)
        trouble = self.claims.stored(fact) if registration.session_id == wanted.session_id else None
        return Joined(registration, found.value if found else None, trouble)

    def _wanted(self, told: Registration, caller: Caller) -> UserSession:
        room, now = room_named(told.meeting_id), self.clock()
        if room.startswith("other:"):
            raise InvalidInput("meetingId", "This names no meeting; send a Meet code like abc-mnop-xyz or a Zoom meeting number.")
        return UserSession(
            session_id=self.new_id(),
            subject=caller.subject,
            email=caller.email,
            username=username_of(caller),
            role=caller.role,
            meeting_id=told.meeting_id,
            room=room,
            participant_name=told.participant_name or caller.name,
            device=told.device,
            joined_at=now,
            expires_at=now + LONGEST,
        )


def username_of(caller: Caller) -> str:
    """The name on the token, else what stands before the address's @."""
    return caller.name or caller.email.partition("@")[0]
