"""Tests of finding the addresses behind Google's user ids."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import pytest

from shared.adapters.google.identities import GoogleIdentities
from tests.shared.adapters.google.scripted import (
    NOT_FOUND,
    Answer,
    Asked,
    Script,
    ScriptedGoogle,
    error,
    matches,
    scripted_google,
)

ADA = "ada.teacher@school.example"
ADMIN = "admin@school.example"


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    """Threads to ask in."""
    with ThreadPoolExecutor(4) as threads:
        yield threads


def person(google_id: str, *emails: dict[str, Any]) -> dict[str, Any]:
    """What People says of somebody it knows."""
    return {"requestedResourceName": f"people/{google_id}", "person": {"emailAddresses": list(emails)}}


def stranger(google_id: str) -> dict[str, Any]:
    """What People says of somebody it does not know."""
    return {"requestedResourceName": f"people/{google_id}", "httpStatusCode": 404, "status": {"code": 5}}


def google_knowing(people: dict[str, str], directory: dict[str, str]) -> Script:
    """A Google whose People API and Directory know these."""

    def answer(asked: Asked) -> Answer:
        if asked.path == "/v1/people:batchGet":
            ids = [name.removeprefix("people/") for name in asked.query["resourceNames"]]
            known = [person(i, {"value": people[i]}) if i in people else stranger(i) for i in ids]
            return 200, {"responses": known}
        found = matches("GET /admin/directory/v1/users/(.*)", asked)
        email = directory.get(found.group(1)) if found else None
        return (200, {"primaryEmail": email}) if email else NOT_FOUND

    return answer


def emails(google: ScriptedGoogle, pool: Executor, ids: list[str], admin: str | None = None) -> dict[str, str]:
    """The addresses that are found."""
    return GoogleIdentities(google.apis(), admin, pool).emails_of(ADA, ids)


def test_people_knows_first_and_the_directory_is_asked_for_the_rest(pool: Executor) -> None:
    with scripted_google(google_knowing({"1": "Omar@School.example"}, {"2": "LENA@school.example"})) as google:
        assert emails(google, pool, ["1", "2", "3"]) == {"1": "omar@school.example", "2": "lena@school.example"}
    assert sorted(google.paths()) == [
        "GET /admin/directory/v1/users/2",
        "GET /admin/directory/v1/users/3",
        "GET /v1/people:batchGet",
    ]
    assert {asked.subject for asked in google.asked} == {ADA}
    assert google.asked[1].param("viewType") == "domain_public"


def test_nobody_to_find_costs_no_call(pool: Executor) -> None:
    with scripted_google(google_knowing({}, {})) as google:
        assert emails(google, pool, []) == {}
    assert google.asked == []


def test_two_hundred_people_are_one_call_and_one_more_are_two(pool: Executor) -> None:
    everybody = {str(number): f"p{number}@school.example" for number in range(201)}
    with scripted_google(google_knowing(everybody, {})) as google:
        assert emails(google, pool, list(everybody)) == everybody
    assert [len(asked.query["resourceNames"]) for asked in google.asked] == [200, 1]


def test_the_directory_is_asked_as_the_administrator_where_one_is_set(pool: Executor) -> None:
    with scripted_google(google_knowing({}, {"1": "omar@school.example"})) as google:
        assert emails(google, pool, ["1"], ADMIN) == {"1": "omar@school.example"}
    assert [asked.subject for asked in google.asked] == [ADA, ADMIN]


@pytest.mark.parametrize("no", [error(403, "no", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), error(401), NOT_FOUND, error(503)])
def test_a_people_api_that_refuses_leaves_the_directory(pool: Executor, no: Answer) -> None:
    knowing = google_knowing({}, {"1": "omar@school.example"})
    with scripted_google(lambda asked: no if "people" in asked.path else knowing(asked)) as google:
        assert emails(google, pool, ["1"]) == {"1": "omar@school.example"}


def test_a_directory_that_refuses_is_asked_once_and_costs_only_its_own_answers(pool: Executor) -> None:
    knowing = google_knowing({"1": "omar@school.example"}, {})
    with scripted_google(lambda asked: error(403) if "directory" in asked.path else knowing(asked)) as google:
        assert emails(google, pool, ["1", "2", "3", "4"]) == {"1": "omar@school.example"}
    assert len(google.asked) == 2


def test_a_directory_that_fails_for_one_still_names_the_others(pool: Executor) -> None:
    knowing = google_knowing({}, {"1": "omar@school.example", "3": "lena@school.example"})
    with scripted_google(lambda asked: error(503) if asked.path.endswith("/2") else knowing(asked)) as google:
        assert emails(google, pool, ["1", "2", "3"]) == {"1": "omar@school.example", "3": "lena@school.example"}


def test_an_address_that_google_vouches_for_beats_one_that_somebody_typed(pool: Executor) -> None:
    typed = {"value": "omar.old@mail.example", "metadata": {"primary": True, "source": {"type": "CONTACT"}}}
    profile = {"value": "omar@school.example", "metadata": {"source": {"type": "DOMAIN_PROFILE"}}}
    with scripted_google(lambda _: (200, {"responses": [person("1", typed, profile)]})) as google:
        assert emails(google, pool, ["1"]) == {"1": "omar@school.example"}
