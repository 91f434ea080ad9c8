"""A meeting's attendance on the wire: the guide's names, who is told of whom, and what a claim is worth."""

from shared.domain.accounts import Caller
from shared.usecases.join_meeting import Registration
from tests.builders import seen
from tests.functions.attendance.asking import MEETING, Here, held
from tests.tracked import ADA, BOSS, LENA, OMAR, STUDENT, TEACHER, on

LENA_HERSELF = Caller("lena-1", LENA, "user", "Lena Holm")
ENRICHED = {
    "userId", "isAuthenticated", "authenticatedUser", "studentInfo", "studentId", "studentFirstName", "studentLastName",
    "studentDepartment", "studentEmail",
}  # fmt: skip


def test_enriched_everybody_is_told_with_who_they_are_here_and_in_the_directory(here: Here) -> None:
    booked = held(here)
    told = here.told("GET", MEETING + "?enriched=true", TEACHER)
    assert (told["meetingId"], told["sessionId"], told["classId"], told["subject"]) == (
        "abc-mnop-xyz", booked.session_id, booked.class_id, "algebra",
    )  # fmt: skip
    people = {each["email"]: each for each in told["participants"]}
    assert set(people) == {ADA, LENA, OMAR, None}
    omar = people[OMAR]
    assert omar["isAuthenticated"] is True
    assert omar["userId"] == "omar-1"
    assert omar["authenticatedUser"] == {
        "username": "Omar Nasser", "email": OMAR, "role": "user", "joinedViaAuth": True, "authTokenUsed": True,
    }  # fmt: skip
    assert omar["studentInfo"] == {
        "studentId": 12345, "firstName": "Omar", "lastName": "Nasser", "department": "Science", "email": OMAR,
    }  # fmt: skip
    assert [omar[name] for name in ("studentId", "studentFirstName", "studentLastName", "studentDepartment", "studentEmail")] == [
        12345, "Omar", "Nasser", "Science", OMAR,
    ]  # fmt: skip
    assert (omar["duration"], omar["joinTime"], omar["basis"], omar["registeredAt"]) == (
        0,
        None,
        "claimed",
        "2026-12-01T12:05:00Z",
    )
    stranger = people[None]
    assert stranger["isAuthenticated"] is False
    assert [stranger[name] for name in ("authenticatedUser", "studentInfo", "studentId", "userId")] == [None] * 4
    assert people[ADA]["studentInfo"] is None


def test_a_row_says_when_how_long_with_whom_and_how_that_is_known(here: Here) -> None:
    held(here)
    people = {each["participantName"]: each for each in here.told("GET", MEETING, TEACHER)["participants"]}
    told = people["Omar Naser"]
    told.pop("participantId")
    assert told == {
        "participantName": "Omar Naser",
        "zoomUserId": None,
        "email": None,
        "meetingId": "abc-mnop-xyz",
        "role": "guest",
        "match": "unmatched",
        "attendanceStatus": "left_early",
        "computedStatus": "left_early",
        "override": None,
        "excuse": None,
        "policyVersion": 0,
        "joinTime": "2026-12-01T12:10:00Z",
        "leaveTime": "2026-12-01T12:40:00Z",
        "duration": 30,
        "durationSeconds": 1800,
        "sharedSeconds": 1800,
        "isActive": False,
        "registeredAt": None,
        "source": "meet_api",
        "basis": "measured",
    }


def test_without_enriched_nothing_is_told_of_who_people_are_elsewhere(here: Here) -> None:
    held(here)
    told = here.told("GET", MEETING, TEACHER)
    assert set(told) == {"success", "meetingId", "sessionId", "classId", "subject", "participants"}
    enriched = here.told("GET", MEETING + "?enriched=true", TEACHER)
    assert set(enriched) - set(told) == {"authenticationStats", "sessionActivity"}
    for plain, full in zip(told["participants"], enriched["participants"], strict=True):
        assert set(full) - set(plain) == ENRICHED
        assert plain == {name: value for name, value in full.items() if name not in ENRICHED}


