"""The addresses behind Google's user ids, as far as Google tells: it often does not, and that is no failure."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from typing import Any

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import DIRECTORY, PEOPLE
from shared.adapters.google.troubles import Missing
from shared.domain.errors import Unavailable, UpstreamRefused

MOST_NAMES = 200
SOURCES = ("PROFILE", "CONTACT", "DOMAIN_CONTACT", "OTHER_CONTACT")
# Google vouches for addresses of these sources; a contact's address is what somebody typed.
_VOUCHED = ("ACCOUNT", "DOMAIN_PROFILE", "PROFILE")

Json = dict[str, Any]


class GoogleIdentities:
    """Asks the People API as the organiser, then the Directory for those that are left.

    The Directory is asked as `admin`, where one is set. Either may refuse or be away: then fewer addresses are known,
    and the next reading of the meeting asks again.
    """

    def __init__(self, apis: GoogleApis, admin: str | None, pool: Executor) -> None:
        self._apis = apis
        self._admin = admin
        self._pool = pool

    def emails_of(self, organiser: str, google_ids: Iterable[str]) -> dict[str, str]:
        """E-mail addresses in lower case by Google user id; waits for the pool, so it is not for threads of the pool."""
        ids = sorted(set(google_ids))
        found = self._from_people(organiser, ids)
        return found | self._from_directory(self._admin or organiser, [one for one in ids if one not in found])

    def _from_people(self, organiser: str, ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for at in range(0, len(ids), MOST_NAMES):
            try:
                answer = self._people(organiser, ids[at : at + MOST_NAMES])
            except (Unavailable, UpstreamRefused):
                return found
            for response in answer.get("responses") or ():
                google_id = str(response.get("requestedResourceName", "")).removeprefix("people/")
                if google_id and (email := _email_of(response.get("person") or {})) is not None:
                    found[google_id] = email
        return found

    def _people(self, organiser: str, ids: Sequence[str]) -> Json:
        return self._apis.call(
            PEOPLE,
            organiser,
            "people.getBatchGet",
            {
                "resourceNames": [f"people/{one}" for one in ids],
                "personFields": "emailAddresses",
                "sources": [f"READ_SOURCE_TYPE_{source}" for source in SOURCES],
            },
        )

    def _from_directory(self, subject: str, ids: Sequence[str]) -> dict[str, str]:
        """The first is asked alone: whoever may not ask is told so once, not once for each person."""
        if not ids:
            return {}
        try:
            first = self._in_directory(subject, ids[0])
        except (Unavailable, UpstreamRefused):
            return {}
        found = (first, *self._pool.map(lambda one: self._in_directory_if_told(subject, one), ids[1:]))
        return {google_id: email for google_id, email in zip(ids, found, strict=True) if email is not None}

    def _in_directory_if_told(self, subject: str, google_id: str) -> str | None:
        try:
            return self._in_directory(subject, google_id)
        except (Unavailable, UpstreamRefused):
            return None

    def _in_directory(self, subject: str, google_id: str) -> str | None:
        try:
            user = self._apis.call(DIRECTORY, subject, "users.get", {"userKey": google_id, "viewType": "domain_public"})
        except Missing:
            return None
        return str(user["primaryEmail"]).lower() if user.get("primaryEmail") else None


def _email_of(person: Json) -> str | None:
    """The one address to know the person by: one that Google vouches for, else the primary one, else the first."""
    told = [address for address in person.get("emailAddresses") or () if address.get("value")]
    if not told:
        return None

    def rank(address: Json) -> tuple[bool, bool]:
        metadata = address.get("metadata") or {}
        return (metadata.get("source") or {}).get("type") not in _VOUCHED, not metadata.get("primary", False)

    return str(min(told, key=rank)["value"]).lower()
