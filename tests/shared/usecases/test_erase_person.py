"""Erasing a person: nothing of them is left anywhere, times and verdicts are, and it can be cut off at any point."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from google.cloud import firestore

from shared.adapters.firestore.extras import FirestoreExtras
from shared.adapters.firestore.forgotten import FirestoreErasures, FirestoreForgotten
from shared.adapters.firestore.ledger import FirestoreLedger
from shared.adapters.firestore.parties import FirestoreParties, party_id_of
from shared.adapters.firestore.personal_data import FirestorePersonalData
from shared.billing_ports import AdHoc, Party
from shared.domain.classes import Status
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import NotInThisState, Unavailable
from shared.domain.evidence import Evidence
from shared.domain.invoices import Line, LineKind, broken_links
from shared.domain.money import Money
from shared.domain.subjects import Subject, is_pseudonym
from shared.people_ports import Swept
from shared.ports import AttendanceFilter
from shared.usecases.erase_person import ErasePerson
from shared.usecases.pseudonymise import Pseudonymise
from shared.usecases.sync_meeting import facts_of
from tests.builders import a_class, at, minutes, seen
from tests.fake_privacy import FewPeople
from tests.fakes import Clock, no_sleep
from tests.house import DELAYS, House
from tests.played import ADA, GOOGLE_ID, LENA, MUM, NAME, NAMESAKE, NEEDLES, OMAR, REF, everything, is_lawful, played

Row = tuple[str, str, int, int]


@dataclass
class Cut(Exception):
    """The process is killed."""


def erasing(client: firestore.Client, house: House) -> ErasePerson:
    """The story over the emulator, as an instance that remembers nothing."""
    return ErasePerson(
        house.classes,
        FewPeople(),
        FirestoreForgotten(client, house.clock, house.new_id),
        FirestoreErasures(client, no_sleep),
        FirestorePersonalData(client, no_sleep),
        house.instance().fold,
        house.clock,
        house.new_id,
        DELAYS,
    )


def totals(house: House, session_id: str) -> list[Row]:
    """Who was there how long, as what, and with whom; sorted."""
    rows = house.sessions.rows(AttendanceFilter(session_id=session_id), 100, None).items
    return sorted((row.email or "", row.status.value, row.seconds(at(999)), row.shared_seconds(at(999))) for row in rows)


def under(pseudonym: str, rows: list[Row]) -> list[Row]:
    """These rows with the pseudonym in Omar's place."""
    return sorted((pseudonym if row[0] == OMAR else row[0], *row[1:]) for row in rows)


def left(client: firestore.Client) -> dict[tuple[str, str], str]:
    """The documents in which any of the person's identifiers stands, without the books."""
    texts = {path: text.lower().replace(NAMESAKE, "") for path, text in everything(client).items() if not is_lawful(path)}
    return {path: text for path, text in texts.items() if any(needle in text for needle in NEEDLES)}


def done(erase: ErasePerson, clock: Clock) -> tuple[str, Mapping[str, int]]:
    """Erase Omar and come again when what others were writing is written."""
    first = erase(OMAR)
    assert not first.is_done
    assert first.again_at == clock.at + minutes(3)
    clock.passes(minutes(4))
    assert erase.finish() == {"erasures_finished": 1, "erasures_open": 0}
    return first.pseudonym, first.counts


def test_nothing_is_left_of_the_person_and_nothing_of_others_is_lost(database: firestore.Client) -> None:
    house, held = played(database)
    before, found = everything(database), totals(house, held.session_id)
    assert len(left(database)) > 15
    assert {row[0] for row in found} == {OMAR, LENA, ADA, NAMESAKE, ""}
    history = a_class("history").session_id
    by_name = totals(house, history)
    assert (OMAR, "late", 45 * 60, 0) in by_name or OMAR in {row[0] for row in by_name}
    pseudonym, counts = done(erasing(database, house), house.clock)
    assert is_pseudonym(pseudonym)
    assert left(database) == {}
    after = everything(database)
    assert totals(house, held.session_id) == under(pseudonym, found)
    assert totals(house, history) == under(pseudonym, by_name)
    assert next(row for row in found if row[0] == OMAR)[2] == 19 * 60
    assert next(row for row in found if row[0] == "")[2] == 15 * 60
    assert counts["evidence"] >= 6
    gone = {path for path in before if path not in after and path[0] not in ("evidence", "attendance", "pending", "review")}
    assert {collection for collection, _ in gone} == {
        "people", "identities", "conflicts", "quarantine", "user_sessions", "user_session_slots", "warnings", "deliveries",
    } - ({"user_session_slots"} - {collection for collection, _ in gone})  # fmt: skip
    assert len([path for path in after if path[0] == "evidence"]) == len([path for path in before if path[0] == "evidence"])
    new = next(text for path, text in after.items() if path[0] == "something_new")
    assert pseudonym in new
    assert "4200" in new
    assert any(NAMESAKE in text for text in after.values())
    assert not any(text for path, text in after.items() if path[0] == "erasures")


