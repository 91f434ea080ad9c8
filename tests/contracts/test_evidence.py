"""The port `EvidenceLog`: what every log of facts does."""

from dataclasses import replace

from shared.domain.evidence import Source
from shared.ports import Filed
from tests.builders import ROOM, at, seen
from tests.house import House


def test_a_fact_comes_back_as_it_was_told(house: House) -> None:
    fact = seen("join", at(1.5), name="Omar", device="web", source=Source.MEET_EVENT)
    assert house.evidence.file(fact) is Filed.NEW
    assert house.evidence.in_room(ROOM, at(0), at(2)) == (fact,)
    assert house.evidence.pending_in(ROOM) == (fact,)


def test_a_fact_told_again_is_a_duplicate(house: House) -> None:
    house.evidence.file(seen("join", at(1)))
    assert house.evidence.file(seen("join", at(1), received_at=at(9))) is Filed.DUPLICATE
    assert house.evidence.in_room(ROOM, at(0), at(9)) == (seen("join", at(1)),)


def test_our_own_fact_after_a_lost_reply_is_new(house: House) -> None:
    house.evidence.file(seen("join", at(1)))
    assert house.evidence.file(seen("join", at(1))) is Filed.NEW


def test_another_telling_under_one_event_id_does_not_replace_the_first(house: House) -> None:
    first = replace(seen("join", at(1)), event_id="e1")
    house.evidence.file(first)
    assert house.evidence.file(replace(seen("leave", at(5)), event_id="e1")) is Filed.CONFLICT
    assert house.evidence.in_room(ROOM, at(0), at(9)) == (first,)


def test_facts_of_other_rooms_and_times_stay_out(house: House) -> None:
    told = [seen("join", at(1)), seen("leave", at(5)), seen("join", at(1), room="google_meet:zzzzzzzzzz")]
    for fact in told:
        house.evidence.file(fact)
    assert house.evidence.in_room(ROOM, at(1), at(5)) == (told[0],)


def test_recording_many_stores_only_what_is_missing(house: House) -> None:
    told = [seen("join", at(i / 10)) for i in range(450)]
    house.evidence.file(told[7])
    assert house.evidence.record(told, pending=False) == 449
    assert house.evidence.record(told, pending=False) == 0
    assert len(house.evidence.in_room(ROOM, at(0), at(60))) == 450
    assert house.evidence.pending_in(ROOM) == (told[7],)


def test_recording_as_pending_notes_each(house: House) -> None:
    told = [seen("join", at(i)) for i in range(3)]
    house.evidence.record(told, pending=True)
    assert set(house.evidence.pending_in(ROOM)) == set(told)


def test_a_pending_fact_is_due_half_a_minute_after_it_came(house: House) -> None:
    fact = seen("join", at(1))
    house.evidence.file(fact)
    assert house.evidence.pending_due(at(1.4), 5) == ()
    assert house.evidence.pending_due(at(1.5), 5) == (fact,)


def test_a_shelved_fact_is_pending_but_never_due(house: House) -> None:
    fact = seen("join", at(1))
    house.evidence.file(fact)
    house.evidence.shelve([fact, seen("leave", at(2))])
    assert house.evidence.pending_due(at(99), 5) == ()
    assert house.evidence.pending_in(ROOM) == (fact,)


def test_a_postponed_fact_is_pending_and_due_at_its_time(house: House) -> None:
    fact, gone = seen("join", at(1)), seen("leave", at(2))
    house.evidence.file(fact)
    house.evidence.postpone([fact, gone], at(60))
    assert house.evidence.pending_due(at(59), 5) == ()
    assert house.evidence.pending_due(at(60), 5) == (fact,)
    assert house.evidence.pending_in(ROOM) == (fact,)


def test_an_erased_fact_is_gone_with_its_note_and_may_come_again(house: House) -> None:
    fact, other = seen("join", at(1)), seen("leave", at(2))
    for each in (fact, other):
        house.evidence.file(each)
    house.evidence.erase([fact, fact])
    house.evidence.erase([fact])
    assert house.evidence.pending_in(ROOM) == (other,)
    assert house.evidence.in_room(ROOM, at(0), at(9)) == (other,)
    house.evidence.file(fact)
    assert len(house.evidence.in_room(ROOM, at(0), at(9))) == 2


def test_a_folded_fact_is_pending_no_more(house: House) -> None:
    fact = seen("join", at(1))
    house.evidence.file(fact)
    house.evidence.folded([fact, fact])
    assert house.evidence.pending_in(ROOM) == ()
    assert house.evidence.in_room(ROOM, at(0), at(9)) == (fact,)


def test_what_cannot_be_understood_is_kept_once(house: House) -> None:
    first = house.evidence.quarantine(b"\xff\x00", "not JSON", at(0))
    assert house.evidence.quarantine(b"\xff\x00", "not JSON", at(1)) == first
