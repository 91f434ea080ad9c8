"""People, through Google's own client."""

import pytest
from googleapiclient.errors import HttpError

from infra.local.simulator.accounts import user_id_of
from tests.infra.local.simulator.running import GUEST, STUDENT, TEACHER, Simulated, error_of, fixture


def in_meeting(sim: Simulated, *emails: str) -> list[str]:
    """Let people be seen in a meeting; their resource names."""
    code = sim.room()
    for email in emails:
        sim.join(code, email)
    return [f"people/{user_id_of(email)}" for email in emails]


def test_people_of_the_domain_have_addresses_and_strangers_are_not_found(sim: Simulated) -> None:
    names = in_meeting(sim, STUDENT, GUEST)
    answer = sim.google("people").people().getBatchGet(resourceNames=names, personFields="emailAddresses").execute()
    ben, guest = answer["responses"]
    assert (ben["httpStatusCode"], ben["person"]["emailAddresses"][0]["value"]) == (200, STUDENT)
    assert set(guest) == set(fixture("directory/people_batch_get")["responses"][1])
    assert (guest["httpStatusCode"], guest["requestedResourceName"]) == (404, names[1])


def test_two_hundred_names_in_one_call_come_as_a_posted_form_and_are_answered(sim: Simulated) -> None:
    names = in_meeting(sim, *(f"s{number}@school.example" for number in range(200)))
    batch = sim.google("people").people().getBatchGet(resourceNames=names, personFields="emailAddresses")
    found = batch.execute()["responses"]
    assert [one["requestedResourceName"] for one in found] == names
    assert {one["httpStatusCode"] for one in found} == {200}
    more = sim.google("people").people().getBatchGet(resourceNames=[*names, names[0]], personFields="names")
    with pytest.raises(HttpError) as trouble:
        more.execute()
    assert "200" in error_of(trouble.value)["message"]


def test_a_person_looks_like_one_of_googles(sim: Simulated) -> None:
    (name,) = in_meeting(sim, STUDENT)
    person = sim.google("people").people().get(resourceName=name, personFields="names,emailAddresses").execute()
    google = fixture("directory/people_get")
    assert set(person) == set(google)
    assert set(person["names"][0]) == set(google["names"][0])
    assert person["emailAddresses"][0]["metadata"]["source"]["type"] == "DOMAIN_PROFILE"


def test_a_person_who_was_never_seen_is_not_found(sim: Simulated) -> None:
    for email in (GUEST, "never.seen@school.example"):
        request = sim.google("people").people().get(resourceName=f"people/{user_id_of(email)}", personFields="names")
        with pytest.raises(HttpError) as trouble:
            request.execute()
        assert error_of(trouble.value)["status"] == "NOT_FOUND"


def test_me_is_whoever_asks(sim: Simulated) -> None:
    person = sim.google("people").people().get(resourceName="people/me", personFields="emailAddresses").execute()
    assert person["resourceName"] == f"people/{user_id_of(TEACHER)}"


def test_other_sources_than_the_profile_tell_nothing_about_colleagues(sim: Simulated) -> None:
    (name,) = in_meeting(sim, STUDENT)
    people = sim.google("people").people()
    sources = ["READ_SOURCE_TYPE_CONTACT"]
    assert set(people.get(resourceName=name, personFields="names", sources=sources).execute()) == {"resourceName", "etag"}
    sources.append("READ_SOURCE_TYPE_PROFILE")
    assert "names" in people.get(resourceName=name, personFields="names", sources=sources).execute()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("resourceNames=people/1", "personFields"),
        ("personFields=names", "at least one"),
        ("personFields=names&resourceNames=users/1", "users/1"),
        ("personFields=names&requestMask.includeField=person.names&resourceNames=people/1", "Only one"),
        ("personFields=names&resourceNames=people/1&sources=GOSSIP", "GOSSIP"),
    ],
)
def test_a_batch_that_google_would_refuse_is_refused_here(sim: Simulated, query: str, word: str) -> None:
    answer = sim.ask(f"/v1/people:batchGet?{query}")
    assert answer.status_code == 400
    assert word in answer.json()["error"]["message"]


def test_everybody_learns_their_own_id(sim: Simulated) -> None:
    me = sim.google("people", GUEST).people().get(resourceName="people/me", personFields="metadata").execute()
    assert me["resourceName"] == f"people/{user_id_of(GUEST)}"
    assert me["metadata"]["sources"] == [{"type": "PROFILE", "id": user_id_of(GUEST)}]
