"""Finding everything that names a person: as much as reading the whole store by other means finds, and nothing more."""

import json

from google.cloud import firestore

from shared.adapters.firestore.forgotten import FirestoreErasures, FirestoreForgotten
from shared.adapters.firestore.personal_data import FirestorePersonalData
from shared.domain.subjects import pseudonym_from
from shared.people_ports import Erasure
from tests.builders import at
from tests.fakes import no_sleep
from tests.played import ADA, GOOGLE_ID, LENA, MUM, NAME, NAMESAKE, OMAR, REF, everything, is_lawful, played

PSEUDONYM = pseudonym_from("1")


def test_the_person_is_known_by_every_name_and_ref_that_the_store_has(database: firestore.Client) -> None:
    played(database)
    subject = FirestorePersonalData(database, no_sleep).subject(OMAR)
    assert {NAME, "Omar", "Nasser", "omi"} <= subject.names
    assert "Lena Holm" not in subject.names
    assert subject.refs == {REF, "meet:c2/x1", "zoom:registrant:zoom-omar-registrant"}
    assert subject.lookalikes == {"meet:c1/anon7"}
    assert len(subject.class_ids) == 4


def test_an_independent_reading_of_the_whole_store_finds_the_same(database: firestore.Client) -> None:
    played(database)
    data = FirestorePersonalData(database, no_sleep)
    found = {(record.collection, record.record_id) for record in data.of(data.subject(OMAR))}
    texts = {path: text.replace(NAMESAKE, "") for path, text in everything(database).items()}
    marks = (OMAR, GOOGLE_ID, "c2/x1", "zoom-omar-registrant")
    scanned = {path for path, text in texts.items() if any(mark in text for mark in marks)}
    assert found ^ scanned == set()
    assert {collection for collection, _ in found} >= {
        "people", "courses", "identities", "classes", "evidence", "sessions", "attendance", "rulings", "user_sessions",
        "warnings", "deliveries", "access_log", "quarantine", "conflicts", "something_new",
        "parties", "documents", "tails", "payments", "extras", "rate_assignments",
    }  # fmt: skip


def test_somebody_who_is_nowhere_has_no_records(database: firestore.Client) -> None:
    played(database)
    data = FirestorePersonalData(database, no_sleep)
    subject = data.subject("nobody@school.example")
    assert (subject.names, subject.refs, subject.class_ids) == (frozenset(), frozenset(), ())
    assert list(data.of(subject)) == []
    assert data.scrub(subject, PSEUDONYM) == {}


def test_what_was_told_of_others_stays(database: firestore.Client) -> None:
    played(database)
    data = FirestorePersonalData(database, no_sleep)
    data.scrub(data.subject(OMAR), PSEUDONYM)
    after = everything(database)
    identities = [json.loads(each.get("body")) for each in database.collection("identities").stream()]
    assert [[word["email"] for word in each["words"]] for each in identities] == [[LENA]]
    courses = [json.loads(each.get("body")) for each in database.collection("courses").stream()]
    assert [each["student_emails"] for each in courses] == [[LENA]]
    rulings = [json.loads(each.get("body")) for each in database.collection("rulings").stream()]
    assert {(each["about"], each["reason"]) for each in rulings} == {
        (PSEUDONYM, "(erased) was at the dentist"),
        (f"email:{LENA}", f"Seen by {PSEUDONYM}"),
    }
    assert any(MUM in text for path, text in after.items() if path[0] == "people")
    assert sum(ADA in text for path, text in after.items() if path[0] == "evidence") == 1


def test_the_whole_store_is_gone_through_in_steps_of_any_size(database: firestore.Client) -> None:
    played(database)
    data = FirestorePersonalData(database, no_sleep)
    subject, place, steps = data.subject(OMAR), None, 0
    touched: set[str] = set()
    while True:
        swept = data.sweep(subject, PSEUDONYM, place, 3)
        steps, place = steps + 1, swept.place
        touched |= set(swept.session_ids)
        if place is None:
            break
    assert steps > 10
    assert len(touched) == 2
    assert {path for each in data.of(subject) if not is_lawful(path := (each.collection, each.record_id))} == set()
    assert data.sweep(subject, PSEUDONYM, None, 5000).counts == {}


def test_the_list_of_the_forgotten_is_not_gone_through(database: firestore.Client) -> None:
    data = FirestorePersonalData(database, no_sleep)
    FirestoreForgotten(database, lambda: at(0), lambda: "f" * 32).add([f"email:{OMAR}"], PSEUDONYM, at(0))
    FirestoreErasures(database, no_sleep).save(None, Erasure(data.subject(OMAR), PSEUDONYM, at(0)))
    before = everything(database)
    assert list(data.of(data.subject(OMAR))) == []
    assert data.sweep(data.subject(OMAR), PSEUDONYM, None, 100).counts == {}
    assert everything(database) == before
