"""The review queue on the wire: what is doubtful, who it may be, what can be done, and what came of it."""

import pytest

from tests.functions.attendance.asking import Here, body_of, card_id, error_of, held
from tests.tracked import ADA, OMAR, OTHER, TEACHER


def test_a_card_says_what_is_doubtful_who_it_may_be_and_what_can_be_done(here: Here) -> None:
    booked = held(here)
    told = here.told("GET", "/review?state=open&kind=unidentified", TEACHER)
    (item,) = told["items"]
    assert told["next_page_token"] is None
    (suggestion,) = item.pop("suggestions")
    assert (suggestion["email"], suggestion["name"]) == (OMAR, "Omar Nasser")
    assert suggestion["reasons"][0] == "Registered for this meeting as Omar N. at 12:05 UTC."
    assert item == {
        "id": item["id"],
        "kind": "unidentified",
        "sessionId": booked.session_id,
        "classId": booked.class_id,
        "courseId": None,
        "subject": "algebra",
        "teacherEmail": ADA,
        "classStart": "2026-12-01T12:00:00Z",
        "participantName": "Omar Naser",
        "email": None,
        "seconds": 1800,
        "state": "open",
        "expiresAt": None,
        "actions": ["confirm", "guest", "dismiss"],
        "decision": None,
    }
    assert here.noted() == [(ADA, "review", "*")]


def test_the_queue_of_somebody_without_cards_is_empty_and_nothing_was_read(here: Here) -> None:
    held(here)
    assert here.told("GET", "/review", OTHER) == {"success": True, "items": [], "next_page_token": None}
    assert here.noted() == []


def test_a_confirmation_answers_with_the_card_and_the_attendance_as_they_are_now(here: Here) -> None:
    booked = held(here)
    path = f"/review/{card_id(here)}"
    told = here.told("POST", path, TEACHER, {"decision": "confirm", "email": "Omar@School.example", "reason": "His tablet."})
    assert (told["remembered"], told["refreshed"], told["leftOut"]) == (True, 0, 0)
    assert (told["participant"]["email"], told["participant"]["match"]) == (OMAR, "confirmed_alias")
    assert (told["participant"]["durationSeconds"], told["participant"]["duration"]) == (1800, 30)
    assert (told["card"]["state"], told["card"]["actions"]) == ("decided", ["reopen"])
    decision = told["card"]["decision"]
    assert (decision["decision"], decision["email"], decision["by"], decision["reason"]) == ("confirm", OMAR, ADA, "His tablet.")
    assert here.told("POST", path, TEACHER, {"decision": "confirm", "email": OMAR, "reason": "His tablet."}) == told
    assert (ADA, "review", booked.session_id) in here.noted()
    reopened = here.told("POST", path, TEACHER, {"decision": "reopen"})
    assert (reopened["card"]["state"], reopened["participant"]["email"]) == ("open", None)


@pytest.mark.parametrize("decision", ["guest", "dismiss"])
def test_a_guest_and_a_dismissal_say_so_on_the_card(here: Here, decision: str) -> None:
    held(here)
    told = here.told("POST", f"/review/{card_id(here)}", TEACHER, {"decision": decision})
    assert (told["card"]["decision"]["decision"], told["card"]["decision"]["email"]) == (decision, None)
    assert told["participant"]["email"] is None


def test_foreign_and_absent_cards_are_the_same_404(here: Here) -> None:
    held(here)
    mine = card_id(here)
    body = {"decision": "confirm", "email": OMAR}
    told = [error_of(body_of(here.ask("POST", f"/review/{one}", OTHER, body))) for one in (mine, "0" * 32, "x")]
    assert told == [(404, False, "No such card.")] * 3


def test_a_card_that_was_decided_otherwise_is_refused(here: Here) -> None:
    held(here)
    path = f"/review/{card_id(here)}"
    here.told("POST", path, TEACHER, {"decision": "guest"})
    response = here.ask("POST", path, TEACHER, {"decision": "confirm", "email": OMAR})
    assert error_of(body_of(response))[:2] == (409, False)
