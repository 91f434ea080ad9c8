"""A class as it was played: every way in which a store may come to name one student, over the emulator."""

from dataclasses import replace
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.access_log import FirestoreAccessLog
from shared.adapters.firestore.books import KEPT
from shared.adapters.firestore.codec import body_of, value_of
from shared.adapters.firestore.extras import FirestoreExtras, extra_id_of
from shared.adapters.firestore.ledger import FirestoreLedger
from shared.adapters.firestore.parties import FirestoreParties, party_id_of
from shared.adapters.firestore.payments import FirestorePayments
from shared.adapters.firestore.rate_plans import FirestoreRatePlans
from shared.billing_ports import AdHoc, Party
from shared.domain.classes import Registrant, ScheduledClass, Status, with_due
from shared.domain.directory import Course, Person, PersonRole, person_id_of
from shared.domain.evidence import PersonKind, Source
from shared.domain.identities import Identity, IdentityKind, Told, Word, plain_name
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.known import Known
from shared.domain.money import Money
from shared.domain.packages import Package
from shared.domain.payments import Payment
from shared.domain.rate_plans import Assignment
from shared.domain.rate_plans import Scope as ScopeOfPlan
from shared.domain.rulings import Ruling, RulingKind
from shared.domain.sessions import Session
from shared.domain.user_sessions import UserSession
from shared.people_ports import Access
from shared.ports import MeasuredStay, MeetingReading
from tests.builders import a_class, at, minutes, seen
from tests.conftest import firestore_house
from tests.fakes import no_sleep
from tests.house import DELAYS, House

OMAR, LENA, ADA, MUM = "omar@school.example", "lena@school.example", "ada@school.example", "mum@home.example"
NAME = "Omar Nasser"
GOOGLE_ID = "112233445566778899001"
REF = f"google:{GOOGLE_ID}"
NEEDLES = (OMAR, "omar%40", GOOGLE_ID, "omar nasser", "nasser", "omars-phone", "zoom-omar-registrant")
NAMESAKE = "omar@school.example.org"


def knowledge_of(held: ScheduledClass, session: Session, client: firestore.Client | None = None) -> Known:
    """What is known of the class's people: names of the roster, rulings, as the store has them now."""
    del session
    if client is None:
        return Known()
    named = {OMAR: NAME, LENA: "Lena Holm", ADA: "Ada"}
    stored = {each for each in named if client.collection("people").document(person_id_of(each)).get().exists}
    people = {each: named[each] for each in held.people if each in stored}
    rulings = [each.get("body") for each in client.collection("rulings").stream() if each.get("session_id") == held.session_id]
    return Known(names=people, staff=frozenset({held.teacher_email}), rulings=tuple(value_of(Ruling, body) for body in rulings))


def played(client: firestore.Client) -> tuple[House, ScheduledClass]:
    """A class that was held and read, and everything around it. Omar was there by phone, by browser and under his name.

    Of another class he is only known by the name that he gave.
    """
    house = replace(firestore_house(client), know=lambda held, session: knowledge_of(held, session, client))
    _directory(client)
    held = with_due(a_class(status=Status.ACTIVE, course_id="maths", opened_at=at(0)), DELAYS)
    ahead = a_class("geometry", start_at=at(6000), end_at=at(6060), room="google_meet:zzz")
    registered = (Registrant(OMAR, "zoom-omar-registrant", "https://zoom.example/w/1?omar"),)
    earlier = a_class("zoomed", start_at=at(-3000), end_at=at(-2940), room="zoom:123456789", status=Status.COMPLETED)
    by_name = a_class(
        "history", start_at=at(-200), end_at=at(-140), room="google_meet:history", status=Status.COMPLETED, is_settled=True
    )
    house.classes.add([held, ahead, by_name, replace(earlier, registrants=registered, is_settled=True)], None)
    house.clock.at = at(40)
    for fact in (
        seen("join", at(1), device="omars-phone", name=NAME),
        seen("leave", at(20), device="omars-phone", name=NAME),
        seen("join", at(2), f"email:{LENA}", name="Lena Holm"),
        seen("join", at(0), f"email:{ADA}", name="Ada"),
        seen("join", at(3), f"email:{NAMESAKE}", name="Omar N. Other"),
        seen(
            "join",
            at(-195),
            "meet:c2/x1",
            name=NAME,
            source=Source.MEET_EVENT,
            person=PersonKind.ANONYMOUS,
            room="google_meet:history",
        ),
        seen(
            "leave",
            at(-150),
            "meet:c2/x1",
            name=NAME,
            source=Source.MEET_EVENT,
            person=PersonKind.ANONYMOUS,
            room="google_meet:history",
        ),
        seen("join", at(5000), device="omars-phone", room="google_meet:nobodys"),
    ):
        house.file(fact)
    house.evidence.file(replace(seen("join", at(4)), event_id="one"))
    house.evidence.file(replace(seen("leave", at(5)), event_id="one"))
    house.evidence.quarantine(b'{"participant": "omar@school.example"}', "no time", at(4))
    _synced(house, held)
    _around(client, held)
    house.tick()
    return house, house.classes.get(held.class_id)


