"""A small Meet: conference records, participants and sessions, handed out in pages."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.shared.adapters.google.scripted import NOT_FOUND, Answer, Asked, Json, matches, paged

ADA = "ada.teacher@school.example"
CODE = "qkz-mwtp-rvx"
SPACE = "spaces/jQCFfuBOdN5z"


def written(at: datetime) -> str:
    """An instant as Meet writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass
class SmallMeet:
    """One space. No page is longer than `page`; `emails` are known to the People API by Google id."""

    page: int = 1000
    records: list[Json] = field(default_factory=list)
    people: dict[str, list[Json]] = field(default_factory=dict)
    sessions: dict[str, list[Json]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)

    def conference(self, name: str, start: datetime, end: datetime | None) -> str:
        """Note a conference; answers with its resource name."""
        record = {"name": f"conferenceRecords/{name}", "space": SPACE, "startTime": written(start)}
        record |= {"endTime": written(end)} if end else {}
        self.records.insert(0, record | {"expireTime": written((end or start) + timedelta(days=30))})
        return record["name"]

    def joins(self, record: str, person: Json, *visits: tuple[datetime, datetime | None]) -> None:
        """Note a participant with these visits; `person` is `{own: ..., kind: ...}`."""
        name = f"{record}/participants/{person['own']}"
        told = {key: value for key, value in person.items() if key != "own"}
        ends = [end for _, end in visits]
        told |= {"earliestStartTime": written(min(start for start, _ in visits))}
        told |= {} if None in ends else {"latestEndTime": written(max(end for end in ends if end))}
        self.people.setdefault(record, []).append({"name": name, **told})
        self.sessions[name] = [
            {"name": f"{name}/participantSessions/s{number}", "startTime": written(start)}
            | ({"endTime": written(end)} if end else {})
            for number, (start, end) in enumerate(visits)
        ]

    def __call__(self, asked: Asked) -> Answer:
        if asked.path in (f"/v2/spaces/{CODE}", f"/v2/{SPACE}"):
            return 200, {"name": SPACE, "meetingCode": CODE}
        if asked.path == "/v2/conferenceRecords":
            return paged(asked, "conferenceRecords", self.records, self.page)
        if (found := matches(r"GET /v2/(conferenceRecords/\w+)/participants", asked)) is not None:
            return paged(asked, "participants", self.people.get(found.group(1), []), self.page)
        if (found := matches(r"GET /v2/(.*)/participantSessions", asked)) is not None:
            return paged(asked, "participantSessions", self.sessions.get(found.group(1), []), self.page)
        if (found := matches(r"GET /v2/(conferenceRecords/.*)", asked)) is not None:
            return self._one(found.group(1))
        if asked.path == "/v1/people:batchGet":
            ids = [name.removeprefix("people/") for name in asked.query["resourceNames"]]
            return 200, {
                "responses": [
                    {"requestedResourceName": f"people/{i}", "person": {"emailAddresses": [{"value": self.emails[i]}]}}
                    for i in ids
                    if i in self.emails
                ]
            }
        return NOT_FOUND

    def _one(self, name: str) -> Answer:
        """A record, participant or session by its name."""
        everything = [self.records, *self.people.values(), *self.sessions.values()]
        found = next((item for items in everything for item in items if item["name"] == name), None)
        return NOT_FOUND if found is None else (200, found)


def signed_in(number: int, name: str = "Omar Student") -> Json:
    """Somebody who is signed in."""
    return {"own": str(number), "signedinUser": {"user": f"users/{number}", "displayName": name}}


def anonymous(own: str, name: str = "Lena") -> Json:
    """Somebody who only typed a name."""
    return {"own": own, "anonymousUser": {"displayName": name}}


def by_phone(own: str) -> Json:
    """Somebody who dialled in."""
    return {"own": own, "phoneUser": {"displayName": "+1 555-***-**42"}}
