"""Admin SDK Reports v1: the audit log of Meet, one row for each device that left a call.

Rows follow from the stays that rooms remember, so they are gone after thirty days, where Google keeps them for about 180.
Google's log knows many events; here only `call_ended` ever happens.
"""

from http import HTTPStatus

from infra.local.simulator import instants
from infra.local.simulator.calls import Call, Json, Operation
from infra.local.simulator.pages import page_of
from infra.local.simulator.refusals import Refusal, invalid, not_simulated
from infra.local.simulator.report_filters import read_filters
from infra.local.simulator.report_rows import CALL_ENDED, LISTED, Row, row_shown
from infra.local.simulator.world import World

EVERYBODY = "all"
DEFAULT_ROWS = 1000
_TAKES = frozenset({"eventName", "startTime", "endTime", "filters", "maxResults", "pageToken"})


class ReportsApi:
    """Serves Reports over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> dict[str, Operation]:
        """What is served, by method id."""
        return {"reports.activities.list": Operation(self.activities, _TAKES)}

    def activities(self, call: Call) -> Json:
        """The rows of a span of time that pass the filters, the latest first; for admins only."""
        if call.subject not in self._world.knobs.admins:
            raise Refusal(HTTPStatus.FORBIDDEN, "Access denied. You are not authorized to read activity records.")
        if call.path["applicationName"] != "meet":
            raise not_simulated(f"reports.activities.list of {call.path['applicationName']}")
        start, end = _span(call)
        passes = read_filters(call.query.get("filters", ""))
        found = [row for row in self._rows(call) if (start is None or start <= row.left) and row.left < end and passes(row)]
        size = call.query.get("maxResults", DEFAULT_ROWS)
        asked = [call.path["userKey"], *(call.query.get(name) for name in sorted(_TAKES - {"maxResults", "pageToken"}))]
        items, token = page_of(found, lambda row: (-row.left, row.endpoint), size, call.query.get("pageToken"), asked)
        answer: Json = {"kind": LISTED, "etag": '"simulated/activities"'}
        if items:
            answer["items"] = [row_shown(row) for row in items]
        return answer | ({"nextPageToken": token} if token else {})

    def _rows(self, call: Call) -> list[Row]:
        """What has come into the log by now, of one user or of everybody."""
        if call.query.get("eventName", CALL_ENDED) != CALL_ENDED:
            return []
        now, key = instants.of(call.now), call.path["userKey"]
        seen_before = now - self._world.knobs.reports_lag_s * instants.SECOND
        rows = []
        for space, conference in self._world.rooms.conferences(now):
            if not self._world.resolves(space.owner, call.subject):
                continue
            for participant in conference.participants:
                is_own = participant.email is not None and self._world.resolves(participant.email, call.subject)
                made = (Row(space, conference, participant, stay, is_own) for stay in participant.stays)
                rows += [row for row in made if row.is_ended_by(seen_before) and key in (EVERYBODY, *row.actor_keys)]
        return rows


def _span(call: Call) -> tuple[int | None, int]:
    """The instants from which and before which rows are asked for; raises `Refusal` for a span that cannot be."""
    now = instants.of(call.now)
    start = instants.parsed(call.query["startTime"]) if "startTime" in call.query else None
    end = instants.parsed(call.query["endTime"]) if "endTime" in call.query else now + 1
    if start is not None and start >= min(end, now + 1):
        raise invalid("Start time must be before end time and before the present.")
    return start, end
