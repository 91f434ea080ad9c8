"""What the control path takes about Zoom: the bodies of its requests."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from infra.local.simulator.orders import At, Email
from infra.local.simulator.zoom.bodies import SettingsBody

Name = Annotated[str, Field(min_length=1)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OpenMeeting(_Order):
    """Make a bare meeting, with the settings that Zoom's API takes."""

    host_email: Email
    topic: Name = "Zoom Meeting"
    settings: SettingsBody = SettingsBody()


class JoinZoom(_Order):
    """Somebody joins. What is told of the person is what Zoom knows; `at` is now where it is not given.

    The host is known by the address. `waiting_room` overrides the meeting's own setting.
    """

    display_name: Name
    email: Email | None = None
    registrant_id: Name | None = None
    account_id: Name | None = None
    phone: Name | None = None
    waiting_room: bool | None = None
    at: At | None = None


class Of(_Order):
    """Something happens to a device."""

    user_id: Name
    at: At | None = None


class LeaveZoom(Of):
    """A device leaves."""

    reason: Name = "left the meeting"


class Breakout(Of):
    """A device moves to a breakout room."""

    room: Name = "Room 1"


class Bind(Of):
    """A phone leg turns out to be the voice of another device."""

    to_user_id: Name


class EndZoom(_Order):
    """The meeting ends for everybody."""

    at: At | None = None


class FailNextZoom(_Order):
    """Calls that are to fail. With `after` they are carried out, and only their answers are lost."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path_contains: str = ""
    status: Annotated[int, Field(ge=400, le=599)]
    code: int | None = None
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    after: bool = False


class PushZoom(_Order):
    """How webhooks are to be delivered; `late_ms` is how late in the mode that is named so."""

    mode: Literal["on", "off", "duplicate", "shuffle", "late"]
    late_ms: Annotated[int, Field(ge=0, le=3_600_000)] = 2000


class TurnZoom(_Order):
    """Settings to change; what is not named stays."""

    client_id: Name | None = None
    client_secret: Name | None = None
    account_id: Name | None = None
    token_life_s: Annotated[int, Field(ge=1)] = 3600
    licensed: bool = True
    report_partial: Annotated[int, Field(ge=0)] | None = None
    report_lag_s: Annotated[int, Field(ge=0)] = 0
    rate_per_second: Annotated[int, Field(ge=1)] | None = None
    slashed_uuids: bool = False
    breakout_rejoin: bool = True
    webhook_url: Url | None = None
    webhook_secret: Name | None = None
    retry_scale: Annotated[float, Field(ge=0, le=1, strict=False)] = 1 / 60
    restamp_retries: bool = False

    def changes(self) -> dict[str, Any]:
        """The settings that are named."""
        return {name: getattr(self, name) for name in self.model_fields_set}
