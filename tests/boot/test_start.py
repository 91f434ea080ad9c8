"""Each archive, started as Google's buildpack starts it, answers; and nobody unknown is let in."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from infra.pack import ROOT, function_names, is_service
from tests.boot.unpacked import Booted, booted, routes_of

FUNCTIONS = [name for name in function_names() if not is_service(name)]
SOME_ID = "0" * 32


@pytest.fixture(scope="module", params=FUNCTIONS)
def function(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booted]:
    """One function after the other, packed, unpacked and started."""
    with booted(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running


def path_of(template: str) -> str:
    """A path that a route's template matches."""
    built = min(path.name for path in (ROOT / "functions" / "dashboard" / "dist" / "assets").glob("*.js"))
    return template.format_map(defaultdict(lambda: SOME_ID, asset="swagger-ui.css", file=built))


def test_an_unknown_path_is_answered_with_a_problem(function: Booted) -> None:
    answer = function.ask("GET", "/no/such/thing")
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == 404
    assert answer.headers["x-request-id"]


def test_a_method_that_no_route_has_is_answered_with_those_it_has(function: Booted) -> None:
    route = routes_of(function.name)[0]
    answer = function.ask("PUT", path_of(route["path"]))
    assert answer.status == 405
    assert route["method"] in answer.headers["allow"]


def test_every_route_without_a_token_is_open_only_where_its_table_says_so(function: Booted) -> None:
    for route in routes_of(function.name):
        answer = function.ask(route["method"], path_of(route["path"]))
        opened = 200 if route["method"] == "GET" else 422
        wanted = {"anyone": opened, "link": 404}.get(route["caller"], 401)
        assert answer.status == wanted, (route, answer.body)


def test_a_made_up_token_opens_no_door(function: Booted) -> None:
    for route in routes_of(function.name):
        if route["caller"] not in ("anyone", "link"):
            answer = function.ask(route["method"], path_of(route["path"]), {"Authorization": "Bearer a.b.c"})
            assert answer.status == 401, (route, answer.body)


def test_a_path_is_known_also_as_a_cloud_url_hands_it_over(function: Booted) -> None:
    for route in routes_of(function.name):
        long, short = path_of(route["path"]), path_of(route["path"]).removeprefix("/api")
        assert function.ask(route["method"], short).status == function.ask(route["method"], long).status, route
