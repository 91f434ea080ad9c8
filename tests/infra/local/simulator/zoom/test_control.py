"""Zoom's control path: orders that are taken, and refusals that name what is wrong."""

import pytest

from tests.infra.local.simulator.running import TEACHER
from tests.infra.local.simulator.zoom.zooming import HOST, SECRET, Zoomed, endpoint


def state(zoom: Zoomed) -> dict[str, object]:
    """What there is."""
    return dict(zoom.sim.order("/zoom/state", method="GET").json())


def test_the_state_tells_who_is_where(zoom: Zoomed) -> None:
    number = zoom.bare()
    zoom.joins(number, "Ada", "12:00", email=HOST)
    zoom.joins(number, "Ben", "12:01", waiting_room=True)
    (meeting,) = zoom.sim.order("/zoom/state", method="GET").json()["meetings"]
    assert (meeting["number"], meeting["held"]) == (number, 1)
    assert [(one["display_name"], one["place"]) for one in meeting["live"]] == [("Ada", "meeting"), ("Ben", "waiting_room")]


def test_settings_change_by_name_and_secrets_are_not_shown(zoom: Zoomed) -> None:
    zoom.set(licensed=False)
    told = zoom.sim.told("/zoom/settings", webhook_url="http://localhost:1/", webhook_secret=SECRET)
    assert (told["licensed"], told["webhook_secret"], told["client_secret"]) == (False, True, False)
    assert SECRET not in zoom.sim.order("/zoom/state", method="GET").text


def test_a_reset_forgets_zoom_and_google_together(zoom: Zoomed) -> None:
    room = zoom.sim.room(TEACHER)
    number = zoom.bare()
    assert zoom.got(f"/meetings/{number}")
    zoom.set(licensed=False)
    zoom.sim.told("/zoom/push", mode="off")
    zoom.sim.told("/zoom/fail-next", method="GET", status=500)
    with endpoint() as listening:
        zoom.set(webhook_url=listening.url, webhook_secret=SECRET)
        zoom.sim.order("", method="DELETE")
    assert zoom.sim.order(f"/meetings/{room}/end").status_code == 404
    assert zoom.order(f"/meetings/{number}/end").status_code == 404
    told = zoom.sim.order("/zoom/state", method="GET").json()
    assert (told["meetings"], told["failures"], told["push"]["mode"]) == ([], [], "on")
    assert (told["settings"]["licensed"], told["settings"]["webhook_url"]) == (True, None)
    assert zoom.api("GET", f"/users/{HOST}/meetings").json()["code"] == 124


def test_an_unknown_meeting_is_not_found_and_the_remedy_is_said(zoom: Zoomed) -> None:
    refused = zoom.order("/meetings/123/join", display_name="Ben")
    assert refused.status_code == 404
    assert "/_sim/zoom/meetings" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/meetings", {}, "host_email"),
        ("/meetings", {"host_email": HOST, "settings": {"approval_type": 9}}, "settings.approval_type"),
        ("/meetings/{}/join", {}, "display_name"),
        ("/meetings/{}/join", {"display_name": "Ben", "email": "ben"}, "email"),
        ("/meetings/{}/join", {"display_name": "Ben", "colour": "red"}, "colour"),
        ("/meetings/{}/join", {"display_name": "Ben", "at": "noon"}, "at"),
        ("/meetings/{}/join", {"display_name": "Ben", "registrant_id": "nobody"}, "registrant_id"),
        ("/meetings/{}/leave", {}, "user_id"),
        ("/meetings/{}/bind", {"user_id": "1"}, "to_user_id"),
        ("/meetings/{}/end", {"at": 5}, "at"),
        ("/fail-next", {"method": "LOOK", "status": 500}, "method"),
        ("/fail-next", {"method": "GET", "status": 200}, "status"),
        ("/push", {"mode": "sometimes"}, "mode"),
        ("/settings", {"retry_scale": 2}, "retry_scale"),
        ("/settings", {"webhook_url": "nowhere"}, "webhook_url"),
        ("/settings", {"webhook_url": "http://localhost:1/"}, "webhook_secret"),
    ],
)
def test_a_bad_order_is_refused_and_the_field_is_named(zoom: Zoomed, path: str, body: dict[str, object], field: str) -> None:
    refused = zoom.order(path.format(zoom.bare()), **body)
    assert refused.status_code == 422, refused.text
    assert refused.json()["error"]["field"] == field
    assert refused.json()["error"]["message"].startswith(f"{field}: ")


def test_nothing_can_be_validated_without_an_endpoint(zoom: Zoomed) -> None:
    assert zoom.order("/validate").status_code == 409


def test_an_order_that_is_no_json_is_refused(zoom: Zoomed) -> None:
    answer = zoom.sim.ask("/_sim/zoom/push", method="POST", content=b"{")
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "body")
