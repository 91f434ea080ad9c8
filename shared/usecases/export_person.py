"""Giving a person everything that is stored about them, without what belongs to others."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.domain.accounts import Caller
from shared.domain.errors import NotFound
from shared.domain.subjects import Subject
from shared.people_ports import People, PersonalData, Record

SOMEBODY = "(another person)"
# Who runs a class, decides or reads is named to those whom it is about.
TOLD = frozenset({"by", "teacher_email", "teacher_emails", "author", "ended_by"})
MINIMAL = ("session_id", "class_id", "course_id", "subject", "teacher_email", "start_at")
# Collections about money, with the field that says whose it is.
MONEY = {"documents": "party", "payments": "party", "parties": "email", "extras": "party", "rate_assignments": "about"}
# Of somebody else's bill the person is told which lines are about them, and never what they cost.
LINE = ("line_id", "kind", "session_id", "course_id", "start_at")
_ADDRESS = re.compile(r"[^\s@\"<>,;:()]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_DETAILS = frozenset({"display_name", "first_name", "last_name", "participant_name", "username", "student_number", "join_url"})


@dataclass(frozen=True, slots=True)
class ExportPerson:
    """Collect a person's records, for an administrator, for themselves, or for the guardian of a student."""

    people: People
    data: PersonalData

    def __call__(self, email: str, caller: Caller) -> tuple[Record, ...]:
        """Every record, by collection and id; raises `NotFound` for whoever it is none of the business of."""
        if not self._may_see(email, caller):
            raise NotFound("No such person.")
        subject = self.data.subject(email)
        return tuple(
            sorted((view_of(each, subject) for each in self.data.of(subject)), key=lambda r: (r.collection, r.record_id))
        )

    def _may_see(self, email: str, caller: Caller) -> bool:
        if caller.is_admin or caller.email == email:
            return True
        known = self.people.get(email)
        return known is not None and known.value.is_student and caller.email in known.value.guardian_emails


def view_of(record: Record, subject: Subject) -> Record:
    """The part of a record that is the person's: others in it lose their addresses and names."""
    says: Mapping[str, object] = record.says
    body = says.get("body")
    if isinstance(body, Mapping) and record.collection in ("attendance", "review") and not _is_own(body, subject):
        says = {name: body.get(name) for name in MINIMAL}
    elif isinstance(body, Mapping) and record.collection == "evidence" and not _is_own(body.get("participant"), subject):
        says = {name: value for name, value in body.items() if name not in ("participant", "connection", "bound_to", "reason")}
    elif record.collection == "sessions":
        heard = says.get("heard")
        parts = heard.values() if isinstance(heard, Mapping) else ()
        own = [part for part in parts if isinstance(part, Mapping) and _is_own(part.get("participant"), subject)]
        says = {"class_id": says.get("class_id"), "heard": own}
    elif record.collection == "live":
        told = body if isinstance(body, Mapping) else {}
        maps = [each for name in ("people", "registrations") if isinstance(each := says.get(name), Mapping)]
        own = [part for each in maps for part in each.values() if _is_own(part, subject)]
        says = {name: told.get(name) for name in MINIMAL} | {"own": own}
    elif record.collection in MONEY:
        says = _money(record.collection, body if isinstance(body, Mapping) else {}, subject.email)
    elif record.collection == "quarantine":
        says = {"why": says.get("why"), "received_at": says.get("received_at")}
    shown = _shown(says, subject)
    return Record(record.collection, record.record_id, shown if isinstance(shown, dict) else {})


def _money(collection: str, body: Mapping[str, object], email: str) -> Mapping[str, object]:
    """What was billed or paid: whole to the payer or the payee; to others that they are in it, without amounts."""
    if body.get(MONEY[collection]) == email:
        return body
    if collection == "documents":
        lines = told if isinstance(told := body.get("lines"), list) else []
        own = [line for line in lines if isinstance(line, Mapping) and email in (line.get("person"), line.get("teacher_email"))]
        issuer = {"issued_by": email} if body.get("issued_by") == email else {}
        head = {name: body.get(name) for name in ("number", "paper", "issued_at")}
        return {**head, **issuer, "lines": [{name: line.get(name) for name in LINE} for line in own]}
    if collection == "parties":
        return {"students": [email]}
    package = body.get("package")
    student = package.get("student") if isinstance(package, Mapping) else None
    at = "received_at" if collection == "payments" else "at"
    return {at: body.get(at), "by": body.get("by")} | ({"student": email} if student == email else {})


def cells_of(record: Record) -> Iterator[tuple[str, str, str, object]]:
    """The record as rows of a table: collection, id, the field's path, its value."""
    for path, value in _flat(record.says, ""):
        yield record.collection, record.record_id, path, value


def _flat(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _flat(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            yield from _flat(item, f"{path}[{place}]")
    elif value is not None:
        yield path, value


def _is_own(part: object, subject: Subject) -> bool:
    """Whether a part of a record is about the person."""
    if not isinstance(part, Mapping):
        return False
    mine = (subject.email, *subject.all_refs)
    return any(part.get(name) in mine for name in ("email", "address", "ref", "person_key"))


def _shown(value: object, subject: Subject, name: str = "") -> object:
    if isinstance(value, str):
        return value if name in TOLD else _ADDRESS.sub(lambda found: _own_only(found.group(), subject), value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, Mapping):
        others = value.get("email") is not None and value.get("email") != subject.email
        return {
            _own_only(str(key), subject) if "@" in str(key) else str(key): None
            if others and key in _DETAILS
            else _shown(item, subject, str(key))
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_shown(item, subject, name) for item in value]
    return value


def _own_only(address: str, subject: Subject) -> str:
    own = address.lower() in (subject.email, f"email:{subject.email}")
    return address if own else SOMEBODY
