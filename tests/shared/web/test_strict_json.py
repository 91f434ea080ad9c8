"""JSON from strangers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.problems import Problem
from shared.web.strict_json import strict_json


def test_an_object_is_read() -> None:
    assert strict_json(b'{"a": [1, 2.5, null, true, "\xc3\xa4"]}') == {"a": [1, 2.5, None, True, "ä"]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": ' + b"9" * 60 + b"}",
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"a": "' + b"x" * 5000 + b'"}',
        ("{" + ",".join(f'"k{i}": 1' for i in range(65)) + "}").encode(),
        b'{"a": {"b": {"c": ' + b'{"d":' * 16 + b"1" + b"}" * 19,
    ],
)
def test_what_two_parsers_might_read_differently_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as refusal:
        strict_json(body)
    assert refusal.value.told.status == 400


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    with suppress(Problem):
        assert isinstance(strict_json(body), dict)
