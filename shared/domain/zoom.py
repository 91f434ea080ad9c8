"""Zoom's people and connections, named alike by whatever tells of them: webhooks and reports.

A meeting number may be used again and again; the `uuid` names one time that it was held. `user_id` names one joining of
one device in that meeting, and is another one after a rejoin.
"""

from shared.domain.evidence import Participant, PersonKind


def zoom_room(number: str) -> str:
    """The room of a meeting number."""
    return f"zoom:{number}"


def zoom_connection(uuid: str, user_id: str, breakout: str | None = None) -> str:
    """One device's place in a meeting; in a breakout room it has another one."""
    return f"{uuid}/{breakout}/{user_id}" if breakout else f"{uuid}/{user_id}"


def zoom_participant(  # noqa: PLR0913 - each of them is something that Zoom tells or leaves out
    uuid: str,
    user_id: str,
    *,
    name: str | None,
    registrant_id: str | None = None,
    account_id: str | None = None,
    email: str | None = None,
    phone: bool = False,
    parent_user_id: str | None = None,
    participant_uuid: str | None = None,
) -> Participant:
    """Who it is, as surely as Zoom can tell.

    A registrant is known by the id that the registration answered with; the address that somebody typed when registering
    proves nothing, so it is not taken. `account_id` is there for people who are logged in to Zoom; without a registration
    Zoom tells an address only of people that its account or its authentication vouches for. A guest who moves between
    rooms gets another `user_id` each time, but keeps the `participant_uuid`, which events tell and reports do not.
    """
    display_name = name or None
    if registrant_id:
        return Participant(f"zoom:registrant:{registrant_id}", display_name)
    if account_id:
        return Participant(f"zoom:user:{account_id}", display_name, address=email.strip().lower() if email else None)
    if email:
        return Participant(f"email:{email.strip().lower()}", display_name)
    kind = PersonKind.PHONE if phone else PersonKind.ANONYMOUS
    return Participant(f"zoom:{uuid}/{participant_uuid or parent_user_id or user_id}", display_name, kind)
