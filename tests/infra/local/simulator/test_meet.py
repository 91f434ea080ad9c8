"""Meet, through Google's own client."""

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from infra.local.simulator.accounts import user_id_of
from tests.infra.local.simulator.running import GUEST, STUDENT, TEACHER, Simulated, error_of, fixture


def records(sim: Simulated, subject: str = TEACHER, **more: Any) -> list[Any]:
    """The conference records that somebody sees."""
    told = sim.google("meet", subject).conferenceRecords().list(**more).execute()
    found: list[Any] = told.get("conferenceRecords", [])
    return found


def people(sim: Simulated, record: str, **more: Any) -> list[Any]:
    """The participants of a conference."""
    told = sim.google("meet").conferenceRecords().participants().list(parent=record, **more).execute()
    found: list[Any] = told.get("participants", [])
    return found


def stays(sim: Simulated, participant: str, **more: Any) -> list[Any]:
    """The sessions of a participant."""
    sessions = sim.google("meet").conferenceRecords().participants().participantSessions()
    found: list[Any] = sessions.list(parent=participant, **more).execute().get("participantSessions", [])
    return found


def test_a_live_conference_has_no_end_and_neither_have_those_who_are_in(sim: Simulated) -> None:
    code = sim.room()
    sim.join(code, STUDENT, "2026-09-15T12:00:00Z")
    (record,) = records(sim)
    assert set(record) == set(fixture("meet/conference_record_live"))
    (person,) = people(sim, record["name"])
    assert set(person) == set(fixture("meet/participants_list_live")["participants"][0])
    (stay,) = stays(sim, person["name"])
    assert set(stay) == {"name", "startTime"}
    space = sim.google("meet").spaces().get(name=f"spaces/{code}").execute()
    assert space["activeConference"] == {"conferenceRecord": record["name"]}
    assert set(space) == set(fixture("meet/space_active"))


def test_an_ended_conference_ends_with_the_last_to_leave_and_expires_thirty_days_later(sim: Simulated) -> None:
    code = sim.room()
    first = sim.join(code, STUDENT, "2026-09-15T12:00:00Z")
    second = sim.join(code, TEACHER, "2026-09-15T12:05:00Z")
    sim.leave(code, second, "2026-09-15T12:50:00Z")
    sim.leave(code, first, "2026-09-15T12:40:00Z")
    (record,) = records(sim)
    assert set(record) == set(fixture("meet/conference_record_ended"))
    assert record["startTime"] == "2026-09-15T12:00:00Z"
    assert record["endTime"] == "2026-09-15T12:50:00Z"
    assert record["expireTime"] == "2026-10-15T12:50:00Z"
    sim.clock.move(days=30, minutes=49)
    assert len(records(sim)) == 1
    sim.clock.move(minutes=1)
    assert records(sim) == []
    with pytest.raises(HttpError) as trouble:
        people(sim, record["name"])
    assert error_of(trouble.value) == fixture("meet/error_404")["error"]


def test_instants_are_kept_to_the_nanosecond(sim: Simulated) -> None:
    code = sim.room()
    device = sim.join(code, STUDENT, "2026-09-15T15:30:00.123456789Z")
    sim.leave(code, device, "2026-09-15T17:00:00.5+01:00")
    (record,) = records(sim)
    assert (record["startTime"], record["endTime"]) == ("2026-09-15T15:30:00.123456789Z", "2026-09-15T16:00:00.500Z")


def test_coming_back_while_others_are_in_is_a_new_session_of_the_same_participant(sim: Simulated) -> None:
    code = sim.room()
    sim.join(code, TEACHER)
    first = sim.join(code, STUDENT, "2026-09-15T12:01:00Z")
    sim.leave(code, first, "2026-09-15T12:10:00Z")
    sim.join(code, STUDENT, "2026-09-15T12:15:00Z")
    (record,) = records(sim)
    ben = next(one for one in people(sim, record["name"]) if one["signedinUser"]["user"] == f"users/{user_id_of(STUDENT)}")
    assert ben["name"] == f"{record['name']}/participants/{user_id_of(STUDENT)}"
    assert "latestEndTime" not in ben
    assert [stay["startTime"] for stay in stays(sim, ben["name"])] == ["2026-09-15T12:15:00Z", "2026-09-15T12:01:00Z"]


