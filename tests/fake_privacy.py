"""Fakes of the ports about privacy, in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.directory import Person
from shared.domain.errors import NotFound
from shared.domain.ids import stable_id
from shared.domain.subjects import Subject, Traces
from shared.people_ports import Access, Erasure, PersonFilter, Record, Swept
from shared.ports import Page, Versioned


@dataclass
class MemoryAccessLog:
    """The port `AccessLog`."""

    kept: dict[str, Access] = field(default_factory=dict)

    def note(self, access: Access) -> None:
        """See the port."""
        minute = access.at.strftime("%Y-%m-%dT%H:%M")
        key = stable_id("access", access.by, access.role, access.what, access.about, minute, access.why or "")
        self.kept.setdefault(key, access)

    def page(self, about: str | None, by: str | None, limit: int, token: str | None) -> Page[Access]:
        """See the port."""
        every = sorted(self.kept.items(), key=lambda each: (each[1].at, each[0]), reverse=True)
        found = [(key, each) for key, each in every if about in (None, each.about) and by in (None, each.by)]
        if token is not None:
            if token not in self.kept:
                raise NotFound("No such page; start again without page_token.")
            place = [key for key, _ in every].index(token)
            later = {key for key, _ in every[place + 1 :]}
            found = [each for each in found if each[0] in later]
        items = tuple(each for _, each in found[:limit])
        return Page(items, found[limit - 1][0] if len(found) > limit else None)


@dataclass
class MemoryForgotten:
    """The port `Forgotten`."""

    known: dict[str, str] = field(default_factory=dict)

    def add(self, refs: Sequence[str], pseudonym: str, at: datetime) -> str:  # noqa: ARG002 - the port's form
        """See the port."""
        stands = self.known.get(refs[0], pseudonym) if refs else pseudonym
        self.known |= dict.fromkeys(refs, stands)
        return stands

    def pseudonym_of(self, refs: Sequence[str]) -> Mapping[str, str]:
        """See the port."""
        return {ref: self.known[ref] for ref in refs if ref in self.known}


@dataclass
class MemoryErasures:
    """The port `Erasures`."""

    kept: dict[str, Erasure] = field(default_factory=dict)

    def get(self, email: str) -> Versioned[Erasure] | None:
        """See the port."""
        return Versioned(self.kept[email], self.kept[email].rev) if email in self.kept else None

    def save(self, before: Versioned[Erasure] | None, after: Erasure) -> bool:
        """See the port."""
        now = self.kept.get(after.subject.email)
        if now == after:
            return True
        if (now.rev if now else None) != (before.version if before else None):
            return False
        self.kept[after.subject.email] = after
        return True

    def finished(self, email: str) -> None:
        """See the port."""
        self.kept.pop(email, None)

    def all(self, limit: int) -> tuple[Erasure, ...]:
        """See the port."""
        return tuple(sorted(self.kept.values(), key=lambda each: each.begun_at)[:limit])


@dataclass
class FakePersonalData:
    """The port `PersonalData` over records that a test puts there; taking somebody out deletes what names them."""

    records: list[Record] = field(default_factory=list)

    def subject(self, email: str) -> Subject:
        """See the port."""
        return Subject(email)

    def of(self, subject: Subject) -> Iterator[Record]:
        """See the port."""
        yield from [each for each in self.records if Traces(subject).are_in(each.says)]

    def scrub(self, subject: Subject, pseudonym: str) -> Mapping[str, int]:  # noqa: ARG002 - the port's form
        """See the port."""
        gone = list(self.of(subject))
        self.records = [each for each in self.records if each not in gone]
        return {each.collection: 1 for each in gone}

    def sweep(self, subject: Subject, pseudonym: str, place: str | None, limit: int) -> Swept:  # noqa: ARG002 - the port's form
        """See the port."""
        return Swept(self.scrub(subject, pseudonym), (), None)


@dataclass
class FewPeople:
    """The port `People` for a handful."""

    kept: dict[str, Person] = field(default_factory=dict)

    def get(self, email: str) -> Versioned[Person] | None:
        """See the port."""
        return Versioned(self.kept[email], self.kept[email].rev) if email in self.kept else None

    def by_id(self, person_id: str) -> Versioned[Person] | None:
        """See the port."""
        return next((Versioned(each, each.rev) for each in self.kept.values() if each.person_id == person_id), None)

    def get_many(self, emails: Sequence[str]) -> Mapping[str, Person]:
        """See the port."""
        return {email: self.kept[email] for email in emails if email in self.kept}

    def page(self, wanted: PersonFilter, limit: int, token: str | None) -> Page[Person]:  # noqa: ARG002 - the port's form
        """See the port."""
        return Page(tuple(self.kept.values()), None)

    def save(self, changes: Sequence[tuple[Versioned[Person] | None, Person]]) -> bool:
        """See the port."""
        self.kept |= {after.email: replace(after) for _, after in changes}
        return True

    def delete(self, email: str, before: Versioned[Person] | None = None) -> bool:  # noqa: ARG002 - the port's form
        """See the port."""
        self.kept.pop(email, None)
        return True
