"""Pricing classes: what follows from the classes of a time for everybody in them, by the plans and payers that there are.

Everything is read once: the classes, their attendance, the plans, the parties, and the directory of those whom no party names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.billing_ports import Parties, Party, RatePlans
from shared.domain.attendance import Attendance, Role
from shared.domain.charges import Item, Priced, Question, Side, Terms, item_id_of
from shared.domain.classes import ScheduledClass, Status
from shared.domain.pricing import priced
from shared.domain.rate_plans import Among, Assignment, RatePlan, Scope, assigned_at, version_at
from shared.domain.subjects import is_pseudonym
from shared.people_ports import People
from shared.ports import MOST_SESSIONS, AttendanceFilter, Classes, ClassFilter, Sessions

PAGE = 500
# What an assignment to everything is about.
EVERYTHING = ""
Key = tuple[Scope, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """Who was billed for something, and in which currency: they stay its payer until that is taken back."""

    party: str
    currency: str


@dataclass(frozen=True, slots=True)
class Prices:
    """What follows from some classes. `payer_of` says by student who would pay now; `people` are all of the classes."""

    items: tuple[Item, ...]
    questions: tuple[Question, ...]
    payer_of: Mapping[str, Party]
    people: frozenset[tuple[str, str]]

    def is_in_class(self, session_id: str, person: str) -> bool:
        """Whether somebody belongs to a class that was priced."""
        return (session_id, person) in self.people


@dataclass(frozen=True)
class PriceClasses:
    """Price the classes of a time, those of all or those of some students or staff. `currency` is that of unknown parties."""

    classes: Classes
    sessions: Sessions
    people: People
    plans: RatePlans
    parties: Parties
    currency: str

    def of_all(self, start_from: datetime, start_before: datetime, kept: Mapping[str, Kept]) -> Prices:
        """Every class that starts in that time; raises `Unavailable`."""
        held = list(self._classes(ClassFilter(start_from=start_from, start_before=start_before)))
        rows: dict[str, list[Attendance]] = {}
        for row in self.sessions.stream(AttendanceFilter(start_from=start_from, start_before=start_before)):
            rows.setdefault(row.session_id, []).append(row)
        return self._priced(held, rows, kept)

    def of_students(
        self, students: Iterable[str], start_from: datetime, start_before: datetime, kept: Mapping[str, Kept]
    ) -> Prices:
        """What these students owe: their classes, each read once, with the rows of exactly those. Raises `Unavailable`.

        Of those who share a price with one of them all is told.
        """
        wanted = list(dict.fromkeys(students))
        found = [
            held
            for held in self.classes.of_people(wanted, start_from, start_before)
            if _is_over(held) and not set(wanted).isdisjoint(held.student_emails)
        ]
        return self._priced(found, self._rows(found), kept, _Asked(students=frozenset(wanted), staff=frozenset()))

    def of_staff(self, teacher: str, start_from: datetime, start_before: datetime, kept: Mapping[str, Kept]) -> Prices:
        """What somebody earns for the classes that they teach or stood in for; raises `Unavailable`."""
        found = {
            held.session_id: held
            for held in self._classes(ClassFilter(person_email=teacher, start_from=start_from, start_before=start_before))
        }
        rows: dict[str, list[Attendance]] = {}
        for row in self.sessions.stream(AttendanceFilter(taught_by=teacher, start_from=start_from, start_before=start_before)):
            rows.setdefault(row.session_id, []).append(row)
        own = self.sessions.stream(AttendanceFilter(email=teacher, start_from=start_from, start_before=start_before))
        stood_in = [row.class_id for row in own if row.role is Role.TEACHER and row.session_id not in rows]
        others = [each.value for each in self.classes.versioned(stood_in) if _is_over(each.value)]
        found |= {held.session_id: held for held in others}
        asked = _Asked(students=frozenset(), staff=frozenset({teacher}))
        return self._priced(list(found.values()), rows | self._rows(others), kept, asked)

    def _classes(self, wanted: ClassFilter) -> Iterator[ScheduledClass]:
        token = None
        while True:
            page = self.classes.page(wanted, PAGE, token)
            yield from filter(_is_over, page.items)
            token = page.next_token
            if token is None:
                return

    def _rows(self, classes: Iterable[ScheduledClass]) -> dict[str, list[Attendance]]:
        """The rows of these classes by session, with one question for each `MOST_SESSIONS`; a cancelled class has none."""
        named = [held.session_id for held in classes if _was_held(held)]
        rows: dict[str, list[Attendance]] = {}
        for first in range(0, len(named), MOST_SESSIONS):
            for row in self.sessions.stream(AttendanceFilter(session_ids=tuple(named[first : first + MOST_SESSIONS]))):
                rows.setdefault(row.session_id, []).append(row)
        return rows

    def _priced(
        self,
        classes: Sequence[ScheduledClass],
        rows: Mapping[str, Sequence[Attendance]],
        kept: Mapping[str, Kept],
        asked: "_Asked | None" = None,
    ) -> Prices:
        """What follows from these classes for everybody, or for those who are `asked` about."""
        asked, plans = asked or _Asked(), _Plans.of(self.plans.all(), self.plans.assignments())
        sessions = {held.session_id: held for held in classes}
        charged = {session_id: asked.students_of(held, plans) for session_id, held in sessions.items()}
        payers = self._payers(dict.fromkeys(student for those in charged.values() for student in those))
        staff = {session_id: _staff(held, rows.get(session_id, ())) for session_id, held in sessions.items()}
        paid = dict.fromkeys(email for emails in staff.values() for email in emails if asked.is_about(email))
        known = self.parties.get_many(list(paid))
        items: list[Item] = []
        questions: list[Question] = []
        people: set[tuple[str, str]] = set()
        for session_id, held in sessions.items():
            own = staff[session_id]
            teachers = {email: known.get(email) or Party(email, self.currency) for email in own if email in paid}
            terms = _TermsOf(held, plans, payers, kept)
            charge, pay = terms.charge(charged[session_id]), terms.pay(teachers)
            found: Priced = priced(held, rows.get(session_id, ()), charge, pay)
            items += found.items
            questions += found.questions
            people |= {(session_id, email) for email in (*held.people, *own)}
        return Prices(tuple(items), tuple(questions), payers, frozenset(people))

    def _payers(self, students: Iterable[str]) -> dict[str, Party]:
        """Who pays for each student: the party that names them, else their only guardian, else they themselves."""
        wanted = list(students)
        payers = dict(self.parties.of_students(wanted))
        rest = [student for student in wanted if student not in payers]
        known = self.people.get_many(rest)
        own = {student: _only_guardian(known[student].guardian_emails) if student in known else None for student in rest}
        emails = {student: guardian or student for student, guardian in own.items()}
        parties = self.parties.get_many(list(dict.fromkeys(emails.values())))
        return payers | {student: parties.get(email) or Party(email, self.currency) for student, email in emails.items()}


@dataclass(frozen=True)
class _Plans:
    """The plans and what they were given to, so arranged that one class asks for few of them."""

    versions: Mapping[str, Sequence[RatePlan]]
    given: Mapping[Key, Sequence[Assignment]]

    @classmethod
    def of(cls, versions: Iterable[RatePlan], assignments: Iterable[Assignment]) -> "_Plans":
        by_plan: dict[str, list[RatePlan]] = {}
        for version in versions:
            by_plan.setdefault(version.plan_id, []).append(version)
        given: dict[Key, list[Assignment]] = {}
        for each in assignments:
            given.setdefault((each.scope, each.about), []).append(each)
        return cls(by_plan, given)

    def of_class(self, held: ScheduledClass, person: Key) -> RatePlan | None:
        """The version that counts for a student or a teacher of a class: the narrowest scope that a plan was given to."""
        wanted = [person, *([(Scope.COURSE, held.course_id)] if held.course_id else [])]
        plan_id = (
            self._given([(Scope.CLASS, held.class_id)], held.start_at)
            or held.rate_plan_id
            or self._given([*wanted, (Scope.EVERYTHING, EVERYTHING)], held.start_at)
        )
        return version_at(self.versions.get(plan_id, ()), plan_id, held.start_at) if plan_id else None

    def _given(self, wanted: Sequence[Key], start_at: datetime) -> str | None:
        return assigned_at([each for key in wanted for each in self.given.get(key, ())], wanted, start_at)


@dataclass(frozen=True)
class _Asked:
    """About whom prices are asked; None is about all."""

    students: frozenset[str] | None = None
    staff: frozenset[str] | None = None

    def students_of(self, held: ScheduledClass, plans: _Plans) -> Sequence[str]:
        """Whose terms in a class are needed: where some share a price, those of everybody with whom they may share it."""
        if self.students is None:
            return held.student_emails
        own = [student for student in held.student_emails if student in self.students]
        found = (plans.of_class(held, (Scope.STUDENT, student)) for student in own)
        shares = any(plan is not None and plan.charge.among is Among.SPLIT for plan in found)
        return held.student_emails if shares else own

    def is_about(self, staff: str) -> bool:
        """Whether somebody's pay is asked for."""
        return self.staff is None or staff in self.staff


