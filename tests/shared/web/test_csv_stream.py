"""CSV: what goes in comes out, and nothing in it runs."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.csv_stream import CHUNK, cell, csv_stream

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


def read(chunks: Iterator[bytes]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(chunks).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", "  =1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(text: str) -> None:
    assert cell(text) == "'" + text


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert (cell(-5), cell(0), cell(None)) == (-5, 0, "")


@given(st.lists(st.tuples(TEXT, TEXT, st.integers()), max_size=20))
def test_every_row_comes_back(rows: list[tuple[str, str, int]]) -> None:
    wanted = [["a", "b", "c"], *([str(cell(value)) for value in row] for row in rows)]
    assert read(csv_stream(("a", "b", "c"), rows)) == wanted


def test_the_header_comes_before_the_first_row_is_asked_for() -> None:
    def rows() -> Iterator[tuple[str]]:
        raise AssertionError("asked too early")
        yield ("x",)

    assert next(csv_stream(("a",), rows())) == b"\xef\xbb\xbfa\r\n"


def test_a_long_export_goes_out_in_pieces() -> None:
    pieces = [len(chunk) for chunk in csv_stream(("a",), (("x" * 100,) for _ in range(5000)))]
    assert len(pieces) > 5
    assert max(pieces) < CHUNK + 300
