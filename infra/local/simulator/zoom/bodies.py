"""The bodies that Zoom's API takes. A field that Zoom does not know is refused here, though Zoom would let it pass unseen."""

import json
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from infra.local.simulator.orders import Email
from infra.local.simulator.zoom.refusals import INVALID, ZoomRefusal
from infra.local.simulator.zoom.times import start_of

Json = dict[str, Any]
Body = TypeVar("Body", bound=BaseModel)


def _zone(told: str) -> str:
    try:
        ZoneInfo(told)
    except (ZoneInfoNotFoundError, ValueError) as bad:
        raise ValueError("Invalid time zone.") from bad
    return told


def _start(told: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(told, str):
        raise ValueError("Invalid start time.")
    start_of(told, "UTC")
    return told


Zone = Annotated[str, AfterValidator(_zone)]
Start = Annotated[str, BeforeValidator(_start)]
Minutes = Annotated[int, Field(ge=1, le=1440)]
Topic = Annotated[str, Field(max_length=200)]
Agenda = Annotated[str, Field(max_length=2000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SettingsBody(_Body):
    """Settings of a meeting, the usual ones."""

    approval_type: Literal[0, 1, 2] = 2
    registration_type: Literal[1, 2, 3] = 1
    join_before_host: bool = True
    jbh_time: Literal[0, 5, 10, 15] = 0
    waiting_room: bool = False
    host_video: bool = False
    participant_video: bool = False
    mute_upon_entry: bool = False
    watermark: bool = False
    use_pmi: bool = False
    audio: str = "both"
    auto_recording: Literal["none", "local", "cloud"] = "none"
    alternative_hosts: str = ""
    close_registration: bool = False
    allow_multiple_devices: bool = True
    show_share_button: bool = True
    email_notification: bool = True
    registrants_email_notification: bool = True
    registrants_confirmation_email: bool = True
    meeting_authentication: bool = False
    authentication_option: str = ""
    authentication_domains: str = ""
    encryption_type: Literal["enhanced_encryption", "e2ee"] = "enhanced_encryption"
    contact_name: str = ""
    contact_email: str = ""
    private_meeting: bool = False
    breakout_room: dict[str, Any] = {}
    meeting_invitees: list[dict[str, Any]] = []
    calendar_type: Literal[1, 2] = 1


class MeetingBody(_Body):
    """A meeting to be made, or what of it is to be changed."""

    topic: Topic = "Zoom Meeting"
    type: Literal[1, 2, 3, 8, 10] = 2
    agenda: Agenda = ""
    start_time: Start | None = None
    timezone: Zone = "UTC"
    duration: Minutes = 60
    password: Annotated[str, Field(max_length=10)] = ""
    default_password: bool = False
    schedule_for: Email | None = None
    pre_schedule: bool = False
    tracking_fields: list[dict[str, Any]] = []
    settings: SettingsBody = SettingsBody()


class RegistrantBody(_Body):
    """Somebody to be registered."""

    email: Email
    first_name: Annotated[str, Field(min_length=1, max_length=64)]
    last_name: Annotated[str, Field(max_length=64)] = ""
    language: str = ""
    auto_approve: bool = False


class NamedBody(_Body):
    """One registrant, named."""

    id: str | None = None
    email: Email | None = None


class StatusBody(_Body):
    """Registrants who are to be approved, cancelled or denied."""

    action: Literal["approve", "cancel", "deny"]
    registrants: Annotated[list[NamedBody], Field(min_length=1, max_length=30)]


def read_body(content: bytes, kind: type[Body]) -> Body:
    """The body of a request; raises `ZoomRefusal` that names the wrong fields."""
    try:
        told = json.loads(content)
    except ValueError as bad:
        raise ZoomRefusal(HTTPStatus.BAD_REQUEST, INVALID, "Request Body should be a valid JSON object.") from bad
    try:
        return kind.model_validate(told)
    except ValidationError as bad:
        errors = [
            {"field": ".".join(str(part) for part in one["loc"]) or "body", "message": one["msg"]}
            for one in bad.errors(include_url=False)
        ]
        raise ZoomRefusal(HTTPStatus.BAD_REQUEST, INVALID, errors=errors) from bad