def test_classes_that_are_over_keep_the_pseudonym_and_those_ahead_lose_the_guest(database: firestore.Client) -> None:
    house, held = played(database)
    erased = erasing(database, house)(OMAR)
    ahead = a_class("geometry")
    assert house.classes.get(held.class_id).student_emails == (erased.pseudonym, LENA)
    assert house.classes.get(held.class_id).calendar_wanted == held.calendar_wanted
    changed = house.classes.get(ahead.class_id)
    assert changed.student_emails == (LENA,)
    assert changed.is_calendar_behind
    assert changed.due_at is not None
    assert house.classes.get(a_class("zoomed").class_id).registrants == ()


class CutShort(FirestorePersonalData):
    """Personal data on a machine that is switched off after so many documents."""

    def __init__(self, client: firestore.Client, documents: int) -> None:
        super().__init__(client, no_sleep)
        scrubber, told = self._scrubber, iter(range(documents))

        def counting(collection: str, snapshot: Any, disguise: Any) -> None:
            if next(told, None) is None:
                raise Cut
            scrubber(collection, snapshot, disguise)

        self._scrubber = counting  # type: ignore[assignment]


@pytest.mark.parametrize("documents", [0, 1, 5, 9, 14, 18, 22, 26])
def test_an_erasure_that_is_cut_off_is_taken_up_by_the_next_one(database: firestore.Client, documents: int) -> None:
    house, held = played(database)
    found = totals(house, held.session_id)
    cut = replace(erasing(database, house), data=CutShort(database, documents))
    with pytest.raises(Cut):
        cut(OMAR)
    pseudonym = finished(database, house)
    assert left(database) == {}
    assert totals(house, held.session_id) == under(pseudonym, found)


def finished(database: firestore.Client, house: House) -> str:
    """The pseudonym, when two more runs are through."""
    first = erasing(database, house)(OMAR)
    house.clock.passes(minutes(4))
    assert erasing(database, house)(OMAR).is_done
    return first.pseudonym


def test_what_another_instance_wrote_meanwhile_is_found_in_the_end(database: firestore.Client) -> None:
    house, held = played(database)
    erase = erasing(database, house)
    pseudonym = erase(OMAR).pseudonym
    house.instance().file(seen("join", at(50), device="omars-phone", name=NAME))
    house.file(seen("join", at(9), device="omars-phone", name=NAME, room="google_meet:elsewhere"))
    assert left(database)
    house.clock.passes(minutes(4))
    assert erase(OMAR).is_done
    assert left(database) == {}
    assert OMAR not in {row[0] for row in totals(house, held.session_id)}
    assert pseudonym in {row[0] for row in totals(house, held.session_id)}


def test_a_late_event_and_a_late_reading_bring_no_identifier_back_and_change_nothing(database: firestore.Client) -> None:
    house, held = played(database)
    pseudonym, _ = done(erasing(database, house), house.clock)
    found, facts = totals(house, held.session_id), len(house.fold.room_facts(held))
    keep_out = Pseudonymise(FirestoreForgotten(database, house.clock, house.new_id))
    reading = house.records.reading
    late: list[Evidence] = [seen("join", at(1), device="omars-phone", name=NAME)]
    for stay in reading.stays:
        late += facts_of(held, replace(stay, display_name=stay.display_name or NAME), house.clock.at)
    for fact in keep_out(late, reading.identities):
        house.evidence.file(fact)
    house.fold.refresh(house.classes.get(held.class_id))
    assert keep_out.identities(reading.identities).keys().isdisjoint({REF})
    assert left(database) == {}
    assert len(house.fold.room_facts(held)) == facts
    assert totals(house, held.session_id) == found
    assert pseudonym in {row[0] for row in found}


def test_whoever_still_has_classes_to_teach_is_not_erased(database: firestore.Client) -> None:
    house, _ = played(database)
    with pytest.raises(NotInThisState):
        erasing(database, house)(ADA)
    assert not [path for path in everything(database) if path[0] in ("forgotten", "erasures")]


def test_a_teacher_whose_classes_are_done_goes_and_the_students_times_stay(database: firestore.Client) -> None:
    house, held = played(database)
    house.classes.amend(a_class("geometry").class_id, lambda each: replace(each, status=Status.CANCELLED, due_at=None))
    found = totals(house, held.session_id)
    erase = replace(erasing(database, house), people=FewPeople({ADA: Person(ADA, (PersonRole.TEACHER,), "Ada")}))
    erased = erase(ADA)
    house.clock.passes(minutes(4))
    assert erase(ADA).is_done
    assert not [path for path, text in everything(database).items() if ADA in text and not is_lawful(path)]
    pseudonym = erased.pseudonym
    assert totals(house, held.session_id) == sorted((pseudonym if row[0] == ADA else row[0], *row[1:]) for row in found)
    known = erase.people.get(pseudonym)
    assert known is not None
    assert known.value.is_teacher