def _synced(house: House, held: ScheduledClass) -> None:
    """The class ends and Meet's records are read whole: Omar's account, and somebody who only gave his name."""
    record = "conferenceRecords/c1/participants"
    own = f"{record}/{GOOGLE_ID}/participantSessions/s1"
    house.records.reading = MeetingReading(
        1,
        is_over=True,
        stays=(
            MeasuredStay(own, REF, NAME, PersonKind.SIGNED_IN, at(1), at(20)),
            MeasuredStay(f"{record}/anon7/participantSessions/s2", "meet:c1/anon7", NAME, PersonKind.ANONYMOUS, at(30), at(45)),
            MeasuredStay(
                f"{record}/222233334444/participantSessions/s3",
                "google:222233334444",
                "Lena Holm",
                PersonKind.SIGNED_IN,
                at(2),
                at(60),
            ),
            MeasuredStay(
                f"{record}/333344445555/participantSessions/s4", "google:333344445555", "Ada", PersonKind.SIGNED_IN, at(0), at(60)
            ),
        ),
        identities={REF: OMAR, "google:222233334444": LENA, "google:333344445555": ADA},
        expires_at=at(40000),
    )
    house.clock.at = held.end_at + minutes(40)
    house.tick()
    house.sync(held.class_id)


def _directory(client: firestore.Client) -> None:
    people = (
        Person(OMAR, (PersonRole.STUDENT,), "Omar", "Nasser", 7, guardian_emails=(MUM,)),
        Person(LENA, (PersonRole.STUDENT,), "Lena", "Holm"),
        Person(ADA, (PersonRole.TEACHER,), "Ada"),
        Person(MUM, (PersonRole.GUARDIAN,)),
    )
    for person in people:
        fields = {"v": 1, "email": person.email, "guardians": list(person.guardian_emails), "body": body_of(person)}
        client.collection("people").document(person.person_id).set(fields)
    course = Course("maths", "Mathematics", (ADA,), (OMAR, LENA))
    client.collection("courses").document("maths").set({"people": [ADA, OMAR, LENA], "body": body_of(course)})
    words = (Word(OMAR, Told.CONFIRMED, ADA, at(-90)), Word(LENA, Told.CONFIRMED, ADA, at(-80)))
    for identity in (
        Identity(IdentityKind.REF, REF, (Word(OMAR, Told.SIGNED_IN, OMAR, at(-100)),)),
        Identity(IdentityKind.NAME, plain_name("Omi"), words[:1]),
        Identity(IdentityKind.NAME, plain_name("Somebody"), words),
    ):
        fields = {"v": 1, "people": [word.email for word in identity.words], "body": body_of(identity)}
        client.collection("identities").document(identity.identity_id).set(fields)


