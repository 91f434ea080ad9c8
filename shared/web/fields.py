"""Field types of requests and answers: what each accepts, the words it refuses with, and how OpenAPI describes it."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from shared.web.checks import email, filled, instant, lines, rfc3339, text

_EMAIL_SCHEMA = {"type": "string", "format": "email", "maxLength": 254, "examples": ["ada@school.example"]}
_INSTANT_SCHEMA = {"type": "string", "format": "date-time", "examples": ["2026-12-01T16:00:00Z"]}

Email = Annotated[str, BeforeValidator(email), WithJsonSchema(_EMAIL_SCHEMA)]
Instant = Annotated[
    datetime,
    BeforeValidator(instant),
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema(_INSTANT_SCHEMA),
]
Text = Annotated[str, BeforeValidator(text), AfterValidator(filled), Field(min_length=1, max_length=300)]
LongText = Annotated[str, BeforeValidator(text), AfterValidator(filled), Field(min_length=1, max_length=1000)]
Lines = Annotated[str, BeforeValidator(lines), AfterValidator(filled), Field(min_length=1, max_length=1000)]
Key = Annotated[str, BeforeValidator(text), AfterValidator(filled), Field(min_length=1, max_length=128)]
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
