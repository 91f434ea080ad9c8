"""What a person is answered about themselves, on the wire: who they are, and their own registrations."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from shared.domain.accounts import Caller
from shared.domain.user_sessions import UserSession
from shared.ports import Page
from shared.usecases.join_meeting import Joined, Registration, username_of
from shared.web.camel import CamelAnswer, CamelPart, StudentInfo
from shared.web.fields import Instant


class UserBody(CamelPart):
    """Who is signed in, and as what."""

    id: str
    username: str
    email: str
    role: str

    @classmethod
    def of(cls, caller: Caller) -> "UserBody":
        """The caller on the wire."""
        return cls(id=caller.subject, username=username_of(caller), email=caller.email, role=caller.role)


class UserData(CamelPart):
    """Who registered, for which meeting as they wrote it, and since when."""

    user: UserBody
    student: StudentInfo | None
    meeting_id: str
    join_time: Instant


class JoinedBody(CamelAnswer):
    """A registration that stands; asked again from the same device it is the same one."""

    message: str = "Successfully registered for meeting attendance"
    session_id: str
    user_data: UserData

    @classmethod
    def of(cls, joined: Joined, told: Registration, caller: Caller) -> "JoinedBody":
        """The registration on the wire."""
        data = UserData(
            user=UserBody.of(caller),
            student=StudentInfo.of(joined.person),
            meeting_id=told.meeting_id,
            join_time=joined.registration.joined_at,
        )
        return cls(session_id=joined.registration.session_id, user_data=data)


class LeftBody(CamelAnswer):
    """A registration that ended. `duration` is in whole minutes."""

    message: str = "Successfully left meeting"
    session_id: str
    meeting_id: str
    join_time: Instant
    leave_time: Instant
    duration: int

    @classmethod
    def of(cls, left: UserSession, now: datetime) -> "LeftBody":
        """The ended registration on the wire."""
        at = left.left_at or now
        return cls(
            session_id=left.session_id,
            meeting_id=left.meeting_id,
            join_time=left.joined_at,
            leave_time=at,
            duration=_whole_minutes(left.joined_at, at),
        )


class MySession(CamelPart):
    """One of the caller's registrations. `duration` is in whole minutes: so far, or null where nobody knows when they left."""

    session_id: str
    meeting_id: str
    participant_name: str | None
    device: str | None
    join_time: Instant
    leave_time: Instant | None
    duration: int | None
    is_active: bool

    @classmethod
    def of(cls, own: UserSession, now: datetime) -> "MySession":
        """The registration on the wire, as of `now`."""
        is_active = own.is_active(now)
        until = own.left_at or (now if is_active else None)
        return cls(
            session_id=own.session_id,
            meeting_id=own.meeting_id,
            participant_name=own.participant_name,
            device=own.device,
            join_time=own.joined_at,
            leave_time=own.left_at,
            duration=_whole_minutes(own.joined_at, until) if until else None,
            is_active=is_active,
        )


class MySessionsBody(CamelAnswer):
    """One page of the caller's registrations, the newest first."""

    sessions: list[MySession]
    next_page_token: Annotated[str | None, Field(alias="next_page_token")]

    @classmethod
    def of(cls, page: Page[UserSession], now: datetime) -> "MySessionsBody":
        """The page on the wire."""
        return cls(sessions=[MySession.of(each, now) for each in page.items], next_page_token=page.next_token)


class SignedInBody(CamelAnswer):
    """A token of this deployment, good for `expiresIn` seconds, and whose it is."""

    token: str
    expires_in: int
    user: UserBody
    student: StudentInfo | None


def _whole_minutes(start: datetime, end: datetime) -> int:
    return max(0, (end - start) // timedelta(minutes=1))