def test_the_numbers_count_who_was_seen_or_registered(here: Here) -> None:
    held(here)
    here.tracked.desk.join(Registration("abc-mnop-xyz"), LENA_HERSELF)
    here.tracked.house.clock.passes(on(0, 5) - on(0, 0))
    told = here.told("GET", MEETING + "?enriched=true", TEACHER)
    assert told["authenticationStats"] == {
        "total": 4, "authenticated": 2, "unauthenticated": 2, "registeredNotSeen": 1, "byRole": {"user": 2},
    }  # fmt: skip
    activity = told["sessionActivity"]
    assert [activity[name] for name in ("total", "active", "left", "expired")] == [2, 2, 0, 0]
    assert [(each["email"], each["device"], each["state"]) for each in activity["registrations"]] == [
        (OMAR, "Phone", "active"),
        (LENA, None, "active"),
    ]
    here.tracked.house.clock.at = on(2, 0)
    later = here.told("GET", MEETING + "?enriched=true", TEACHER)["sessionActivity"]
    assert [later[name] for name in ("total", "active", "left", "expired")] == [2, 0, 0, 2]


def test_somebody_in_class_now_is_active_and_a_registration_alone_is_not(here: Here) -> None:
    here.tracked.books()
    here.tracked.house.clock.at = on(0, 8)
    here.tracked.desk.join(Registration("abc-mnop-xyz"), STUDENT)
    (claimed,) = here.told("GET", MEETING, STUDENT)["participants"]
    assert (claimed["isActive"], claimed["attendanceStatus"], claimed["duration"]) == (False, "unknown", 0)
    here.tracked.house.file(seen("join", on(0, 8)))
    here.tracked.house.clock.at = on(0, 11)
    (there,) = here.told("GET", MEETING, STUDENT)["participants"]
    assert (there["isActive"], there["joinTime"], there["leaveTime"]) == (True, "2026-12-01T12:08:00Z", None)
    assert (there["duration"], there["basis"]) == (3, "live")


def test_a_student_sees_themselves_and_that_is_no_reading_of_others(here: Here) -> None:
    held(here)
    told = here.told("GET", MEETING + "?enriched=true", STUDENT)
    assert [each["email"] for each in told["participants"]] == [OMAR]
    assert [each["email"] for each in told["sessionActivity"]["registrations"]] == [OMAR]
    assert told["authenticationStats"]["total"] == 1
    assert here.noted() == []


def test_reading_others_is_noted_about_the_session_or_the_room(here: Here) -> None:
    booked = held(here)
    here.told("GET", MEETING, TEACHER)
    here.tracked.desk.join(Registration("5556667777"), STUDENT)
    here.told("GET", "/attendance/5556667777", BOSS)
    assert sorted(here.noted()) == sorted([(ADA, "attendance", booked.session_id), (BOSS.email, "attendance", "zoom:5556667777")])


def test_a_registration_without_a_class_claims_no_time_and_no_verdict(here: Here) -> None:
    here.tracked.house.clock.at = on(0, 0)
    here.tracked.desk.join(Registration("5556667777", "Omar N."), STUDENT)
    told = here.told("GET", "/attendance/5556667777?enriched=true", STUDENT)
    assert (told["sessionId"], told["classId"], told["subject"]) == (None, None, None)
    (omar,) = told["participants"]
    assert [omar[name] for name in ("joinTime", "leaveTime", "duration", "durationSeconds", "isActive", "role")] == [
        None, None, 0, 0, False, None,
    ]  # fmt: skip
    assert (omar["attendanceStatus"], omar["basis"], omar["source"]) == ("unknown", "claimed", "app_session")
    assert (omar["participantName"], omar["isAuthenticated"], omar["registeredAt"]) == ("Omar N.", True, "2026-12-01T12:00:00Z")
