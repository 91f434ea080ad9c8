"""The directory's doors; every door needs a token, whatever the house."""

from functions.people.answers import (
    DoneBody,
    ImportBody,
    PersonEntryBody,
    PersonListBody,
    SignedOutBody,
    StudentEntryBody,
    StudentListBody,
)
from functions.people.course_answers import ClassroomCoursesBody, ClassroomImportBody, CourseBody, CourseListBody, MeBody
from functions.people.schemas import (
    ClassroomAsked,
    ClassroomQuery,
    CourseAsked,
    ImportAsked,
    ListQuery,
    PersonAsked,
    StudentAsked,
    address_in,
    course_in,
    new_course_in,
    person_in,
)
from functions.people.wiring import Directory
from shared.domain.directory import Person, PersonRole
from shared.ports import Page
from shared.web.describe import body_as, describes, query_as
from shared.web.need_token import need_token
from shared.web.routes import Asked, Reply
from shared.web.row_errors import unusable_table

LIST, SHOW = (401, 403, 404, 422, 503), (401, 404, 503)
CHANGE, TAKE = (400, 401, 403, 404, 409, 413, 415, 422, 503), (401, 403, 404, 409, 503)


@describes(query=ListQuery, answers={200: StudentListBody}, problems=LIST)
def list_students(asked: Asked, app: Directory) -> Reply:
    """List students by address: all to an administrator, those of own courses to a teacher."""
    return Reply(200, StudentListBody.of(_page(asked, app, PersonRole.STUDENT), asked.caller).to_json())


@describes(answers={200: StudentEntryBody}, problems=SHOW)
def get_student(asked: Asked, app: Directory) -> Reply:
    """Show a student to themselves, their guardians, their teachers and administrators."""
    caller = need_token(asked.caller)
    person = app.find.one(app.find.email_of(person_in(asked.path)), PersonRole.STUDENT, caller)
    return Reply(200, StudentEntryBody.of(person, caller).to_json())


@describes(body=StudentAsked, answers={200: StudentEntryBody}, problems=CHANGE)
def put_student(asked: Asked, app: Directory) -> Reply:
    """Enter a student, or change what is given of one; guardians who are not known yet are entered by their address."""
    caller, email = need_token(asked.caller), app.find.email_of(person_in(asked.path))
    person = app.enter.enter(email, PersonRole.STUDENT, body_as(StudentAsked, asked).given, caller)
    return Reply(200, StudentEntryBody.of(person, caller).to_json())


@describes(answers={200: DoneBody}, problems=TAKE)
def delete_student(asked: Asked, app: Directory) -> Reply:
    """Say that somebody is no student any more."""
    caller = need_token(asked.caller)
    app.enter.take_away(app.find.email_of(person_in(asked.path)), PersonRole.STUDENT, caller)
    return Reply(200, DoneBody().to_json())


@describes(body=ImportAsked, answers={200: ImportBody}, problems=(400, 401, 403, 409, 413, 415, 422, 503))
def import_students(asked: Asked, app: Directory) -> Reply:
    """Import students from a table: all of them, or none and the errors."""
    need_token(asked.caller)
    told = body_as(ImportAsked, asked)
    done = app.import_people(told.csv, is_dry_run=told.dry_run)
    if done.errors and not told.dry_run:
        raise unusable_table(done.errors)
    return Reply(200, ImportBody.of(done).to_json())


@describes(query=ListQuery, answers={200: PersonListBody}, problems=LIST)
def list_teachers(asked: Asked, app: Directory) -> Reply:
    """List teachers by address: all to an administrator, those of own courses to a teacher."""
    return Reply(200, PersonListBody.of(_page(asked, app, PersonRole.TEACHER), asked.caller).to_json())


@describes(answers={200: PersonEntryBody}, problems=SHOW)
def get_teacher(asked: Asked, app: Directory) -> Reply:
    """Show a teacher to themselves, those who teach with them, and administrators."""
    return _show(asked, app, PersonRole.TEACHER)


@describes(body=PersonAsked, answers={200: PersonEntryBody}, problems=CHANGE)
def put_teacher(asked: Asked, app: Directory) -> Reply:
    """Enter a teacher, or change what is given of one."""
    return _put(asked, app, PersonRole.TEACHER)


@describes(answers={200: DoneBody}, problems=TAKE)
def delete_teacher(asked: Asked, app: Directory) -> Reply:
    """Say that somebody is no teacher any more."""
    return _take_away(asked, app, PersonRole.TEACHER)


@describes(query=ListQuery, answers={200: PersonListBody}, problems=LIST)
def list_guardians(asked: Asked, app: Directory) -> Reply:
    """List guardians by address: all to an administrator, those of own students to a teacher."""
    return Reply(200, PersonListBody.of(_page(asked, app, PersonRole.GUARDIAN), asked.caller).to_json())


@describes(answers={200: PersonEntryBody}, problems=SHOW)
def get_guardian(asked: Asked, app: Directory) -> Reply:
    """Show a guardian to themselves, their students' teachers, and administrators."""
    return _show(asked, app, PersonRole.GUARDIAN)


@describes(body=PersonAsked, answers={200: PersonEntryBody}, problems=CHANGE)
def put_guardian(asked: Asked, app: Directory) -> Reply:
    """Enter a guardian, or change what is given of one."""
    return _put(asked, app, PersonRole.GUARDIAN)


