"""Ending registrations: by the person, for everybody in a meeting by its teacher, and when their time is over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.accounts import Caller
from shared.domain.errors import NotFound
from shared.domain.evidence import Kind
from shared.domain.user_sessions import UserSession
from shared.people_ports import UserSessions
from shared.ports import Clock, Heartbeat, Versioned
from shared.usecases.claims import Claims
from shared.usecases.watch_user_sessions import WatchUserSessions

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Left:
    """The registrations as they ended, and what went wrong after that was stored."""

    registrations: tuple[UserSession, ...]
    troubles: tuple[Exception, ...] = ()


@dataclass(frozen=True)
class LeaveMeeting:
    """End one of the caller's registrations, with the claim that they left, in one commit."""

    registrations: UserSessions
    claims: Claims
    clock: Clock

    def __call__(self, session_id: str, caller: Caller) -> Left:
        """End it; raises `NotFound` for one that is absent, another person's, over or expired, `Stale` or `Unavailable`."""
        found, now = self.registrations.get(session_id), self.clock()
        if found is None or found.value.email != caller.email or not found.value.is_active(now):
            raise NotFound("You have no active registration of this id; register with join-meeting.")
        left = end_all([found], caller.email, now, self.registrations, self.claims)
        if not left.registrations:
            raise NotFound("This registration was ended at this very moment; register with join-meeting.")
        return left


@dataclass(frozen=True)
class EndMeeting:
    """End every active registration for a meeting, as far as the meeting is the caller's."""

    registrations: UserSessions
    watch: WatchUserSessions
    claims: Claims
    clock: Clock

    def __call__(self, meeting_id: str, caller: Caller) -> Left:
        """End them; raises `NotFound` for a meeting that the caller does not teach, `Stale` or `Unavailable`."""
        now = self.clock()
        ids = [each.session_id for each in self.watch.theirs_to_end(meeting_id, caller) if each.is_active(now)]
        found = [known for session_id in ids if (known := self.registrations.get(session_id)) and known.value.is_active(now)]
        return end_all(found, caller.email, now, self.registrations, self.claims)


@dataclass(frozen=True)
class ExpireUserSessions:
    """Close registrations whose time is over. Nobody is said to have left: nobody saw it, so no evidence is filed."""

    registrations: UserSessions
    beat: Heartbeat
    clock: Clock

    def __call__(self, limit: int = MOST_AT_ONCE) -> dict[str, int]:
        """Close at most `limit`, the longest expired first; answers with the count. Raises `Stale` or `Unavailable`."""
        now = self.clock()
        closed = [
            self.registrations.end(each, replace(each.value, ended_by="expired", rev=each.value.rev + 1), None)
            for each in self.registrations.expired(now, limit)
        ]
        self.beat.beat(now, {"expired": sum(closed)})
        return {"expired_registrations": sum(closed)}


def end_all(found: Sequence[Versioned[UserSession]], by: str, now: datetime, registrations: UserSessions, claims: Claims) -> Left:
    """End these, each in a commit of its own; those that somebody else ended meanwhile are left out."""
    ended: list[UserSession] = []
    troubles: list[Exception] = []
    for before in found:
        after = replace(before.value, left_at=now, ended_by=by, rev=before.value.rev + 1)
        fact = claims.of(after, Kind.LEAVE, now)
        if registrations.end(before, after, fact):
            ended.append(after)
            trouble = claims.stored(fact)
            troubles += [trouble] if trouble is not None else []
    return Left(tuple(ended), tuple(troubles))
