"""Errors of rows: numbers in an answer, texts in a problem."""

from shared.domain.tables import RowError
from shared.web.problems import told_of
from shared.web.row_errors import RowErrorBody, unusable_table

ERRORS = (RowError(3, "email", "It is empty."), RowError(7, "size", "Too big."))


def test_an_answer_has_each_error() -> None:
    assert [body.model_dump() for body in RowErrorBody.of_all(ERRORS)][1] == {"row": 7, "field": "size", "message": "Too big."}


def test_a_refusal_tells_the_first_in_words_and_lists_all() -> None:
    told = told_of(unusable_table(ERRORS))
    assert told is not None
    assert (told.status, told.code) == (422, "invalid-table")
    assert told.detail == "Nothing was stored. Row 3, email: It is empty."
    assert list(told.errors) == [
        {"row": "3", "field": "email", "message": "It is empty."},
        {"row": "7", "field": "size", "message": "Too big."},
    ]
