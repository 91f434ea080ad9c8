"""The function over fakes, and who asks it."""

import json
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from functions.people.main import routes
from functions.people.wiring import Directory
from shared import system
from shared.config import settings
from shared.domain.accounts import Caller
from shared.domain.directory import Course, Person, PersonRole
from shared.people_ports import Classroom, ImportedRoster, Member
from shared.usecases.enter_course import EnterCourse
from shared.usecases.enter_person import EnterPerson
from shared.usecases.find_people import FindPeople
from shared.usecases.import_classroom import ImportClassroom
from shared.usecases.import_people import ImportPeople
from shared.web.checks import email
from shared.web.tokens import mint
from tests.builders import at
from tests.fake_people import FakeClassroom, MemoryCourses, MemoryIdentities, MemoryPeople
from tests.fakes import Clock

STUDENTS, PEOPLE = "/api/attendance-tracker/students", "/api/people"
BOSS = Caller("boss", "boss@school.example", "admin")
ADA, BEA = Caller("ada", "ada@school.example", "teacher"), Caller("bea", "bea@school.example", "teacher")
OMAR, LENA = Caller("omar", "omar@school.example", "user"), Caller("lena", "lena@school.example", "user")
MUM = Caller("mum", "mum@home.example", "user")
ROSTER = ImportedRoster(
    "55001",
    "Mathematics",
    (Member("1", ADA.email, "Ada", "Lovelace"), Member("2", "co@school.example", "Co", None)),
    (Member("11", OMAR.email, "Omar", "Nasser"), Member("12", "kim@school.example", "Kim", None), Member("13", None, "Jo", None)),
)


@dataclass
class Here:
    """The function over fakes."""

    people: MemoryPeople = field(default_factory=MemoryPeople)
    courses: MemoryCourses = field(default_factory=MemoryCourses)
    identities: MemoryIdentities = field(default_factory=MemoryIdentities)
    classroom: Classroom = field(default_factory=FakeClassroom)
    clock: Clock = field(default_factory=lambda: Clock(at(0)))

    @property
    def app(self) -> Directory:
        """The composition."""
        return Directory(
            FindPeople(self.people, self.courses),
            EnterPerson(self.people, self.clock),
            EnterCourse(self.courses, self.clock),
            ImportPeople(self.people, self.courses, self.clock, email),
            ImportClassroom(self.classroom, self.people, self.courses, self.identities, self.clock, email),
        )

    @property
    def writes(self) -> int:
        """How many documents were written."""
        return self.people.writes + self.courses.writes + len(self.identities.stored)

    def ask(self, method: str, path: str, caller: Caller | None, body: object = None) -> Response:
        """What the function answers to somebody with a token."""
        headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"} if caller else {}
        sent: dict[str, Any] = {"json": body} if body is not None else {}
        with Flask("test").test_request_context(path, method=method, headers=headers, **sent):
            asked: Any = request
            response = routes.answer(asked, lambda: self.app)
            response.get_data()
            return response

    def told(self, method: str, path: str, caller: Caller, body: object = None) -> dict[str, Any]:
        """The body of an answer that went well."""
        response = self.ask(method, path, caller, body)
        assert response.status_code == 200, response.get_data()
        told = body_of(response)
        assert told["success"] is True
        return told

    def refused(self, method: str, path: str, caller: Caller | None, body: object = None) -> tuple[int, dict[str, Any]]:
        """The status and body of a refusal, without what differs from request to request."""
        response = self.ask(method, path, caller, body)
        told = body_of(response)
        assert told.pop("request_id")
        assert told["success"] is False
        assert told["message"] == told["detail"]
        return response.status_code, told


def a_school() -> Here:
    """Ada teaches Omar mathematics; Bea teaches Lena art."""
    here = Here()
    here.people.put(
        Person(ADA.email, (PersonRole.TEACHER,), "Ada", "Lovelace"),
        Person(BEA.email, (PersonRole.TEACHER,), "Bea"),
        Person(OMAR.email, (PersonRole.STUDENT,), "Omar", "Nasser", 17, "Physics", (MUM.email,)),
        Person(LENA.email, (PersonRole.STUDENT,), "Lena"),
        Person(MUM.email, (PersonRole.GUARDIAN,)),
    )
    here.courses.save(None, Course("math", "Mathematics", (ADA.email,), (OMAR.email, "other@school.example")))
    here.courses.save(None, Course("art", "Art", (BEA.email,), (LENA.email,)))
    assert isinstance(here.classroom, FakeClassroom)
    here.classroom.teaches(ADA.email, ROSTER)
    return here


def body_of(response: Response) -> dict[str, Any]:
    """An answer's body."""
    told: dict[str, Any] = json.loads(response.get_data())
    return told
