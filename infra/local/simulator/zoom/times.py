"""Times as Zoom writes them: UTC, whole seconds, `Z`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from infra.local.simulator import instants


def seconds(at: int) -> int:
    """The instant cut to whole seconds since 1970."""
    return at // instants.SECOND


def shown(at: int) -> str:
    """The instant in words."""
    return instants.shown(seconds(at) * instants.SECOND)


def day(at: int) -> str:
    """The day in UTC, which daily limits go by."""
    return instants.moment(at).strftime("%Y-%m-%d")


def start_of(told: str, timezone: str) -> int:
    """The instant of a meeting's `start_time`: UTC with `Z`, or a wall time in the time zone; raises `ValueError`."""
    form = "%Y-%m-%dT%H:%M:%S"
    if told.endswith("Z"):
        return instants.of(datetime.strptime(told, f"{form}Z").replace(tzinfo=UTC))
    return instants.of(datetime.strptime(told, form).replace(tzinfo=ZoneInfo(timezone)))
