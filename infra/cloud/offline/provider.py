"""A provider for Terraform that knows a schema and manages nothing: enough to validate, and to plan under `mock_provider`.

It speaks the plugin protocol, version 6, over gRPC on a loopback port. Only the schema has content; every other answer is empty,
which in that protocol says that all is well.
"""

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc

from infra.cloud.offline.schema import Block

SOURCE = "hashicorp/google"
LARGEST_ANSWER = 64 * 1024 * 1024
_NESTING = {"single": 1, "list": 2, "set": 3}
_VARINT, _BYTES = 0, 2
_DATA, PROVIDER = "data.", "provider"


@contextmanager
def serving(schema: bytes) -> Iterator[dict[str, str]]:
    """Serve an encoded schema; gives the environment in which Terraform finds the provider."""
    pool = ThreadPoolExecutor(4, thread_name_prefix="provider")
    server = grpc.server(pool, options=[("grpc.max_send_message_length", LARGEST_ANSWER)])
    server.add_generic_rpc_handlers((_Handler(schema),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    address = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
    attach = {SOURCE: {"Protocol": "grpc", "ProtocolVersion": 6, "Pid": os.getpid(), "Test": True, "Addr": address}}
    try:
        yield {"TF_REATTACH_PROVIDERS": json.dumps(attach)}
    finally:
        server.stop(grace=0).wait()
        pool.shutdown()


class _Handler(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Answers every method: the schema with the schema, all others with an empty message."""

    def __init__(self, schema: bytes) -> None:
        self._schema = schema

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        answer = self._schema if handler_call_details.method.endswith("/GetProviderSchema") else b""
        return grpc.unary_unary_rpc_method_handler(lambda _request, _context: answer)


def encoded(kinds: Mapping[str, Block]) -> bytes:
    """The schema of those kinds, the provider's own among them, as the plugin protocol writes it."""
    parts = [_field(1, _schema(kinds[PROVIDER]))]
    for kind, block in kinds.items():
        if kind == PROVIDER:
            continue
        number = 3 if kind.startswith(_DATA) else 2
        parts.append(_field(number, _field(1, kind.removeprefix(_DATA).encode()) + _field(2, _schema(block))))
    return b"".join(parts)


def _schema(block: Block) -> bytes:
    return _field(2, _block(block))


def _block(block: Block) -> bytes:
    parts = []
    for name, attribute in sorted(block.attributes.items()):
        is_optional = not attribute.required and not attribute.computed
        told = _field(1, name.encode()) + _field(2, json.dumps(attribute.type).encode())
        flags = ((4, attribute.required), (5, is_optional), (6, attribute.computed))
        parts.append(_field(2, told + b"".join(_number(number, 1) for number, is_set in flags if is_set)))
    for name, nested in sorted(block.blocks.items()):
        told = _field(1, name.encode()) + _field(2, _block(nested.block)) + _number(3, _NESTING[nested.nesting])
        if nested.nesting != "single":
            told += _number(4, int(nested.required)) + _number(5, nested.limit)
        parts.append(_field(3, told))
    return b"".join(parts)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3 | _VARINT) + _varint(value)


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 127:  # noqa: PLR2004 - seven bits to a byte
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