def test_a_second_device_is_a_session_that_overlaps(sim: Simulated) -> None:
    code = sim.room()
    laptop = sim.join(code, STUDENT, "2026-09-15T12:00:00Z", device="laptop")
    sim.join(code, STUDENT, "2026-09-15T12:05:00Z", device="phone")
    sim.leave(code, laptop, "2026-09-15T12:20:00Z")
    (record,) = records(sim)
    (ben,) = people(sim, record["name"])
    phone, first = stays(sim, ben["name"])
    assert "endTime" not in phone
    assert (first["startTime"], first["endTime"]) == ("2026-09-15T12:00:00Z", "2026-09-15T12:20:00Z")


def test_coming_back_to_an_empty_room_is_a_new_conference_and_the_newest_is_told_first(sim: Simulated) -> None:
    code = sim.room()
    for minute in (0, 20, 40):
        device = sim.join(code, STUDENT, f"2026-09-15T12:{minute:02}:00Z")
        sim.leave(code, device, f"2026-09-15T12:{minute + 10}:00Z")
    starts = [one["startTime"] for one in records(sim)]
    assert starts == ["2026-09-15T12:40:00Z", "2026-09-15T12:20:00Z", "2026-09-15T12:00:00Z"]


def test_every_kind_of_participant_is_told_as_google_tells_it(sim: Simulated) -> None:
    code = sim.room()
    sim.join(code, TEACHER, display_name="Ada Teacher")
    sim.told(f"/meetings/{code}/join", kind="anonymous", display_name="Kitchen tablet", email=None)
    sim.told(f"/meetings/{code}/join", kind="phone", display_name="+44 20 7946 0967")
    (record,) = records(sim)
    told = people(sim, record["name"])
    who = [next(value for name, value in one.items() if name.endswith("User")) for one in told]
    assert {"user": f"users/{user_id_of(TEACHER)}", "displayName": "Ada Teacher"} in who
    assert {"displayName": "Kitchen tablet"} in who
    assert {"displayName": "+44 ***-***-**67"} in who
    assert not any("@" in str(one) for one in told)


def test_an_anonymous_join_is_a_new_participant_unless_the_person_is_named(sim: Simulated) -> None:
    code = sim.room()
    for person in (None, None, "lena", "lena"):
        sim.told(f"/meetings/{code}/join", kind="anonymous", display_name="Lena", person=person)
    (record,) = records(sim)
    assert sorted(len(stays(sim, one["name"])) for one in people(sim, record["name"])) == [1, 1, 2]


def test_a_room_is_found_by_its_code_in_any_case_and_by_its_id(sim: Simulated) -> None:
    code = sim.room()
    spaces = sim.google("meet").spaces()
    by_code = spaces.get(name=f"spaces/{code.upper()}").execute()
    assert spaces.get(name=by_code["name"]).execute() == by_code
    assert set(by_code) == set(fixture("meet/space"))
    with pytest.raises(HttpError) as trouble:
        spaces.get(name="spaces/zzz-zzzz-zzz").execute()
    assert error_of(trouble.value) == fixture("meet/error_404")["error"]


def test_owners_and_participants_see_a_conference_and_nobody_else_does(sim: Simulated) -> None:
    code = sim.room()
    sim.join(code, STUDENT)
    (record,) = records(sim)
    assert [one["name"] for one in records(sim, STUDENT)] == [record["name"]]
    assert records(sim, "other@school.example") == []
    for ask in (
        sim.google("meet", "other@school.example").conferenceRecords().get(name=record["name"]),
        sim.google("meet", "other@school.example").conferenceRecords().participants().list(parent=record["name"]),
    ):
        with pytest.raises(HttpError) as trouble:
            ask.execute()
        assert error_of(trouble.value) == fixture("meet/error_403_permission")["error"]
    with pytest.raises(HttpError) as trouble:
        sim.google("meet", "other@school.example").spaces().get(name=f"spaces/{code}").execute()
    assert error_of(trouble.value)["status"] == "PERMISSION_DENIED"


def test_single_participants_and_sessions_can_be_got(sim: Simulated) -> None:
    code = sim.room()
    device = sim.join(code, STUDENT)
    (record,) = records(sim)
    (ben,) = people(sim, record["name"])
    meet = sim.google("meet").conferenceRecords()
    assert meet.get(name=record["name"]).execute() == record
    assert meet.participants().get(name=ben["name"]).execute() == ben
    (stay,) = stays(sim, ben["name"])
    assert stay["name"].endswith(f"/participantSessions/{device}")
    assert meet.participants().participantSessions().get(name=stay["name"]).execute() == stay
    for name in (f"{record['name']}/participants/1", f"{ben['name']}/participantSessions/1"):
        assert sim.ask(f"/v2/{name}").status_code == 404


