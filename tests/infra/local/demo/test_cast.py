"""The demo's story: what is expected of it agrees with what is played."""

import pytest

from infra.local.demo.cast import CAST, CLASS_SECONDS, Person, steps


@pytest.mark.parametrize("person", CAST, ids=lambda person: person.name)
def test_what_is_expected_agrees_with_what_is_played(person: Person) -> None:
    seconds = set[int]()
    for visit in person.visits:
        seconds |= set(range(max(visit.joins, 0), min(visit.leaves or CLASS_SECONDS, CLASS_SECONDS)))
    assert person.present == len(seconds)
    assert person.stays == sum(second - 1 not in seconds for second in seconds)


def test_the_story_has_everything_that_attendance_is_hard_for() -> None:
    assert any(len({visit.device for visit in person.visits}) == 2 for person in CAST)
    assert any(person.stays == 2 for person in CAST)
    assert any(not person.visits for person in CAST)
    assert {person.kind for person in CAST} == {"signed_in", "anonymous", "phone"}


def test_what_happens_is_in_order_and_nobody_leaves_who_did_not_join() -> None:
    inside: set[tuple[str, str]] = set()
    played = steps()
    assert [step.second for step in played] == sorted(step.second for step in played)
    for step in played:
        key = (step.person.name, step.visit.device)
        assert (key in inside) is (step.action == "exit")
        inside ^= {key}
