"""What the control path can turn about Zoom: settings, and planned failures."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class ZoomKnobs:
    """Settings; times in seconds.

    `client_id`, `client_secret`, `account_id`: what OAuth takes; None takes any. `licensed` hosts may have registrants.
    `report_partial` shows only so many rows of a report; `report_lag_s` hides a report for so long after the end.
    `rate_per_second` limits calls of the account; None does not. `slashed_uuids` makes uuids that must be encoded twice.
    `breakout_rejoin`: who moves to a breakout room leaves and joins the meeting at one instant under another `user_id`.
    `retry_scale` times 5, 20 and 60 minutes is when a webhook is sent again; `restamp_retries` gives each a new timestamp.
    """

    client_id: str | None = None
    client_secret: str | None = None
    account_id: str | None = None
    token_life_s: int = 3600
    licensed: bool = True
    report_partial: int | None = None
    report_lag_s: int = 0
    rate_per_second: int | None = None
    slashed_uuids: bool = False
    breakout_rejoin: bool = True
    webhook_url: str | None = None
    webhook_secret: str | None = None
    retry_scale: float = 1 / 60
    restamp_retries: bool = False


@dataclass(frozen=True, slots=True)
class ZoomFailure:
    """Planned failures of calls of one HTTP method whose path contains a text, `times` to come.

    With `is_after` the call is carried out and only its answer is lost.
    """

    method: str
    path_contains: str
    status: int
    times: int
    code: int | None = None
    is_after: bool = False


@dataclass(slots=True)
class ZoomFailures:
    """The planned failures, the oldest first."""

    planned: list[ZoomFailure] = field(default_factory=list)

    def take(self, method: str, path: str) -> ZoomFailure | None:
        """The failure that this call meets, counted down."""
        for at, failure in enumerate(self.planned):
            if failure.method == method and failure.path_contains in path:
                left = replace(failure, times=failure.times - 1)
                self.planned[at : at + 1] = [left] if left.times else []
                return failure
        return None
