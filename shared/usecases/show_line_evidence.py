"""The evidence of one line: what it says, and everything that was seen and decided about its person in its class.

Whoever may read the document may read this, and learns nothing of anybody else: others' visits are left out, the other side's
presence is there only as the time that both were present, and of decisions about who it was there are those that name the person.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.billing_ports import Ledger
from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.charges import Side, item_id_of
from shared.domain.classes import ScheduledClass
from shared.domain.errors import NotFound
from shared.domain.evidence import Basis, Evidence, Source
from shared.domain.identities import Identity, IdentityKind, Told, plain_name
from shared.domain.invoices import Document, Line, Paper, hash_of
from shared.domain.people import people_of
from shared.domain.policies import Policy
from shared.domain.presence import Heard, end_of, ends_of, stays_of
from shared.domain.rate_plans import RatePlan
from shared.domain.review import CardKind, card_id_of
from shared.domain.rooms import Extent, extent_of
from shared.domain.rulings import Ruling, RulingKind
from shared.domain.sessions import Session
from shared.domain.subjects import is_pseudonym
from shared.people_ports import Identities, Rulings
from shared.ports import AttendanceFilter
from shared.usecases.confirm_person import Decision
from shared.usecases.price_classes import Kept, PriceClasses
from shared.usecases.session_rows import SessionRows
from shared.usecases.show_documents import readable

A_MOMENT = timedelta(microseconds=1)
ABSENT = "No such line."


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as one source told it, on one device. What a person recorded by hand has its reason and author."""

    source: Source
    basis: Basis
    joined_at: datetime
    left_at: datetime | None
    display_name: str | None
    device: str | None
    connection: str
    recorded_at: datetime | None = None
    reason: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided about the person, in the words of rulings; `is_withdrawn` takes back what was decided before.

    `kind` is `excuse`, `status`, `link` (that it was them), `confirmed` (the same for later classes too) or `card` (that
    nothing had to be decided).
    """

    kind: str
    value: str
    at: datetime
    reason: str
    by: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A later line about the same as this one, with the document that holds it."""

    number: str
    line: Line


@dataclass(frozen=True, slots=True)
class OfClass:
    """What is known of the line's person in its class. `row` is None where nothing was read, `policy` where nothing was heard."""

    held: ScheduledClass
    row: Attendance | None
    policy: Policy | None
    visits: tuple[Visit, ...]
    decisions: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """A line with all that it rests on. `side` is what it is about; None for what is no class.

    `as_billed` is whether pricing the class today comes to what the line says; None where there is nothing to compare with, or
    a question is open. `plan` is the version of the rate plan by which the line was priced. `is_intact` is whether the document
    still says what it said when it was issued.
    """

    document: Document
    line: Line
    side: Side | None
    of_class: OfClass | None
    plan: RatePlan | None
    as_billed: bool | None
    corrections: tuple[Correction, ...]
    is_intact: bool


