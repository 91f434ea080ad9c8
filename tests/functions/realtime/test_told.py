"""What browsers hear of a class, end to end: real clients, real gateways, changes made by the stories over the emulator."""

from dataclasses import replace

import pytest

from shared.domain.accounts import Caller
from shared.domain.classes import Changes
from shared.domain.directory import Person, PersonRole, person_id_of
from shared.usecases.change_class import Scope
from tests.functions.realtime.browser import Browser
from tests.functions.realtime.conftest import Starts
from tests.functions.realtime.gateways import token
from tests.functions.realtime.school import ADA, CODE, LENA, OMAR, School

INSTANT = "%Y-%m-%dT%H:%M:%S.000Z"


@pytest.mark.parametrize("transports", [("websocket",), ("polling",), ("polling", "websocket")])
def test_whoever_subscribes_is_told_the_state_at_once_over_any_transport(
    starts: Starts, school: School, chrome: Browser, transports: tuple[str, ...]
) -> None:
    held = school.begins()
    school.sees("join", OMAR)
    tab = chrome.open(starts().url, token(OMAR), transports=transports)
    assert tab.until("connect") in transports
    assert tab.follow("maths") == {"success": True, "course_id": "maths"}
    state = tab.until("activeSessionsData")
    (session,) = state.pop("activeSessions")
    assert state == {"course_id": "maths", "rev": state["rev"]}
    assert session == {
        "sessionId": held.session_id,
        "teacherId": person_id_of(ADA),
        "studentCount": 1,
        "startedAt": school.began.strftime(INSTANT),
        "subject": "algebra",
        "scheduledEnd": held.end_at.strftime(INSTANT),
    }
    if len(transports) > 1:
        assert tab.until("!upgrade") == "websocket"
    answer = tab.ask("checkActiveSessions", {"course_id": "maths"})
    assert answer == {"success": True, "course_id": "maths"}
    assert tab.until("activeSessionsResponse")["activeSessions"] == [session]


def test_a_class_that_starts_fills_and_ends_is_told_as_the_guide_has_it(starts: Starts, school: School, chrome: Browser) -> None:
    school.house.people.save([(None, Person(ADA, (PersonRole.TEACHER,), "Ada", "Byron"))])
    school.enters(OMAR, LENA)
    tab = chrome.open(starts().url, token(ADA, "teacher"), "maths")
    assert tab.until("activeSessionsData")["activeSessions"] == []
    held = school.begins()
    about = {"course_id": "maths", "session_id": held.session_id, "teacher_id": person_id_of(ADA), "teacher_name": "Ada Byron"}
    started = tab.until("courseSessionStarted")
    assert started == {
        **about,
        "started_by": "Ada Byron",
        "started_at": school.began.strftime(INSTANT),
        "subject": "algebra",
        "rev": started["rev"],
    }
    assert (
        tab.until("activeSessionsData", where=lambda told: bool(told["activeSessions"]))["activeSessions"][0]["studentCount"] == 0
    )
    school.passes(5)
    school.sees("join", OMAR)
    joined = tab.until("participantJoined")
    assert joined["session_id"] == held.session_id
    assert (joined["participant"]["email"], joined["participant"]["present"]) == (OMAR, True)
    assert tab.until(
        "activeSessionsData", where=lambda told: told["activeSessions"][0:] and told["activeSessions"][0]["studentCount"] == 1
    )
    school.passes(10)
    school.sees("leave", OMAR)
    left = tab.until("participantLeft")
    assert (left["participant"]["email"], left["participant"]["present"]) == (OMAR, False)
    school.ends()
    ended = tab.until("courseSessionEnded")
    statistics = ended.pop("final_statistics")
    assert {"present", "absent", "total"} <= statistics.keys()
    assert statistics["total"] == 2
    at = school.house.clock.at.strftime(INSTANT)
    assert ended == {**about, "ended_by": "Ada Byron", "ended_at": at, "rev": ended["rev"]}
    tab.until("activeSessionsData", where=lambda told: told["rev"] >= ended["rev"] and told["activeSessions"] == [])
    revs = [told["rev"] for told in tab.all("activeSessionsData")]
    assert revs == sorted(revs)
    assert started["rev"] < joined["rev"] < left["rev"] < ended["rev"]


def test_registrations_are_told_as_the_guide_has_them_and_a_registered_person_who_is_seen_is_linked(
    starts: Starts, school: School, chrome: Browser
) -> None:
    held = school.begins()
    tab = chrome.open(starts().url, token(ADA, "teacher"), "maths")
    tab.until("activeSessionsData")
    school.passes(1)
    registration = school.registers(OMAR)
    user = {"id": f"sub-{OMAR}", "username": "Omar", "role": "user"}
    where = {"meetingId": CODE, "session_id": held.session_id, "course_id": "maths"}
    joined = tab.until("userJoinedMeeting")
    assert joined == {**where, "user": user, "joinTime": joined["joinTime"], "rev": joined["rev"]}
    assert joined["joinTime"] == school.house.clock.at.strftime(INSTANT)
    school.sees("join", OMAR)
    linked = tab.until("participantLinked")
    assert linked["participant"]["email"] == OMAR
    school.passes(7.5)
    school.unregisters(OMAR, registration)
    left = tab.until("userLeftMeeting")
    assert left == {**where, "user": user, "duration": 7, "rev": left["rev"]}
    over = tab.until("meetingSessionsEnded")
    assert over == {**where, "rev": over["rev"]}
    assert registration not in tab.raw()