def test_erasing_again_keeps_the_pseudonym(database: firestore.Client) -> None:
    house, _ = played(database)
    pseudonym, _ = done(erasing(database, house), house.clock)
    again = erasing(database, house)(OMAR)
    assert again.pseudonym == pseudonym
    assert not {name for name, count in again.counts.items() if count}


class Endless(FirestorePersonalData):
    """A store that is larger than one run can go through."""

    def sweep(self, subject: Subject, pseudonym: str, place: str | None, limit: int) -> Swept:
        """Two documents at a time, whatever was asked for."""
        return super().sweep(subject, pseudonym, place, min(limit, 2))


def test_a_store_larger_than_one_run_is_gone_through_in_several(database: firestore.Client) -> None:
    house, _ = played(database)
    erase = replace(erasing(database, house), data=Endless(database, no_sleep), pages_per_run=5)
    erase(OMAR)
    database.collection("zz_last").document("x").set({"told": OMAR})
    house.clock.passes(minutes(4))
    told = erase(OMAR)
    assert not told.is_done
    assert told.again_at == house.clock.at
    runs = 0
    while not erase(OMAR).is_done:
        runs += 1
    assert runs > 1
    assert left(database) == {}


def test_a_store_that_does_not_answer_leaves_the_erasure_open(database: firestore.Client) -> None:
    house, _ = played(database)

    class Silent(FirestorePersonalData):
        def scrub(self, subject: Subject, pseudonym: str) -> Mapping[str, int]:  # noqa: ARG002 - the port's form
            raise Unavailable("The database does not answer.")

    with pytest.raises(Unavailable):
        replace(erasing(database, house), data=Silent(database, no_sleep))(OMAR)
    finished(database, house)
    assert left(database) == {}
    assert GOOGLE_ID not in str(everything(database))


# ---- the books


def test_what_was_issued_and_paid_stays_as_it_was_with_the_payers_name_and_address(database: firestore.Client) -> None:
    house, _ = played(database)
    before = everything(database)
    done(erasing(database, house), house.clock)
    after = everything(database)
    lawful = {path for path in before if is_lawful(path)}
    assert {collection for collection, _ in lawful} == {"documents", "payments", "tails", "parties", "extras"}
    assert {path for path in lawful if after.get(path) != before[path]} == {("parties", party_id_of(OMAR))}
    ledger = FirestoreLedger(database, no_sleep)
    for party in (OMAR, MUM):
        assert [each.number for each in ledger.of_party(party)] == [f"INV-{(MUM, OMAR).index(party) + 1:06d}"]
        assert broken_links(ledger.of_party(party)) == ()
    own = FirestoreParties(database, no_sleep).get(OMAR)
    assert own is not None
    assert own.value == Party(OMAR, "EUR", NAME, "1 Long Lane", (), rev=2)


def test_of_another_payer_the_person_is_a_student_no_more(database: firestore.Client) -> None:
    house, _ = played(database)
    pseudonym, _ = done(erasing(database, house), house.clock)
    parties, extras = FirestoreParties(database, no_sleep), FirestoreExtras(database, no_sleep)
    assert parties.of_students([OMAR, pseudonym]) == {}
    assert parties.of_students([LENA])[LENA].students == (LENA,)
    (waiting,) = extras.waiting(MUM)
    assert waiting.package is not None
    assert (waiting.package.student, waiting.package.lessons) == (pseudonym, 10)
    assert waiting.line.description == "Book for (erased)"
    assert waiting.line.net.amount_minor == 3000


def test_a_party_without_books_goes_and_so_does_what_was_taken_back(database: firestore.Client) -> None:
    parties, extras = FirestoreParties(database, no_sleep), FirestoreExtras(database, no_sleep)
    data = FirestorePersonalData(database, no_sleep)
    parties.save(None, Party(OMAR, "EUR", NAME))
    line = Line("1" * 32, LineKind.AD_HOC, "Book", Money(5, "EUR"))
    extras.add(AdHoc("a" * 32, OMAR, line, at(0), ADA))
    assert data.scrub(data.subject(OMAR), "erased-1@erased.invalid") == {}
    extras.withdraw("a" * 32)
    assert data.scrub(data.subject(OMAR), "erased-1@erased.invalid") == {"extras": 1, "parties": 1}
    assert everything(database) == {}
