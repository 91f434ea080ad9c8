"""Pushes: each message until it is acknowledged, in Google's form and with a token that passes Google's own check."""

import asyncio
import base64
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.local.oidc import Signer
from infra.local.ports import hold_free_port, port_of
from infra.local.pubsub.messages import PubsubMessage
from infra.local.pubsub.push import BACKOFF, LocalPush, PushSubscription
from infra.local.servers import serving
from infra.local.tasks.dispatch import Backoff
from tests.infra.local.threads import Asked, Listener, in_thread

TOPIC = "projects/demo-rollcall/topics/meet-events"
NAME = "projects/demo-rollcall/subscriptions/meet-events-push"
ACCOUNT = "push@demo-rollcall.iam.gserviceaccount.com"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def push_to(url: str, backoff: Backoff = BACKOFF, most_attempts: int = 1000, within_s: float = 10) -> LocalPush:
    """A push of the topic to an endpoint."""
    within = timedelta(seconds=within_s)
    to = PushSubscription(TOPIC, NAME, f"{url}/hook", ACCOUNT, "http://own.example", within, backoff, most_attempts)
    return LocalPush(to, Signer(KEY, now), now)


@contextmanager
def running(push: LocalPush) -> Iterator[LocalPush]:
    """The push at work, in a thread, for the time of the block."""

    @asynccontextmanager
    async def working() -> AsyncIterator[LocalPush]:
        work = asyncio.create_task(push.run())
        yield push
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    with in_thread(working):
        yield push


@dataclass
class Door:
    """An endpoint that takes many at once, and counts how many are inside."""

    delay_s: float
    url: str = ""
    inside: int = 0
    most_inside: int = 0
    came: list[bytes] = field(default_factory=list)
    message_ids: set[str] = field(default_factory=set)

    async def take(self, request: Request) -> Response:
        """Take one push, after a while."""
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        message = (await request.json())["message"]
        await asyncio.sleep(self.delay_s)
        self.inside -= 1
        self.came.append(base64.b64decode(message["data"]))
        self.message_ids.add(message["messageId"])
        return Response(status_code=204)

    def until_came(self, times: int) -> list[bytes]:
        """Wait for so many pushes; the data of all there were."""
        until = time.monotonic() + 15
        while len(self.came) < times:
            assert time.monotonic() < until, f"{len(self.came)} of {times} came"
            time.sleep(0.01)
        return self.came


@contextmanager
def crowd(delay_s: float) -> Iterator[Door]:
    """An endpoint for many at once, for the time of the block."""

    @asynccontextmanager
    async def served() -> AsyncIterator[Door]:
        held, door = hold_free_port(), Door(delay_s)
        app = Starlette(routes=[Route("/hook", door.take, methods=["POST"])])
        async with serving(app, held, "The door"):
            door.url = f"http://127.0.0.1:{port_of(held)}"
            yield door

    with in_thread(served) as door:
        yield door


def data_of(asked: Asked) -> bytes:
    """The data of the message that was pushed."""
    return base64.b64decode(json.loads(asked.body)["message"]["data"])


def test_a_message_is_pushed_once_with_all_that_it_says() -> None:
    with Listener([204]).listening() as target, running(push_to(target.url)) as push:
        push.publish(TOPIC, PubsubMessage(b'{"a":1}', {"ce-type": "t"}, "key"))
        (asked,) = target.until_asked(1)
        body = json.loads(asked.body)
        assert (asked.method, asked.path, asked.headers["Content-Type"]) == ("POST", "/hook", "application/json")
        assert (body["subscription"], body["message"]["attributes"]) == (NAME, {"ce-type": "t"})
        assert (data_of(asked), body["message"]["orderingKey"]) == (b'{"a":1}', "key")
        assert body["message"]["messageId"] == body["message"]["message_id"]
        time.sleep(0.4)
        assert len(target.asked) == 1


def test_the_token_passes_googles_own_check() -> None:
    with Listener().listening() as target, running(push_to(target.url)) as push:
        push.publish(TOPIC, PubsubMessage(b"{}"))
        token = target.until_asked(1)[0].headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, verify=False)
    assert (claims["email"], claims["email_verified"], claims["aud"]) == (ACCOUNT, True, "http://own.example")


