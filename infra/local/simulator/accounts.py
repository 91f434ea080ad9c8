"""Google accounts: every address has one, with a user id that is the same in every run."""

import hashlib
from dataclasses import dataclass

_ID_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Account:
    """One account; `email` is in lower case."""

    user_id: str
    email: str
    name: str

    @property
    def given_name(self) -> str:
        """All of the name but its last word."""
        return self.name.rpartition(" ")[0] or self.name

    @property
    def family_name(self) -> str:
        """The last word of a name of several words."""
        return self.name.rpartition(" ")[2] if " " in self.name else ""


def user_id_of(email: str) -> str:
    """The 21 digits of an address's Google user id."""
    digest = hashlib.sha256(email.lower().encode()).digest()
    return f"1{int.from_bytes(digest) % 10**_ID_DIGITS:0{_ID_DIGITS}d}"


def domain_of(email: str) -> str:
    """What follows the @, in lower case."""
    return email.lower().rpartition("@")[2]


class Accounts:
    """The accounts that have been seen. An id alone says nothing, so only of these the address can be told."""

    def __init__(self) -> None:
        self._by_id: dict[str, Account] = {}

    def seen(self, email: str, name: str | None = None) -> Account:
        """The account of an address, known from now on; a name that is told replaces the one that was guessed."""
        user_id = user_id_of(email)
        known = self._by_id.get(user_id)
        if known is None or (name and name != known.name):
            known = self._by_id[user_id] = Account(user_id, email.lower(), name or _guessed_name(email))
        return known

    def by_id(self, user_id: str) -> Account | None:
        """The account of an id, if it has been seen."""
        return self._by_id.get(user_id)

    def names(self) -> dict[str, str]:
        """Names by address, for the file."""
        return {account.email: account.name for account in self._by_id.values()}


def _guessed_name(email: str) -> str:
    words = email.partition("@")[0].replace("_", ".").replace("-", ".").split(".")
    return " ".join(word.capitalize() for word in words if word)
