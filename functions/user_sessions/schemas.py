"""What user sessions are asked, on the wire: camelCase, as the guides of this family write it."""

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.usecases.join_meeting import Registration
from shared.web.fields import Asked, Id, Key, Text

# What pages send that do not ask for a name: it is nobody's, and two who bear it are not one person.
NAME_FROM_TOKEN = "Auto-detected from token"


class CamelAsked(Asked):
    """A body of this family."""

    model_config = ConfigDict(alias_generator=to_camel)


class ParticipantData(CamelAsked):
    """How the person goes in."""

    participant_name: Text | None = None
    device: Key | None = None


class JoinAsked(CamelAsked):
    """Which meeting: a Meet code in any spelling or a Zoom meeting number."""

    meeting_id: Text
    participant_data: ParticipantData = ParticipantData()

    def to_words(self) -> Registration:
        """The request in the words of the story."""
        name, device = self.participant_data.participant_name, self.participant_data.device
        return Registration(self.meeting_id, None if name == NAME_FROM_TOKEN else name, device)


class LeaveAsked(CamelAsked):
    """Which registration: the `sessionId` that join-meeting answered with."""

    session_id: Text


class SignInAsked(CamelAsked):
    """The ID token that the issuer gave to the person's browser."""

    credential: Annotated[str, Field(min_length=1, max_length=4096)]


class MySessionsQuery(Asked):
    """Which page of the caller's own registrations."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None
