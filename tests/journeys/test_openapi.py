"""The API does what its own description says, asked by a machine that tries whatever the description allows and forbids."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from infra.openapi import document
from tests.journeys.conftest import Stack

load_all_checks()
WANTED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
# A webhook keeps what it cannot understand and says 200, so that the sender does not give up.
KEEPS_EVERYTHING = {"/api/webhook/meet-events"}

schema = schemathesis.openapi.from_dict(document())


def described() -> list[tuple[str, str]]:
    return [(path, method) for path, methods in sorted(document()["paths"].items()) for method in sorted(methods)]


@pytest.mark.parametrize(("path", "method"), described())
def test_a_route_keeps_to_its_description(stack: Stack, path: str, method: str) -> None:
    checks = [CHECKS.get_one(name) for name in WANTED if not (name == "negative_data_rejection" and path in KEEPS_EVERYTHING)]
    operation = schema[path][method.upper()]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @__import__("hypothesis").given(case=operation.as_strategy())
    def holds(case: Any) -> None:
        answer = case.call(base_url=stack.url, timeout=60)
        case.validate_response(answer, checks=checks)

    holds()


def test_every_public_route_is_described() -> None:
    from infra.openapi import ROOT

    told = {(path, method.upper()) for path, method in described()}
    for table in ROOT.glob("functions/*/function.json"):
        for line in json.loads(table.read_text("utf-8"))["routes"]:
            if line["path"].startswith("/api/") and line["caller"] not in ("task", "scheduler", "push"):
                assert (line["path"], line["method"]) in told