@dataclass(frozen=True)
class _TermsOf:
    """On which terms the people of one class are charged and paid."""

    held: ScheduledClass
    plans: _Plans
    payers: Mapping[str, Party]
    kept: Mapping[str, Kept]

    def charge(self, students: Iterable[str]) -> dict[str, Terms]:
        """The terms of these students; whom we were asked to forget is charged nothing new."""
        return {student: self._charge(student) for student in students if not is_pseudonym(student)}

    def _charge(self, student: str) -> Terms:
        payer, plan = self.payers[student], self.plans.of_class(self.held, (Scope.STUDENT, student))
        kept = self.kept.get(item_id_of(Side.CHARGE, self.held.session_id, student)) if self.kept else None
        is_sibling = student in payer.students[1:]
        discount = plan.sibling_percent if plan is not None and is_sibling else 0
        return Terms(kept.party if kept else payer.email, kept.currency if kept else payer.currency, plan, discount)

    def pay(self, staff: Mapping[str, Party]) -> dict[str, Terms]:
        """The staff's terms."""
        terms = {}
        for email, party in staff.items():
            plan = self.plans.of_class(self.held, (Scope.TEACHER, email))
            kept = self.kept.get(item_id_of(Side.PAY, self.held.session_id, email)) if self.kept else None
            terms[email] = Terms(email, kept.currency if kept else party.currency, plan)
        return {email: each for email, each in terms.items() if not is_pseudonym(email)}


def _is_over(held: ScheduledClass) -> bool:
    return held.status in (Status.COMPLETED, Status.CANCELLED)


def _was_held(held: ScheduledClass) -> bool:
    return held.status is Status.COMPLETED


def _staff(held: ScheduledClass, rows: Sequence[Attendance]) -> tuple[str, ...]:
    """Everybody who teaches the class, substitutes too."""
    came = (row.email for row in rows if row.role is Role.TEACHER and row.email is not None)
    return tuple(dict.fromkeys((*held.teacher_emails, *came)))


def _only_guardian(emails: Sequence[str]) -> str | None:
    return emails[0] if len(emails) == 1 else None
