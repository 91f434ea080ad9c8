"""A store with every kind of document in it as today's code writes them, and the shapes that these have.

`python -m tests.stored` freezes the newest version of each kind that has no fixture yet.
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from google.cloud import firestore

from shared.adapters.firestore.card_links import FirestoreCardLinks
from shared.adapters.firestore.channels import FirestoreChannels
from shared.adapters.firestore.connections import FirestoreConnections
from shared.adapters.firestore.courses import FirestoreCourses
from shared.adapters.firestore.deliveries import FirestoreDeliveries
from shared.adapters.firestore.forgotten import FirestoreErasures, FirestoreForgotten
from shared.adapters.firestore.identities import FirestoreIdentities
from shared.adapters.firestore.people import FirestorePeople
from shared.adapters.firestore.policies import FirestorePolicies
from shared.adapters.firestore.quotas import FirestoreQuotas
from shared.adapters.firestore.rate_plans import FirestoreRatePlans
from shared.adapters.firestore.rulings import FirestoreRulings
from shared.adapters.firestore.runs import FirestoreRuns
from shared.adapters.firestore.user_sessions import FirestoreUserSessions
from shared.adapters.firestore.versions import newest
from shared.adapters.firestore.warnings import FirestoreWarnings
from shared.billing_ports import AdHoc, Party, PlannedDraft, Run, Tail
from shared.card_ports import CardLink
from shared.domain.attendance import Attendance
from shared.domain.channels import Channel
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Course, Person, PersonRole
from shared.domain.evidence import Evidence
from shared.domain.identities import Identity, IdentityKind, Told, Word
from shared.domain.invoices import Document, Paper
from shared.domain.live import LiveClass, LivePerson, LiveReading, LiveRegistration
from shared.domain.messages import Addressees, Delivery, EventType, Message, OutboxRow
from shared.domain.money import Money
from shared.domain.payments import Payment
from shared.domain.policies import Policy
from shared.domain.rate_plans import Assignment, Price, Rate, RatePlan
from shared.domain.review import ReviewCard
from shared.domain.rulings import Ruling, RulingKind
from shared.domain.sessions import Session
from shared.domain.subjects import Subject
from shared.domain.user_sessions import UserSession
from shared.domain.warnings import AttendanceWarning, WarningKind
from shared.people_ports import Access, Erasure
from shared.ports import ConnectionTrouble, KeyedRequest
from tests.builders import a_class, at, seen
from tests.fakes import Ids, no_sleep
from tests.played import ADA, LENA, MUM, NAME, OMAR, played

FIXTURES = Path(__file__).parent / "fixtures" / "stored"

# Every collection with the domain value that its documents hold in `body`; None where they hold plain fields alone.
KINDS: Mapping[str, type | None] = {
    "access_log": Access,
    "attendance": Attendance,
    "card_links": None,
    "channels": Channel,
    "classes": ScheduledClass,
    "conflicts": Evidence,
    "connections": ConnectionTrouble,
    "counters": None,
    "courses": Course,
    "deliveries": Delivery,
    "documents": Document,
    "erasures": Erasure,
    "evidence": Evidence,
    "extras": AdHoc,
    "forgotten": None,
    "identities": Identity,
    "live": LiveClass,
    "outbox": OutboxRow,
    "parties": Party,
    "payments": Payment,
    "pending": None,
    "people": Person,
    "peppers": None,
    "policies": Policy,
    "quarantine": None,
    "quotas": None,
    "rate_assignments": Assignment,
    "rate_plans": RatePlan,
    "requests": None,
    "review": ReviewCard,
    "rulings": Ruling,
    "runs": Run,
    "sessions": Session,
    "system": None,
    "tails": Tail,
    "user_session_slots": None,
    "user_sessions": UserSession,
    "warnings": AttendanceWarning,
}
# What else lies in a document as text, beside its body.
ALSO: Mapping[str, tuple[type, ...]] = {"live": (LivePerson, LiveReading, LiveRegistration), "runs": (PlannedDraft,)}
BY_HAND = (
    "people", "courses", "identities", "rulings", "user_sessions", "user_session_slots", "warnings", "deliveries",
    "something_new",
)  # fmt: skip


def every_kind(client: firestore.Client) -> None:
    """Fill an empty database: a class that was played, and beside it what only other stories write."""
    played(client)
    for name in BY_HAND:
        for snapshot in client.collection(name).stream():
            snapshot.reference.delete()
    _people(client)
    _around(client)


def _people(client: firestore.Client) -> None:
    people = (
        Person(OMAR, (PersonRole.STUDENT,), "Omar", "Nasser", 7, guardian_emails=(MUM,)),
        Person(ADA, (PersonRole.TEACHER,)),
    )
    FirestorePeople(client, no_sleep).save([(None, person) for person in people])
    FirestoreCourses(client, no_sleep).save(None, Course("maths", "Mathematics", (ADA,), (OMAR, LENA)))
    FirestoreIdentities(client, no_sleep).tell(IdentityKind.NAME, "omi", Word(OMAR, Told.CONFIRMED, ADA, at(-90)))
    FirestoreRulings(client, no_sleep).add([Ruling("5" * 32, RulingKind.EXCUSE, OMAR, "", ADA, at(-5), "Ill")])
    registration = UserSession(
        "e" * 32, "sub-1", OMAR, "omarn", "user", "abc-mnop-xyz", "google_meet:a", NAME, "phone", at(0), at(720)
    )
    FirestoreUserSessions(client, no_sleep).join(registration, seen("join", at(0), room="google_meet:a"))
    forgotten = FirestoreForgotten(client, lambda: at(0), Ids())
    forgotten.add(["email:gone@school.example"], "erased-1", at(0))
    FirestoreErasures(client, no_sleep).save(None, Erasure(Subject("going@school.example"), "erased-2", at(0)))


def _around(client: firestore.Client) -> None:
    from shared.adapters.firestore.classes import FirestoreClasses

    FirestoreClasses(client, no_sleep).add([a_class("keyed", start_at=at(9000), end_at=at(9060))], KeyedRequest("c" * 32, "told"))
    FirestorePolicies(client, no_sleep, lambda: 0.0).add(Policy(version=1, effective_from=at(0), reason="A new term"))
    rate = Rate((Price("EUR", 3000),))
    FirestoreRatePlans(client, no_sleep, lambda: 0.0).add(
        RatePlan("standard", 1, "Standard", at(0), rate, rate, by="root", reason="new")
    )
    FirestoreChannels(client, no_sleep).want(ADA, at(0))
    FirestoreConnections(client).refused("calendar", ADA, "Refused", "Delegate the scope.", at(0))
    FirestoreQuotas(client, no_sleep, Ids()).take("who", 1, 10, 60, at(0))
    FirestoreCardLinks(client, no_sleep).save(None, CardLink("d" * 32, "plink_1", "https://pay/plink_1", Money(5000, "EUR")))
    drafts = (PlannedDraft(MUM, "f" * 64, Money(1, "EUR")),)
    FirestoreRuns(client, no_sleep).put(Run(Paper.INVOICE, at(0), at(1440), at(0), "root", drafts, 3))
    message = Message(EventType.SETTLED, "one", at(0), {"subject": "Algebra"}, (OMAR,))
    delivery = Addressees(("https://hooks.example/#1",)).deliveries(message)[0]
    FirestoreDeliveries(client, no_sleep).add([delivery])
    warning = AttendanceWarning(
        kind=WarningKind.ABSENCES_IN_ROW, student_email=OMAR, course_id="maths", session_id="5" * 32, class_id="6" * 32,
        subject="Algebra", teacher_email=ADA, start_at=at(-60), line=3, taken=4, share_percent=25, absences_in_row=3,
        raised_at=at(0),
    )  # fmt: skip
    FirestoreWarnings(client, no_sleep).store([(None, warning)], [])


def shape_of(kind: str, documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What documents of a kind are made of: their fields with types, and every type that is in the body."""
    held = KINDS[kind]
    fields = {name: _named(value) for each in documents.values() for name, value in each.items()}
    types: dict[str, Any] = {}
    for each in (*((held,) if held else ()), *ALSO.get(kind, ())):
        _describe(each, types)
    return {"fields": dict(sorted(fields.items())), "body": held.__name__ if held else None, "types": dict(sorted(types.items()))}


