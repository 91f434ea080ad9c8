"""The composition of `people`: Firestore, and Google Classroom."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.usecases.admit_caller import Gate
from shared.usecases.enter_course import EnterCourse
from shared.usecases.enter_person import EnterPerson
from shared.usecases.find_people import FindPeople
from shared.usecases.import_classroom import ImportClassroom
from shared.usecases.import_people import ImportPeople
from shared.usecases.note_refusals import NoteRefusals


@dataclass(frozen=True)
class Directory:
    """What the doors use."""

    find: FindPeople
    enter: EnterPerson
    courses: EnterCourse
    import_people: ImportPeople
    classroom: ImportClassroom
    gate: Gate | None = None


@cache
def wire() -> Directory:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.connections import FirestoreConnections
    from shared.adapters.firestore.courses import FirestoreCourses
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.identities import FirestoreIdentities
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.store import connect
    from shared.adapters.google.access import google_apis
    from shared.adapters.google.classroom import GoogleClassroom
    from shared.web.checks import email

    known, now = settings(), system.now
    client = connect(known.project)
    people, courses = FirestorePeople(client, system.sleep), FirestoreCourses(client, system.sleep)
    apis = google_apis(known, system.sleep, NoteRefusals(FirestoreConnections(client), now))
    identities = FirestoreIdentities(client, system.sleep)
    return Directory(
        FindPeople(people, courses),
        EnterPerson(people, now),
        EnterCourse(courses, now),
        ImportPeople(people, courses, now, email),
        ImportClassroom(GoogleClassroom(apis), people, courses, identities, now, email),
        gate_for(client, known, system),
    )
