"""What a text, an address and an instant from outside must be, and the words that refuse them. Standard library alone."""

import re
from datetime import UTC, datetime

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>()\[\],;:\\\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2199


def email(value: object) -> str:
    """An e-mail address, in lower case."""
    if not isinstance(value, str) or _EMAIL.fullmatch(value.strip()) is None:
        raise ValueError("This is no e-mail address; write one like ada@school.example.")
    return value.strip().lower()


def instant(value: object) -> datetime:
    """An RFC 3339 instant with its zone, as UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
        raise ValueError("Write the time as RFC 3339 text, like 2026-12-01T16:00:00Z.")
    try:
        at = datetime.fromisoformat(value.upper().replace(" ", "T"))
    except ValueError:
        raise ValueError("There is no such date or time; write it like 2026-12-01T16:00:00Z.") from None
    if at.tzinfo is None:
        raise ValueError("The time says no zone; end it with Z for UTC or an offset like +01:00.")
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise ValueError(f"The year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}.")
    return at.astimezone(UTC)


def text(value: object) -> str:
    """A text on one line that every system can store."""
    if not isinstance(value, str):
        raise ValueError("This must be text.")
    if any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF for c in value):  # noqa: PLR2004
        raise ValueError("The text holds control characters; remove them.")
    return value.strip()


def lines(value: object) -> str:
    """A text of several lines that every system can store, without empty ones."""
    if not isinstance(value, str):
        raise ValueError("This must be text.")
    return "\n".join(filter(None, (text(line) for line in value.replace("\r\n", "\n").split("\n"))))


def filled(value: str) -> str:
    """A text that says something."""
    if not value:
        raise ValueError("The text is empty.")
    return value


def rfc3339(at: datetime) -> str:
    """An instant as it is written in answers: UTC with `Z`, fractions only where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def up_to(most: int, value: object) -> str:
    """A text of 1 to `most` characters."""
    told = filled(text(value))
    if len(told) > most:
        raise ValueError(f"The text has more than {most} characters.")
    return told
