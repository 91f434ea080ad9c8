"""Matches: how the link between a participant and a person is known."""

from enum import StrEnum


class Match(StrEnum):
    """How the link between a participant and a person is known, the surest first; `suggested` and `unmatched` are no link."""

    EXACT_ID = "exact_id"
    EXACT_EMAIL = "exact_email"
    REGISTERED_SESSION = "registered_session"
    CONFIRMED_ALIAS = "confirmed_alias"
    UNIQUE_NAME = "unique_name"
    SUGGESTED = "suggested"
    UNMATCHED = "unmatched"

    @property
    def is_sure(self) -> bool:
        """Whether money may follow without anybody's looking at it."""
        return self in (Match.EXACT_ID, Match.EXACT_EMAIL, Match.REGISTERED_SESSION, Match.CONFIRMED_ALIAS)


_ORDER = {match: place for place, match in enumerate(Match)}


def weakest(one: Match | None, other: Match) -> Match:
    """The less sure of two; None is no match yet."""
    return other if one is None else max(one, other, key=_ORDER.__getitem__)
