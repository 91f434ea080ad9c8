"""User sessions: a signed-in person's registration for a meeting. A claim, and a link to a participant; never presence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.ids import stable_id

LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class UserSession:
    """One registration, from one device. `meeting_id` is as the person wrote it, `room` what it names.

    It is active until it is left, ended by the teacher, or expires: twelve hours after joining at the latest.
    """

    session_id: str
    subject: str
    email: str
    username: str
    role: str
    meeting_id: str
    room: str
    participant_name: str | None
    device: str | None
    joined_at: datetime
    expires_at: datetime
    left_at: datetime | None = None
    ended_by: str | None = None
    rev: int = 1

    @property
    def slot_id(self) -> str:
        """What there is one active registration of at a time: a person, a meeting, a device.

        The address says who it is: subjects of different issuers may be the same for two people, and one person's differ.
        """
        return stable_id("user_session_slot", self.email, self.room, self.device or "")

    def is_active(self, now: datetime) -> bool:
        """Whether it stands at `now`."""
        return self.left_at is None and now < self.expires_at
