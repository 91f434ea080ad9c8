"""Rulings: what people decided about one session. They are only added; the newest about a matter counts.

What the evidence says stays on record beside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import stable_id


class RulingKind(StrEnum):
    """What was decided."""

    EXCUSE = "excuse"
    STATUS = "status"
    LINK = "link"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision about a session, with who, when and why.

    EXCUSE: `about` is an address; the person is excused in advance. STATUS: `about` is a person's key (`email:<address>` or a
    ref), `value` the attendance status that counts instead of the computed one. LINK: `about` is the key of somebody
    unidentified, `value` the address of whom it was, or empty for a guest who is nobody of ours. CARD: `about` is a review
    card's id; it needs no decision any more. `is_withdrawn` takes the matter's earlier rulings back.
    """

    session_id: str
    kind: RulingKind
    about: str
    value: str
    by: str
    at: datetime
    reason: str
    is_withdrawn: bool = False

    @property
    def ruling_id(self) -> str:
        """A function of who decided what and when, so that a decision sent twice is one."""
        return stable_id("ruling", self.session_id, self.kind, self.about, self.value, self.by, self.at.isoformat())


def standing(rulings: Iterable[Ruling], kind: RulingKind) -> dict[str, Ruling]:
    """The newest ruling of a kind about each matter, unless it is withdrawn."""
    newest: dict[str, Ruling] = {}
    for ruling in sorted((r for r in rulings if r.kind is kind), key=lambda r: (r.at, r.ruling_id)):
        newest[ruling.about] = ruling
    return {about: ruling for about, ruling in newest.items() if not ruling.is_withdrawn}
