"""What a door takes and gives, told once beside it: the same models validate requests and make the OpenAPI document.

pydantic is not imported here: a function whose requests need no model does not load it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, TypeVar

from shared.domain.errors import InvalidInput
from shared.web.routes import Asked

# A model, the name of one in the function's schemas, or a JSON schema.
Shape = Any


class Model(Protocol):
    """The part of a pydantic model that reading a request needs."""

    @classmethod
    def model_validate_json(cls, json_data: bytes) -> Self:
        """The model in a JSON text."""

    @classmethod
    def model_validate_strings(cls, obj: Mapping[str, str]) -> Self:
        """The model in a mapping of texts."""


D = TypeVar("D", bound=Callable[..., Any])
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Description:
    """One door in the words of OpenAPI: `answers` maps a status to its body, `other_types` is for bodies that are not JSON."""

    summary: str
    body: Shape = None
    query: Shape = None
    answers: Mapping[int, Shape] = field(default_factory=dict)
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