@describes(answers={200: DoneBody}, problems=TAKE)
def delete_guardian(asked: Asked, app: Directory) -> Reply:
    """Say that somebody is no guardian any more; students have to have another one first."""
    return _take_away(asked, app, PersonRole.GUARDIAN)


@describes(answers={200: MeBody}, problems=(401, 503))
def me(asked: Asked, app: Directory) -> Reply:
    """Show what the directory has of the caller."""
    caller = need_token(asked.caller)
    return Reply(200, MeBody.of(app.find.own(caller), caller).to_json())


@describes(answers={200: SignedOutBody}, problems=TAKE)
def sign_out(asked: Asked, app: Directory) -> Reply:
    """Refuse every token of a person that was issued until now, on all devices."""
    caller = need_token(asked.caller)
    return Reply(200, SignedOutBody.of(app.enter.sign_out(asked.path["person_id"], caller)).to_json())


@describes(query=ListQuery, answers={200: CourseListBody}, problems=(401, 404, 422, 503))
def list_courses(asked: Asked, app: Directory) -> Reply:
    """List courses by id, those that are the caller's."""
    caller, query = need_token(asked.caller), query_as(ListQuery, asked)
    return Reply(200, CourseListBody.of(app.courses.page(caller, query.limit, query.page_token), caller).to_json())


@describes(answers={200: CourseBody}, problems=SHOW)
def get_course(asked: Asked, app: Directory) -> Reply:
    """Show a course of the caller's; a foreign one is answered as none."""
    caller = need_token(asked.caller)
    return Reply(200, CourseBody.of(app.courses.get(course_in(asked.path), caller), caller).to_json())


@describes(body=CourseAsked, answers={200: CourseBody}, problems=(400, 401, 403, 409, 413, 415, 422, 503))
def put_course(asked: Asked, app: Directory) -> Reply:
    """Enter a course, or change what is given of one."""
    caller = need_token(asked.caller)
    wanted = body_as(CourseAsked, asked).to_words(new_course_in(asked.path))
    return Reply(200, CourseBody.of(app.courses.enter(wanted, caller), caller).to_json())


@describes(answers={200: DoneBody}, problems=TAKE)
def delete_course(asked: Asked, app: Directory) -> Reply:
    """Delete a course with its roster; classes that were booked for it stay."""
    app.courses.delete(course_in(asked.path), need_token(asked.caller))
    return Reply(200, DoneBody().to_json())


@describes(answers={200: CourseBody}, problems=TAKE)
def enrol(asked: Asked, app: Directory) -> Reply:
    """Put a student on the roster of a course."""
    caller = need_token(asked.caller)
    course = app.courses.enrol(course_in(asked.path), address_in(asked.path, "email"), caller)
    return Reply(200, CourseBody.of(course, caller).to_json())


@describes(answers={200: CourseBody}, problems=TAKE)
def remove(asked: Asked, app: Directory) -> Reply:
    """Take a student off the roster of a course."""
    caller = need_token(asked.caller)
    course = app.courses.remove(course_in(asked.path), address_in(asked.path, "email"), caller)
    return Reply(200, CourseBody.of(course, caller).to_json())


@describes(query=ClassroomQuery, answers={200: ClassroomCoursesBody}, problems=(401, 403, 422, 502, 503))
def classroom_courses(asked: Asked, app: Directory) -> Reply:
    """List a teacher's courses in Google Classroom."""
    caller = need_token(asked.caller)
    found = app.classroom.courses_of(query_as(ClassroomQuery, asked).teacher_email, caller)
    return Reply(200, ClassroomCoursesBody.of(found).to_json())


@describes(body=ClassroomAsked, answers={200: ClassroomImportBody}, problems=(*CHANGE, 502))
def classroom_import(asked: Asked, app: Directory) -> Reply:
    """Give a course the roster that it has in Google Classroom; done again, it changes nothing."""
    caller = need_token(asked.caller)
    wanted = body_as(ClassroomAsked, asked).to_words(course_in(asked.path))
    done = app.classroom(wanted, caller)
    return Reply(200, ClassroomImportBody.of(done, caller, is_dry_run=wanted.is_dry_run).to_json())


def _page(asked: Asked, app: Directory, role: PersonRole) -> Page[Person]:
    caller, query = need_token(asked.caller), query_as(ListQuery, asked)
    return app.find.page(role, caller, query.limit, query.page_token)


def _show(asked: Asked, app: Directory, role: PersonRole) -> Reply:
    caller = need_token(asked.caller)
    return Reply(200, PersonEntryBody.of(app.find.one(address_in(asked.path, "email"), role, caller), caller).to_json())


def _put(asked: Asked, app: Directory, role: PersonRole) -> Reply:
    caller, email = need_token(asked.caller), address_in(asked.path, "email")
    person = app.enter.enter(email, role, body_as(PersonAsked, asked).given, caller)
    return Reply(200, PersonEntryBody.of(person, caller).to_json())


def _take_away(asked: Asked, app: Directory, role: PersonRole) -> Reply:
    app.enter.take_away(address_in(asked.path, "email"), role, need_token(asked.caller))
    return Reply(200, DoneBody().to_json())
