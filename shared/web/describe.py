"""What a door takes and gives, told once beside it: the same models validate requests and make the OpenAPI document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from shared.domain.errors import InvalidInput
from shared.web.routes import Asked

D = TypeVar("D", bound=Callable[..., Any])
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Description:
    """One door in the words of OpenAPI. `answers` maps a status to the model of its body; None is a body of another type."""

    summary: str
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answers: Mapping[int, type[BaseModel]] = field(default_factory=dict)
    problems: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    other_types: Mapping[str, str] = field(default_factory=dict)
    is_internal: bool = False


def describes(**told: Any) -> Callable[[D], D]:  # noqa: ANN401 - the fields of Description
    """Put a `Description` on a door; the summary is the first line of its docstring."""

    def mark(door: D) -> D:
        summary = (door.__doc__ or "").strip().splitlines()[0]
        door.description = Description(summary=summary, **told)  # type: ignore[attr-defined]
        return door

    return mark


def body_as(model: type[M], asked: Asked) -> M:
    """The request's body as `model`."""
    return model.model_validate_json(asked.body or b"null")


def query_as(model: type[M], asked: Asked) -> M:
    """The request's query as `model`; a parameter given twice is refused rather than half ignored."""
    given = {}
    for name, values in asked.request.args.lists():
        if len(values) > 1:
            raise InvalidInput(name, "Give this parameter once.")
        given[name] = values[0]
    try:
        return model.model_validate_strings(given)
    except UnicodeEncodeError as bad:
        raise InvalidInput("query", "The query holds characters that cannot be read.") from bad
