"""Google Meet's own records of who was in a room, read whole and in parallel, within the organiser's quota."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Protocol

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import MEET
from shared.adapters.google.identities import GoogleIdentities
from shared.adapters.google.quota import ReadQuotas
from shared.adapters.google.records import Conference, Json, conference_in, google_id_of, stays_in
from shared.adapters.google.troubles import Missing
from shared.domain.rooms import LONGEST_STAY
from shared.ports import MeasuredStay, MeetingReading

THREADS = 16
MOST_RECORDS = 100
MOST_PARTICIPANTS = 250

NOTHING = MeetingReading(conferences=0, is_over=True, stays=(), identities={}, expires_at=None)


class MeetSettings(Protocol):
    """What of the settings says how Meet is read."""

    @property
    def meet_reads_per_minute(self) -> int:
        """How many reads Google allows for one organiser in any minute."""

    @property
    def google_admin_email(self) -> str | None:
        """Who asks the Directory; None for the organiser."""


class Machine(Protocol):
    """A clock that never goes back, and something that can wait."""

    def monotonic(self) -> float:
        """Seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait for about `seconds`."""


class GoogleMeet:
    """The port `MeetRecords`; each reading is made as the organiser, who alone may see all of it."""

    def __init__(self, apis: GoogleApis, known: MeetSettings, machine: Machine) -> None:
        self._apis = apis
        self._quotas = ReadQuotas(known.meet_reads_per_minute, machine.monotonic, machine.sleep)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="meet")
        self._identities = GoogleIdentities(apis, known.google_admin_email, self._pool)

    def read(self, organiser: str, meet_code: str, start_from: datetime, end_before: datetime) -> MeetingReading:
        """Every conference of the space that was on between the two instants, whole: all pages, all sessions."""
        attended = []
        for conference in self._conferences(organiser, meet_code, start_from, end_before):
            try:
                attended.append((conference, self._participants(organiser, conference)))
            except Missing:
                continue
        if not attended:
            return NOTHING
        stays, identities = self._who_and_when(organiser, [person for _, people in attended for person in people])
        ends = [conference.ended_at for conference, _ in attended] + [stay.left_at for stay in stays]
        return MeetingReading(
            conferences=len(attended),
            is_over=None not in ends,
            stays=stays,
            identities=identities,
            expires_at=min((c.expires_at for c, _ in attended if c.expires_at is not None), default=None),
        )

    def _conferences(
        self, organiser: str, meet_code: str, start_from: datetime, end_before: datetime
    ) -> tuple[Conference, ...]:
        """Newest first. Google is asked by start alone: a bound on the end would leave out what is still on."""
        window = f'start_time>="{_written(start_from - LONGEST_STAY)}" AND start_time<="{_written(end_before)}"'

        def page(meet: Any, token: str | None) -> Any:  # noqa: ANN401 - discovery clients have no types
            wanted = f'space.name = "{space}" AND {window}'
            return meet.conferenceRecords().list(filter=wanted, pageSize=MOST_RECORDS, pageToken=token)

        try:
            space = self._get(organiser, lambda meet: meet.spaces().get(name=f"spaces/{meet_code}"))["name"]
            records = [conference_in(record) for record in self._pages(organiser, "conferenceRecords", page)]
        except Missing:
            return ()
        return tuple(conference for conference in records if conference.was_on(start_from, end_before))

    def _participants(self, organiser: str, conference: Conference) -> tuple[Json, ...]:
        def page(meet: Any, token: str | None) -> Any:  # noqa: ANN401 - discovery clients have no types
            people = meet.conferenceRecords().participants()
            return people.list(parent=conference.name, pageSize=MOST_PARTICIPANTS, pageToken=token)

        return tuple(self._pages(organiser, "participants", page))

    def _who_and_when(
        self, organiser: str, people: list[Json]
    ) -> tuple[tuple[MeasuredStay, ...], dict[str, str]]:
        """All stays by time, and the addresses by ref; the one is read in the pool while the other is asked for here.

        Each read is paid for before it goes into the pool, so that an organiser without quota holds up nobody else.
        """
        quota = self._quotas.of(organiser)
        visits = []
        try:
            for person in people:
                quota.take()
                visits.append(self._pool.submit(self._stays, organiser, person))
            ids = {google_id for person in people if (google_id := google_id_of(person)) is not None}
            emails = self._identities.emails_of(organiser, ids)
            stays = [stay for visit in visits for stay in visit.result()]
        finally:
            for visit in visits:
                visit.cancel()
        stays.sort(key=lambda stay: (stay.joined_at, stay.connection))
        return tuple(stays), {f"google:{google_id}": email for google_id, email in emails.items()}

    def _stays(self, organiser: str, person: Json) -> tuple[MeasuredStay, ...]:
        """One participant's stays, the first page already paid for; nothing when the participant is gone."""

        def page(meet: Any, token: str | None) -> Any:  # noqa: ANN401 - discovery clients have no types
            sessions = meet.conferenceRecords().participants().participantSessions()
            return sessions.list(parent=person["name"], pageSize=MOST_PARTICIPANTS, pageToken=token)

        try:
            return stays_in(person, self._pages(organiser, "participantSessions", page, is_paid=True))
        except Missing:
            return ()

    def _pages(
        self, organiser: str, field: str, ask: Callable[[Any, str | None], Any], *, is_paid: bool = False
    ) -> Iterator[Json]:
        """The items of all pages."""
        token: str | None = None
        while True:
            answer = self._get(organiser, lambda meet, at=token: ask(meet, at), is_paid=is_paid)
            yield from answer.get(field) or ()
            token, is_paid = answer.get("nextPageToken"), False
            if not token:
                return

    def _get(self, organiser: str, ask: Callable[[Any], Any], *, is_paid: bool = False) -> Json:
        quota = self._quotas.of(organiser)
        if not is_paid:
            quota.take()
        return self._apis.call(MEET, organiser, ask, toll=quota.take)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