def test_somebody_unknown_who_turns_out_to_be_a_student_is_linked(starts: Starts, school: School, chrome: Browser) -> None:
    held = school.begins()
    tab = chrome.open(starts().url, token(ADA, "teacher"), "maths")
    tab.until("activeSessionsData")
    school.passes(2)
    school.sees("join", "meet:c1/p7", name="Omar", connection="c7")
    assert tab.until("participantJoined")["participant"]["email"] is None
    session = school.house.sessions.get(held.session_id)
    assert session is not None
    school.house.fold.store(session, replace(session.value, identities={"meet:c1/p7": LENA}), held, (held,))
    assert tab.until("participantLinked")["participant"]["email"] == LENA
    assert len(tab.all("participantJoined")) == 1
    assert tab.all("participantLeft") == []


def test_a_reading_of_the_meeting_s_own_records_is_told(starts: Starts, school: School, chrome: Browser) -> None:
    held = school.begins()
    teacher, student = (
        chrome.open(url, token(who, role), "maths") for url in [starts().url] for who, role in ((ADA, "teacher"), (OMAR, "user"))
    )
    teacher.until("activeSessionsData")
    student.until("activeSessionsData")
    school.ends()
    school.passes(1)
    school.house.sync(held.class_id)
    told = teacher.until("attendanceDataFetched")
    assert {"meetingId", "session_id", "course_id", "rev", "status", "complete", "read_at", "statistics"} == told.keys()
    assert told["session_id"] == held.session_id
    assert "statistics" not in student.until("attendanceDataFetched")


def test_a_student_never_sees_another_student(starts: Starts, school: School, chrome: Browser) -> None:
    url, held = starts().url, school.begins()
    omar = chrome.open(url, token(OMAR), "maths")
    ada = chrome.open(url, token(ADA, "teacher"), "maths")
    omar.until("activeSessionsData")
    ada.until("activeSessionsData")
    school.passes(1)
    school.sees("join", LENA, name="Lena Lovelace")
    school.sees("join", OMAR)
    school.sees("join", ADA)
    for number in (1, 2, 3):
        ada.until("participantJoined", number)
    assert [omar.until("participantJoined", number)["participant"]["email"] for number in (1, 2)] == [OMAR, ADA]
    school.passes(1)
    school.sees("leave", LENA)
    school.ends()
    omar.until("courseSessionEnded")
    assert held.session_id in omar.raw()
    assert "lena" not in omar.raw().lower()


def test_a_student_who_is_removed_is_told_nothing_more(starts: Starts, school: School, chrome: Browser) -> None:
    url, held = starts().url, school.begins()
    omar, lena = (chrome.open(url, token(who), "maths") for who in (OMAR, LENA))
    omar.until("activeSessionsData")
    lena.until("activeSessionsData")
    admin = Caller("boss", "boss@school.example", "admin")
    school.house.change.change(held.class_id, Changes(student_emails=(LENA,)), Scope.THIS, admin)
    omar.until("activeSessionsData", where=lambda told: told["activeSessions"] == [])
    omar.forget()
    school.passes(5)
    school.sees("join", LENA, room=school.house.classes.get(held.class_id).room)
    lena.until("participantJoined")
    school.ends()
    lena.until("courseSessionEnded")
    lena.until("activeSessionsData", where=lambda told: told["activeSessions"] == [])
    assert [text for text in omar.all("!packet") if text.startswith("2")] == []
    assert not omar.ask("subscribeToCourse", {"course_id": "maths"})["success"]


def test_two_gateways_tell_their_clients_the_same(starts: Starts, school: School, chrome: Browser) -> None:
    gateways = [starts(), starts()]
    school.enters(OMAR)
    tabs = [chrome.open(each.url, token(ADA, "teacher"), "maths") for each in gateways for _ in range(2)]
    for tab in tabs:
        tab.until("activeSessionsData")
    school.begins()
    school.passes(3)
    school.sees("join", OMAR)
    told = []
    for tab in tabs:
        tab.until("participantJoined")
        state = tab.until(
            "activeSessionsData", where=lambda told: told["activeSessions"] and told["activeSessions"][0]["studentCount"]
        )
        told.append((tab.all("courseSessionStarted"), tab.all("participantJoined"), state["activeSessions"]))
    assert told == [told[0]] * len(tabs)
    assert [each.health() for each in gateways] == [{"ok": True, "connections": 2, "courses": 1, "listeners": 2}] * 2
