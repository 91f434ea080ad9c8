"""The Directory, through Google's own client."""

import pytest
from googleapiclient.errors import HttpError

from infra.local.simulator.accounts import user_id_of
from tests.infra.local.simulator.running import GUEST, STUDENT, Simulated, error_of, fixture

ADMIN = "admin@school.example"


def test_everybody_of_the_domain_sees_the_public_view_by_id_or_address(sim: Simulated) -> None:
    sim.join(sim.room(), STUDENT, display_name="Ben Student")
    users = sim.google("admin").users()
    by_id = users.get(userKey=user_id_of(STUDENT), viewType="domain_public").execute()
    assert users.get(userKey=STUDENT, viewType="domain_public").execute() == by_id
    assert set(by_id) == set(fixture("directory/user_domain_public_view"))
    assert (by_id["primaryEmail"], by_id["name"]["fullName"]) == (STUDENT, "Ben Student")


def test_the_admins_view_is_for_admins(sim: Simulated) -> None:
    with pytest.raises(HttpError) as trouble:
        sim.google("admin").users().get(userKey=STUDENT).execute()
    assert error_of(trouble.value)["code"] == 403
    user = sim.google("admin", ADMIN).users().get(userKey=STUDENT).execute()
    assert user["isAdmin"] is False
    assert set(user) <= set(fixture("directory/user"))


def test_strangers_are_not_in_the_directory(sim: Simulated) -> None:
    sim.join(sim.room(), GUEST)
    for key in (GUEST, user_id_of(GUEST), "1"):
        with pytest.raises(HttpError) as trouble:
            sim.google("admin").users().get(userKey=key, viewType="domain_public").execute()
        told, google = error_of(trouble.value), fixture("directory/error_404_external_user")["error"]
        assert (told["code"], told["message"], told["errors"]) == (google["code"], google["message"], google["errors"])


def test_domains_that_are_listed_are_one_customer(sim: Simulated) -> None:
    users = sim.google("admin").users()
    assert users.get(userKey="x@orinex.co.uk", viewType="domain_public").execute()["primaryEmail"] == "x@orinex.co.uk"
    sim.told("/settings", domains=["school.example", "mail.example"])
    assert users.get(userKey=GUEST, viewType="domain_public").execute()["primaryEmail"] == GUEST
    with pytest.raises(HttpError):
        users.get(userKey="x@orinex.co.uk", viewType="domain_public").execute()