def _describe(kind: Any, types: dict[str, Any]) -> None:
    """A type and all that it is made of, by name."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        types[kind.__name__] = sorted(member.value for member in kind)
    elif isinstance(kind, type) and is_dataclass(kind):
        if kind.__name__ in types:
            return
        hints = get_type_hints(kind)
        types[kind.__name__] = {each.name: _said(hints[each.name]) for each in fields_of(kind)}
        for each in fields_of(kind):
            _describe(hints[each.name], types)
    else:
        for inner in get_args(kind):
            _describe(inner, types)


def _said(hint: Any) -> str:
    return (
        hint.__name__
        if isinstance(hint, type) and not get_args(hint)
        else str(hint).replace("shared.", "").replace("typing.", "")
    )


def _named(value: object) -> str:
    return type(value).__name__ if not isinstance(value, datetime) else "datetime"


def documents_in(client: firestore.Client, kind: str) -> dict[str, dict[str, Any]]:
    """Every document of a kind, by id."""
    return {snapshot.id: snapshot.to_dict() or {} for snapshot in client.collection(kind).stream()}


def told(value: object) -> Any:
    """A document as JSON says it; instants and bytes are marked."""
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {name: told(item) for name, item in value.items()}
    return [told(item) for item in value] if isinstance(value, list) else value


def heard(value: Any) -> Any:
    """What `told` said, as a document again."""
    if isinstance(value, dict):
        if value.keys() == {"$at"}:
            return datetime.fromisoformat(value["$at"])
        if value.keys() == {"$bytes"}:
            return base64.b64decode(value["$bytes"])
        return {name: heard(item) for name, item in value.items()}
    return [heard(item) for item in value] if isinstance(value, list) else value


def fixture(kind: str, version: int) -> dict[str, Any]:
    """A frozen version of a kind: its shape, and documents of it."""
    read: dict[str, Any] = heard(json.loads((FIXTURES / kind / f"{version}.json").read_text("utf-8")))
    return read


def fixtures() -> Iterator[tuple[str, int]]:
    """Every frozen version, by kind."""
    for path in sorted(FIXTURES.glob("*/*.json")):
        yield path.parent.name, int(path.stem)


def freeze(client: firestore.Client, most: int = 3) -> list[Path]:
    """Write the newest version of each kind that has no fixture yet; never one that has: what was deployed stays as it was."""
    written = []
    for kind in KINDS:
        path = FIXTURES / kind / f"{newest(kind)}.json"
        documents = documents_in(client, kind)
        if path.exists() or not documents:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = dict(sorted(documents.items())[:most])
        frozen = {"shape": shape_of(kind, documents), "documents": told(kept)}
        path.write_text(json.dumps(frozen, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
        written.append(path)
    return written


def main() -> None:
    """Play, and freeze what is new."""
    from infra.local.emulator import HOST_VARIABLE, running_emulator
    from shared.adapters.firestore.store import connect

    with running_emulator() as host:
        os.environ[HOST_VARIABLE] = host
        client = connect("demo-freeze")
        every_kind(client)
        for path in freeze(client):
            print(path)


if __name__ == "__main__":
    main()