def test_a_message_is_pushed_again_after_ever_longer_waits_until_it_is_acknowledged() -> None:
    with Listener([500, 404, 302, 201]).listening() as target, running(push_to(target.url)) as push:
        push.publish(TOPIC, PubsubMessage(b"{}"))
        asked = target.until_asked(4)
        waits = [later.at - earlier.at for earlier, later in pairwise(asked)]
        assert 0.08 <= waits[0] <= 0.6
        assert 0.18 <= waits[1] <= 0.9
        assert 0.38 <= waits[2] <= 1.2
        assert len({one.body for one in asked}) == 1
        time.sleep(1)
        assert len(target.asked) == 4


def test_an_endpoint_that_is_down_or_slow_gets_the_message_later() -> None:
    with Listener(delay_s=0.6).listening() as target, running(push_to(target.url, within_s=0.3)) as push:
        push.publish(TOPIC, PubsubMessage(b"{}"))
        target.until_asked(2)
        target.delay_s = 0
        reached = len(target.asked) + 1
        target.until_asked(reached)
    push = push_to(target.url, most_attempts=3)
    with running(push):
        push.publish(TOPIC, PubsubMessage(b"{}"))
        _until_dead(push)
    assert (push.dead[0].attempts, push.dead[0].answered) == (3, None)


def test_a_message_that_nobody_ever_takes_is_given_up_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "rollcall.pubsub"), Listener([403]).listening() as target:
        push = push_to(target.url, Backoff(timedelta(milliseconds=5)), most_attempts=4)
        with running(push):
            push.publish(TOPIC, PubsubMessage(b"bad"))
            _until_dead(push)
    (dead,) = push.dead
    assert (dead.message.data, dead.attempts, dead.answered, len(target.asked)) == (b"bad", 4, 403, 4)
    assert "given up after 4 pushes (403)" in caplog.text


def test_a_message_that_is_refused_holds_no_other_up() -> None:
    with Listener([500, 200]).listening() as target, running(push_to(target.url, Backoff(timedelta(seconds=1)))) as push:
        push.publish(TOPIC, PubsubMessage(b"first"))
        target.until_asked(1)
        push.publish(TOPIC, PubsubMessage(b"second"))
        asked = target.until_asked(3)
    assert [data_of(one) for one in asked] == [b"first", b"second", b"first"]
    assert len({json.loads(one.body)["message"]["messageId"] for one in asked}) == 2


def test_up_to_sixteen_messages_are_pushed_at_once() -> None:
    with crowd(delay_s=0.4) as door, running(push_to(door.url)) as push:
        for number in range(20):
            push.publish(TOPIC, PubsubMessage(str(number).encode()))
        assert sorted(int(data) for data in door.until_came(20)) == list(range(20))
    assert door.most_inside == 16


def test_what_is_published_before_the_start_and_from_many_threads_is_pushed() -> None:
    with crowd(delay_s=0) as door:
        push = push_to(door.url)
        push.publish(TOPIC, PubsubMessage(b"early"))
        with running(push):
            threads = [Thread(target=push.publish, args=(TOPIC, PubsubMessage(str(n).encode()))) for n in range(40)]
            for one in threads:
                one.start()
            came = door.until_came(41)
    assert sorted(came) == sorted([b"early", *(str(n).encode() for n in range(40))])
    assert len(door.message_ids) == 41


def test_a_topic_that_nobody_listens_to_is_said_with_the_remedy(caplog: pytest.LogCaptureFixture) -> None:
    with Listener().listening() as target, running(push_to(target.url)) as push:
        push.publish("projects/demo-rollcall/topics/other", PubsubMessage(b"{}"))
        push.publish(TOPIC, PubsubMessage(b"heard"))
        assert [data_of(one) for one in target.until_asked(1)] == [b"heard"]
    assert f"set MEET_EVENTS_TOPIC to {TOPIC}" in caplog.text


def _until_dead(push: LocalPush) -> None:
    until = time.monotonic() + 10
    while not push.dead:
        assert time.monotonic() < until, "the message is still being pushed"
        time.sleep(0.01)
