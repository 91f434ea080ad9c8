"""Google Meet's own records of who was in a room, read whole and in parallel, within the organiser's quota."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import MEET
from shared.adapters.google.identities import GoogleIdentities
from shared.adapters.google.machine import Machine
from shared.adapters.google.quota import ReadQuotas
from shared.adapters.google.records import Conference, Json, conference_in, google_id_of, stays_in
from shared.adapters.google.troubles import Missing
from shared.config import Settings
from shared.domain.rooms import LONGEST_STAY
from shared.ports import MeasuredStay, MeetingReading

THREADS = 16
MOST_RECORDS = 100
MOST_PARTICIPANTS = 250

NOTHING = MeetingReading(conferences=0, is_over=True, stays=(), identities={}, expires_at=None)


class GoogleMeet:
    """The port `MeetRecords`; each reading is made as the organiser, who alone may see all of it."""

    def __init__(self, apis: GoogleApis, known: Settings, machine: Machine, threads: int = THREADS) -> None:
        self._apis = apis
        self._quotas = ReadQuotas(known.meet_reads_per_minute, machine)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="meet")
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

    def _conferences(self, organiser: str, meet_code: str, start_from: datetime, end_before: datetime) -> tuple[Conference, ...]:
        """Newest first. Google is asked by start alone: a bound on the end would leave out what is still on."""
        try:
            space = self._get(organiser, "spaces.get", name=f"spaces/{meet_code}")["name"]
            wanted = (
                f'space.name = "{space}" AND start_time>="{_written(start_from - LONGEST_STAY)}" '
                f'AND start_time<="{_written(end_before)}"'
            )
            records = list(self._pages(organiser, "conferenceRecords", filter=wanted, pageSize=MOST_RECORDS))
        except Missing:
            return ()
        conferences = (conference_in(record) for record in records)
        return tuple(conference for conference in conferences if conference.was_on(start_from, end_before))

    def _participants(self, organiser: str, conference: Conference) -> tuple[Json, ...]:
        return tuple(self._pages(organiser, "conferenceRecords.participants", parent=conference.name, pageSize=MOST_PARTICIPANTS))

    def _who_and_when(self, organiser: str, people: list[Json]) -> tuple[tuple[MeasuredStay, ...], dict[str, str]]:
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
        try:
            visits = self._pages(
                organiser,
                "conferenceRecords.participants.participantSessions",
                is_paid=True,
                parent=person["name"],
                pageSize=MOST_PARTICIPANTS,
            )
            return stays_in(person, visits)
        except Missing:
            return ()

    def _pages(self, organiser: str, collection: str, *, is_paid: bool = False, **params: object) -> Iterator[Json]:
        """The items of all pages of a collection."""
        items = collection.rpartition(".")[2]
        token: str | None = None
        while True:
            answer = self._get(organiser, f"{collection}.list", is_paid=is_paid, pageToken=token, **params)
            yield from answer.get(items) or ()
            token, is_paid = answer.get("nextPageToken"), False
            if not token:
                return

    def _get(self, organiser: str, method: str, *, is_paid: bool = False, **params: object) -> Json:
        """One read, within the quota; every further try is one more."""
        quota = self._quotas.of(organiser)
        if not is_paid:
            quota.take()
        return self._apis.call(MEET, organiser, method, params, quota.take)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
