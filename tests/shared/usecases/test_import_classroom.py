"""Importing from Classroom: people, accounts and roster; nobody invented, nobody lost, and nobody made a teacher by a teacher."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from shared.domain.accounts import Caller
from shared.domain.directory import Course, Person, PersonRole
from shared.domain.errors import Forbidden, NotFound, Stale
from shared.domain.identities import IdentityKind, Told, Word
from shared.people_ports import Courses, Identities, ImportedRoster, Member, People
from shared.ports import Versioned
from shared.usecases.import_classroom import CONTRADICTION, NO_ADDRESS, ClassroomImported, ImportClassroom, ToImport
from shared.web.checks import email as as_email
from tests.builders import at
from tests.fake_people import FakeClassroom, MemoryCourses, MemoryIdentities, MemoryPeople
from tests.fakes import Clock, no_sleep

STUDENT, TEACHER = PersonRole.STUDENT, PersonRole.TEACHER
BOSS = Caller("boss", "boss@school.example", "admin")
ADA, BEA = Caller("ada", "ada@school.example", "teacher"), Caller("bea", "bea@school.example", "teacher")
OMAR, LENA, KIM = "omar@school.example", "lena@school.example", "kim@school.example"
ROSTER = ImportedRoster(
    "55001",
    "Mathematics",
    (Member("1", ADA.email, "Ada", "Lovelace"), Member("2", BEA.email, "Bea", None)),
    (Member("11", OMAR, "Omar", "Nasser"), Member("12", LENA, "Lena", None)),
)
HIDDEN = Member("13", None, "Kim", "Park")


@dataclass
class Here:
    """The story over one store."""

    people: People = field(default_factory=MemoryPeople)
    courses: Courses = field(default_factory=MemoryCourses)
    identities: Identities = field(default_factory=MemoryIdentities)
    classroom: FakeClassroom = field(default_factory=FakeClassroom)
    clock: Clock = field(default_factory=lambda: Clock(at(0)))

    def imports(self, caller: Caller = BOSS, *, teacher: str | None = ADA.email, is_dry_run: bool = False) -> ClassroomImported:
        """What an import answers."""
        run = ImportClassroom(self.classroom, self.people, self.courses, self.identities, self.clock, as_email)
        return run(ToImport("math", "55001", teacher, is_dry_run), caller)

    def has(self, *members: Member) -> None:
        """The students that Classroom has from now on."""
        self.classroom.teaches(ADA.email, replace(ROSTER, students=members))

    def course(self) -> Course:
        """The course as it is stored."""
        found = self.courses.get("math")
        assert found is not None
        return found.value

    def words(self, google_id: str) -> list[tuple[str, Told, str]]:
        """What was told of an account."""
        found = self.identities.get_many([(IdentityKind.REF, f"google:{google_id}")])
        return [(word.email, word.told, word.by) for identity in found for word in identity.words]

    def everything(self) -> object:
        """All that is stored."""
        emails = [ADA.email, BEA.email, OMAR, LENA, KIM]
        words = [self.words(each) for each in ("1", "2", "11", "12", "13")]
        return dict(self.people.get_many(emails)), self.courses.page(None, 9, None), words


@pytest.fixture(params=["memory", "firestore"])
def here(request: pytest.FixtureRequest) -> Here:
    found = Here()
    if request.param == "firestore":
        from shared.adapters.firestore.courses import FirestoreCourses
        from shared.adapters.firestore.identities import FirestoreIdentities
        from shared.adapters.firestore.people import FirestorePeople

        client = request.getfixturevalue("database")
        found = Here(FirestorePeople(client, no_sleep), FirestoreCourses(client, no_sleep), FirestoreIdentities(client, no_sleep))
    found.classroom.teaches(ADA.email, ROSTER)
    return found


def enters(here: Here, **changes: object) -> Course:
    """Ada has a course already."""
    course = replace(Course("math", "Algebra", (ADA.email,), entered_at=at(-60)), **changes)  # type: ignore[arg-type]
    assert here.courses.save(None, course)
    return course


def test_an_administrators_import_makes_the_course_its_people_and_who_is_who(here: Here) -> None:
    done = here.imports()
    assert (done.new, done.changed, done.unchanged) == (4, 0, 0)
    assert (done.enrolled, done.removed, done.teachers_left, done.unclear) == ((OMAR, LENA), (), (), ())
    assert done.course == here.course()
    assert here.course() == Course("math", "Mathematics", (ADA.email, BEA.email), (OMAR, LENA), "55001", at(0))
    assert here.people.get_many([OMAR, BEA.email]) == {
        OMAR: Person(OMAR, (STUDENT,), "Omar", "Nasser", entered_at=at(0)),
        BEA.email: Person(BEA.email, (TEACHER,), "Bea", entered_at=at(0)),
    }
    assert here.words("11") == [(OMAR, Told.IMPORTED, BOSS.email)]
    assert here.words("2") == [(BEA.email, Told.IMPORTED, BOSS.email)]


def test_importing_again_changes_nothing(here: Here) -> None:
    here.imports()
    before = here.everything()
    here.clock.at = at(600)
    done = here.imports()
    assert (done.new, done.changed, done.unchanged, done.enrolled, done.removed) == (0, 0, 4, (), ())
    assert here.everything() == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(here: Here) -> None:
    enters(here, student_emails=(KIM,))
    before = here.everything()
    dry = here.imports(is_dry_run=True)
    assert here.everything() == before
    assert (dry.new, dry.enrolled, dry.removed) == (4, (OMAR, LENA), (KIM,))
    assert here.imports() == dry
    assert here.course().student_emails == (OMAR, LENA)


def test_a_teacher_gives_an_own_course_its_students_but_makes_no_teachers(here: Here) -> None:
    enters(here)
    done = here.imports(ADA, teacher=None)
    assert here.course() == Course("math", "Algebra", (ADA.email,), (OMAR, LENA), "55001", at(-60), rev=2)
    assert done.teachers_left == (BEA.email,)
    assert done.new == 2
    assert here.people.get(BEA.email) is None
    assert here.people.get(ADA.email) is None


def test_foreign_and_absent_courses_are_the_same_to_a_teacher(here: Here) -> None:
    here.classroom.teaches(BEA.email, ROSTER)
    told = []
    for prepare in (lambda: None, lambda: enters(here)):
        prepare()
        with pytest.raises(NotFound) as refusal:
            here.imports(BEA, teacher=None)
        told.append(refusal.value.detail)
    assert told == ["No such course."] * 2
    assert here.people.get(OMAR) is None


def test_a_teacher_reads_classroom_with_own_authority_only(here: Here) -> None:
    enters(here, teacher_emails=(BEA.email,))
    with pytest.raises(Forbidden, match="own Classroom courses"):
        here.imports(BEA, teacher=ADA.email)
    run = ImportClassroom(here.classroom, here.people, here.courses, here.identities, here.clock, as_email)
    with pytest.raises(Forbidden):
        run.courses_of(ADA.email, BEA)
    assert run.courses_of(None, BEA) == []
    assert list(run.courses_of(ADA.email, BOSS)) == list(run.courses_of(None, ADA)) == [("55001", "Mathematics")]


def test_a_classroom_course_that_is_not_there_changes_nothing(here: Here) -> None:
    with pytest.raises(NotFound, match="classroom-courses"):
        here.imports(teacher=KIM)
    assert here.courses.get("math") is None


def test_a_member_without_an_address_is_told_of_and_nobody_is_taken_off_meanwhile(here: Here) -> None:
    enters(here, student_emails=(KIM, LENA))
    here.has(Member("11", OMAR, "Omar", "Nasser"), HIDDEN, Member("14", "not an address", "Jo", None))
    done = here.imports(ADA)
    assert [(each.member.google_id, each.message) for each in done.unclear] == [("13", NO_ADDRESS), ("14", NO_ADDRESS)]
    assert here.course().student_emails == (KIM, LENA, OMAR)
    assert done.removed == ()
    assert here.words("13") == []


def test_a_member_without_an_address_is_known_by_their_account(here: Here) -> None:
    here.identities.tell(IdentityKind.REF, "google:13", Word(KIM, Told.SIGNED_IN, KIM, at(-9)))
    here.has(HIDDEN)
    done = here.imports()
    assert done.unclear == ()
    assert here.course().student_emails == (KIM,)
    assert here.people.get_many([KIM])[KIM].full_name == "Kim Park"
    assert here.words("13") == [(KIM, Told.SIGNED_IN, KIM)]


def test_an_account_that_is_known_as_somebody_else_is_left_to_a_person(here: Here) -> None:
    here.identities.tell(IdentityKind.REF, "google:11", Word(KIM, Told.SIGNED_IN, KIM, at(-9)))
    done = here.imports()
    assert [(each.member.email, each.message) for each in done.unclear] == [(OMAR, CONTRADICTION)]
    assert here.words("11") == [(KIM, Told.SIGNED_IN, KIM)]
    assert here.course().student_emails == (LENA,)
    assert here.people.get_many([OMAR, KIM]) == {}


def test_what_an_administrator_took_back_does_not_come_again(here: Here) -> None:
    here.identities.tell(IdentityKind.REF, "google:11", Word(OMAR, Told.IMPORTED, BOSS.email, at(-9), is_withdrawn=True))
    here.imports()
    here.imports()
    assert here.words("11") == [(OMAR, Told.IMPORTED, BOSS.email)]
    (identity,) = here.identities.get_many([(IdentityKind.REF, "google:11")])
    assert identity.word is None


def test_names_that_the_directory_has_outrank_classrooms(here: Here) -> None:
    here.people.save([(None, Person(LENA, (TEACHER,), "Helena", department="Art"))])
    here.has(Member("12", LENA, "Lena", "Berg\x07"), Member("15", "long@school.example", "L" * 300, "\n"))
    enters(here)
    done = here.imports(ADA)
    assert (done.new, done.changed) == (1, 1)
    people = here.people.get_many([LENA, "long@school.example"])
    assert people[LENA] == Person(LENA, (STUDENT, TEACHER), "Helena", "Berg", department="Art", rev=2)
    assert (people["long@school.example"].first_name, people["long@school.example"].last_name) == ("L" * 100, None)


def test_one_person_with_two_accounts_is_one_person(here: Here) -> None:
    here.has(Member("11", OMAR, "Omar", None), Member("19", OMAR.upper(), "Omar 2", None))
    done = here.imports()
    assert here.course().student_emails == (OMAR,)
    assert done.new == 3
    assert here.people.get_many([OMAR])[OMAR].first_name == "Omar"
    assert here.words("11") == here.words("19") == [(OMAR, Told.IMPORTED, BOSS.email)]


@dataclass
class Contended(MemoryCourses):
    """Courses in which somebody else writes before each of the first `rivals` writes."""

    rivals: list[Callable[[], None]] = field(default_factory=list)

    def save(self, before: Versioned[Course] | None, after: Course) -> bool:
        """See the port."""
        if self.rivals:
            self.rivals.pop(0)()
        return super().save(before, after)


def test_a_teacher_who_was_added_meanwhile_stays_and_who_loses_twice_is_told() -> None:
    courses = Contended()
    here = Here(courses=courses)
    here.classroom.teaches(ADA.email, ROSTER)
    before = enters(here)

    def rival() -> None:
        after = replace(here.course(), teacher_emails=(ADA.email, f"t{courses.writes}@school.example"))
        assert MemoryCourses.save(courses, courses.get("math"), after)

    courses.rivals = [rival]
    done = here.imports(ADA, teacher=None)
    assert done.course == here.course()
    assert (here.course().teacher_emails, here.course().student_emails) == ((ADA.email, "t1@school.example"), (OMAR, LENA))
    assert MemoryCourses.save(courses, courses.get("math"), before)
    courses.rivals = [rival, rival]
    with pytest.raises(Stale, match="repeat the import"):
        here.imports(ADA, teacher=None)
    assert here.course().student_emails == ()
