"""Doors that need a token whatever the house: where an open one would let anybody in as the administrator."""

from shared.domain.accounts import Caller
from shared.web.callers import unauthorised


def need_token(caller: Caller) -> Caller:
    """The caller, if they showed a token; raises a 401 `Problem` for the one whom an open house lets in without."""
    if caller.subject == "local" and caller.token_issued_at is None:
        raise unauthorised("This needs to know who you are, also on a local stack; send Authorization: Bearer <token>.")
    return caller
