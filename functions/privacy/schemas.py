"""What privacy is asked and answers, on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.accounts import Caller
from shared.domain.errors import NotFound
from shared.people_ports import Access, Record
from shared.ports import Page
from shared.usecases.erase_person import Erased
from shared.web.checks import email as checked_email
from shared.web.checks import rfc3339
from shared.web.fields import Answer, Asked, Email, Id, Instant, LongText, Text


def address_in(path: Mapping[str, str]) -> str:
    """The address in the path, in lower case; anything else is nobody's: raises `NotFound`."""
    try:
        return checked_email(path["email"])
    except ValueError:
        raise NotFound("No such person.") from None


class AccessLogQuery(Asked):
    """Which readings: about a session, a course or a person, and by whom. Whoever is no administrator asks about themselves."""

    about: Text | None = None
    by: Email | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None

    def about_whom(self, caller: Caller) -> str | None:
        """What the list is about, within what is the caller's."""
        if not caller.is_admin:
            return caller.email
        return self.about.lower() if self.about is not None and "@" in self.about else self.about


class Reading(Answer):
    """That somebody read other people's attendance."""

    by: str
    role: str
    what: str
    about: str
    at: Instant
    why: str | None


class AccessLogBody(Answer):
    """One page of readings, the newest first."""

    readings: list[Reading]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[Access]) -> "AccessLogBody":
        """The page on the wire."""
        readings = [
            Reading(by=each.by, role=each.role, what=each.what, about=each.about, at=each.at, why=each.why) for each in page.items
        ]
        return cls(readings=readings, next_page_token=page.next_token)


class ExportQuery(Asked):
    """How the export is wanted."""

    format: Literal["json", "csv"] = "json"


class ExportRecord(Answer):
    """One stored document, as far as it is the person's."""

    collection: str
    id: str
    says: dict[str, object]

    @classmethod
    def of(cls, record: Record) -> "ExportRecord":
        """The record on the wire; instants as text."""
        return cls(collection=record.collection, id=record.record_id, says={k: plain(v) for k, v in record.says.items()})


class ExportBody(Answer):
    """Everything that is stored about one person, by collection and id."""

    email: str
    exported_at: Instant
    records: list[ExportRecord]


class EraseAsked(Asked):
    """Why a person is erased; the address is written twice, so that nobody is erased by a slip."""

    reason: LongText
    confirm: Email


class EraseBody(Answer):
    """How far an erasure is. `pending` goes on by itself after `again_at`, or when it is asked for again."""

    status: Literal["done", "pending"]
    pseudonym: str
    counts: dict[str, int]
    again_at: Instant | None
    by_hand: list[str]

    @classmethod
    def of(cls, erased: Erased) -> "EraseBody":
        """The erasure on the wire."""
        return cls(
            status="done" if erased.is_done else "pending",
            pseudonym=erased.pseudonym,
            counts={name: count for name, count in sorted(erased.counts.items()) if count},
            again_at=erased.again_at,
            by_hand=list(erased.by_hand),
        )


def plain(value: object) -> object:
    """A stored value as JSON can say it: instants as text."""
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
