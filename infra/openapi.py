"""The OpenAPI document of all functions, made from their route tables and the models that validate.

`python -m infra.openapi` writes functions/openapi/openapi.json, which ships with that function; `--check` says whether it is
up to date. Routes that only our own timers and tasks may call are not part of the public document.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.web.describe import Description
from shared.web.fields import ProblemBody

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "functions" / "openapi" / "openapi.json"
REF = "#/components/schemas/{model}"
PROBLEMS = {
    400: "The request cannot be read.",
    401: "No token, or an invalid or expired one.",
    403: "The caller may not do this.",
    404: "There is no such thing, or it is not the caller's.",
    409: "Not possible in the present state; the detail says why.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A field cannot be used; `errors` names it.",
    429: "Asked too often; Retry-After says when to ask again.",
    502: "Google refused; the detail says what a person has to do.",
    503: "Temporarily unavailable; try again.",
}
CALLERS = {
    "anyone": "Open to everybody.",
    "public-signed": "For signed webhooks (Standard Webhooks headers); open on a local stack without a secret.",
    "zoom-signed": "For Zoom, which signs each event (`x-zm-signature`).",
    "stripe-signed": "For Stripe, which signs each event (`Stripe-Signature`).",
    "push": "For Google's Pub/Sub, which signs a token for this very address.",
    "user": "For every signed-in person, within what is theirs.",
    "teacher": "For teachers, within their own classes, and administrators.",
    "admin": "For administrators.",
}
TEXT = "^[^/\\u0000-\\u001f\\u007f]+$"
PATH_VALUES = {
    "class_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "session_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "student": {
        "type": "string",
        "minLength": 1,
        "maxLength": 254,
        "pattern": TEXT,
        "description": "an e-mail address, or a person's id",
    },
    "person_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "course_id": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": TEXT},
    "card_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "row_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "excuse_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "email": {"type": "string", "format": "email"},
    "payer": {"type": "string", "format": "email"},
    "document_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "line_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "link": {"type": "string", "minLength": 1, "maxLength": 256, "pattern": TEXT},
    "ad_hoc_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "meeting_id": {"type": "string", "minLength": 1, "maxLength": 256, "pattern": TEXT},
    "asset": {"type": "string", "enum": ["swagger-ui.css", "swagger-ui-bundle.js", "start.js"]},
}


def document() -> dict[str, Any]:
    """The whole document."""
    doors = [found for table in sorted(ROOT.glob("functions/*/function.json")) for found in _doors(table)]
    models: set[type[BaseModel]] = {ProblemBody}
    plain: dict[str, Any] = {}
    for _, _, told in doors:
        for shape in (told.body, *told.answers.values()):
            if isinstance(shape, dict):
                plain[shape["title"]] = shape
            elif shape is not None:
                models.add(shape)
    ordered = sorted(models, key=lambda m: m.__name__)
    bodies = [told.body for _, _, told in doors]
    modes: list[tuple[type[BaseModel], Any]] = [(m, "validation" if m in bodies else "serialization") for m in ordered]
    refs, schemas = models_json_schema(modes, ref_template=REF)
    names = {model.__name__: refs[model, mode] for model, mode in modes}
    paths: dict[str, dict[str, Any]] = {}
    for family, line, told in doors:
        paths.setdefault(line["path"], {})[line["method"].lower()] = _operation(family, line, told, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rollcall",
            "version": "1",
            "description": "Schedule online classes, see who is in them, know who was there. Errors are RFC 9457 problems.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.get("$defs", {}), **plain},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _doors(table: Path) -> list[tuple[str, Mapping[str, Any], Description]]:
    name = table.parent.name
    lines = json.loads(table.read_text("utf-8"))["routes"]
    if not lines:
        return []
    doors = import_module(f"functions.{name}.doors")
    found = [(name, line, _resolved(name, getattr(doors, line["door"]).description)) for line in lines]
    return [(name, line, told) for name, line, told in found if not told.is_internal]


def _resolved(name: str, told: Description) -> Description:
    """The description with models in place of their names."""

    def model(shape: Any) -> Any:  # noqa: ANN401 - a model, a name of one, or a schema
        return getattr(import_module(f"functions.{name}.schemas"), shape) if isinstance(shape, str) else shape

    return replace(told, body=model(told.body), answers={status: model(shape) for status, shape in told.answers.items()})


def _ref(shape: Any, names: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a model or a schema
    return {"$ref": REF.format(model=shape["title"])} if isinstance(shape, dict) else names[shape.__name__]


def _about(shape: Any) -> str:  # noqa: ANN401 - a model or a schema
    told = shape["description"] if isinstance(shape, dict) else shape.__doc__ or ""
    return str(told).strip().splitlines()[0]


def _operation(family: str, line: Mapping[str, Any], told: Description, names: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": line["door"],
        "tags": [family],
        "summary": told.summary,
        "description": CALLERS[line["caller"]],
        "parameters": _parameters(line, told),
        "responses": _responses(_counted(line, told), names),
    }
    if line["caller"] in ("user", "teacher", "admin"):
        operation["security"] = [{"token": []}, {}]
    if told.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(told.body, names)}}}
    return operation


def _counted(line: Mapping[str, Any], told: Description) -> Description:
    """The description with the answer to whoever asks too often: people are counted, also those who sign in."""
    is_counted = line["caller"] in ("user", "teacher", "admin") or (line["caller"] == "anyone" and line["method"] == "POST")
    return replace(told, problems=tuple(sorted({*told.problems, 429}))) if is_counted else told


def _parameters(line: Mapping[str, Any], told: Description) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": PATH_VALUES[name]}
        for name in re.findall(r"\{(\w+)\}", line["path"])
    ]
    if told.query is not None:
        schema = told.query.model_json_schema(by_alias=True)
        for name, each in schema["properties"].items():
            inlined = json.loads(json.dumps(each), object_hook=lambda node: _inlined(node, schema.get("$defs", {})))
            found.append({"name": name, "in": "query", "required": False, "schema": _without_null(inlined)})
    found += [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": about,
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        }
        for name, about in told.headers.items()
    ]
    return found


def _inlined(node: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    ref = node.get("$ref")
    return dict(definitions[ref.rpartition("/")[2]]) if isinstance(ref, str) else node


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or not; it is never null."""
    kinds = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    if len(kinds) == 1 and "anyOf" in schema:
        rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
        return {**rest, **kinds[0]}
    return schema


def _responses(told: Description, names: Mapping[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        str(status): {"description": _about(shape), "content": {"application/json": {"schema": _ref(shape, names)}}}
        for status, shape in told.answers.items()
    }
    for kind, about in told.other_types.items():
        answer = answers.setdefault("200", {"description": about, "content": {}})
        answer["content"][kind] = {"schema": {"type": "object"} if kind == "application/json" else {"type": "string"}}
    for status in told.problems:
        content = {"application/problem+json": {"schema": names["ProblemBody"]}}
        answers[str(status)] = {"description": PROBLEMS[status], "content": content}
    return answers


def main() -> int:
    """Write the document, or say whether it is up to date."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--check", action="store_true", help="change nothing; fail when the file is out of date")
    text = json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if arguments.parse_args().check:
        if TARGET.exists() and TARGET.read_text("utf-8") == text:
            return 0
        sys.stderr.write("functions/openapi/openapi.json is not what the routes and models say; run `make openapi`.\n")
        return 1
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
