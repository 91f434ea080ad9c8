"""Sentences about fields: each says what to write instead."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from shared.domain.errors import InvalidInput
from shared.web.fields import Asked
from shared.web.problems import told_of


class Body(Asked):
    """Some body."""

    count: Annotated[int, Field(ge=1, le=9, strict=True)] = 1
    kind: Literal["a", "b"] = "a"
    names: Annotated[tuple[str, ...], Field(max_length=1)] = ()
    word: Annotated[str, Field(min_length=2, max_length=3, pattern="^[a-z]+$")] = "ab"
    flag: bool = True


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (None, "body", "Send a JSON object, like {}."),
        ([], "body", "Send a JSON object, like {}."),
        ({"count": 0}, "count", "Write a number of at least 1."),
        ({"count": 10}, "count", "Write a number of at most 9."),
        ({"count": "1"}, "count", "Write a whole number, without quotes or a point."),
        ({"kind": "c"}, "kind", "Write 'a' or 'b'."),
        ({"names": "x"}, "names", "Send a JSON array, like []."),
        ({"names": ["x", "y"]}, "names", "Give at most 1."),
        ({"word": "a"}, "word", "Write at least 2 characters."),
        ({"word": "abcd"}, "word", "Write at most 3 characters."),
        ({"word": "{}}"}, "word", "This is not written as it must be: it has to match ^[a-z]+$."),
        ({"flag": "maybe"}, "flag", "Write true or false."),
        ({"none": 1}, "none", "There is no such field; leave it out."),
    ],
)
def test_a_finding_says_what_to_write(body: Any, field: str, message: str) -> None:
    with pytest.raises(ValidationError) as found:
        Body.model_validate(body)
    told = told_of(found.value)
    assert told is not None
    assert (told.status, list(told.errors)) == (422, [{"field": field, "message": message}])


def test_a_rule_over_several_fields_names_the_one_to_change() -> None:
    told = told_of(InvalidInput("email", "Give it."))
    assert told is not None
    assert told.errors == ({"field": "email", "message": "Give it."},)
