"""User sessions' doors as their callers meet them: what they get, whose is whose, what is noted before it is shown."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from shared.domain.accounts import Caller
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import Unavailable
from shared.domain.evidence import Evidence
from shared.domain.ids import stable_id
from shared.people_ports import Access
from tests.builders import a_class, at
from tests.fake_privacy import MemoryAccessLog
from tests.functions.user_sessions.asking import ADA, BEA, BOSS, LENA, OMAR, Here, body_of, error_of, names_in

CODE, MEETING = "abc-mnop-xyz", "/meeting/abc-mnop-xyz"
JOIN = {"meetingId": CODE, "participantData": {"participantName": "Omar N.", "device": "Desktop"}}


@dataclass
class Silent(MemoryAccessLog):
    """A log that cannot be written."""

    def note(self, access: Access) -> None:  # noqa: ARG002 - the port's form
        """See the port."""
        raise Unavailable("The database does not answer right now; try again in a moment.")


def test_all_that_one_has_to_say_is_the_meeting(here: Here) -> None:
    told = here.told("POST", "/join-meeting", OMAR, {"meetingId": CODE})
    assert told["userData"]["student"] is None
    (fact,) = here.evidence.facts.values()
    assert (fact.participant.display_name, fact.participant.device) == ("Omar Nasser", None)


@pytest.mark.parametrize("spelling", ["ABC-MNOP-XYZ", "abcmnopxyz", "https://meet.google.com/abc-mnop-xyz", " abc-mnop-xyz "])
def test_the_meeting_is_answered_as_it_was_written(here: Here, spelling: str) -> None:
    first = here.joins(OMAR)
    told = here.told("POST", "/join-meeting", OMAR, {"meetingId": spelling, "participantData": {"device": "Desktop"}})
    assert told["sessionId"] == first
    assert told["userData"]["meetingId"] == spelling.strip()


def test_only_a_student_of_the_directory_is_shown_as_one(here: Here) -> None:
    here.desk.enters(
        Person(OMAR.email, (PersonRole.STUDENT, PersonRole.GUARDIAN), "Omar"), Person(ADA.email, (PersonRole.TEACHER,), "Ada")
    )
    omar, ada = (here.told("POST", "/join-meeting", who, JOIN)["userData"]["student"] for who in (OMAR, ADA))
    assert omar == {"studentId": None, "firstName": "Omar", "lastName": None, "department": None, "email": OMAR.email}
    assert ada is None


def test_somebody_who_is_not_on_the_roster_gets_the_same_answer_as_for_no_meeting(here: Here) -> None:
    here.house.classes.add([a_class()], None)
    stranger = Caller("s", "stranger@elsewhere.example", "user", "S")
    told = []
    for code in (CODE, "zzz-zzzz-zzz"):
        answer = here.told("POST", "/join-meeting", stranger, {"meetingId": code})
        answer["userData"].pop("meetingId")
        answer.pop("sessionId")
        told.append(answer)
    assert told[0] == told[1]


def test_a_registration_is_never_presence(here: Here) -> None:
    here.house.classes.add([a_class()], None)
    here.joins(OMAR)
    (row,) = here.house.watch.one(a_class().session_id).rows
    assert row.seconds(at(60)) == 0


def test_session_ids_are_drawn_and_not_counted(here: Here) -> None:
    ids = [here.joins(OMAR, f"device {number}") for number in range(20)]
    assert len({each[:4] for each in ids}) > 10
    assert all(len(each) == 32 for each in ids)


def broken(fact: Evidence) -> None:
    raise RuntimeError(f"cannot fold {fact.kind}")


def test_what_fails_after_the_claim_was_stored_is_logged_and_not_told(
    deployment: pytest.MonkeyPatch,  # noqa: ARG001 - the environment
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = Here(fold=broken)
    here.house.classes.add([a_class()], None)
    session_id = here.joins(OMAR)
    assert "cannot fold join" in capsys.readouterr().err
    here.told("POST", "/leave-meeting", OMAR, {"sessionId": session_id})
    here.joins(LENA)
    here.told("POST", MEETING + "/end", ADA)
    logged = capsys.readouterr().err
    assert logged.count("cannot fold leave") == 2
    assert session_id not in logged
    assert len(here.evidence.pending) == 4


def test_leaving_what_is_not_ones_own_or_not_there_is_one_answer(here: Here) -> None:
    hers = here.joins(LENA)
    told = []
    for session_id in (hers, stable_id("none"), "x"):
        body = body_of(here.ask("POST", "/leave-meeting", OMAR, {"sessionId": session_id}))
        assert error_of(body) == (404, False, "No active session found")
        told.append({name: value for name, value in body.items() if name != "request_id"})
    assert told[0] == told[1] == told[2]
    assert here.told("GET", "/my-sessions", LENA)["sessions"][0]["isActive"] is True


@pytest.mark.parametrize("body", [{}, {"sessionId": ""}, {"sessionId": None}, {"sessionId": "x", "force": True}])
def test_leaving_says_which(here: Here, body: dict[str, object]) -> None:
    assert here.ask("POST", "/leave-meeting", OMAR, body).status_code == 422


def test_ones_own_come_by_pages_with_what_is_known_of_their_end(here: Here) -> None:
    here.joins(OMAR, "closed page")
    here.clock.passes(timedelta(hours=12))
    left = here.joins(OMAR, "left")
    here.clock.passes(timedelta(minutes=9, seconds=59))
    here.told("POST", "/leave-meeting", OMAR, {"sessionId": left})
    here.joins(OMAR, "active")
    here.joins(LENA)
    here.clock.passes(timedelta(minutes=2))
    first = here.told("GET", "/my-sessions?limit=2", OMAR)
    second = here.told("GET", f"/my-sessions?limit=2&page_token={first['next_page_token']}", OMAR)
    told = [(e["device"], e["isActive"], e["leaveTime"], e["duration"]) for e in (*first["sessions"], *second["sessions"])]
    assert told == [("active", True, None, 2), ("left", False, "2026-12-02T00:09:59Z", 9), ("closed page", False, None, None)]
    assert second["next_page_token"] is None


def test_pages_of_others_and_of_nobody_do_not_exist(here: Here) -> None:
    hers = here.joins(LENA)
    for token, status in ((hers, 404), (stable_id("none"), 404), ("x", 422)):
        assert here.ask("GET", f"/my-sessions?page_token={token}", OMAR).status_code == status
    assert here.ask("GET", f"/my-sessions?email={LENA.email}", OMAR).status_code == 422
    assert here.ask("GET", "/my-sessions?limit=0", OMAR).status_code == 422


def test_whoever_sees_others_sees_no_key_of_theirs_and_it_is_noted_first(here: Here) -> None:
    held = a_class()
    here.house.classes.add([held], None)
    here.joins(OMAR)
    here.clock.passes(timedelta(minutes=1))
    mine = here.joins(ADA)
    told = here.told("GET", MEETING + "/authenticated-participants", ADA)
    assert [(each["email"], each["sessionId"]) for each in told["participants"]] == [(OMAR.email, None), (ADA.email, mine)]
    assert told["count"] == 2
    assert isinstance(here.access, MemoryAccessLog)
    assert list(here.access.kept.values()) == [Access(ADA.email, "teacher", "registrations", held.session_id, at(1))]


def test_seeing_ones_own_is_not_noted(here: Here) -> None:
    mine = here.joins(OMAR)
    here.joins(LENA)
    told = here.told("GET", MEETING + "/authenticated-participants", OMAR)
    assert [each["sessionId"] for each in told["participants"]] == [mine]
    assert isinstance(here.access, MemoryAccessLog)
    assert here.access.kept == {}


def test_without_a_note_nobody_is_shown(here: Here) -> None:
    here.joins(OMAR)
    silent = Here(access=Silent(), registrations=here.registrations)
    response = silent.ask("GET", MEETING + "/authenticated-participants", BOSS)
    assert response.status_code == 503
    assert OMAR.email.encode() not in response.get_data()


def test_foreign_and_absent_meetings_are_one_answer(here: Here) -> None:
    here.house.classes.add([a_class()], None)
    here.joins(OMAR)
    for method, path in (("GET", "authenticated-participants"), ("POST", "end")):
        told = []
        for code in (CODE, "zzz-zzzz-zzz"):
            body = body_of(here.ask(method, f"/meeting/{code}/{path}", BEA))
            assert body["status"] == 404
            told.append({name: value for name, value in body.items() if name != "request_id"})
        assert told[0] == told[1]
    seen = body_of(here.ask("GET", "/meeting/no-such/authenticated-participants", OMAR))
    assert error_of(seen) == (404, False, "No active session found")


def test_the_teacher_ends_the_meeting(here: Here) -> None:
    here.house.classes.add([a_class()], None)
    for who, device in ((OMAR, "Desktop"), (OMAR, "Phone"), (LENA, "Desktop")):
        here.joins(who, device)
    assert here.told("POST", "/meeting/ABCMNOPXYZ/end", ADA)["ended"] == 3
    assert here.told("POST", "/meeting/ABCMNOPXYZ/end", ADA)["ended"] == 0
    assert [each["isActive"] for each in here.told("GET", "/my-sessions", OMAR)["sessions"]] == [False, False]


def test_every_name_on_the_wire_is_camel_case(here: Here) -> None:
    here.desk.enters(Person(OMAR.email, (PersonRole.STUDENT,)))
    session_id = here.joins(OMAR)
    told = [
        here.told("POST", "/join-meeting", OMAR, JOIN),
        here.told("GET", "/my-sessions", OMAR),
        here.told("GET", MEETING + "/authenticated-participants", OMAR),
        here.told("GET", "/stats", BOSS),
        here.told("POST", "/leave-meeting", OMAR, {"sessionId": session_id}),
        here.told("POST", MEETING + "/end", BOSS),
    ]
    assert {name for name in names_in(told) if "_" in name} == {"next_page_token"}
    assert all(each["success"] is True for each in told)
