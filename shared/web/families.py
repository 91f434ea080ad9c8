"""Route families: members that all errors of some routes carry beside RFC 9457's own, as their guides promise.

A function names its family in function.json. That holds for every refusal of the function, whoever makes it.
"""

from collections.abc import Mapping

from shared.web.problems import Told

USER_SESSIONS = "user-sessions"
# Titles that the guide of this family gives as messages; elsewhere the message says what to do.
MESSAGES = ("Invalid or expired token", "No active session found", "User not found")


def members_of(family: str | None, told: Told) -> Mapping[str, object]:
    """What an error answer of the family holds beside the problem."""
    if family != USER_SESSIONS:
        return {}
    return {"success": False, "message": told.title if told.title in MESSAGES else told.detail}
