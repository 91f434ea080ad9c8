"""How alike two names are, by rapidfuzz: good for suggestions, never for decisions."""

from rapidfuzz import fuzz

from shared.domain.identities import plain_name


def likeness(one: str, other: str) -> int:
    """From 0 to 100, whatever the order of a name's parts, and without regard to case and blanks; an empty name is like none."""
    return int(fuzz.token_sort_ratio(plain_name(one), plain_name(other))) if one.strip() and other.strip() else 0
