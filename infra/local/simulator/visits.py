"""People coming and going: which conference a join belongs to, and which participant it makes or brings back."""

import re
import secrets
import uuid
from dataclasses import dataclass

from infra.local.simulator.accounts import user_id_of
from infra.local.simulator.refusals import Impossible
from infra.local.simulator.rooms import Conference, Kind, Participant, Rooms, Space, Stay


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who joins; who is signed in has an address, in lower case, and nobody else has.

    `person` tells apart those who are not signed in; None makes a stranger of each join.
    """

    kind: Kind
    display_name: str
    email: str | None = None
    person: str | None = None
    device: str | None = None


def join(rooms: Rooms, space: Space, comer: Comer, at: int) -> tuple[Participant, Stay]:
    """Let somebody into the room. A device that was in already is taken to have reloaded: its earlier stay ends."""
    conference = _conference_at(space, at) or rooms.begin(space, str(uuid.uuid4()))
    participant = _known(conference, comer)
    if participant is None:
        participant = _newcomer(comer)
        conference.participants.append(participant)
    for stay in participant.stays:
        if comer.device is not None and stay.device == comer.device and stay.left is None and stay.joined <= at:
            stay.left = at
    stay = Stay(str(uuid.uuid4()), comer.device, at)
    participant.stays.append(stay)
    return participant, stay


def leave(space: Space, stay_id: str, at: int) -> tuple[Participant, Stay]:
    """Let a device leave; raises `Impossible` when it is not in, or came later."""
    for conference in space.conferences:
        for participant in conference.participants:
            for stay in participant.stays:
                if stay.stay_id == stay_id:
                    _go(stay, at)
                    return participant, stay
    raise Impossible(404, "device_session_id", f"no device of meeting {space.code} has this id; a join answers with it")


def end(space: Space, at: int) -> Conference | None:
    """End the conference that is on for everybody in it; None when the room is empty."""
    conference = space.live
    if conference is None:
        return None
    still_in = [stay for one in conference.participants for stay in one.stays if stay.left is None]
    latest = max(stay.joined for stay in still_in)
    if at < latest:
        raise Impossible(422, "at", "somebody who is in joined after this instant")
    for stay in still_in:
        stay.left = at
    return conference


def _go(stay: Stay, at: int) -> None:
    if stay.left is not None:
        raise Impossible(409, "device_session_id", "this device has left already; join again for a new id")
    if at < stay.joined:
        raise Impossible(422, "at", "the device joined after this instant")
    stay.left = at


def _conference_at(space: Space, at: int) -> Conference | None:
    """The conference that was on at the instant, else the one that is on and whose start was told too late."""
    return next((one for one in space.conferences if one.was_on(at)), None) or space.live


def _known(conference: Conference, comer: Comer) -> Participant | None:
    if comer.email is not None:
        return next((one for one in conference.participants if one.email == comer.email), None)
    if comer.person is None:
        return None
    return next((one for one in conference.participants if (one.kind, one.person) == (comer.kind, comer.person)), None)


def _newcomer(comer: Comer) -> Participant:
    if comer.email is not None:
        return Participant(user_id_of(comer.email), comer.kind, comer.display_name, email=comer.email)
    name = _masked(comer.display_name) if comer.kind == "phone" else comer.display_name
    return Participant(secrets.token_hex(10), comer.kind, name, person=comer.person)


def _masked(number: str) -> str:
    """A phone number as Meet shows it, `+44 ***-***-**67`; anything else, and what is masked already, as it is."""
    if re.fullmatch(r"\+?[\d\s()-]{6,}", number) is None:
        return number
    digits = re.sub(r"\D", "", number)
    return f"+{digits[:2]} ***-***-**{digits[-2:]}"
