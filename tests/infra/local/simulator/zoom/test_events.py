"""How events are written and signed."""

import json

from infra.local.simulator.zoom.events import signature, written
from infra.local.simulator.zoom.schemas import wrong_in
from tests.infra.local.simulator.zoom.zooming import HOST, PUPIL, Endpoint, Zoomed


def test_a_body_mixes_escapes_with_plain_letters_beyond_ascii() -> None:
    body = {"user_name": "Zoë Ðœ 😀 😀", "leave_reason": "a<br>b"}
    made = written(body)
    assert json.loads(made) == body
    assert b"\\u00eb" in made
    assert "Ð".encode() in made
    assert b"\\ud83d\\ude00" in made or "😀".encode() in made
    assert b"\\u003cbr\\u003e" in made


def test_another_copy_is_the_same_event_in_other_bytes() -> None:
    body = {"user_name": "Zoë"}
    assert written(body) != written(body, 1)
    assert json.loads(written(body)) == json.loads(written(body, 1))


def test_a_signature_is_over_timestamp_and_raw_bytes() -> None:
    # Made with: printf 'v0:1739923528:{"a":1}' | openssl dgst -sha256 -hmac secret
    expected = "v0=220676373f55d4e38f23e70db18b0684bfadeb3b7c8517cabd7b508588746d40"
    assert signature("secret", "1739923528", b'{"a":1}') == expected


def test_calls_of_the_api_are_told_too(zoom: Zoomed, heard: Endpoint) -> None:
    made = zoom.made(settings={"approval_type": 0})
    number = made["id"]
    zoom.registered(number)
    zoom.api("PATCH", f"/meetings/{number}", {"topic": "Algebra 2", "duration": 60})
    zoom.api("DELETE", f"/meetings/{number}")
    zoom.deliveries()
    assert heard.names() == ["created", "registration_created", "updated", "deleted"]
    assert {hook.about["id"] for hook in heard.came} == {number}
    created, registered, updated, _ = heard.came
    assert (created.about["start_time"], created.told["payload"]["operator"]) == (made["start_time"], HOST)
    assert registered.about["registrant"]["email"] == PUPIL
    assert updated.about == {"id": number, "topic": "Algebra 2"}
    assert updated.told["payload"]["old_object"] == {"id": number, "topic": "Algebra 1"}


def test_every_event_that_is_sent_fits_its_schema(zoom: Zoomed, heard: Endpoint) -> None:
    number = zoom.bare(join_before_host=False)
    zoom.does(number, "join", display_name="Zoë 😀")
    zoom.joins(number, "Ada", email=HOST)
    cy = zoom.joins(number, "Cy", waiting_room=True, phone="447700900123")
    zoom.does(number, "admit", user_id=cy)
    zoom.does(number, "breakout", user_id=cy)
    zoom.does(number, "end")
    zoom.deliveries()
    assert len(heard.came) > 12
    for hook in heard.came:
        assert wrong_in(hook.told["event"], hook.told) is None
        assert hook.told["event_ts"] == 1789473600000
