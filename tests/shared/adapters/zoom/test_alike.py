"""Webhooks and reports of one meeting, as the simulated Zoom tells both: the same people, connections and times."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from functions.webhook.zoom import Facts, Ignored, read
from shared.domain.evidence import Evidence, Kind, PersonKind
from shared.domain.presence import Heard, end_of, ends_of, heard_with, stays_of, united
from shared.web.strict_json import strict_json
from shared.web.zoom_signatures import Age, is_zoom_signed
from tests.infra.local.threads import Listener
from tests.shared.adapters.zoom.scripted import HOST
from tests.shared.adapters.zoom.simulated import BEN, LESSON, SimulatedZoom, at

SECRET = "the app's secret token"


class Hearing:
    """What the webhooks told: every event is signed, and evidence or refused by name."""

    def __init__(self, zoom: SimulatedZoom, listener: Listener) -> None:
        self.zoom = zoom
        self._listener = listener
        zoom.tell("settings", webhook_url=listener.url, webhook_secret=SECRET)

    def facts(self) -> list[Evidence]:
        """The evidence, once every event was delivered."""
        give_up_at = time.monotonic() + 15
        while (told := self.zoom.deliveries())["under_way"]:
            assert time.monotonic() < give_up_at, f"{told['under_way']} events were not delivered"
            time.sleep(0.02)
        found: list[Evidence] = []
        for asked in self._listener.asked:
            headers = {name.lower(): value for name, value in asked.headers.items()}
            sent_at = int(headers["x-zm-request-timestamp"])
            assert is_zoom_signed(headers, asked.body, [SECRET], sent_at + 1).age is Age.FRESH
            meant = read(strict_json(asked.body), self.zoom.now)
            assert isinstance(meant, Facts | Ignored)
            assert isinstance(meant, Facts) or not meant.why.startswith("unknown")
            found += meant.facts if isinstance(meant, Facts) else ()
        return found


@pytest.fixture
def hearing(zoom: SimulatedZoom) -> Iterator[Hearing]:
    """The simulated Zoom, whose webhooks are listened to."""
    with Listener().listening() as listener:
        yield Hearing(zoom, listener)


def by_ref(heard: dict[str, Heard]) -> dict[str, list[tuple[datetime, datetime | None]]]:
    """When each person was there, by all of their connections."""
    ends = ends_of(heard.values())
    found: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for ref in {each.participant.ref for each in heard.values() if each.is_somebody}:
        mine = [each for each in heard.values() if each.participant.ref == ref]
        stays = united(stay for each in mine for stay in stays_of(each, end_of(each, ends)))
        found[ref] = [(stay.joined_at, stay.left_at) for stay in stays]
    return found


def test_a_lesson_is_told_alike_by_webhooks_and_by_the_report(hearing: Hearing) -> None:
    zoom = hearing.zoom
    made = zoom.meetings().put(LESSON)
    own = {"registrant_id": made.registrants[0].registrant_id, "email": BEN}
    zoom.joins(made.number, 0, "Ada Zoë", email=HOST)
    ben = zoom.joins(made.number, 1, "Ben", **own)
    guest = zoom.joins(made.number, 2, "Somebody 名")
    zoom.does(made.number, "leave", ben, 10)
    again = zoom.joins(made.number, 12, "Ben", **own)
    zoom.does(made.number, "put-in-waiting-room", guest, 15)
    zoom.does(made.number, "admit", guest, 20)
    inside = zoom.does(made.number, "breakout", again, 25)
    zoom.does(made.number, "unbreakout", inside, 30)
    zoom.ends(made.number, 40)
    facts = hearing.facts()
    heard = heard_with({}, facts)
    reading = zoom.read(made.number)
    came = {fact.connection: fact.participant for fact in facts if fact.kind is Kind.JOIN}
    assert {stay.connection for stay in reading.stays} <= set(came)
    named = [stay for stay in reading.stays if stay.kind is PersonKind.SIGNED_IN]
    assert [stay.ref for stay in named] == [came[stay.connection].ref for stay in named]
    live = by_ref(heard)
    assert live[f"zoom:registrant:{own['registrant_id']}"] == [(at(1), at(10)), (at(12), at(40))]
    nameless = [stay for stay in reading.stays if stay.kind is PersonKind.ANONYMOUS]
    (ref,) = {came[stay.connection].ref for stay in nameless}
    assert live[ref] == [(stay.joined_at, stay.left_at) for stay in nameless] == [(at(2), at(15)), (at(20), at(40))]


def test_a_phone_leg_is_bound_to_a_connection_that_is_there(hearing: Hearing) -> None:
    zoom = hearing.zoom
    number = str(zoom.tell("meetings", host_email=HOST)["number"])
    ada = zoom.joins(number, 0, "Ada", email=HOST)
    leg = zoom.joins(number, 1, "15550100", phone="15550100")
    zoom.tell(f"meetings/{number}/bind", user_id=leg, to_user_id=ada, at=at(2).isoformat())
    facts = hearing.facts()
    (binding,) = [fact for fact in facts if fact.kind is Kind.BIND]
    joins = {fact.connection for fact in facts if fact.kind is Kind.JOIN}
    assert {binding.connection, binding.bound_to} == joins
    assert binding.at == at(2)


def test_events_that_come_twice_and_in_any_order_are_the_same_facts(hearing: Hearing) -> None:
    zoom = hearing.zoom
    zoom.tell("push", mode="duplicate")
    number = str(zoom.tell("meetings", host_email=HOST)["number"])
    zoom.joins(number, 0, "Ada", email=HOST)
    zoom.joins(number, 1, "Ben")
    zoom.ends(number, 30)
    facts = hearing.facts()
    assert len({fact.evidence_id for fact in facts}) == 5
    live = by_ref(heard_with({}, facts))
    assert live == by_ref(heard_with({}, reversed(facts)))
    assert sorted(live.values()) == [[(at(0), at(30))], [(at(1), at(30))]]
    assert all(fact.received_at - fact.at <= timedelta(hours=3) for fact in facts)
