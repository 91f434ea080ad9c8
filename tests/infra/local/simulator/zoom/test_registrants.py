"""Registrants: a link for each, within what the plan and the day allow."""

from tests.infra.local.simulator.zoom.zooming import HOST, PUPIL, Zoomed


def test_each_registrant_gets_an_id_and_a_link_of_their_own(zoom: Zoomed) -> None:
    number = zoom.made(settings={"approval_type": 0})["id"]
    told = [
        zoom.api("POST", f"/meetings/{number}/registrants", {"email": email, "first_name": "B"}).json()
        for email in (PUPIL, "cy@school.example")
    ]
    assert len({one["registrant_id"] for one in told}) == len({one["join_url"] for one in told}) == 2
    assert {one["id"] for one in told} == {number}
    listed = zoom.got(f"/meetings/{number}/registrants")["registrants"]
    assert [(one["email"], one["id"]) for one in listed] == [
        (PUPIL, told[0]["registrant_id"]),
        ("cy@school.example", told[1]["registrant_id"]),
    ]


def test_registering_again_tells_the_same_id(zoom: Zoomed) -> None:
    number = zoom.bare()
    assert zoom.registered(number) == zoom.registered(number, PUPIL.upper())


def test_a_fourth_request_of_a_day_is_too_many_and_tomorrow_is_another_day(zoom: Zoomed) -> None:
    number, body = zoom.bare(), {"email": PUPIL, "first_name": "Ben"}
    statuses = [zoom.api("POST", f"/meetings/{number}/registrants", body).status_code for _ in range(4)]
    assert statuses == [201, 201, 201, 429]
    refused = zoom.api("POST", f"/meetings/{number}/registrants", body)
    assert refused.headers["retry-after"] == "2026-09-16T00:00:00Z"
    zoom.registered(number, "cy@school.example")
    zoom.registered(zoom.bare())
    zoom.sim.clock.move(hours=13)
    zoom.token = ""
    zoom.registered(number)


def test_a_host_without_a_licence_has_meetings_but_no_registrants(zoom: Zoomed) -> None:
    zoom.set(licensed=False)
    number = zoom.made(settings={"approval_type": 0})["id"]
    refused = zoom.api("POST", f"/meetings/{number}/registrants", {"email": PUPIL, "first_name": "Ben"})
    assert (refused.status_code, refused.json()["code"]) == (400, 200)
    assert "Only available for Paid user" in refused.json()["message"]


def test_a_meeting_without_registration_takes_none(zoom: Zoomed) -> None:
    number = zoom.made()["id"]
    refused = zoom.api("POST", f"/meetings/{number}/registrants", {"email": PUPIL, "first_name": "Ben"})
    assert (refused.status_code, refused.json()["code"]) == (400, 300)


def test_who_is_cancelled_is_listed_no_more_and_may_come_back(zoom: Zoomed) -> None:
    number = zoom.bare()
    registrant = zoom.registered(number)
    change = {"action": "cancel", "registrants": [{"id": registrant, "email": PUPIL}]}
    assert zoom.api("PUT", f"/meetings/{number}/registrants/status", change).status_code == 204
    assert zoom.got(f"/meetings/{number}/registrants", status="approved")["registrants"] == []
    refused = zoom.order(f"/meetings/{number}/join", display_name="Ben", registrant_id=registrant)
    assert refused.json()["error"]["field"] == "registrant_id"
    assert zoom.registered(number) == registrant
    assert zoom.joins(number, "Ben", registrant_id=registrant)


def test_who_must_be_approved_waits_for_it_without_a_link(zoom: Zoomed) -> None:
    number = zoom.bare(approval_type=1)
    told = zoom.api("POST", f"/meetings/{number}/registrants", {"email": PUPIL, "first_name": "Ben"}).json()
    assert "join_url" not in told
    (waiting,) = zoom.got(f"/meetings/{number}/registrants", status="pending")["registrants"]
    change = {"action": "approve", "registrants": [{"email": PUPIL}]}
    assert zoom.api("PUT", f"/meetings/{number}/registrants/status", change).status_code == 204
    (approved,) = zoom.got(f"/meetings/{number}/registrants")["registrants"]
    assert waiting["id"] == approved["id"]
    assert "join_url" in approved


def test_a_registrant_that_there_is_not_cannot_be_cancelled(zoom: Zoomed) -> None:
    change = {"action": "cancel", "registrants": [{"id": "nobody"}]}
    refused = zoom.api("PUT", f"/meetings/{zoom.bare()}/registrants/status", change)
    assert (refused.status_code, refused.json()["code"]) == (400, 300)


def test_registrants_come_in_pages(zoom: Zoomed) -> None:
    number = zoom.bare()
    ids = [zoom.registered(number, f"p{at}@school.example") for at in range(5)]
    seen, token = [], ""
    while True:
        page = zoom.got(f"/meetings/{number}/registrants", page_size=2, next_page_token=token)
        seen += [one["id"] for one in page["registrants"]]
        token = page["next_page_token"]
        if not token:
            break
    assert seen == ids


def test_the_host_may_be_named_in_any_case(zoom: Zoomed) -> None:
    assert zoom.made(host=HOST.upper())["host_email"] == HOST
