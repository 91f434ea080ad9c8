"""JSON Schema made from discovery documents, stricter than Google: what the description does not name is refused."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from infra.local.simulator.discovery import Description, Method

Json = dict[str, Any]

INT32 = (-(2**31), 2**31 - 1)
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?"
OFFSET = r"(Z|[+-]\d\d:\d\d)"

_FORMATS: dict[str, Json] = {
    "int32": {"minimum": INT32[0], "maximum": INT32[1]},
    "uint32": {"minimum": 0, "maximum": 2**32 - 1},
    "int64": {"pattern": r"^-?\d{1,19}$"},
    "uint64": {"pattern": r"^\d{1,20}$"},
    "google-datetime": {"pattern": f"^{TIME}{OFFSET}$"},
    # Calendar takes wall times beside a time zone, so in bodies the offset may be missing.
    "date-time": {"pattern": f"^{TIME}{OFFSET}?$"},
    "date": {"pattern": r"^\d{4}-\d\d-\d\d$"},
    "google-duration": {"pattern": r"^-?\d+(\.\d{1,9})?s$"},
    "google-fieldmask": {"pattern": r"^[\w.*,/()-]+$"},
    "byte": {"pattern": r"^[A-Za-z0-9+/_-]*={0,2}$"},
}


class Checker:
    """Checks the bodies of one API's requests and answers."""

    def __init__(self, description: Description) -> None:
        self._plain = {name: _schema(told, nullable=False) for name, told in description.schemas.items()}
        self._nullable = {name: _schema(told, nullable=True) for name, told in description.schemas.items()}
        self._required = {name: _required(told) for name, told in description.schemas.items()}
        self._validators: dict[tuple[str, str], Draft202012Validator] = {}

    def wrong_in_request(self, method: Method, schema: str, body: object) -> str | None:
        """What is wrong with a request's body, with the place; None when nothing is. A patch may hold nulls."""
        key = (method.method_id, schema)
        if key not in self._validators:
            schemas = self._nullable if method.verb == "PATCH" else self._plain
            needed = self._required[schema].get(method.method_id, [])
            self._validators[key] = _validator(schemas, schema, needed)
        return _told(self._validators[key], body)

    def wrong_in_answer(self, schema: str, body: object) -> str | None:
        """What is wrong with an answer, with the place; None when nothing is."""
        key = ("", schema)
        if key not in self._validators:
            self._validators[key] = _validator(self._plain, schema, [])
        return _told(self._validators[key], body)


def _validator(schemas: Mapping[str, Json], name: str, required: list[str]) -> Draft202012Validator:
    return Draft202012Validator({"allOf": [{"$ref": f"#/$defs/{name}"}, {"required": required}], "$defs": dict(schemas)})


def _told(validator: Draft202012Validator, body: object) -> str | None:
    """The error that says most; deep ones say more than the branches they end."""
    wrong: ValidationError | None = None if validator.is_valid(body) else best_match(validator.iter_errors(body))
    if wrong is None:
        return None
    place = ".".join(str(part) for part in wrong.absolute_path) or "the body"
    return f"{place}: {wrong.message}"


def _required(told: Json) -> dict[str, list[str]]:
    """The properties that single methods demand, by method id."""
    needed: dict[str, list[str]] = {}
    for name, about in told.get("properties", {}).items():
        for method_id in about.get("annotations", {}).get("required", []):
            needed.setdefault(method_id, []).append(name)
    return needed


def _schema(told: Json, *, nullable: bool) -> Json:
    """One discovery schema as JSON Schema; `nullable` lets it and its properties be null, but no item of a list."""
    if "$ref" in told:
        return {"$ref": f"#/$defs/{told['$ref']}"}
    kind = told.get("type", "any")
    if kind == "any":
        return {}
    made: Json = {"type": [kind, "null"] if nullable else kind, **_FORMATS.get(told.get("format", ""), {})}
    if "enum" in told:
        made["enum"] = [*told["enum"], None] if nullable else told["enum"]
    if kind == "array":
        made["items"] = {"allOf": [_schema(told["items"], nullable=nullable), {"not": {"type": "null"}}]}
    if kind == "object":
        properties, more = told.get("properties", {}), told.get("additionalProperties")
        made["properties"] = {name: _schema(about, nullable=nullable) for name, about in properties.items()}
        made["additionalProperties"] = False if more is None else _schema(more, nullable=nullable)
    return made
