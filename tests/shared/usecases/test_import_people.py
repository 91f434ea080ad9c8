"""Importing a table: all of it or nothing, a second time nothing, and a run that was cut off is completed by the next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from shared.domain.directory import Course, Person, PersonRole
from shared.domain.errors import Stale, Unavailable
from shared.ports import Versioned
from shared.usecases.import_people import Fate, Imported, ImportPeople
from shared.web.checks import email as as_email
from tests.builders import at
from tests.fake_people import MemoryCourses, MemoryPeople
from tests.fakes import Clock

STUDENT, TEACHER, GUARDIAN = PersonRole.STUDENT, PersonRole.TEACHER, PersonRole.GUARDIAN
OMAR, LENA, MUM = "omar@school.example", "lena@school.example", "mum@home.example"
TABLE = f"""email,first name,last name,student id,department,guardian emails,courses
{OMAR},Omar,Nasser,17,Physics,{MUM};{LENA},math;art
{LENA},Lena,,,,,math
"""


@dataclass
class Breaking(MemoryPeople):
    """A directory that takes so many commits, and then does not answer; negative is for ever."""

    commits_left: int = -1

    def save(self, changes: Sequence[tuple[Versioned[Person] | None, Person]]) -> bool:
        """See the port."""
        assert len(changes) <= 400
        if self.commits_left == 0:
            raise Unavailable("The database does not answer right now; try again in a moment.")
        self.commits_left -= 1
        return super().save(changes)


class Busy(MemoryPeople):
    """A directory in which somebody is always faster."""

    def save(self, changes: Sequence[tuple[Versioned[Person] | None, Person]]) -> bool:  # noqa: ARG002 - the port's form
        """See the port."""
        return False


@dataclass
class Here:
    """The story over fakes."""

    people: MemoryPeople
    courses: MemoryCourses

    def imports(self, text: str = TABLE, *, is_dry_run: bool = False) -> Imported:
        """What an import answers."""
        return ImportPeople(self.people, self.courses, Clock(at(0)), as_email)(text, is_dry_run=is_dry_run)

    def roster(self, course_id: str) -> tuple[str, ...]:
        """Who takes a course."""
        found = self.courses.get(course_id)
        assert found is not None
        return found.value.student_emails

    @property
    def writes(self) -> int:
        """How many documents were written."""
        return self.people.writes + self.courses.writes


@pytest.fixture
def here() -> Here:
    return over(MemoryPeople())


def over(people: MemoryPeople) -> Here:
    courses = MemoryCourses()
    for course_id in ("math", "art"):
        courses.save(None, Course(course_id, course_id, ("ada@school.example",)))
    return Here(people, courses)


def test_students_guardians_and_rosters_are_stored(here: Here) -> None:
    done = here.imports()
    assert (done.rows, done.new, done.changed, done.unchanged, done.errors) == (2, 2, 0, 0, ())
    assert here.people.get_many([OMAR, LENA, MUM]) == {
        OMAR: Person(OMAR, (STUDENT,), "Omar", "Nasser", 17, "Physics", (MUM, LENA), entered_at=at(0)),
        LENA: Person(LENA, (STUDENT, GUARDIAN), "Lena", entered_at=at(0)),
        MUM: Person(MUM, (GUARDIAN,), entered_at=at(0)),
    }
    assert here.roster("math") == (OMAR, LENA)
    assert here.roster("art") == (OMAR,)


def test_a_second_import_of_the_same_table_writes_nothing(here: Here) -> None:
    here.imports()
    writes = here.writes
    done = here.imports()
    assert (done.new, done.changed, done.unchanged) == (0, 0, 2)
    assert here.writes == writes


def test_a_dry_run_says_what_would_change_and_changes_nothing(here: Here) -> None:
    here.people.put(Person(LENA, (STUDENT,), "Lena", entered_at=at(-9)), Person("kim@school.example", (TEACHER,)))
    writes = here.writes
    done = here.imports(TABLE + "kim@school.example,Kim,,,,,\n", is_dry_run=True)
    assert (done.rows, done.new, done.changed, done.unchanged) == (3, 1, 1, 1)
    assert [(each.row.email, each.fate) for each in done.preview] == [
        (OMAR, Fate.NEW),
        (LENA, Fate.UNCHANGED),
        ("kim@school.example", Fate.CHANGED),
    ]
    assert here.writes == writes


def test_what_the_table_does_not_say_stays(here: Here) -> None:
    before = Person(LENA, (TEACHER,), "Helena", "Berg", 9, "Art", (MUM,), signed_out_at=at(-5), entered_at=at(-9), rev=4)
    here.people.put(before)
    here.imports()
    known = here.people.get(LENA)
    assert known is not None
    assert known.value == replace(before, roles=(STUDENT, TEACHER, GUARDIAN), first_name="Lena", rev=5)


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_with_any_error_nothing_is_stored(here: Here, is_dry_run: bool) -> None:  # noqa: FBT001 - the test's parameter
    writes = here.writes
    done = here.imports(TABLE + "nonsense,,,,,,\nkim@school.example,Kim,,,,,greek;latin\n", is_dry_run=is_dry_run)
    assert [(each.row, each.field) for each in done.errors] == [(4, "email"), (5, "courses"), (5, "courses")]
    assert done.errors[1].message == "There is no course greek; enter the course first or leave it out."
    assert here.writes == writes


def test_only_a_hundred_errors_are_told(here: Here) -> None:
    done = here.imports("email,course\n" + "".join(f"s{n}@school.example,course-{n}\n" for n in range(120)))
    assert len(done.errors) == 100


def test_an_import_that_was_cut_off_is_completed_by_the_next() -> None:
    here = over(Breaking(commits_left=2))
    table = "email,course,guardian email\n" + "".join(f"s{n:03}@school.example,math,g{n % 7}@home.example\n" for n in range(900))
    with pytest.raises(Unavailable):
        here.imports(table)
    assert len(here.people.stored) == 800
    assert here.roster("math") == ()
    assert isinstance(here.people, Breaking)
    here.people.commits_left = -1
    done = here.imports(table)
    assert done.new + done.unchanged == 900
    assert len(here.people.stored) == 907
    assert len(here.roster("math")) == 900
    assert here.people.writes == 907


def test_who_is_never_first_is_told_to_repeat_it() -> None:
    here = over(Busy())
    with pytest.raises(Stale, match="repeat the import"):
        here.imports()
    assert here.roster("math") == ()


def test_it_works_on_the_real_store_too(request: pytest.FixtureRequest) -> None:
    from shared.adapters.firestore.courses import FirestoreCourses
    from shared.adapters.firestore.people import FirestorePeople
    from tests.fakes import no_sleep

    client = request.getfixturevalue("database")
    people, courses = FirestorePeople(client, no_sleep), FirestoreCourses(client, no_sleep)
    courses.save(None, Course("math", "Mathematics"))
    run = ImportPeople(people, courses, Clock(at(0)), as_email)
    table = "email,first name,course\n" + "".join(f"s{n:03}@school.example,Sam {n},math\n" for n in range(410))
    assert run(table, is_dry_run=False).new == 410
    found = courses.get("math")
    assert found is not None
    assert len(found.value.student_emails) == 410
    again = run(table.replace("Sam 7,", "Samira,"), is_dry_run=False)
    assert (again.changed, again.unchanged) == (1, 409)
    changed = people.get("s007@school.example")
    assert changed is not None
    assert (changed.value.first_name, changed.value.rev) == ("Samira", 2)
