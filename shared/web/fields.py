"""Field types of requests and answers: what each accepts, the words it refuses with, and how OpenAPI describes it."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>()\[\],;:\\\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2199


def _email(value: Any) -> str:  # noqa: ANN401 - anything may be sent
    if not isinstance(value, str) or _EMAIL.fullmatch(value.strip()) is None:
        raise ValueError("This is no e-mail address; write one like ada@school.example.")
    return value.strip().lower()


def _instant(value: Any) -> datetime:  # noqa: ANN401 - anything may be sent
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


def _text(value: Any) -> str:  # noqa: ANN401 - anything may be sent
    if not isinstance(value, str):
        raise ValueError("This must be text.")
    if any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF for c in value):  # noqa: PLR2004
        raise ValueError("The text holds control characters; remove them.")
    return value.strip()


def _filled(value: str) -> str:
    if not value:
        raise ValueError("The text is empty.")
    return value


def rfc3339(at: datetime) -> str:
    """An instant as it is written in answers: UTC with `Z`, fractions only where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


_EMAIL_SCHEMA = {"type": "string", "format": "email", "maxLength": 254, "examples": ["ada@school.example"]}
_INSTANT_SCHEMA = {"type": "string", "format": "date-time", "examples": ["2026-12-01T16:00:00Z"]}

Email = Annotated[str, BeforeValidator(_email), WithJsonSchema(_EMAIL_SCHEMA)]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema(_INSTANT_SCHEMA),
]
Text = Annotated[str, BeforeValidator(_text), AfterValidator(_filled), Field(min_length=1, max_length=300)]
LongText = Annotated[str, BeforeValidator(_text), AfterValidator(_filled), Field(min_length=1, max_length=1000)]
Key = Annotated[str, BeforeValidator(_text), AfterValidator(_filled), Field(min_length=1, max_length=128)]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Asked(BaseModel):
    """A request body or query: unknown fields are refused, so that a typo is never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=4096)


class Answer(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True)


class ProblemBody(Answer):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[dict[str, str]] | None = None
