"""What is wrong in which row of a table that was sent: in an answer, and as the refusal of the whole table."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from shared.domain.tables import RowError
from shared.web.fields import Answer
from shared.web.problems import Problem


class RowErrorBody(Answer):
    """What is wrong in a row of the table, and how to mend it; the header is row 1."""

    row: int
    field: str
    message: str

    @classmethod
    def of_all(cls, errors: Sequence[RowError]) -> list[Self]:
        """The errors on the wire."""
        return [cls(row=each.row, field=each.field, message=each.message) for each in errors]


def unusable_table(errors: Sequence[RowError]) -> Problem:
    """The refusal of a table that has errors, at least one; members of a problem's `errors` are texts."""
    first = errors[0]
    told = f"Nothing was stored. Row {first.row}, {first.field}: {first.message}"
    problem = Problem(422, "The table cannot be used", told, code="invalid-table")
    rows = tuple({"row": str(each.row), "field": each.field, "message": each.message} for each in errors)
    problem.told = replace(problem.told, errors=rows)
    return problem
