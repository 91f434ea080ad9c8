"""Noting that somebody reads other people's attendance, before they get it."""

from datetime import datetime

from shared import system
from shared.people_ports import Access, AccessLog
from shared.web.routes import Asked


def note_read(log: AccessLog, asked: Asked, what: str, about: str, at: datetime | None = None, *, why: str | None = None) -> None:
    """Note that the caller reads `what` about a session, a course or a person; durable when this returns.

    Raises `Unavailable`: then nothing may be answered.
    """
    caller = asked.caller
    log.note(Access(caller.email or caller.subject, caller.role, what, about, at or system.now(), why))
