"""Importing a Google Classroom roster: its people, whose Google account is whose, and who takes the course."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from shared.domain.accounts import Caller
from shared.domain.directory import Course, Person, PersonRole
from shared.domain.errors import Forbidden, NotFound, Stale
from shared.domain.identities import Identity, IdentityKind, Told, Word, identity_id_of
from shared.people_ports import Classroom, Courses, Identities, ImportedRoster, Member, People
from shared.ports import Clock, Versioned
from shared.usecases.enter_course import ABSENT, runs
from shared.usecases.enter_person import entered
from shared.usecases.store_people import store_people

TRIES, LONGEST_NAME = 2, 100
NO_ADDRESS = "Classroom does not tell this member's address; let the teacher see it, or put the student on the roster by hand."
CONTRADICTION = "This Google account is known here under another address; have an administrator withdraw that identity first."


@dataclass(frozen=True, slots=True)
class ToImport:
    """Which Classroom course becomes which of ours, and with whose authority it is read; None is the caller's."""

    course_id: str
    classroom_id: str
    teacher_email: str | None = None
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """A member whose person nobody can tell, and the remedy; nothing is stored about them."""

    member: Member
    message: str


@dataclass(frozen=True, slots=True)
class ClassroomImported:
    """What an import did, or would do where it was a dry run.

    `new`, `changed` and `unchanged` count people. `teachers_left` are those whom only an administrator's import adds. Nobody is
    taken off the roster while a member is unclear: it may be them.
    """

    course: Course
    new: int
    changed: int
    unchanged: int
    enrolled: tuple[str, ...]
    removed: tuple[str, ...]
    teachers_left: tuple[str, ...]
    unclear: tuple[Unclear, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """The members whose person is known: by address, with the roles that they get; `refs` are accounts to remember."""

    students: tuple[str, ...]
    teachers: tuple[str, ...]
    members: dict[str, Member]
    refs: tuple[tuple[str, str], ...]
    unclear: tuple[Unclear, ...]


@dataclass(frozen=True, slots=True)
class ImportClassroom:
    """Read a roster and store it, step by step; cut off in between, it is run again. Done again, it changes nothing."""

    classroom: Classroom
    people: People
    courses: Courses
    identities: Identities
    clock: Clock
    as_email: Callable[[str], str]

    def courses_of(self, teacher_email: str | None, caller: Caller) -> Sequence[tuple[str, str]]:
        """Ids and names of a teacher's Classroom courses. Raises `Forbidden`, `UpstreamRefused`, `Unavailable`."""
        return self.classroom.courses(_teacher(teacher_email, caller))

    def __call__(self, wanted: ToImport, caller: Caller) -> ClassroomImported:
        """Import a roster. Raises `Forbidden`, `NotFound`, `UpstreamRefused`, `Stale`, `Unavailable`."""
        teacher = _teacher(wanted.teacher_email, caller)
        before = self._course(wanted.course_id, caller)
        roster = self.classroom.roster(teacher, wanted.classroom_id)
        if roster is None:
            raise NotFound("There is no such course in that teacher's Classroom; list them at /api/people/classroom-courses.")
        found = self._found(roster)
        people = self._roles(found, caller)
        done = self._told(self._after(before, wanted, roster, found, caller), before, found, people, caller)
        if wanted.is_dry_run:
            return done
        store_people(self.people, sorted(people), lambda email, known: self._person(email, known, people[email], found))
        for ref, email in found.refs:
            self.identities.tell(IdentityKind.REF, ref, Word(email, Told.IMPORTED, caller.email, self.clock()))
        return replace(done, course=self._store(wanted, roster, found, caller))

    def _course(self, course_id: str, caller: Caller) -> Versioned[Course] | None:
        """The course; one that is not there yet is an administrator's to make."""
        found = self.courses.get(course_id)
        if not caller.is_admin and (found is None or not runs(caller, found.value)):
            raise NotFound(ABSENT)
        return found

    def _found(self, roster: ImportedRoster) -> _Found:
        """Who is behind the members: by the address that Classroom tells, else by what is known of their Google account."""
        everybody = (*roster.students, *roster.teachers)
        identities = self.identities.get_many([(IdentityKind.REF, _ref(each)) for each in everybody])
        known = {each.identity_id: each for each in identities}
        emails: dict[str, str] = {}
        refs: dict[str, str] = {}
        unclear: dict[str, Unclear] = {}
        for member in everybody:
            identity = known.get(identity_id_of(IdentityKind.REF, _ref(member)))
            told, word = self._address(member), identity.word if identity else None
            if told is not None and word is not None and word.email != told:
                unclear[member.google_id] = Unclear(member, CONTRADICTION)
            elif (email := told or (word.email if word else None)) is None:
                unclear[member.google_id] = Unclear(member, NO_ADDRESS)
            else:
                emails[member.google_id] = email
                if not _was_told(identity, email):
                    refs[_ref(member)] = email
        return _Found(
            _emails(roster.students, emails),
            _emails(roster.teachers, emails),
            {emails[each.google_id]: each for each in reversed(everybody) if each.google_id in emails},
            tuple(refs.items()),
            tuple(unclear.values()),
        )

    def _address(self, member: Member) -> str | None:
        try:
            return self.as_email(member.email) if member.email else None
        except ValueError:
            return None

    def _roles(self, found: _Found, caller: Caller) -> dict[str, tuple[PersonRole, ...]]:
        """Who is entered as what. A teacher may do more here than others, so that only an administrator makes one."""
        teachers = found.teachers if caller.is_admin else ()
        entries = [(PersonRole.STUDENT, found.students), (PersonRole.TEACHER, teachers)]
        everybody = dict.fromkeys((*found.students, *teachers))
        return {email: tuple(role for role, emails in entries if email in emails) for email in everybody}

    def _person(self, email: str, known: Person | None, roles: Sequence[PersonRole], found: _Found) -> Person:
        """The person with these roles; a name that the directory has already outranks Classroom's."""
        person, member = known or Person(email, (), entered_at=self.clock()), found.members[email]
        for role in roles:
            person = entered(person, role, {})
        return replace(
            person,
            first_name=person.first_name or _name(member.first_name),
            last_name=person.last_name or _name(member.last_name),
        )

    def _told(
        self,
        after: Course,
        before: Versioned[Course] | None,
        found: _Found,
        people: dict[str, tuple[PersonRole, ...]],
        caller: Caller,
    ) -> ClassroomImported:
        known = self.people.get_many(list(people))
        new = [email for email in people if email not in known]
        same = [each for each in known.values() if self._person(each.email, each, people[each.email], found) == each]
        had = before.value.student_emails if before else ()
        return ClassroomImported(
            course=after,
            new=len(new),
            changed=len(known) - len(same),
            unchanged=len(same),
            enrolled=tuple(email for email in after.student_emails if email not in had),
            removed=tuple(email for email in had if email not in after.student_emails),
            teachers_left=() if caller.is_admin else tuple(e for e in found.teachers if e not in after.teacher_emails),
            unclear=found.unclear,
        )

    def _after(
        self, before: Versioned[Course] | None, wanted: ToImport, roster: ImportedRoster, found: _Found, caller: Caller
    ) -> Course:
        """The course with the roster: who was on it keeps the place."""
        course = before.value if before else Course(wanted.course_id, "", entered_at=self.clock(), rev=0)
        stay = tuple(each for each in course.student_emails if found.unclear or each in found.students)
        teachers = (*course.teacher_emails, *(found.teachers if caller.is_admin else ()))
        after = replace(
            course,
            name=course.name or _name(roster.name) or wanted.course_id,
            teacher_emails=tuple(dict.fromkeys(teachers)),
            student_emails=tuple(dict.fromkeys((*stay, *found.students))),
            classroom_id=roster.classroom_id,
        )
        return after if after == course else replace(after, rev=course.rev + 1)

    def _store(self, wanted: ToImport, roster: ImportedRoster, found: _Found, caller: Caller) -> Course:
        for _ in range(TRIES):
            before = self._course(wanted.course_id, caller)
            after = self._after(before, wanted, roster, found, caller)
            if (before is not None and after == before.value) or self.courses.save(before, after):
                return after
        raise Stale("The course was being changed at the same time; repeat the import, which goes on where it was.")


def _teacher(teacher_email: str | None, caller: Caller) -> str:
    """With whose authority Classroom is read."""
    if teacher_email not in (None, caller.email) and not caller.is_admin:
        raise Forbidden("A teacher reads own Classroom courses only; leave teacher_email out or give your own address.")
    return teacher_email or caller.email


def _ref(member: Member) -> str:
    return f"google:{member.google_id}"


def _was_told(identity: Identity | None, email: str) -> bool:
    """Whether anybody said this already, or took it back: then an import adds nothing to it."""
    return identity is not None and any(word.email == email for word in identity.words)


def _emails(members: Iterable[Member], emails: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(emails[each.google_id] for each in members if each.google_id in emails))


def _name(told: str | None) -> str | None:
    """A name on one line that every system can store; None where nothing of it is left."""
    return "".join(c for c in told or "" if c.isprintable()).strip()[:LONGEST_NAME].strip() or None