def _around(client: firestore.Client, held: ScheduledClass) -> None:
    ruled: list[Any] = [
        Ruling(held.session_id, RulingKind.EXCUSE, OMAR, "", ADA, at(-5), "Omar was at the dentist"),
        Ruling(held.session_id, RulingKind.STATUS, f"email:{LENA}", "present", ADA, at(90), "Seen by omar@school.example"),
    ]
    for ruling in ruled:
        fields = {"v": 1, "session_id": ruling.session_id, "about": ruling.about, "at": ruling.at, "body": body_of(ruling)}
        client.collection("rulings").document(ruling.ruling_id).set(fields)
    registration = UserSession(
        "e" * 32, "sub-1", OMAR, "omarn", "user", "abc-mnop-xyz", held.room or "", NAME, "omars-phone", at(0), at(720)
    )
    fields = {"v": 1, "email": OMAR, "joined_at": at(0), "expires_at": at(720), "body": body_of(registration)}
    client.collection("user_sessions").document(registration.session_id).set(fields)
    client.collection("user_session_slots").document(registration.slot_id).set({"session_id": registration.session_id})
    client.collection("warnings").document("a" * 32).set({"student_email": OMAR, "body": "{}", "raised_at": at(90)})
    delivery = {"state": "sent", "closed_at": at(95), "people": [OMAR, MUM], "body": f'{{"to": "{MUM}", "text": "{NAME}"}}'}
    client.collection("deliveries").document("b" * 32).set(delivery)
    client.collection("something_new").document("1").set({"payer": OMAR, "note": f"for {NAME}", "minor": 4200})
    _billed(client, held)
    log = FirestoreAccessLog(client, no_sleep)
    log.note(Access(ADA, "teacher", "attendance", OMAR, at(91)))
    log.note(Access(OMAR, "user", "attendance", held.session_id, at(92)))


def _billed(client: firestore.Client, held: ScheduledClass) -> None:
    """Omar was billed through somebody else and once by himself, which he paid; packages and a book wait for both payers."""
    parties, ledger = FirestoreParties(client, no_sleep), FirestoreLedger(client, no_sleep)
    extras, payments = FirestoreExtras(client, no_sleep), FirestorePayments(client, no_sleep)
    for payer in (Party(MUM, "EUR", "M. Other", students=(OMAR, LENA)), Party(OMAR, "EUR", NAME, "1 Long Lane", (OMAR,))):
        parties.save(None, payer)
    for number, party in enumerate((MUM, OMAR)):
        line = Line(
            stable_id("line", str(number)), LineKind.CLASS, f"Algebra, {OMAR}", Money(3000, "EUR"), session_id=held.session_id,
            person=OMAR, teacher_email=ADA, course_id="maths", start_at=held.start_at,
        )  # fmt: skip
        document = Document(
            "", Paper.INVOICE, "", party, "EUR", at(0), at(100), (line,), at(100 + number), at(900), "boss@school.example", 0, ""
        )
        ledger.issue(None, document, ())
        package = Package(stable_id("package", party), party, "EUR", 10, at(1), student=OMAR)
        book = replace(line, kind=LineKind.AD_HOC, description=f"Book for {NAME}", person=None, session_id=None)
        extras.add(AdHoc(stable_id("ad_hoc", party), party, book, at(1), ADA, package))
    payments.add(Payment(OMAR, "1", Money(1000, "EUR"), at(200), "transfer", ADA, reference=f"from {OMAR}"))
    plans = FirestoreRatePlans(client, no_sleep, lambda: 0.0)
    plans.assign(Assignment(ScopeOfPlan.STUDENT, OMAR, "standard", at(0), ADA, at(0), f"agreed with {NAME}"))


def is_lawful(path: tuple[str, str]) -> bool:
    """Whether a document of Omar's books stays as it is when he is erased."""
    own = {("parties", party_id_of(OMAR)), ("extras", extra_id_of(stable_id("ad_hoc", OMAR)))}
    return path[0] in KEPT or path in own


def everything(client: firestore.Client) -> dict[tuple[str, str], str]:
    """Every document of the store as text, by collection and id: read by nothing that the adapters use."""
    found: dict[tuple[str, str], str] = {}
    for collection in client.collections():
        for reference in collection.list_documents():
            assert not list(reference.collections())
        for snapshot in collection.stream():
            found[collection.id, snapshot.id] = _text(snapshot.to_dict())
    return found


def _text(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name} {_text(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return " ".join(map(_text, value))
    return value.decode() if isinstance(value, bytes) else str(value)
