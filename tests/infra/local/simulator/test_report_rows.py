"""Rows of the audit log, one by one."""

import pytest

from infra.local.simulator import instants
from infra.local.simulator.report_rows import PARAMETERS, Row, row_shown
from infra.local.simulator.rooms import Conference, Participant, Space, Stay

AT = instants.parsed("2026-09-15T12:00:00Z")


def row(joined: int = 0, left: int | None = 60, stay_id: str = "s1") -> Row:
    """A stay of a stranger's, in seconds from noon."""
    end = None if left is None else AT + left * instants.SECOND
    stay = Stay(stay_id, None, AT + joined * instants.SECOND, end)
    return Row(
        Space("x", "abc-mnop-xyz", "o@school.example"), Conference("c1"), Participant("p", "anonymous", "Ben"), stay, False
    )


def test_start_and_duration_add_up_to_the_time_of_the_row() -> None:
    told = row(0, 61).parameters()
    assert (told["start_timestamp_seconds"], told["duration_seconds"]) == (AT // instants.SECOND, 61)
    assert row_shown(row(0, 61))["id"]["time"] == "2026-09-15T12:01:01.000Z"


def test_a_device_that_is_in_has_not_ended() -> None:
    assert not row(left=None).is_ended_by(AT * 2)
    assert row().is_ended_by(AT + 60 * instants.SECOND)
    assert not row().is_ended_by(AT + 60 * instants.SECOND - 1)


def test_every_parameter_of_a_row_can_be_filtered_by() -> None:
    assert row().parameters().keys() <= PARAMETERS


@pytest.mark.parametrize("name", ["meeting_code", "organizer_email", "video_recv_packet_loss_max", "calendar_event_id"])
def test_parameters_that_google_documents_are_known(name: str) -> None:
    assert name in PARAMETERS


def test_qualifiers_are_signed() -> None:
    told = [int(row_shown(row(stay_id=str(number)))["id"]["uniqueQualifier"]) for number in range(50)]
    assert min(told) < 0 < max(told)
    assert len(set(told)) == 50