@dataclass(frozen=True)
class ShowLineEvidence:
    """Open the evidence of a line for an administrator, or for whom the document was issued to. Foreign is as absent."""

    ledger: Ledger
    rows: SessionRows
    rulings: Rulings
    identities: Identities
    price: PriceClasses

    def __call__(self, document_id: str, line_id: str, caller: Caller, paper: Paper | None = None) -> LineEvidence:
        """The evidence of a line as it stands now, of a document of a side, or of either; raises `NotFound`, `Unavailable`."""
        document = readable(self.ledger, document_id, caller, paper)
        line = next((each for each in document.lines if each.line_id == line_id), None)
        if line is None:
            raise NotFound(ABSENT)
        side, held = _side(line), self._held(line)
        today = self._today(document, line, held, side) if held is not None and side is not None else None
        return LineEvidence(
            document,
            line,
            side,
            self._of_class(line.person or "", held) if held is not None else None,
            self._plan(line),
            today,
            self._corrections(document, line),
            hash_of(document) == document.content_hash,
        )

    def _held(self, line: Line) -> ScheduledClass | None:
        """The class that the line is about, as long as it is kept."""
        if line.session_id is None or line.person is None:
            return None
        try:
            return self.rows.classes.by_session(line.session_id)
        except NotFound:
            return None

    def _of_class(self, person: str, held: ScheduledClass) -> OfClass:
        stored = self.rows.sessions.get(held.session_id)
        found = self.rows.sessions.stream(AttendanceFilter(session_id=held.session_id))
        row = next((each for each in found if each.email == person), None)
        session = stored.value if stored else Session(held.session_id, held.class_id)
        people = people_of(session, held)
        heard = [each for key, each in session.heard.items() if people.get(key) == f"email:{person}"]
        policy = session.known.policy if stored else None
        return OfClass(held, row, policy, self._visits(session, held, heard), self._decisions(held, person, heard))

    def _visits(self, session: Session, held: ScheduledClass, heard: Sequence[Heard]) -> tuple[Visit, ...]:
        """Every source's own visits in the class's share of its room, by source and time."""
        others = self.rows.fold.in_room(held.room, held.start_at) if held.room else ()
        by_hand = any(each.source is Source.MANUAL for each in heard)
        records = _records(self.rows.fold.room_facts(held)) if by_hand else {}
        ends, extent = ends_of(session.heard.values()), extent_of(held, others)
        visits = [visit for each in heard for visit in _visits_of(each, end_of(each, ends), extent, records)]
        return tuple(sorted(visits, key=lambda visit: (visit.source, visit.joined_at, visit.connection)))

    def _decisions(self, held: ScheduledClass, person: str, heard: Sequence[Heard]) -> tuple[Decided, ...]:
        """Everything that people decided about the person here, withdrawn or not, by time."""
        keys = {f"email:{person}", *(each.participant.ref for each in heard)}
        cards = {card_id_of(held.session_id, kind, key) for kind in CardKind for key in keys}
        found = [
            Decided(each.kind.value, each.value, each.at, each.reason, each.by, each.is_withdrawn)
            for each in self.rulings.of_session(held.session_id)
            if _is_about(each, person, cards)
        ]
        names = {plain_name(each.participant.display_name) for each in heard if each.participant.display_name} - {""}
        asked = [(IdentityKind.REF, key) for key in sorted(keys) if not key.startswith("email:")]
        asked += [(IdentityKind.NAME, name) for name in sorted(names)]
        found += _confirmed(self.identities.get_many(asked) if asked else (), person)
        return tuple(sorted(found, key=lambda each: (each.at, each.kind)))

    def _today(self, document: Document, line: Line, held: ScheduledClass, side: Side) -> bool | None:
        """Whether what follows for the person today, billed to whom it was billed then, is what the line rests on."""
        kept = {line.item_id or "": Kept(document.party, document.currency)}
        person, until = line.person or "", held.start_at + A_MOMENT
        price = self.price.of_students([person], held.start_at, until, kept) if side is Side.CHARGE else None
        prices = price or self.price.of_staff(person, held.start_at, until, kept)
        item = next((each for each in prices.items if each.item_id == line.item_id), None)
        asked = [
            each for each in prices.questions if (each.session_id, each.person, each.side) == (held.session_id, person, side)
        ]
        is_told = not asked and not is_pseudonym(person) and prices.is_in_class(held.session_id, person)
        return (item.digest if item else None) == line.digest if is_told else None

    def _plan(self, line: Line) -> RatePlan | None:
        versions = (each for each in self.price.plans.all() if each.plan_id == line.plan_id)
        return next((each for each in versions if each.version == line.plan_version), None)

    def _corrections(self, document: Document, line: Line) -> tuple[Correction, ...]:
        """The lines of later documents about the same item, the oldest first."""
        if line.item_id is None:
            return ()
        issued = self.ledger.of_party(document.party)
        place = next((place for place, each in enumerate(issued) if each.document_id == document.document_id), len(issued))
        own = [(each, other) for each in issued[place + 1 :] for other in each.lines if other.item_id == line.item_id]
        return tuple(Correction(each.number, other) for each, other in own)


def _side(line: Line) -> Side | None:
    """Which side the line's item is of, by its id."""
    sides = {item_id_of(side, line.session_id or "", line.person or ""): side for side in Side}
    return sides.get(line.item_id or "")


def _records(facts: Iterable[Evidence]) -> dict[str, Evidence]:
    """What people recorded by hand, by connection."""
    return {fact.connection: fact for fact in facts if fact.source is Source.MANUAL}


def _visits_of(heard: Heard, ended_at: datetime | None, extent: Extent, records: dict[str, Evidence]) -> Iterator[Visit]:
    record, who = records.get(heard.connection), heard.participant
    for stay in stays_of(heard, ended_at):
        if stay.within(extent.opens_at, extent.closes_at) is None:
            continue
        yield Visit(
            heard.source,
            heard.basis,
            stay.joined_at,
            stay.left_at,
            who.display_name,
            who.device,
            heard.connection,
            heard.recorded_at,
            record.reason if record else None,
            record.author if record else None,
        )


def _is_about(ruling: Ruling, person: str, cards: set[str]) -> bool:
    """Whether a ruling is about the person and nobody else: that somebody was another one may tell who that is."""
    match ruling.kind:
        case RulingKind.EXCUSE:
            return ruling.about == person
        case RulingKind.STATUS:
            return ruling.about == f"email:{person}"
        case RulingKind.LINK:
            return ruling.value == person
        case RulingKind.CARD:
            return ruling.about in cards and ruling.value == Decision.DISMISS


def _confirmed(identities: Iterable[Identity], person: str) -> list[Decided]:
    """What was told for later classes too: that an account, or whoever bears a name, is the person."""
    words = [word for each in identities for word in each.words if word.email == person and word.told is Told.CONFIRMED]
    return [Decided("confirmed", person, word.at, word.reason or "", word.by, word.is_withdrawn) for word in words]
