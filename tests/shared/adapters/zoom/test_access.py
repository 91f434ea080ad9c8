"""Tests of calling Zoom: tokens, retries, limits, refusals, and what is told of them."""

import base64
import threading
import time
from pathlib import Path

import pytest

from shared.adapters.zoom.access import HEAVY_PER_SECOND, ZoomApi, segment, zoom_api
from shared.adapters.zoom.notices import Notice
from shared.adapters.zoom.troubles import Missing, NeedsPlan
from shared.config import read_settings
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.system import sleep as really_sleep
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.zoom.scripted import (
    CREDENTIALS,
    HOST,
    NO_MEETING,
    PAID_ONLY,
    STALE,
    Answer,
    Script,
    error,
    in_turn,
    scripted_zoom,
)

FINE = Answer(200, {"id": 7})
NO_SCOPES = error(400, 4711, "Invalid access token, does not contain scopes:[meeting:read:meeting:admin].")


def get(api: ZoomApi, path: str = "/meetings/7") -> dict[str, object]:
    return api.call("GET", path, HOST)


def refused_by(script: Script, method: str = "GET") -> UpstreamRefused:
    with scripted_zoom(script) as zoom, pytest.raises(UpstreamRefused) as refused:
        zoom.api().call(method, "/meetings/7", HOST)
    return refused.value


def test_a_call_carries_the_accounts_token() -> None:
    with scripted_zoom(in_turn(FINE)) as zoom:
        assert get(zoom.api()) == {"id": 7}
        (token,), (asked,) = zoom.tokens, zoom.asked
    assert (asked.line, asked.token) == ("GET /meetings/7", "t1")
    assert token.body == {"grant_type": "account_credentials", "account_id": "acc"}
    assert token.token == "Basic " + base64.b64encode(b"id:top-secret").decode()


def test_one_token_serves_until_a_minute_before_its_end() -> None:
    machine = FakeMachine()
    with scripted_zoom(in_turn(FINE)) as zoom:
        api = zoom.api(machine)
        get(api)
        machine.sleep(3538)
        get(api)
        assert [asked.token for asked in zoom.asked] == ["t1", "t1"]
        machine.sleep(2)
        get(api)
        assert [asked.token for asked in zoom.asked] == ["t1", "t1", "t2"]