def test_records_are_filtered_by_room_time_and_whether_they_are_on(sim: Simulated) -> None:
    rooms = [sim.room() for _ in range(2)]
    for hour, code in ((12, rooms[0]), (13, rooms[0]), (13, rooms[1])):
        sim.leave(code, sim.join(code, STUDENT, f"2026-09-15T{hour}:00:00Z"), f"2026-09-15T{hour}:30:00Z")
    sim.join(rooms[1], STUDENT, "2026-09-15T14:00:00Z")
    space = sim.google("meet").spaces().get(name=f"spaces/{rooms[0]}").execute()["name"]
    counts = {
        f'space.meeting_code = "{rooms[0]}"': 2,
        f'space.name = "{space}" AND start_time>="2026-09-15T13:00:00Z"': 1,
        'start_time>="2026-09-15T13:00:00.000Z" AND start_time<="2026-09-15T13:59:00Z"': 2,
        'end_time<="2026-09-15T13:00:00Z"': 1,
        "end_time IS NULL": 1,
        f'space.meeting_code="{rooms[0]}" AND end_time IS NULL': 0,
    }
    assert {text: len(records(sim, filter=text)) for text in counts} == counts


def test_participants_and_sessions_are_filtered_by_whether_they_are_in(sim: Simulated) -> None:
    code = sim.room()
    sim.join(code, TEACHER)
    sim.leave(code, sim.join(code, STUDENT, "2026-09-15T12:00:00Z"), "2026-09-15T12:10:00Z")
    sim.join(code, STUDENT, "2026-09-15T12:20:00Z")
    sim.leave(code, sim.join(code, GUEST, "2026-09-15T12:00:00Z"), "2026-09-15T12:30:00Z")
    (record,) = records(sim)
    inside = people(sim, record["name"], filter="latest_end_time IS NULL")
    assert {one["signedinUser"]["user"] for one in inside} == {f"users/{user_id_of(who)}" for who in (TEACHER, STUDENT)}
    ben = f"{record['name']}/participants/{user_id_of(STUDENT)}"
    assert len(stays(sim, ben, filter="end_time IS NULL")) == 1
    assert len(stays(sim, ben, filter='start_time>"2026-09-15T12:05:00Z"')) == 1


def test_lists_come_in_pages_and_no_page_is_larger_than_google_allows(sim: Simulated) -> None:
    code = sim.room()
    for number in range(260):
        sim.join(code, f"s{number}@school.example")
    (record,) = records(sim)
    participants = sim.google("meet").conferenceRecords().participants()
    first = participants.list(parent=record["name"], pageSize=1000)
    page = first.execute()
    rest = participants.list_next(first, page).execute()
    assert (len(page["participants"]), len(rest["participants"])) == (250, 10)
    assert "nextPageToken" not in rest
    assert len({one["name"] for one in page["participants"] + rest["participants"]}) == 260
    assert len(people(sim, record["name"])) == 100


def test_a_page_token_of_another_list_is_refused(sim: Simulated) -> None:
    code = sim.room()
    for who in (TEACHER, STUDENT):
        sim.join(code, who)
    (record,) = records(sim)
    participants = sim.google("meet").conferenceRecords().participants()
    token = participants.list(parent=record["name"], pageSize=1).execute()["nextPageToken"]
    for asked in ({"filter": "latest_end_time IS NULL", "pageToken": token}, {"pageToken": "rubbish"}):
        with pytest.raises(HttpError) as trouble:
            participants.list(parent=record["name"], **asked).execute()
        assert error_of(trouble.value)["status"] == "INVALID_ARGUMENT"


def test_an_empty_list_is_an_empty_object(sim: Simulated) -> None:
    assert sim.ask("/v2/conferenceRecords").json() == fixture("meet/conference_records_list_empty")


@pytest.mark.parametrize("text", ["start_time", "colour = 1", "end_time >= yesterday", "end_time IS NULL OR end_time IS NULL"])
def test_a_filter_that_cannot_be_read_is_refused(sim: Simulated, text: str) -> None:
    with pytest.raises(HttpError) as trouble:
        records(sim, filter=text)
    assert error_of(trouble.value)["status"] == "INVALID_ARGUMENT"
