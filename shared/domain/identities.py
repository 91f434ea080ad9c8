"""Identities: which person a participant's ref or name stands for, remembered for the whole organisation.

What people and sign-ins told is only added to; the newest word about a person counts. A ref is a provider's own id of an
account (`google:<user id>`, `zoom:user:<id>`) and stands for one person; a name may be several people's.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import stable_id


class IdentityKind(StrEnum):
    """What is known: a provider's id of an account, or a name that people gave themselves in a meeting."""

    REF = "ref"
    NAME = "name"


class Told(StrEnum):
    """Where it is known from: Google's own token at sign-in, an imported roster, a person's confirmation."""

    SIGNED_IN = "signed_in"
    IMPORTED = "imported"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Word:
    """One telling of who it is. `is_withdrawn` takes the earlier tellings about this address back."""

    email: str
    told: Told
    by: str
    at: datetime
    reason: str | None = None
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """All that was told of one ref or name."""

    kind: IdentityKind
    key: str
    words: tuple[Word, ...] = ()
    rev: int = 0

    @property
    def identity_id(self) -> str:
        """The id of its document."""
        return identity_id_of(self.kind, self.key)

    @property
    def standing(self) -> tuple[Word, ...]:
        """The newest word about each address, unless it is withdrawn; the newest first."""
        newest: dict[str, Word] = {}
        for word in sorted(self.words, key=lambda w: (w.at, w.email, w.by)):
            newest[word.email] = word
        return tuple(sorted((w for w in newest.values() if not w.is_withdrawn), key=lambda w: w.at, reverse=True))

    @property
    def word(self) -> Word | None:
        """Who it is, where just one person it can be: of a ref the newest word, of a name the only one."""
        standing = self.standing
        if not standing:
            return None
        if self.kind is IdentityKind.REF:
            return standing[0]
        return standing[0] if len(standing) == 1 else None

    def with_word(self, word: Word) -> "Identity":
        """The identity with one more telling; the same telling twice is one."""
        return self if word in self.words else replace(self, words=(*self.words, word), rev=self.rev + 1)


def identity_id_of(kind: IdentityKind, key: str) -> str:
    """The id of a ref's or a name's identity."""
    return stable_id("identity", kind, key)


def plain_name(name: str) -> str:
    """A name as it is compared: without case, width, repeated blanks and invisible characters; nothing else is ignored."""
    told = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(c for c in told if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    return re.sub(r"\s+", " ", kept).strip()
