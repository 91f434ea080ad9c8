"""Google's sign-in on the control path: the account that signs in is the one that joins meetings."""

from infra.local.simulator.accounts import user_id_of
from infra.local.simulator.signing_in import CLIENT_ID
from tests.infra.local.simulator.running import simulator


def issue(*, email: str, name: str, audience: str) -> str:
    return f"{email} {name} {audience}"


def test_a_sign_in_says_who_to_which_application() -> None:
    with simulator(issue=issue) as sim:
        told = sim.told("/sign-in", email="Omar@School.example", display_name="Omar Nasser")
        other = sim.told("/sign-in", email="omar@school.example", audience="another")
    assert told == {"credential": f"omar@school.example Omar Nasser {CLIENT_ID}", "user_id": user_id_of("omar@school.example")}
    assert other["credential"] == "omar@school.example Omar Nasser another"


def test_a_simulator_that_cannot_sign_says_so() -> None:
    with simulator() as sim:
        answer = sim.order("/sign-in", {"email": "omar@school.example"})
        assert (answer.status_code, "whole stack" in answer.text) == (409, True)
        assert sim.order("/sign-in", {"email": "omar"}).status_code == 422
