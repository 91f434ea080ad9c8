"""The organisation's audit log of Meet: one row for each device that left a call (Admin SDK Reports, `call_ended`).

The log comes late, an hour or more. It is read as an administrator. Its filters cannot be trusted: one that Google does
not understand hides every row or none, so everything asked for is checked here again.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import REPORTS
from shared.adapters.google.calls import Unreadable, calls_in
from shared.config import Settings
from shared.domain.errors import UpstreamRefused
from shared.domain.rooms import meet_code_in
from shared.ports import ReportedCall

MOST_ROWS = 1000

Json = dict[str, Any]


class GoogleReports:
    """The port `MeetReports`.

    `skipped` counts the rows since this was made that tell of a call and could not be read.
    """

    def __init__(self, apis: GoogleApis, known: Settings) -> None:
        self._apis = apis
        self._admin = known.google_admin_email
        self._with_details = known.reports_details
        self.skipped = 0

    def calls(self, start_from: datetime, end_before: datetime, meet_code: str | None = None) -> Iterator[ReportedCall]:
        """The calls that were left between the two instants, of one room or of all, page by page; each once.

        Raises `UpstreamRefused` where no administrator is set or Google refuses, `Unavailable` when Google is busy.
        """
        if not self._admin:
            raise UpstreamRefused(
                "No administrator for Reports",
                "Set GOOGLE_ADMIN_EMAIL to an administrator of the Workspace domain whose role has the privilege Reports.",
            )
        return self._calls(self._admin, start_from, end_before, meet_code)

    def _calls(self, admin: str, start_from: datetime, end_before: datetime, meet_code: str | None) -> Iterator[ReportedCall]:
        """The rows that Google finds for a room; where it finds none, the filter may be at fault, so all rows are asked for."""
        if start_from >= end_before:
            return
        code = None if meet_code is None else meet_code_in(meet_code)
        if meet_code is not None and code is None:
            return
        window = {"startTime": _written(start_from), "endTime": _written(end_before)}
        ways = [{}] if code is None else [{"filters": f"meeting_code=={code.replace('-', '').upper()}"}, {}]
        for way in ways:
            is_found = False
            for call in self._read(admin, {**window, **way}):
                if start_from <= call.left_at < end_before and code in (None, call.meet_code):
                    is_found = True
                    yield call
            if is_found:
                return

    def _read(self, admin: str, wanted: dict[str, str]) -> Iterator[ReportedCall]:
        """The calls of all rows, each once: Google repeats rows at the borders of pages."""
        seen: set[tuple[str, ...]] = set()
        for row in self._rows(admin, wanted):
            try:
                calls = calls_in(row, with_details=self._with_details)
            except Unreadable:
                self.skipped += 1
                continue
            own = (str(row["id"]["time"]), str(row["id"].get("uniqueQualifier")), *(call.connection for call in calls))
            if own not in seen:
                seen.add(own)
                yield from calls

    def _rows(self, admin: str, wanted: dict[str, str]) -> Iterator[Json]:
        token: str | None = None
        while True:
            page = self._apis.call(
                REPORTS,
                admin,
                "activities.list",
                {
                    "userKey": "all",
                    "applicationName": "meet",
                    "eventName": "call_ended",
                    "maxResults": MOST_ROWS,
                    "pageToken": token,
                    **wanted,
                },
            )
            yield from page.get("items") or ()
            token = page.get("nextPageToken")
            if not token:
                return


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