def test_many_threads_ask_for_one_token() -> None:
    with scripted_zoom(in_turn(FINE)) as zoom:
        api = zoom.api()
        threads = [threading.Thread(target=get, args=(api,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert (len(zoom.asked), len(zoom.tokens)) == (8, 1)


def test_a_token_that_zoom_takes_no_more_is_replaced_once() -> None:
    machine = FakeMachine()
    with scripted_zoom(in_turn(STALE, FINE)) as zoom:
        assert get(zoom.api(machine)) == {"id": 7}
        assert [asked.token for asked in zoom.asked] == ["t1", "t2"]
    assert machine.slept == []


def test_a_token_that_is_never_taken_is_a_matter_for_a_person() -> None:
    with scripted_zoom(in_turn(STALE)) as zoom, pytest.raises(UpstreamRefused) as refused:
        get(zoom.api())
    assert refused.value.title == "No valid credentials found"
    assert len(zoom.asked) == 2


def test_wrong_credentials_are_refused_with_what_to_check_and_without_the_secret() -> None:
    with scripted_zoom(in_turn(FINE)) as zoom:
        zoom.token_answers = [Answer(400, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"})]
        api = zoom.api()
        with pytest.raises(UpstreamRefused) as refused:
            get(api)
    assert refused.value.title == "No valid credentials found"
    assert "Invalid client_id or client_secret" in refused.value.detail
    assert "ZOOM_CLIENT_SECRET" in refused.value.detail
    assert "top-secret" not in refused.value.detail
    assert zoom.asked == []


def test_without_credentials_nobody_is_asked() -> None:
    with pytest.raises(UpstreamRefused) as refused:
        get(zoom_api(read_settings({"ZOOM_API_ENDPOINT": "http://127.0.0.1:1"}), really_sleep))
    assert "ZOOM_ACCOUNT_ID" in refused.value.detail


def test_a_sign_in_that_fails_for_a_moment_is_tried_again() -> None:
    with scripted_zoom(in_turn(FINE)) as zoom:
        zoom.token_answers = [Answer(503), Answer(200, b'{"access_')]
        assert get(zoom.api()) == {"id": 7}
        assert len(zoom.tokens) == 3


@pytest.mark.parametrize("trouble", [Answer(500), Answer(503, b"<html>"), Answer(0), Answer(200, b'{"id"'), error(429, 429)])
def test_what_may_pass_is_tried_again_later_each_time(trouble: Answer) -> None:
    machine = FakeMachine()
    with scripted_zoom(in_turn(trouble, trouble, trouble, FINE)) as zoom:
        assert get(zoom.api(machine)) == {"id": 7}
    assert machine.slept == pytest.approx([0.5, 1.0, 2.0])


@pytest.mark.parametrize("trouble", [Answer(500), Answer(0), error(429, 429)])
def test_what_does_not_pass_is_unavailable_after_four_tries(trouble: Answer) -> None:
    with scripted_zoom(in_turn(trouble)) as zoom, pytest.raises(Unavailable):
        get(zoom.api())
    assert len(zoom.asked) == 4


@pytest.mark.parametrize("trouble", [Answer(500), Answer(0), Answer(200, b"{")])
def test_a_creation_whose_answer_is_lost_is_not_made_twice(trouble: Answer) -> None:
    with scripted_zoom(in_turn(trouble, FINE)) as zoom, pytest.raises(Unavailable):
        zoom.api().call("POST", "/users/ada/meetings", HOST, body={})
    assert len(zoom.asked) == 1


def test_a_creation_that_zoom_did_not_begin_is_made_again() -> None:
    with scripted_zoom(in_turn(error(429, 429), FINE)) as zoom:
        assert zoom.api().call("POST", "/users/ada/meetings", HOST, body={"topic": "A"}) == {"id": 7}
        assert [asked.body for asked in zoom.asked] == [{"topic": "A"}] * 2


def test_zoom_says_how_long_to_wait() -> None:
    machine = FakeMachine()
    with scripted_zoom(in_turn(error(429, 429, Retry_After="7"), FINE)) as zoom:
        get(zoom.api(machine))
    assert sum(machine.slept) == pytest.approx(7)


@pytest.mark.parametrize("asked", ["21", "2026-12-02T00:00:00Z"])
def test_nobody_waits_for_longer_than_twenty_seconds(asked: str) -> None:
    machine = FakeMachine()
    with scripted_zoom(in_turn(error(429, 429, Retry_After=asked), FINE)) as zoom, pytest.raises(Unavailable):
        get(zoom.api(machine))
    assert machine.slept == []


@pytest.mark.parametrize(
    "used_up",
    [
        error(429, 429, "You have exceeded the daily rate limit of (3) for Add meeting registrant API requests."),
        error(429, 429, X_RateLimit_Type="Daily-limit"),
    ],
)
def test_a_days_limit_is_not_tried_again(used_up: Answer) -> None:
    with scripted_zoom(in_turn(used_up, FINE)) as zoom, pytest.raises(Unavailable, match="daily limit"):
        get(zoom.api())
    assert len(zoom.asked) == 1


def test_a_server_that_is_not_there_is_unavailable() -> None:
    machine = FakeMachine()
    known = read_settings({"ZOOM_API_ENDPOINT": "http://127.0.0.1:1", **CREDENTIALS})
    with pytest.raises(Unavailable, match="cannot be reached"):
        get(ZoomApi(known, machine.sleep, machine.monotonic))


def test_a_netrc_on_the_machine_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with scripted_zoom(in_turn(FINE)) as zoom:
        get(zoom.api())
        assert zoom.asked[0].token == "t1"


def test_a_redirect_is_not_followed() -> None:
    with scripted_zoom(in_turn(Answer(302, None, {"Location": "http://127.0.0.1:1/"}))) as zoom, pytest.raises(UpstreamRefused):
        get(zoom.api())
    assert len(zoom.asked) == 1


@pytest.mark.parametrize("code", [4700, 4711])
@pytest.mark.parametrize("status", [400, 401])
def test_a_missing_scope_is_named(status: int, code: int) -> None:
    told = error(status, code, "Invalid access token, does not contain scopes:[report:read:list_meeting_participants:admin].")
    refused = refused_by(in_turn(told))
    assert refused.title == "Insufficient permissions"
    assert "lacks the scope report:read:list_meeting_participants:admin." in refused.detail


def test_what_is_not_there_is_missing() -> None:
    assert isinstance(refused_by(in_turn(NO_MEETING)), Missing)
    assert isinstance(refused_by(in_turn(error(400, 3001, "Meeting ID is invalid or not end."))), Missing)
    assert isinstance(refused_by(in_turn(PAID_ONLY)), NeedsPlan)


@pytest.mark.parametrize("code", [1001, 1010])
def test_a_teacher_without_an_account_is_not_a_missing_meeting(code: int) -> None:
    refused = refused_by(in_turn(error(404, code, "User does not exist.")))
    assert not isinstance(refused, Missing)
    assert HOST in refused.detail
    assert "ZOOM_ACCOUNT_ID" in refused.detail


@pytest.mark.parametrize("odd", [Answer(400, b"<html>"), Answer(403, b"[]"), Answer(400, b'{"code": "x", "errors": 3}')])
def test_an_error_in_no_known_form_is_a_refusal_all_the_same(odd: Answer) -> None:
    assert refused_by(in_turn(odd)).detail


def test_the_wrong_fields_are_told() -> None:
    told = Answer(400, {"code": 300, "message": "Validation Failed.", "errors": [{"field": "topic", "message": "Long."}]})
    assert "topic: Long." in refused_by(in_turn(told)).detail


def test_a_meeting_that_is_on_can_be_deleted_later() -> None:
    with scripted_zoom(in_turn(error(400, 3002, "in progress"))) as zoom, pytest.raises(Unavailable, match="until it is over"):
        zoom.api().call("DELETE", "/meetings/7", HOST)


def test_heavy_calls_wait_for_their_turn() -> None:
    machine = FakeMachine()
    with scripted_zoom(in_turn(FINE)) as zoom:
        api = zoom.api(machine)
        for _ in range(11):
            api.call("GET", "/report/meetings/7/participants", HOST, is_heavy=True)
        for _ in range(5):
            get(api)
    assert sum(machine.slept) == pytest.approx(10 / HEAVY_PER_SECOND)


def test_heavy_calls_of_many_threads_keep_the_limit_on_the_real_clock() -> None:
    with scripted_zoom(in_turn(FINE)) as zoom:
        api = zoom_api(zoom.settings(), really_sleep)
        began = time.monotonic()

        def read() -> None:
            api.call("GET", "/report/meetings/7/participants", HOST, is_heavy=True)

        threads = [threading.Thread(target=read) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        took = time.monotonic() - began
    assert len(zoom.asked) == 6
    assert took >= 5 / HEAVY_PER_SECOND


Noticed = list[tuple[str, str, str | None]]


def noticing(told: Noticed) -> Notice:
    return lambda service, subject, refusal: told.append((service, subject, refusal.title if refusal else None))


def test_a_refusal_that_a_person_must_mend_is_told_and_so_is_its_end() -> None:
    told: Noticed = []
    with scripted_zoom(in_turn(FINE, NO_SCOPES, FINE)) as zoom:
        api = zoom.api(notice=noticing(told))
        get(api)
        with pytest.raises(UpstreamRefused):
            get(api)
        get(api)
        get(api)
    assert told == [("zoom", HOST, "Insufficient permissions"), ("zoom", HOST, None)]


def test_a_right_for_meetings_does_not_mend_the_lack_of_one_for_reports() -> None:
    told: Noticed = []
    with scripted_zoom(lambda asked: NO_SCOPES if asked.path.startswith("/report") else FINE) as zoom:
        api = zoom.api(notice=noticing(told))
        with pytest.raises(UpstreamRefused):
            api.call("GET", "/report/meetings/7/participants", HOST)
        get(api)
        with pytest.raises(UpstreamRefused):
            api.probe(HOST)
    assert told == [("zoom", HOST, "Insufficient permissions")] * 2


def test_good_credentials_mend_whatever_bad_ones_were_refused_for() -> None:
    told: Noticed = []
    with scripted_zoom(in_turn(STALE, STALE, FINE)) as zoom:
        api = zoom.api(notice=noticing(told))
        with pytest.raises(UpstreamRefused):
            api.call("POST", "/users/ada/meetings", HOST, body={})
        get(api)
    assert told == [("zoom", HOST, "No valid credentials found"), ("zoom", HOST, None)]


def test_it_is_mended_only_when_everything_is() -> None:
    told: Noticed = []
    good: set[str] = set()
    with scripted_zoom(lambda asked: FINE if asked.path in good else NO_SCOPES) as zoom:
        api = zoom.api(notice=noticing(told))
        for path in ("/meetings/7", "/past_meetings/7"):
            with pytest.raises(UpstreamRefused):
                get(api, path)
        good.add("/meetings/7")
        get(api)
        assert [title for _, _, title in told] == ["Insufficient permissions"] * 2
        good.add("/past_meetings/7")
        get(api, "/past_meetings/7")
    assert told[2:] == [("zoom", HOST, None)]


@pytest.mark.parametrize("harmless", [NO_MEETING, PAID_ONLY, error(429, 429), Answer(500), error(400, 300, "Validation Failed.")])
def test_what_concerns_one_meeting_or_passes_is_not_told(harmless: Answer) -> None:
    told: Noticed = []
    with scripted_zoom(in_turn(harmless)) as zoom, pytest.raises((Unavailable, UpstreamRefused)):
        get(zoom.api(notice=noticing(told)))
    assert told == []


def test_a_notice_that_fails_harms_no_call() -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("full")

    with scripted_zoom(in_turn(NO_SCOPES, FINE)) as zoom:
        api = zoom.api(notice=failing)
        with pytest.raises(UpstreamRefused):
            get(api)
        assert get(api) == {"id": 7}


def test_a_probe_is_fine_where_there_is_merely_nothing() -> None:
    with scripted_zoom(lambda asked: FINE if asked.path.startswith("/users") else NO_MEETING) as zoom:
        zoom.api().probe(HOST)
        assert "GET /report/meetings/1/participants" in zoom.lines()


@pytest.mark.parametrize(
    ("uuid", "path"),
    [
        ("4444AAAiAAAAAiAiAiiAii==", "4444AAAiAAAAAiAiAiiAii%3D%3D"),
        ("a/b+c==", "a%2Fb%2Bc%3D%3D"),
        ("/ajXp112QmuoKj4854875==", "%252FajXp112QmuoKj4854875%253D%253D"),
        ("ab//c==", "ab%252F%252Fc%253D%253D"),
    ],
)
def test_a_uuid_goes_over_the_wire_as_zoom_wants_it(uuid: str, path: str) -> None:
    with scripted_zoom(in_turn(FINE)) as zoom:
        get(zoom.api(), f"/past_meetings/{segment(uuid)}")
        assert zoom.lines() == [f"GET /past_meetings/{path}"]
