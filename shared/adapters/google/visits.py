"""What Meet's events are about: an event names a visit, this reads whose it is and when it began and ended.

A piece of news costs two of the organiser's 600 reads a minute: the visit, and who it is, once for each participant. When
many come at once, one list of the participants takes the place of most of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import MEET
from shared.adapters.google.identities import GoogleIdentities
from shared.adapters.google.machine import Machine
from shared.adapters.google.memory import Remembered
from shared.adapters.google.quota import ReadQuotas
from shared.adapters.google.records import Json, conference_in, instant, stays_in
from shared.adapters.google.troubles import Missing
from shared.config import Settings
from shared.domain.rooms import meet_code_in
from shared.ports import Conference, MeasuredStay, VisitNews

THREADS = 16
LIST_FROM = 5
MOST_PARTICIPANTS = 250
FIRST_JOIN_WITHIN = timedelta(seconds=2)
# Seconds for which a conference that is on is told from memory.
LIVE_FOR = 60.0
# Seconds after which Google is asked again for an address that it did not tell.
UNTOLD_FOR = 600.0
MOST_CONFERENCES = 1000
MOST_PEOPLE = 5000

_PEOPLE = "conferenceRecords.participants"
_PART = r"(?!\.+(?:/|$))[^/\s?#%]+"
_CONFERENCE = re.compile(rf"conferenceRecords/{_PART}")
_VISIT = re.compile(rf"((conferenceRecords/{_PART})/participants/{_PART})/participantSessions/{_PART}")


class GoogleVisits:
    """The port `MeetVisits`; every read is made as the organiser, within the organiser's quota."""

    def __init__(
        self, apis: GoogleApis, known: Settings, machine: Machine, quotas: ReadQuotas | None = None, threads: int = THREADS
    ) -> None:
        self._apis = apis
        self._machine = machine
        self._quotas = quotas or ReadQuotas(known.meet_reads_per_minute, machine)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="visits")
        self._conferences: Remembered[tuple[Conference, float]] = Remembered(MOST_CONFERENCES)
        self._codes: Remembered[str] = Remembered(MOST_CONFERENCES)
        self._people: Remembered[Json] = Remembered(MOST_PEOPLE)
        self._identities = GoogleIdentities(apis, known.google_admin_email, self._pool)
        self._addresses: Remembered[tuple[str | None, float]] = Remembered(MOST_PEOPLE)

    def conference(self, organiser: str, name: str) -> Conference | None:
        """The conference of a name; None when Meet does not have it. One that is on is told from memory for a minute."""
        if _CONFERENCE.fullmatch(name) is None:
            return None
        key, now = f"{organiser} {name}", self._machine.monotonic()
        known = self._conferences.get(key)
        if known is not None and (known[0].ended_at is not None or now - known[1] <= LIVE_FOR):
            return known[0]
        try:
            record = self._get(organiser, "conferenceRecords.get", name=name)
            code = self._code(organiser, record["space"])
        except Missing:
            return None
        told = conference_in(record)
        conference = Conference(name, code, told.started_at, told.ended_at)
        self._conferences.put(key, (conference, now))
        return conference

    def visits(self, organiser: str, conference: str, news: Sequence[VisitNews]) -> tuple[MeasuredStay, ...]:
        """The visits that these news of one conference are about, as they are now; visits that are gone are left out.

        From `LIST_FROM` participants on of whom nothing is known yet, one list tells who they are, and also when everybody
        began who has just come for the first time: 30 joins at once cost one read instead of 60. What the list cannot
        tell of one visit alone (somebody who came again, or left) is read visit by visit.
        """
        people = _participants_in(conference, news)
        who = {name: person for name in people if (person := self._people.get(name)) is not None}
        stays: list[MeasuredStay] = []
        if len(people) - len(who) >= LIST_FROM:
            try:
                listed = self._listed(organiser, conference)
            except Missing:
                return ()
            told = {name: stay for name in people if (stay := _just_come(listed.get(name), people[name])) is not None}
            stays += told.values()
            people = {name: said for name, said in people.items() if name not in told}
            who |= listed
        return self._addressed(organiser, (*stays, *self._asked_for(organiser, people, who)))

    def _addressed(self, organiser: str, stays: Sequence[MeasuredStay]) -> tuple[MeasuredStay, ...]:
        """The stays with the addresses that Google's directories tell of the people; they are asked once for each person."""
        now = self._machine.monotonic()
        refs = {stay.ref for stay in stays if stay.ref.startswith("google:")}
        wanted = {ref.removeprefix("google:") for ref in refs if self._is_untold(f"{organiser} {ref}", now)}
        found = self._identities.emails_of(organiser, wanted) if wanted else {}
        for google_id in wanted:
            self._addresses.put(f"{organiser} google:{google_id}", (found.get(google_id), now))
        known = {ref: told[0] for ref in refs if (told := self._addresses.get(f"{organiser} {ref}")) is not None}
        return tuple(replace(stay, address=known.get(stay.ref)) for stay in stays)

    def _is_untold(self, key: str, now: float) -> bool:
        told = self._addresses.get(key)
        return told is None or (told[0] is None and now - told[1] > UNTOLD_FOR)

    def _asked_for(
        self, organiser: str, people: Mapping[str, Sequence[VisitNews]], who: Mapping[str, Json]
    ) -> list[MeasuredStay]:
        """The visits of these participants, each asked for once; who they are is asked for where `who` does not tell."""
        visits = {each.visit: name for name, said in people.items() for each in said}
        unknown = [name for name in people if name not in who]
        wanted = dict.fromkeys(visits, f"{_PEOPLE}.participantSessions.get") | dict.fromkeys(unknown, f"{_PEOPLE}.get")
        found = self._read(organiser, wanted)
        for name in unknown:
            if name in found:
                self._people.put(name, found[name])
        known = {**who, **found}
        is_told = ((known[name], found[visit]) for visit, name in visits.items() if visit in found and name in known)
        return [stay for person, session in is_told for stay in stays_in(person, [session])]

    def _listed(self, organiser: str, conference: str) -> dict[str, Json]:
        """Everybody who was in a conference so far, by resource name."""
        people = {person["name"]: person for person in self._participants(organiser, conference)}
        for name, person in people.items():
            self._people.put(name, person)
        return people

    def _participants(self, organiser: str, conference: str) -> Iterator[Json]:
        token: str | None = None
        while True:
            page = self._get(organiser, f"{_PEOPLE}.list", parent=conference, pageSize=MOST_PARTICIPANTS, pageToken=token)
            yield from page.get("participants") or ()
            token = page.get("nextPageToken")
            if not token:
                return

    def _code(self, organiser: str, space: str) -> str:
        """The meeting code of a space, which stays the same for as long as anybody meets there."""
        code = self._codes.get(space)
        if code is None:
            told = str(self._get(organiser, "spaces.get", name=space).get("meetingCode", ""))
            code = meet_code_in(told) or told
            self._codes.put(space, code)
        return code

    def _read(self, organiser: str, wanted: Mapping[str, str]) -> dict[str, Json]:
        """These resources (each with the method to read it) at once; absent ones left out.

        Each read is paid for before it goes into the pool, so that an organiser without quota holds up nobody else.
        """
        toll = self._quotas.of(organiser).take
        reads: dict[str, Future[Json]] = {}
        try:
            for name, method in wanted.items():
                toll()
                reads[name] = self._pool.submit(self._apis.call, MEET, organiser, method, {"name": name}, toll)
            return {name: answer for name, read in reads.items() if (answer := _unless_missing(read)) is not None}
        finally:
            for read in reads.values():
                read.cancel()

    def _get(self, organiser: str, method: str, **params: object) -> Json:
        """One read, within the quota; every further try is one more."""
        toll = self._quotas.of(organiser).take
        toll()
        return self._apis.call(MEET, organiser, method, params, toll)


def _unless_missing(read: Future[Json]) -> Json | None:
    try:
        return read.result()
    except Missing:
        return None


def _participants_in(conference: str, news: Sequence[VisitNews]) -> dict[str, list[VisitNews]]:
    """The news by participant, each once; a name that cannot be one of a visit to this conference is left out."""
    people: dict[str, list[VisitNews]] = {}
    for each in dict.fromkeys(news):
        parts = _VISIT.fullmatch(each.visit)
        if parts is not None and parts.group(2) == conference:
            people.setdefault(parts.group(1), []).append(each)
    return people


def _just_come(person: Json | None, said: Sequence[VisitNews]) -> MeasuredStay | None:
    """The visit that news tell of, if it is a participant's first and goes on: then it began when the participant did.

    None where that is not certain: more than one piece of news, news of a later time, or somebody who left.
    """
    if person is None or len(said) != 1 or "earliestStartTime" not in person or "latestEndTime" in person:
        return None
    began = person["earliestStartTime"]
    if abs(said[0].said_at - instant(began)) > FIRST_JOIN_WITHIN:
        return None
    return stays_in(person, [{"name": said[0].visit, "startTime": began}])[0]
