"""What is wrong with a field, in words for whoever sent it: each says what to write instead.

Pydantic finds what is wrong and names it by a type and its numbers; what no sentence here is about keeps pydantic's own.
"""

from collections.abc import Mapping
from typing import Any

_OF_TYPE = {
    "extra_forbidden": "There is no such field; leave it out.",
    "missing": "This field is required.",
    "model_type": "Send a JSON object, like {{}}.",
    "model_attributes_type": "Send a JSON object, like {{}}.",
    "dict_type": "Send a JSON object, like {{}}.",
    "list_type": "Send a JSON array, like [].",
    "tuple_type": "Send a JSON array, like [].",
    "bool_type": "Write true or false.",
    "bool_parsing": "Write true or false.",
    "int_type": "Write a whole number, without quotes or a point.",
    "int_parsing": "Write a whole number.",
    "int_from_float": "Write a whole number, without a point.",
    "string_type": "Write a text in double quotes.",
    "literal_error": "Write {expected}.",
    "enum": "Write {expected}.",
    "greater_than": "Write a number above {gt}.",
    "greater_than_equal": "Write a number of at least {ge}.",
    "less_than": "Write a number below {lt}.",
    "less_than_equal": "Write a number of at most {le}.",
    "string_too_short": "Write at least {min_length} characters.",
    "string_too_long": "Write at most {max_length} characters.",
    "too_short": "Give at least {min_length}; there are {actual_length}.",
    "too_long": "Give at most {max_length}.",
    "string_pattern_mismatch": "This is not written as it must be: it has to match {pattern}.",
}


def words_for(found: Mapping[str, Any]) -> str:
    """The sentence for one of pydantic's findings (`type`, `msg`, and the numbers of the rule under `ctx`)."""
    sentence = _OF_TYPE.get(str(found["type"]))
    if sentence is None:
        return str(found["msg"]).removeprefix("Value error, ")
    return sentence.format_map(found.get("ctx") or {})
