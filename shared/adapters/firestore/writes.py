"""Writing to Firestore: one `Commit` for each step, built and sent on the generated stub.

The client library's batch spends twice the CPU on the same bytes (it copies every value through two layers of
wrappers), and ingest is nothing but commits. What is sent here is the same RPC on the same channel, with the same credentials.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import grpc
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.types import firestore as rpc
from google.cloud.firestore_v1.types import write as writes
from google.protobuf.timestamp_pb2 import Timestamp

from shared.domain.errors import Unavailable

CommitRequest = type(rpc.CommitRequest.pb(rpc.CommitRequest()))
CommitResponse = type(rpc.CommitResponse.pb(rpc.CommitResponse()))
Write = type(writes.Write.pb(writes.Write()))

CALL_SECONDS = 5.0
TRIES = 3
_METHOD = "/google.firestore.v1.Firestore/Commit"
_TRANSIENT = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INTERNAL)
_HOPELESS = (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN)


class Batch:
    """The writes of one step; they are stored all or none."""

    def __init__(self, database: str) -> None:
        self._documents = f"{database}/documents/"
        self.request = CommitRequest(database=database)

    def create(self, path: str, fields: Mapping[str, Any]) -> None:
        """A document that must not be there yet."""
        write = self._put(path, fields)
        write.current_document.exists = False

    def set(self, path: str, fields: Mapping[str, Any]) -> None:
        """A document as it should be, whatever was there."""
        self._put(path, fields)

    def swap(self, path: str, fields: Mapping[str, Any], version: Timestamp) -> None:
        """A whole document in place of the one of that version."""
        write = self._put(path, fields)
        write.current_document.update_time.CopyFrom(version)

    def merge(self, path: str, fields: Mapping[str, Any], version: Timestamp) -> None:
        """Some fields of the document of that version; a name with a dot goes one map deep."""
        self._some(path, fields).current_document.update_time.CopyFrom(version)

    def upsert(self, path: str, fields: Mapping[str, Any], gone: Iterable[str] = ()) -> None:
        """Some fields of a document, whether it is there or not, and without those that are gone; names as in `merge`."""
        self._some(path, fields).update_mask.field_paths.extend(gone)

    def delete(self, path: str, version: Timestamp | None = None) -> None:
        """A document that should not be there; with `version` only the one of that version."""
        write = self.request.writes.add()
        write.delete = self._documents + path
        if version is not None:
            write.current_document.update_time.CopyFrom(version)

    def _some(self, path: str, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a generated message
        write = self.request.writes.add()
        write.update.name = self._documents + path
        for name, value in fields.items():
            write.update_mask.field_paths.append(name)
            outer, _, inner = name.partition(".")
            target = write.update.fields[outer]
            encode(target.map_value.fields[inner] if inner else target, value)
        return write

    def _put(self, path: str, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a generated message
        write = self.request.writes.add()
        write.update.name = self._documents + path
        for name, value in fields.items():
            if value is not None:
                encode(write.update.fields[name], value)
        return write


class Commits:
    """Sends batches on the client's own channel. It connects at the first call."""

    def __init__(self, client: firestore.Client, sleep: Callable[[float], None]) -> None:
        self._client = client
        self._sleep = sleep
        self._database: str = client._database_string  # noqa: SLF001 - there is no public name for it
        self._metadata = (
            ("google-cloud-resource-prefix", self._database),
            ("x-goog-request-params", f"database={self._database}"),
        )
        self._send: Any = None

    def batch(self) -> Batch:
        """A new, empty step."""
        return Batch(self._database)

    def send(self, batch: Batch) -> tuple[Timestamp, ...]:
        """Store the batch; answers with each write's version.

        Raises `Unavailable`, or what the store refused with as google.api_core's exception: that may be our own write whose
        reply was lost, which the caller finds out by reading.
        """
        if self._send is None:
            channel = self._client._firestore_api.transport.grpc_channel  # noqa: SLF001 - the client's own channel
            self._send = channel.unary_unary(
                _METHOD, request_serializer=CommitRequest.SerializeToString, response_deserializer=CommitResponse.FromString
            )
        for attempt in range(TRIES):
            try:
                response = self._send(batch.request, timeout=CALL_SECONDS, metadata=self._metadata)
            except grpc.RpcError as trouble:
                if trouble.code() in _TRANSIENT and attempt + 1 < TRIES:
                    self._sleep(0.1 * 2**attempt)
                    continue
                if trouble.code() in _TRANSIENT or trouble.code() in _HOPELESS:
                    raise Unavailable("The database does not answer right now; try again in a moment.") from trouble
                raise exceptions.from_grpc_error(trouble) from trouble
            return tuple(result.update_time for result in response.write_results)
        raise Unavailable("The database does not answer right now; try again in a moment.")


def encode(target: Any, value: object) -> None:  # noqa: ANN401 - a generated message
    """Put a value into a generated `Value`; text, whole numbers, instants, bytes, lists and maps of them."""
    if isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.boolean_value = value
    elif isinstance(value, int):
        target.integer_value = value
    elif isinstance(value, datetime):
        target.timestamp_value.FromDatetime(value.astimezone(UTC).replace(tzinfo=None))
    elif isinstance(value, bytes):
        target.bytes_value = value
    elif isinstance(value, Mapping):
        target.map_value.SetInParent()
        for name, item in value.items():
            encode(target.map_value.fields[name], item)
    elif isinstance(value, Iterable):
        target.array_value.SetInParent()
        for item in value:
            encode(target.array_value.values.add(), item)
    else:
        raise TypeError(f"{type(value).__name__} has no form in a document")


def version_of(snapshot: Any) -> Timestamp:  # noqa: ANN401 - a snapshot of the client library
    """The version of a document as it was read."""
    version: Timestamp = snapshot.update_time.timestamp_pb()
    return version
