"""Finding people, within what is the caller's: the teacher's courses, the guardian's students, oneself."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.accounts import Caller
from shared.domain.directory import Course, Person, PersonRole, person_id_of
from shared.domain.errors import Forbidden, NotFound
from shared.domain.ids import is_id
from shared.people_ports import Courses, People, PersonFilter
from shared.ports import Page
from shared.usecases.enter_course import runs
from shared.usecases.enter_person import NOBODY

MOST_WARDS, PAGE = 100, 100


@dataclass(frozen=True, slots=True)
class Own:
    """What the directory has of the caller: the person, if any, the courses they teach or take, and whose guardian they are."""

    person: Person | None
    courses: tuple[Course, ...]
    wards: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class FindPeople:
    """Read the directory."""

    people: People
    courses: Courses

    def email_of(self, who: str) -> str:
        """The address of somebody by address or person id; raises `NotFound` for an id of nobody."""
        if not is_id(who):
            return who
        found = self.people.by_id(who)
        if found is None:
            raise NotFound(NOBODY)
        return found.value.email

    def one(self, email: str, role: PersonRole, caller: Caller) -> Person:
        """Somebody who has this role. Raises the same `NotFound` for foreign people as for none."""
        found = self.people.get(email)
        if found is None or role not in found.value.roles or not self._may_see(found.value, role, caller):
            raise NotFound(NOBODY)
        return found.value

    def page(self, role: PersonRole, caller: Caller, limit: int, token: str | None) -> Page[Person]:
        """One page by address: everybody of the role for an administrator, those around own courses for a teacher.

        A page may hold fewer than `limit` before the last one. Raises `Forbidden`, and `NotFound` for a foreign token.
        """
        if caller.is_admin:
            return self.people.page(PersonFilter(role), limit, token)
        if caller.role != "teacher":
            raise Forbidden("Lists of people are for teachers and administrators; ask for your own record at /api/people/me.")
        emails = sorted(self._around(caller, role))
        places = {person_id_of(email): place for place, email in enumerate(emails)}
        if token is not None and token not in places:
            raise NotFound("No such page; start again without page_token.")
        first = 0 if token is None else places[token] + 1
        some = emails[first : first + limit]
        known = self.people.get_many(some)
        people = tuple(known[email] for email in some if email in known and role in known[email].roles)
        return Page(people, person_id_of(some[-1]) if len(emails) > first + limit else None)

    def own(self, caller: Caller) -> Own:
        """What is known of the caller."""
        found = self.people.get(caller.email)
        wards = self.people.page(PersonFilter(guardian_email=caller.email), MOST_WARDS, None).items
        return Own(found.value if found else None, tuple(self._courses_of(caller.email)), wards)

    def _may_see(self, person: Person, role: PersonRole, caller: Caller) -> bool:
        if caller.is_admin or person.email == caller.email:
            return True
        if role is PersonRole.STUDENT and caller.email in person.guardian_emails:
            return True
        return caller.role == "teacher" and person.email in self._around(caller, role)

    def _around(self, caller: Caller, role: PersonRole) -> set[str]:
        """The addresses of the students, teachers or guardians of the courses that the caller teaches."""
        taught = [course for course in self._courses_of(caller.email) if runs(caller, course)]
        if role is PersonRole.TEACHER:
            return {email for course in taught for email in course.teacher_emails}
        students = {email for course in taught for email in course.student_emails}
        if role is PersonRole.STUDENT:
            return students
        return {email for person in self.people.get_many(sorted(students)).values() for email in person.guardian_emails}

    def _courses_of(self, email: str) -> Iterator[Course]:
        token: str | None = None
        while True:
            page = self.courses.page(email, PAGE, token)
            yield from page.items
            token = page.next_token
            if token is None:
                return
