"""Filters of Reports, and how they mislead."""

import pytest

from infra.local.simulator.report_filters import read_filters
from tests.infra.local.simulator.test_report_rows import row


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", True),
        ("meeting_code==ABCMNOPXYZ", True),
        ("meeting_code==abc-mnop-xyz", False),
        ("meeting_code<>OTHERCODES", True),
        ("duration_seconds>=60,duration_seconds<61", True),
        ("duration_seconds>60", False),
        ("duration_seconds>9", True),
        ("duration_seconds>many", False),
        ("is_external==true", True),
        ("is_external==FALSE", False),
        ("meeting_code==ABCMNOPXYZ,organizer_email==else@school.example", False),
    ],
)
def test_rows_pass_when_every_term_holds(text: str, passes: bool) -> None:  # noqa: FBT001 - an example's outcome
    assert read_filters(text)(row()) is passes


def test_a_name_that_does_not_belong_to_the_event_finds_nothing() -> None:
    assert not read_filters("meetingcode==ABCMNOPXYZ")(row())
    assert not read_filters("meetingcode<>ABCMNOPXYZ")(row())


def test_what_cannot_be_understood_is_ignored() -> None:
    assert read_filters("meeting_code=ABC")(row())
    assert read_filters("nonsense,,")(row())


def test_of_two_terms_about_the_same_parameter_the_last_one_counts() -> None:
    assert read_filters("meeting_code==X,meeting_code==ABCMNOPXYZ")(row())


def test_a_parameter_that_a_row_does_not_have_equals_nothing() -> None:
    assert not read_filters("identifier==ben@school.example")(row())
    assert read_filters("identifier<>ben@school.example")(row())
