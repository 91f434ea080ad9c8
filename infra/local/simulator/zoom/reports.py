"""What Zoom tells of meetings that are over: when each was held, and who was in it."""

from http import HTTPStatus

from infra.local.simulator import instants
from infra.local.simulator.zoom.calls import Json, ZoomAnswer, ZoomCall, ZoomOperation
from infra.local.simulator.zoom.meetings import Holding, Meeting, Row, Visit
from infra.local.simulator.zoom.refusals import no_meeting, not_ended
from infra.local.simulator.zoom.times import seconds, shown
from infra.local.simulator.zoom.world import ZoomWorld

ENOUGH_PEOPLE = 2
"""A report tells of nobody who was alone."""

_MINUTE = 60
_PAGED = frozenset({"page_size", "next_page_token"})


class ReportsApi:
    """Meetings that are over. A uuid names one time that a meeting was held, a number the latest."""

    def __init__(self, world: ZoomWorld) -> None:
        self._world = world

    def operations(self) -> tuple[ZoomOperation, ...]:
        """What is served."""
        return (
            ZoomOperation("GET", "/past_meetings/{meeting}/instances", self.instances),
            ZoomOperation("GET", "/past_meetings/{meeting}", self.past),
            ZoomOperation("GET", "/past_meetings/{meeting}/participants", self.past_participants, _PAGED),
            ZoomOperation("GET", "/report/meetings/{meeting}/participants", self.report, _PAGED | {"include_fields"}),
        )

    def instances(self, call: ZoomCall) -> ZoomAnswer:
        """Each time that a number was held and that is over."""
        told = call.path["meeting"]
        meeting = self._world.meetings.get(int(told)) if told.isascii() and told.isdigit() else None
        if meeting is None:
            raise no_meeting(told)
        over = [one for one in meeting.holdings if one.ended is not None]
        body = {"meetings": [{"uuid": one.uuid, "start_time": shown(one.started)} for one in over]}
        return ZoomAnswer(HTTPStatus.OK, "instances", body)

    def past(self, call: ZoomCall) -> ZoomAnswer:
        """One time that a meeting was held."""
        meeting, holding, ended = self._over(call)
        stays = [seconds(row.until or ended) - seconds(row.since) for _, row in _rows(holding) if row.place == "meeting"]
        body = {
            "uuid": holding.uuid,
            "id": meeting.number,
            "host_id": meeting.host_id,
            "type": meeting.kind,
            "topic": meeting.topic,
            "user_name": meeting.host_email.partition("@")[0],
            "user_email": meeting.host_email,
            "start_time": shown(holding.started),
            "end_time": shown(ended),
            "duration": -(-(seconds(ended) - seconds(holding.started)) // _MINUTE),
            "total_minutes": sum(-(-stay // _MINUTE) for stay in stays),
            "participants_count": holding.people,
            "source": "Zoom",
            "dept": "",
        }
        return ZoomAnswer(HTTPStatus.OK, "past_meeting", body)

    def past_participants(self, call: ZoomCall) -> ZoomAnswer:
        """Every stay of one time that a meeting was held."""
        _, holding, ended = self._over(call)
        page, about = self._world.pages.page_of(_rows(holding), call.query, ("past", holding.uuid), call.now)
        rows = [
            _row(visit, row, ended) | {"registrant_id": visit.registrant_id, "internal_user": visit.is_internal}
            for visit, row in page
        ]
        return ZoomAnswer(HTTPStatus.OK, "past_participants", about | {"page_count": _pages(about), "participants": rows})

    def report(self, call: ZoomCall) -> ZoomAnswer:
        """The report: every stay, breakout rooms too, once two people were in and it is ready."""
        _, holding, ended = self._over(call)
        knobs = self._world.knobs
        is_late = knobs.report_lag_s > 0 and call.now < ended + knobs.report_lag_s * instants.SECOND
        if holding.people < ENOUGH_PEOPLE or is_late:
            raise not_ended()
        is_full = "registrant_id" in call.query.get("include_fields", "").split(",")
        rows = _rows(holding)[: knobs.report_partial]
        question = ("report", holding.uuid, is_full)
        page, about = self._world.pages.page_of(rows, call.query, question, call.now)
        told = [_report_row(visit, row, ended, is_full=is_full) for visit, row in page]
        return ZoomAnswer(HTTPStatus.OK, "report_participants", about | {"page_count": _pages(about), "participants": told})

    def _over(self, call: ZoomCall) -> tuple[Meeting, Holding, int]:
        found = self._world.holding(call.path["meeting"])
        if found is None:
            raise no_meeting(call.path["meeting"])
        meeting, holding = found
        if holding.ended is None:
            raise not_ended()
        return meeting, holding, holding.ended


def _rows(holding: Holding) -> list[tuple[Visit, Row]]:
    """The stays in the order of their beginning."""
    return sorted(((visit, row) for visit in holding.visits for row in visit.rows), key=lambda one: one[1].since)


def _pages(about: Json) -> int:
    return -(-int(about["total_records"]) // int(about["page_size"]))


def _row(visit: Visit, row: Row, ended: int) -> Json:
    """A stay. Of guests from other accounts Zoom hides the account."""
    until = ended if row.until is None else row.until
    return {
        "id": visit.account_id if visit.is_internal else "",
        "user_id": row.user_id,
        "name": visit.name,
        "user_email": visit.email,
        "join_time": shown(row.since),
        "leave_time": shown(until),
        "duration": seconds(until) - seconds(row.since),
        "failover": False,
        "status": "in_waiting_room" if row.place == "waiting_room" else "in_meeting",
    }


def _report_row(visit: Visit, row: Row, ended: int, *, is_full: bool) -> Json:
    told = _row(visit, row, ended)
    told["participant_user_id"] = told["id"]
    if is_full:
        told["registrant_id"] = visit.registrant_id
    return told | {"bo_mtg_id": row.room} if row.room else told
