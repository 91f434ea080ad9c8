"""The live session of a class: what was heard in its room, folded, and how its readings went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.evidence import Evidence
from shared.domain.ids import stable_id
from shared.domain.known import NOTHING_KNOWN, Known
from shared.domain.presence import Heard, heard_with


class SyncStatus(StrEnum):
    """How the last reading of the meeting's own records ended."""

    SUCCESS = "success"
    PENDING = "pending"
    NO_DATA = "no_data"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SyncReport:
    """One reading: what it found, and whether anything in it may still change.

    `complete` is whether a finished meeting was read whole: only then is somebody who is not in it known to be absent.
    """

    status: SyncStatus
    read_at: datetime
    message: str
    remedy: str | None = None
    conferences: int = 0
    complete: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """The meeting held for one class. `identities` says which address is behind a participant's ref, where it is known.

    `measured_at` is the instant at which Google's or Zoom's own records were last read. `rows` are the ids of the
    attendance rows that this session has written, `cards` those of its review cards. `known` is what was known about its
    people when it was folded.
    """

    session_id: str
    class_id: str
    heard: Mapping[str, Heard] = field(default_factory=dict)
    identities: Mapping[str, str] = field(default_factory=dict)
    measured_at: datetime | None = None
    sync: SyncReport | None = None
    rows: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    known: Known = NOTHING_KNOWN
    rev: int = 0

    def with_facts(self, facts: Iterable[Evidence]) -> "Session":
        """The session with these facts folded in; equal to itself when it knew them all."""
        heard = heard_with(self.heard, facts)
        return self if heard == self.heard else replace(self, heard=heard)


def row_id(session_id: str, person_key: str) -> str:
    """The id of one person's attendance row in one session."""
    return stable_id("attendance", session_id, person_key)
