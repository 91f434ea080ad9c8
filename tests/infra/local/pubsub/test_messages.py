"""Bodies of pushes, as Google's own example has them."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

from infra.local.pubsub.messages import PubsubMessage, push_body

SAMPLE = Path(__file__).parents[3] / "fixtures/google/workspace_events/pubsub_push_meet_joined_space_target.json"


def test_a_body_is_what_google_sends() -> None:
    sample = json.loads(SAMPLE.read_text())
    told = sample["message"]
    message = PubsubMessage(base64.b64decode(told["data"]), told["attributes"], told["orderingKey"])
    published_at = datetime(2026, 9, 15, 15, 31, 2, 911002, tzinfo=UTC)
    body = push_body(message, message_id=told["messageId"], published_at=published_at, subscription=sample["subscription"])
    assert body == sample


def test_what_a_message_does_not_have_is_left_out() -> None:
    body = push_body(PubsubMessage(b""), message_id="1", published_at=datetime(2026, 9, 15, tzinfo=UTC), subscription="s")
    assert body["message"].keys() == {"data", "messageId", "message_id", "publishTime", "publish_time"}
