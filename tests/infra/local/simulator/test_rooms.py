"""Rooms and their codes."""

import re

import pytest

from infra.local.simulator import instants, visits
from infra.local.simulator.rooms import KEPT_FOR, Rooms, code_in
from tests.infra.local.simulator.running import STUDENT, TEACHER


def test_every_room_has_a_code_of_its_own_in_googles_form() -> None:
    rooms = Rooms()
    codes = {rooms.open_space(TEACHER).code for _ in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch(r"[a-z]{3}-[a-z]{4}-[a-z]{3}", code) for code in codes)


@pytest.mark.parametrize("text", ["abc-mnop-xyz", "ABC-MNOP-XYZ", "abcmnopxyz", "AbcMnopXyz"])
def test_a_code_is_known_in_any_spelling(text: str) -> None:
    assert code_in(text) == "abc-mnop-xyz"


@pytest.mark.parametrize("text", ["", "abc-mnop-xy", "abc-mno1-xyz", "äbc-mnop-xyz", "jQCFfuBOdN5z"])
def test_anything_else_is_no_code(text: str) -> None:
    assert code_in(text) is None


def test_a_conference_is_forgotten_thirty_days_after_its_end_and_never_while_it_is_on() -> None:
    rooms = Rooms()
    space = rooms.open_space(TEACHER)
    _, stay = visits.join(rooms, space, visits.Comer("signed_in", "Ben", STUDENT), 0)
    assert len(list(rooms.conferences(KEPT_FOR * 2))) == 1
    visits.leave(space, stay.stay_id, instants.DAY)
    assert len(list(rooms.conferences(KEPT_FOR + instants.DAY - 1))) == 1
    rooms.forget(KEPT_FOR + instants.DAY)
    assert space.conferences == []
    assert list(rooms.conferences(0)) == []
