"""People coming and going, told in any order."""

from datetime import timedelta

import pytest

from infra.local.simulator import visits
from infra.local.simulator.accounts import user_id_of
from infra.local.simulator.refusals import Impossible
from infra.local.simulator.rooms import Rooms, Space
from infra.local.simulator.visits import Comer
from tests.infra.local.simulator.running import STUDENT, TEACHER

BEN = Comer("signed_in", "Ben", STUDENT)


@pytest.fixture
def rooms() -> Rooms:
    """Rooms with none in them."""
    return Rooms()


@pytest.fixture
def space(rooms: Rooms) -> Space:
    """A teacher's room."""
    return rooms.open_space(TEACHER)


def test_somebody_signed_in_is_the_participant_of_their_account(rooms: Rooms, space: Space) -> None:
    first, _ = visits.join(rooms, space, BEN, 0)
    second, _ = visits.join(rooms, space, BEN, 5)
    assert first is second
    assert first.participant_id == user_id_of(STUDENT)


def test_a_device_that_joins_again_has_reloaded(rooms: Rooms, space: Space) -> None:
    laptop = Comer("signed_in", "Ben", STUDENT, device="laptop")
    _, before = visits.join(rooms, space, laptop, 0)
    _, after = visits.join(rooms, space, laptop, 5)
    assert (before.left, after.left) == (5, None)


def test_a_join_told_late_belongs_to_the_conference_that_was_on(rooms: Rooms, space: Space) -> None:
    _, stay = visits.join(rooms, space, BEN, 10)
    visits.leave(space, stay.stay_id, 50)
    _, late = visits.join(rooms, space, Comer("anonymous", "Lena"), 20)
    visits.leave(space, late.stay_id, 30)
    (conference,) = space.conferences
    assert (conference.started, conference.ended) == (10, 50)


def test_a_join_told_late_makes_the_live_conference_start_earlier(rooms: Rooms, space: Space) -> None:
    visits.join(rooms, space, BEN, 10)
    visits.join(rooms, space, Comer("anonymous", "Lena"), 5)
    (conference,) = space.conferences
    assert (conference.started, conference.ended) == (5, None)


def test_the_instant_at_which_the_last_one_left_is_already_another_conference(rooms: Rooms, space: Space) -> None:
    _, stay = visits.join(rooms, space, BEN, 0)
    visits.leave(space, stay.stay_id, 10)
    visits.join(rooms, space, BEN, 10)
    assert len(space.conferences) == 2


def test_a_meeting_cannot_end_before_somebody_in_it_came(rooms: Rooms, space: Space) -> None:
    visits.join(rooms, space, BEN, 10)
    with pytest.raises(Impossible) as trouble:
        visits.end(space, 5)
    assert trouble.value.field == "at"


@pytest.mark.parametrize(
    ("told", "shown"),
    [("+44 20 7946 0967", "+44 ***-***-**67"), ("+44 *** *** **67", "+44 *** *** **67"), ("Kitchen phone", "Kitchen phone")],
)
def test_a_phone_number_is_masked_and_a_masked_one_kept(rooms: Rooms, space: Space, told: str, shown: str) -> None:
    participant, _ = visits.join(rooms, space, Comer("phone", told), 0)
    assert participant.display_name == shown


def test_a_stay_of_no_length_is_possible(rooms: Rooms, space: Space) -> None:
    at = int(timedelta(minutes=1).total_seconds())
    _, stay = visits.join(rooms, space, BEN, at)
    visits.leave(space, stay.stay_id, at)
    assert space.conferences[0].ended == at
