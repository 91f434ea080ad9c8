"""The teachers' push channels in Firestore: `channels`, one document for each teacher."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.domain.channels import Channel, ChannelState, wanted
from shared.domain.ids import stable_id
from shared.ports import Sleep, Versioned


class FirestoreChannels:
    """Fulfils the port `Channels`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._channels = client.collection("channels")

    def want(self, teacher: str, now: datetime) -> bool:
        """See the port: the document is created once; a channel that was given up is asked for again."""
        channel = Channel(teacher, due_at=now)
        try:
            with reachable():
                self._channels.document(_id(teacher)).create(_document(channel), **HOW)
        except exceptions.AlreadyExists:
            known = self.get(teacher)
            if known is None or known.value.state is not ChannelState.UNWANTED:
                return known is not None and known.value.state is ChannelState.WANTED
            self.save(known, wanted(known.value, now))
        return True

    def get(self, teacher: str) -> Versioned[Channel] | None:
        """See the port."""
        with reachable():
            snapshot = self._channels.document(_id(teacher)).get(**HOW)
        return _versioned(snapshot) if snapshot.exists else None

    def get_many(self, teachers: Sequence[str]) -> Mapping[str, Channel]:
        """See the port."""
        if not teachers:
            return {}
        with reachable():
            found = self._client.get_all([self._channels.document(_id(each)) for each in teachers], **HOW)
            channels = [_versioned(snapshot).value for snapshot in found if snapshot.exists]
        return {channel.teacher_email: channel for channel in channels}

    def named(self, name: str) -> Channel | None:
        """See the port."""
        found = self._run(self._channels.where(filter=FieldFilter("name", "==", name)).limit(1))
        return found[0].value if found else None

    def due(self, now: datetime, limit: int) -> tuple[Versioned[Channel], ...]:
        """See the port."""
        return self._run(self._channels.where(filter=FieldFilter("due_at", "<=", now)).order_by("due_at").limit(limit))

    def all(self, limit: int) -> tuple[Channel, ...]:
        """See the port."""
        return tuple(each.value for each in self._run(self._channels.order_by("teacher_email").limit(limit)))

    def save(self, before: Versioned[Channel], after: Channel) -> bool:
        """See the port; a lost reply is told from a lost race by what is stored."""
        batch = self._commits.batch()
        batch.swap(f"channels/{_id(after.teacher_email)}", _document(after), before.version)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            stored = self.get(after.teacher_email)
            return stored is not None and stored.value == after
        return True

    def _run(self, query: Any) -> tuple[Versioned[Channel], ...]:  # noqa: ANN401 - a query of the client library
        with reachable():
            return tuple(_versioned(snapshot) for snapshot in query.stream(**HOW))


def _id(teacher: str) -> str:
    return stable_id("channel", teacher)


def _document(channel: Channel) -> dict[str, Any]:
    return {
        "v": BODY_VERSION,
        "teacher_email": channel.teacher_email,
        "name": channel.name,
        "due_at": channel.due_at,
        "body": body_of(channel),
    }


def _versioned(snapshot: Any) -> Versioned[Channel]:  # noqa: ANN401 - a snapshot of the client library
    return Versioned(read(Channel, snapshot), version_of(snapshot))
