"""Evidence: one observed join or exit, with who saw it. Facts are only added, never changed.

Two other kinds complete them: that a meeting ended for everybody in it, and that two connections are one person.

The id is a function of what was observed, so that a fact told twice is one fact.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import stable_id


class Kind(StrEnum):
    """What was seen: somebody coming or going, a meeting ending, or a phone leg turning out to be a person's who is there."""

    JOIN = "join"
    LEAVE = "leave"
    END = "end"
    BIND = "bind"


class Source(StrEnum):
    """Who saw it."""

    MEET_API = "meet_api"
    REPORTS_API = "reports_api"
    ZOOM_REPORT = "zoom_report"
    MEET_EVENT = "meet_event"
    ZOOM_WEBHOOK = "zoom_webhook"
    BRIDGE = "bridge"
    APP_SESSION = "app_session"
    MANUAL = "manual"


class Basis(StrEnum):
    """How much a source is worth: a person's word, a measurement, a live event, a claim, or only the plan."""

    MANUAL = "manual"
    MEASURED = "measured"
    LIVE = "live"
    CLAIMED = "claimed"
    SCHEDULED = "scheduled"


BASIS_OF = {
    Source.MANUAL: Basis.MANUAL,
    Source.MEET_API: Basis.MEASURED,
    Source.REPORTS_API: Basis.MEASURED,
    Source.ZOOM_REPORT: Basis.MEASURED,
    Source.MEET_EVENT: Basis.LIVE,
    Source.ZOOM_WEBHOOK: Basis.LIVE,
    Source.BRIDGE: Basis.LIVE,
    Source.APP_SESSION: Basis.CLAIMED,
}


class PersonKind(StrEnum):
    """How somebody is in a meeting."""

    SIGNED_IN = "signed_in"
    ANONYMOUS = "anonymous"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Participant:
    """A name in a meeting. `ref` is stable per person and source: `email:..`, `google:<user id>`, `meet:<participant>`.

    `address` is the e-mail address that the source itself states for a ref of another form. `location` is a country and
    city, kept only where the deployment says so.
    """

    ref: str
    display_name: str | None = None
    kind: PersonKind = PersonKind.SIGNED_IN
    device: str | None = None
    address: str | None = None
    location: str | None = None

    @property
    def email(self) -> str | None:
        """The address, where the source itself gives one."""
        return self.ref.removeprefix("email:") if self.ref.startswith("email:") else self.address


@dataclass(frozen=True, slots=True)
class Evidence:
    """One join or exit. `connection` names one device's place in the room, as far as the source can tell them apart.

    Of an END it is the meeting whose connections all begin with it and a `/`; of a BIND `bound_to` is the connection of the
    same person. `author` and `reason` are there for what a person recorded by hand.
    """

    room: str
    source: Source
    connection: str
    kind: Kind
    at: datetime
    participant: Participant
    received_at: datetime
    event_id: str | None = None
    author: str | None = None
    reason: str | None = None
    bound_to: str | None = None

    @property
    def evidence_id(self) -> str:
        """The sender's own event id where there is one, else what was seen."""
        if self.event_id is not None:
            return stable_id("event", self.source, self.event_id)
        return stable_id("seen", self.source, self.room, self.connection, self.kind, self.at.isoformat())

    @property
    def told(self) -> str:
        """A digest of what was told, to know a repetition from a contradiction."""
        who = self.participant
        return stable_id(
            "told", self.room, self.source, self.connection, self.kind, self.at.isoformat(), who.ref, who.display_name or "",
            who.device or "", who.address or "", self.bound_to or "",
        )  # fmt: skip


def connection_of(participant: Participant) -> str:
    """The connection of somebody whose source names no device session: the person and the device told, if any."""
    return f"{participant.ref}#{participant.device or ''}"
