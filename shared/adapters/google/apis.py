"""The Google APIs that Rollcall calls, each with the rights that it needs and nothing more.

Each is called under a token of its own: a school that grants only some of these scopes loses only what they are for.
"""

from dataclasses import dataclass

_SCOPE = "https://www.googleapis.com/auth/"


@dataclass(frozen=True, slots=True)
class Api:
    """One API: `name` and `version` of its discovery document, `title` as the Cloud console calls it.

    `path` is the prefix that the API's addresses lose when another endpoint is set.
    """

    name: str
    version: str
    title: str
    scopes: tuple[str, ...]
    path: str = ""

    @property
    def key(self) -> str:
        """A word for it that no other of them has: two may be parts of one API, with rights of their own."""
        return _KEYS.get(self.scopes[0], self.title)


_KEYS = {
    _SCOPE + "userinfo.profile": "People (profile)",
    _SCOPE + "admin.directory.user.readonly": "Directory",
    _SCOPE + "admin.reports.audit.readonly": "Reports",
}

CALENDAR = Api("calendar", "v3", "Calendar", (_SCOPE + "calendar.events",), "/calendar/v3/")
MEET = Api("meet", "v2", "Meet", (_SCOPE + "meetings.space.readonly",))
EVENTS = Api("workspaceevents", "v1", "Workspace Events", (_SCOPE + "meetings.space.readonly",))
PEOPLE = Api(
    "people",
    "v1",
    "People",
    (_SCOPE + "contacts.readonly", _SCOPE + "contacts.other.readonly", _SCOPE + "directory.readonly"),
)
PROFILE = Api("people", "v1", "People", (_SCOPE + "userinfo.profile",))
DIRECTORY = Api("admin", "directory_v1", "Admin SDK", (_SCOPE + "admin.directory.user.readonly",))
REPORTS = Api("admin", "reports_v1", "Admin SDK", (_SCOPE + "admin.reports.audit.readonly",))
CLASSROOM = Api(
    "classroom",
    "v1",
    "Classroom",
    (_SCOPE + "classroom.courses.readonly", _SCOPE + "classroom.rosters.readonly", _SCOPE + "classroom.profile.emails"),
)
