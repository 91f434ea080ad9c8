"""Rows of the audit log: what Google writes down about a device that left a call, and what it leaves out about strangers."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from infra.local.simulator import instants
from infra.local.simulator.accounts import user_id_of
from infra.local.simulator.rooms import Conference, Participant, Space, Stay

Json = dict[str, Any]

CALL_ENDED = "call_ended"
LISTED = "admin#reports#activities"
STRANGER = "HANGOUTS_EXTERNAL_OR_ANONYMOUS"
CUSTOMER = "C00simulated"

_DEVICES = frozenset({"android", "chromebase", "chromebox", "ios", "jamboard", "other_client", "smart_display", "web"})
_PLACE = {"location_country": "GB", "location_region": "London", "ip_address": "203.0.113.13"}
_QUALITY = {
    "network_rtt_msec_mean": 24,
    "network_recv_jitter_msec_mean": 3,
    "network_send_jitter_msec_mean": 1,
    "network_estimated_upload_kbps_mean": 81,
    "network_estimated_download_kbps_mean": 161,
    "network_congestion": 0,
    "screencast_send_seconds": 0,
}

_NAMES = """
action_description action_reason action_time broadcast_state calendar_event_id conference_id device_type display_name
duration_seconds encryption_type end_of_call_rating endpoint_id identifier identifier_type ip_address is_external
location_country location_region meeting_code organizer_email product_type start_timestamp_seconds
streaming_session_state target_display_names target_email target_phone_number target_user_count
network_rtt_msec_mean network_recv_jitter_msec_mean network_recv_jitter_msec_max network_send_jitter_msec_mean
network_estimated_upload_kbps_mean network_estimated_download_kbps_mean network_congestion network_transport_protocol
audio_recv_seconds audio_send_seconds audio_send_bitrate_kbps_mean audio_recv_packet_loss_max
audio_recv_packet_loss_mean audio_send_packet_loss_max audio_send_packet_loss_mean
"""
_MEASURES = """
seconds fps_mean long_side_median_pixels short_side_median_pixels packet_loss_max packet_loss_mean bitrate_kbps_mean
"""

PARAMETERS = frozenset(_NAMES.split()) | {
    f"{medium}_{way}_{measure}" for medium in ("video", "screencast") for way in ("recv", "send") for measure in _MEASURES.split()
}
"""What Google can tell of a call that ended; a filter by anything else finds nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A stay as the log sees it. `is_own` says that it is a signed-in person of the customer's."""

    space: Space
    conference: Conference
    participant: Participant
    stay: Stay
    is_own: bool

    @property
    def left(self) -> int:
        """When the device left, to the millisecond as the log tells it; the past's end while it is in."""
        return (self.stay.left or 0) // 1_000_000 * 1_000_000

    @property
    def endpoint(self) -> str:
        """The device's id in the log, new with each join."""
        return f"boq_hlane_{_letters(self.stay.stay_id)[:12]}"

    @property
    def actor_keys(self) -> tuple[str, ...]:
        """By what the log finds the person: address and user id of one's own people; nothing finds strangers."""
        email = self.participant.email
        return (email, user_id_of(email)) if self.is_own and email is not None else ()

    def is_ended_by(self, at: int) -> bool:
        """Whether the device had left by an instant."""
        return self.stay.left is not None and self.stay.left <= at

    def parameters(self) -> dict[str, str | int | bool]:
        """The parameters of the event by name. Where somebody is, and from which address, is told of one's own people."""
        one, stay = self.participant, self.stay
        seconds = round((self.left - stay.joined) / instants.SECOND)
        return {
            "meeting_code": self.space.code.replace("-", "").upper(),
            "conference_id": _letters(self.conference.record_id)[:24],
            "organizer_email": self.space.owner,
            "is_external": not self.is_own,
            "endpoint_id": self.endpoint,
            "device_type": self._device_type(),
            "product_type": "meet",
            "display_name": one.display_name,
            **(_PLACE if self.is_own else {}),
            **self._identifier(),
            "start_timestamp_seconds": stay.joined // instants.SECOND,
            "duration_seconds": max(0, seconds),
            **_QUALITY,
            "network_transport_protocol": "udp",
        }

    def _device_type(self) -> str:
        if self.participant.kind == "phone":
            return "pstn_in"
        return self.stay.device if self.stay.device in _DEVICES else "web"

    def _identifier(self) -> dict[str, str]:
        """Who it was: an address even of strangers who are signed in, a masked number, of others nothing."""
        match self.participant.kind:
            case "signed_in":
                return {"identifier": self.participant.email or "", "identifier_type": "email_address"}
            case "phone":
                return {"identifier": self.participant.display_name, "identifier_type": "phone_number"}
            case "anonymous":
                return {}


def row_shown(row: Row) -> Json:
    """A row as Google shows it."""
    qualifier = int.from_bytes(_digest(row.stay.stay_id)[:8], signed=True)
    return {
        "kind": "admin#reports#activity",
        "id": {
            "time": instants.moment(row.left).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "uniqueQualifier": str(qualifier),
            "applicationName": "meet",
            "customerId": CUSTOMER,
        },
        "etag": f'"simulated/{_letters(row.stay.stay_id)[:16]}"',
        "actor": _actor(row),
        "events": [{"type": "call", "name": CALL_ENDED, "parameters": [_told(*each) for each in row.parameters().items()]}],
    }


def _actor(row: Row) -> Json:
    email = row.participant.email
    if not row.is_own or email is None:
        return {"callerType": "KEY", "key": STRANGER}
    return {"callerType": "USER", "email": email, "profileId": user_id_of(email)}


def _told(name: str, value: str | float) -> Json:
    """A parameter in the field of its type; whole numbers are text there."""
    match value:
        case bool():
            return {"name": name, "boolValue": value}
        case str():
            return {"name": name, "value": value}
        case _:
            return {"name": name, "intValue": str(value)}


def _letters(text: str) -> str:
    return base64.urlsafe_b64encode(_digest(text)).decode().rstrip("=")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
