"""What happened in a room, found by comparing it with how it was: who came and went, which conference began and ended."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.local.simulator.rooms import Conference, Participant, Space, Stay
from infra.local.simulator.subscriptions import CONFERENCE_ENDED, CONFERENCE_STARTED, PARTICIPANT_JOINED, PARTICIPANT_LEFT

# Things of one instant in the order in which they make sense: who reloads leaves before joining again.
_RANKS = {kind: rank for rank, kind in enumerate((CONFERENCE_STARTED, PARTICIPANT_LEFT, PARTICIPANT_JOINED, CONFERENCE_ENDED))}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened at an instant; `name` is the conference's or the stay's, as Google names it."""

    event_type: str
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A room at one moment: by name, whether each conference and each stay is on."""

    conferences: dict[str, bool]
    stays: dict[str, bool]

    @classmethod
    def of(cls, space: Space) -> "Picture":
        """How the room is now."""
        return cls(
            {_conference_name(one): one.ended is None for one in space.conferences},
            {name: stay.left is None for name, stay in _stays(space)},
        )

    def happened(self, space: Space) -> list[Happening]:
        """What happened in the room since, the earliest first."""
        found = [*self._of_conferences(space), *self._of_stays(space)]
        return sorted(found, key=lambda one: (one.at, _RANKS[one.event_type]))

    def _of_conferences(self, space: Space) -> Iterator[Happening]:
        for conference in space.conferences:
            name, ended = _conference_name(conference), conference.ended
            if name not in self.conferences:
                yield Happening(CONFERENCE_STARTED, name, conference.started)
            if ended is not None and self.conferences.get(name, True):
                yield Happening(CONFERENCE_ENDED, name, ended)

    def _of_stays(self, space: Space) -> Iterator[Happening]:
        for name, stay in _stays(space):
            if name not in self.stays:
                yield Happening(PARTICIPANT_JOINED, name, stay.joined)
            if stay.left is not None and self.stays.get(name, True):
                yield Happening(PARTICIPANT_LEFT, name, stay.left)


def _stays(space: Space) -> Iterator[tuple[str, Stay]]:
    for conference in space.conferences:
        for participant in conference.participants:
            for stay in participant.stays:
                yield _stay_name(conference, participant, stay), stay


def _conference_name(conference: Conference) -> str:
    return f"conferenceRecords/{conference.record_id}"


def _stay_name(conference: Conference, participant: Participant, stay: Stay) -> str:
    return f"{_conference_name(conference)}/participants/{participant.participant_id}/participantSessions/{stay.stay_id}"
