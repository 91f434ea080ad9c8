"""Attendance's doors as their callers meet them: tokens, refusals, whose is whose, what is noted before it is shown."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from functions.attendance import main
from shared.config import settings
from shared.domain.errors import Unavailable
from shared.people_ports import Access
from tests.fake_privacy import MemoryAccessLog
from tests.functions.attendance.asking import MEETING, ROOT, Here, body_of, card_id, error_of, held
from tests.tracked import OMAR, STUDENT, TEACHER

ROUTES = json.loads((Path(main.__file__).parent / "function.json").read_text("utf-8"))["routes"]
IDS = {"meeting_id": "abc-mnop-xyz", "card_id": "0" * 32, "session_id": "0" * 32, "row_id": "0" * 32, "excuse_id": "0" * 32}
CLOSED = [(each["method"], each["path"].removeprefix(ROOT).format(**IDS)) for each in ROUTES]
TEACHERS = [(each["method"], each["path"].removeprefix(ROOT).format(**IDS)) for each in ROUTES if each["caller"] == "teacher"]


@dataclass
class Silent(MemoryAccessLog):
    """A log that cannot be written."""

    def note(self, access: Access) -> None:  # noqa: ARG002 - the port's form
        """See the port."""
        raise Unavailable("The database does not answer right now; try again in a moment.")


# ---- tokens and refusals


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize("auth", ["required", "open"])
def test_every_route_needs_a_token_also_on_an_open_local_stack(
    here: Here, deployment: pytest.MonkeyPatch, method: str, path: str, auth: str
) -> None:
    deployment.setenv("ROLLCALL_AUTH", auth)
    settings.cache_clear()
    response = here.ask(method, path, None, {} if method == "POST" else None)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert error_of(body_of(response)) == (401, False, "Invalid or expired token")


@pytest.mark.parametrize(("method", "path"), TEACHERS)
def test_decisions_are_a_teachers_and_nobody_excuses_themselves(here: Here, method: str, path: str) -> None:
    body = {"email": OMAR, "classId": "0" * 32, "reason": "Ill."} if method == "POST" else None
    told = body_of(here.ask(method, path, STUDENT, body))
    assert error_of(told) == (403, False, "This needs the role teacher.")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/attendance/abc-mnop-xyz?enriched=perhaps", None),
        ("GET", "/attendance/abc-mnop-xyz?sessionId=x", None),
        ("GET", f"/attendance/abc-mnop-xyz?sessionId={'0' * 32}&date=2026-12-01", None),
        ("GET", "/attendance/abc-mnop-xyz?date=yesterday", None),
        ("GET", "/review?state=half", None),
        ("GET", "/review?kind=other", None),
        ("GET", "/review?limit=501", None),
        ("POST", f"/review/{'0' * 32}", {"decision": "perhaps"}),
        ("POST", f"/review/{'0' * 32}", {"decision": "confirm"}),
        ("POST", f"/review/{'0' * 32}", {"decision": "guest", "email": OMAR}),
        ("POST", f"/review/{'0' * 32}", {"decision": "guest", "extra": 1}),
        ("POST", f"/sessions/{'0' * 32}/overrides", {"status": "present", "reason": "Why."}),
        ("POST", f"/sessions/{'0' * 32}/overrides", {"status": "present", "reason": " ", "email": OMAR}),
        ("POST", f"/sessions/{'0' * 32}/overrides", {"status": "there", "reason": "Why.", "email": OMAR}),
        ("POST", f"/sessions/{'0' * 32}/overrides", {"status": "late", "reason": "Y", "email": OMAR, "participantId": "0" * 32}),
        ("DELETE", f"/sessions/{'0' * 32}/overrides/{'0' * 32}", None),
        ("POST", "/excuses", {"email": OMAR, "reason": "Ill."}),
        ("POST", "/excuses", {"email": OMAR, "reason": "Ill.", "from": "2026-12-01T00:00:00Z"}),
        ("POST", "/excuses", {"email": OMAR, "reason": "Ill.", "classId": "0" * 32, "to": "2026-12-01T00:00:00Z"}),
        ("GET", "/excuses", None),
        ("DELETE", f"/excuses/{'0' * 32}", None),
    ],
)
def test_what_cannot_be_used_is_named_in_the_familys_words(here: Here, method: str, path: str, body: object) -> None:
    told = body_of(here.ask(method, path, TEACHER, body))
    assert error_of(told) == (422, False, told["detail"])
    assert told["errors"]


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("GET", "/attendance/zzz-zzzz-zzz", None, "No such meeting."),
        ("GET", "/attendance/%00", None, "No such meeting."),
        ("POST", "/review/x", {"decision": "dismiss"}, "No such card."),
        ("POST", "/sessions/x/overrides", {"status": "late", "reason": "Y", "email": OMAR}, "No such session."),
        ("DELETE", "/sessions/x/overrides/y?reason=why", None, "No such session."),
        ("GET", "/sessions/x/rulings", None, "No such session."),
        ("POST", "/excuses", {"email": OMAR, "reason": "Ill.", "classId": "0" * 32}, "No such class of this person."),
        ("DELETE", "/excuses/x?reason=why", None, "No such excuse."),
    ],
)
def test_what_is_not_there_is_refused_in_the_familys_words(here: Here, method: str, path: str, body: object, words: str) -> None:
    assert error_of(body_of(here.ask(method, path, TEACHER, body))) == (404, False, words)


# ---- readings


def test_without_a_note_nothing_of_others_is_given(here: Here) -> None:
    booked = held(here)
    mine = card_id(here)
    here.access = Silent()
    for method, path, body in (
        ("GET", MEETING, None),
        ("GET", MEETING + "?enriched=true", None),
        ("GET", "/review", None),
        ("POST", f"/review/{mine}", {"decision": "dismiss"}),
        ("POST", f"/sessions/{booked.session_id}/overrides", {"email": OMAR, "status": "late", "reason": "Hm."}),
        ("GET", f"/sessions/{booked.session_id}/rulings", None),
        ("GET", f"/excuses?email={OMAR}", None),
    ):
        response = here.ask(method, path, TEACHER, body)
        assert error_of(body_of(response))[:2] == (503, False), path
        assert OMAR not in response.get_data(as_text=True)
    assert here.ask("GET", MEETING, STUDENT).status_code == 200
