"""Overrides and excuses on the wire: who decided what, when and why."""

from tests.functions.attendance.asking import MEETING, Here, body_of, error_of, held
from tests.tracked import ADA, BEA, BOSS, OMAR, OTHER, TEACHER, on


def test_an_override_is_shown_with_who_when_why_and_from_what_to_what(here: Here) -> None:
    booked = held(here)
    path = f"/sessions/{booked.session_id}/overrides"
    told = here.told("POST", path, TEACHER, {"email": OMAR, "status": "excused", "reason": "Ill."})["participant"]
    assert (told["attendanceStatus"], told["computedStatus"]) == ("excused", "absent")
    assert told["override"] == {
        "by": ADA, "at": "2026-12-01T13:00:30Z", "reason": "Ill.", "fromStatus": "absent", "toStatus": "excused",
    }  # fmt: skip
    here.tracked.house.clock.passes(on(0, 1) - on(0, 0))
    back = here.told("DELETE", f"{path}/{told['participantId']}?reason=A%20mistake.", TEACHER)["participant"]
    assert (back["attendanceStatus"], back["override"]) == ("absent", None)
    rulings = here.told("GET", f"/sessions/{booked.session_id}/rulings", TEACHER)["rulings"]
    assert [
        (each["kind"], each["about"], each["value"], each["by"], each["reason"], each["isWithdrawn"]) for each in rulings
    ] == [
        ("status", f"email:{OMAR}", "excused", ADA, "Ill.", False),
        ("status", f"email:{OMAR}", "excused", ADA, "A mistake.", True),
    ]
    assert {what for _, what, _ in here.noted()} == {"attendance", "rulings"}


def test_a_participant_without_an_address_is_overridden_by_the_id(here: Here) -> None:
    booked = held(here)
    people = {each["participantName"]: each for each in here.told("GET", MEETING, TEACHER)["participants"]}
    wanted = people["Omar Naser"]["participantId"]
    body = {"participantId": wanted, "status": "present", "reason": "Helped out."}
    told = here.told("POST", f"/sessions/{booked.session_id}/overrides", TEACHER, body)["participant"]
    assert (told["participantId"], told["attendanceStatus"]) == (wanted, "present")


def test_a_foreign_session_takes_no_override_and_shows_no_rulings(here: Here) -> None:
    booked = held(here)
    body = {"email": OMAR, "status": "present", "reason": "Hm."}
    response = here.ask("POST", f"/sessions/{booked.session_id}/overrides", OTHER, body)
    assert error_of(body_of(response)) == (404, False, "No such session.")
    response = here.ask("GET", f"/sessions/{booked.session_id}/rulings", OTHER)
    assert error_of(body_of(response)) == (404, False, "No such session.")
    assert here.told("GET", f"/sessions/{booked.session_id}/rulings", BOSS)["rulings"] == []


# ---- excuses


def test_an_excuse_is_given_listed_and_taken_back(here: Here) -> None:
    booked = here.tracked.books()
    given = here.told("POST", "/excuses", TEACHER, {"email": OMAR, "classId": booked.class_id, "reason": "A wedding."})
    (excuse,) = given["excuses"]
    assert given["classesBegun"] == 0
    assert excuse == {
        "id": excuse["id"],
        "email": OMAR,
        "classId": booked.class_id,
        "sessionId": booked.session_id,
        "subject": "algebra",
        "classStart": "2026-12-01T12:00:00Z",
        "by": ADA,
        "at": "2026-12-01T10:00:00Z",
        "reason": "A wedding.",
    }
    assert here.told("GET", f"/excuses?email={OMAR}", TEACHER)["excuses"] == [excuse]
    assert here.noted() == [(ADA, "excuses", OMAR)]
    late = f"/excuses?email={OMAR}&from=2026-12-02T00:00:00Z&to=2026-12-03T00:00:00Z"
    assert here.told("GET", late, TEACHER)["excuses"] == []
    assert here.told("DELETE", f"/excuses/{excuse['id']}?reason=Cancelled.", TEACHER)["excuse"] == excuse
    assert here.told("GET", f"/excuses?email={OMAR}", TEACHER)["excuses"] == []


def test_days_are_excused_at_once_and_begun_classes_counted(here: Here) -> None:
    for day in range(3):
        here.tracked.books(f"lesson {day}", day)
    here.tracked.house.clock.at = on(0, 10)
    body = {"email": OMAR, "from": "2026-12-01T00:00:00Z", "to": "2026-12-03T00:00:00Z", "reason": "Ill."}
    told = here.told("POST", "/excuses", TEACHER, body)
    assert ([each["subject"] for each in told["excuses"]], told["classesBegun"]) == (["lesson 1"], 1)
    response = here.ask("POST", "/excuses", TEACHER, {**body, "to": "2026-12-02T00:00:00Z"})
    assert error_of(body_of(response)) == (409, False, "The class has begun; override the attendance instead.")


def test_a_teacher_excuses_from_no_foreign_class(here: Here) -> None:
    booked = here.tracked.books(teacher_email=BEA)
    body = {"email": OMAR, "classId": booked.class_id, "reason": "Ill."}
    assert here.ask("POST", "/excuses", TEACHER, body).status_code == 404
    assert here.told("POST", "/excuses", BOSS, body)["excuses"][0]["by"] == BOSS.email
