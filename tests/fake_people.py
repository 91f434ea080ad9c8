"""Fakes of the ports about people, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.domain.directory import Course, Person
from shared.domain.errors import NotFound
from shared.domain.identities import Identity, IdentityKind, Word, identity_id_of
from shared.domain.ids import stable_id
from shared.people_ports import ImportedRoster, PersonFilter
from shared.ports import Page, Versioned


@dataclass
class MemoryPeople:
    """The port `People`."""

    stored: dict[str, Versioned[Person]] = field(default_factory=dict)
    writes: int = 0

    def put(self, *people: Person) -> None:
        """Enter people, whatever was there."""
        for person in people:
            self.writes += 1
            self.stored[person.email] = Versioned(person, self.writes)

    def get(self, email: str) -> Versioned[Person] | None:
        """See the port."""
        return self.stored.get(email)

    def by_id(self, person_id: str) -> Versioned[Person] | None:
        """See the port."""
        return next((each for each in self.stored.values() if each.value.person_id == person_id), None)

    def get_many(self, emails: Sequence[str]) -> Mapping[str, Person]:
        """See the port."""
        return {email: self.stored[email].value for email in emails if email in self.stored}

    def page(self, wanted: PersonFilter, limit: int, token: str | None) -> Page[Person]:
        """See the port."""
        after = self.by_id(token) if token is not None else None
        if token is not None and after is None:
            raise NotFound("No such page.")
        found = [
            self.stored[email].value
            for email in sorted(self.stored)
            if (after is None or email > after.value.email)
            and (wanted.role is None or wanted.role in self.stored[email].value.roles)
            and (wanted.guardian_email is None or wanted.guardian_email in self.stored[email].value.guardian_emails)
        ]
        return Page(tuple(found[:limit]), found[limit - 1].person_id if len(found) > limit else None)

    def save(self, changes: Sequence[tuple[Versioned[Person] | None, Person]]) -> bool:
        """See the port."""
        for before, after in changes:
            now = self.stored.get(after.email)
            if (now.version if now else None) != (before.version if before else None):
                return all(self._holds(each) for _, each in changes)
        self.put(*(after for _, after in changes))
        return True

    def _holds(self, person: Person) -> bool:
        now = self.stored.get(person.email)
        return now is not None and now.value == person

    def delete(self, email: str, before: Versioned[Person] | None = None) -> bool:
        """See the port."""
        now = self.stored.get(email)
        if now is not None and before is not None and now.version != before.version:
            return False
        self.stored.pop(email, None)
        return True


@dataclass
class MemoryCourses:
    """The port `Courses`."""

    stored: dict[str, Versioned[Course]] = field(default_factory=dict)
    writes: int = 0

    def get(self, course_id: str) -> Versioned[Course] | None:
        """See the port."""
        return self.stored.get(course_id)

    def page(self, person_email: str | None, limit: int, token: str | None) -> Page[Course]:
        """See the port."""
        tokens = {stable_id("course", course_id): course_id for course_id in self.stored}
        if token is not None and token not in tokens:
            raise NotFound("No such page.")
        found = [
            self.stored[course_id].value
            for course_id in sorted(self.stored)
            if (token is None or course_id > tokens[token]) and _has(self.stored[course_id].value, person_email)
        ]
        return Page(tuple(found[:limit]), stable_id("course", found[limit - 1].course_id) if len(found) > limit else None)

    def save(self, before: Versioned[Course] | None, after: Course) -> bool:
        """See the port."""
        now = self.stored.get(after.course_id)
        if (now.version if now else None) != (before.version if before else None):
            return now is not None and now.value == after
        self.writes += 1
        self.stored[after.course_id] = Versioned(after, self.writes)
        return True

    def delete(self, before: Versioned[Course]) -> bool:
        """See the port."""
        now = self.stored.get(before.value.course_id)
        if now is not None and now.version != before.version:
            return False
        self.stored.pop(before.value.course_id, None)
        return True


def _has(course: Course, person_email: str | None) -> bool:
    return person_email is None or person_email in (*course.teacher_emails, *course.student_emails)


@dataclass
class FakeClassroom:
    """The port `Classroom`: rosters by teacher and id."""

    rosters: dict[tuple[str, str], ImportedRoster] = field(default_factory=dict)

    def teaches(self, teacher: str, roster: ImportedRoster) -> None:
        """A teacher has this course."""
        self.rosters[teacher, roster.classroom_id] = roster

    def courses(self, teacher: str) -> Sequence[tuple[str, str]]:
        """See the port."""
        return [(each.classroom_id, each.name) for (whose, _), each in self.rosters.items() if whose == teacher]

    def roster(self, teacher: str, classroom_id: str) -> ImportedRoster | None:
        """See the port."""
        return self.rosters.get((teacher, classroom_id))


@dataclass
class MemoryIdentities:
    """The port `Identities`."""

    stored: dict[str, Identity] = field(default_factory=dict)

    def get_many(self, wanted: Sequence[tuple[IdentityKind, str]]) -> tuple[Identity, ...]:
        """See the port."""
        ids = dict.fromkeys(identity_id_of(kind, key) for kind, key in wanted)
        return tuple(self.stored[each] for each in ids if each in self.stored)

    def tell(self, kind: IdentityKind, key: str, word: Word) -> Identity:
        """See the port."""
        before = self.stored.get(identity_id_of(kind, key), Identity(kind, key))
        self.stored[before.identity_id] = before.with_word(word)
        return self.stored[before.identity_id]

    def of_person(self, email: str) -> tuple[Identity, ...]:
        """See the port."""
        found = [each for each in self.stored.values() if any(word.email == email for word in each.words)]
        return tuple(sorted(found, key=lambda each: each.identity_id))

    def erase(self, identity_ids: Sequence[str]) -> None:
        """See the port."""
        for each in identity_ids:
            self.stored.pop(each, None)
