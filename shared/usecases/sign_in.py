"""Signing in with an account of the issuer's, and remembering which Google account is whose."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from shared.domain.accounts import Caller
from shared.domain.directory import Person, person_id_of
from shared.domain.errors import Forbidden, NotFound
from shared.domain.identities import Identity, IdentityKind, Told, Word
from shared.people_ports import Identities, People
from shared.ports import Clock


@dataclass(frozen=True, slots=True)
class Account:
    """Who the issuer says it is: the address that it verified, and the Google id behind it where there is one."""

    email: str
    name: str | None
    google_id: str | None
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, with the role that they have here, and the person where the directory knows them."""

    caller: Caller
    person: Person | None


@dataclass(frozen=True)
class SignIn:
    """People of the directory and the deployment's administrators get in.

    `role_of` gives the role that the directory leaves to somebody whose token names none, and raises `SignedOut` for an account
    that was verified before its owner was signed out. It must not remember: who was entered just now has a role at once.
    """

    people: People
    identities: Identities
    admin_emails: Collection[str]
    role_of: Callable[[Caller], Caller]
    clock: Clock

    def __call__(self, account: Account) -> SignedIn:
        """Let the account's owner in; raises `NotFound`, `Forbidden`, `SignedOut`, `Stale` or `Unavailable`."""
        found = self.people.get(account.email)
        if found is None and account.email not in self.admin_emails:
            raise NotFound(
                f"Nobody with the address {account.email} is known here; ask an administrator to enter it, or use another."
            )
        person = found.value if found else None
        name = account.name or (person.full_name if person else None)
        nobody_yet = Caller(person_id_of(account.email), account.email, "user", name, account.issued_at, role_is_claimed=False)
        caller = self.role_of(nobody_yet)
        if account.google_id is not None:
            self._remember(f"google:{account.google_id}", account.email)
        return SignedIn(caller, person)

    def _remember(self, ref: str, email: str) -> None:
        """That this Google account is that person: written once, and never over something else."""
        known = next(iter(self.identities.get_many([(IdentityKind.REF, ref)])), None)
        word = known.word if known else None
        if word is not None and word.email != email:
            raise Forbidden(
                "This Google account is known under another address; ask an administrator to withdraw that identity, "
                "then sign in again."
            )
        if any(each.key != ref and _is_signed_in(each, email) for each in self.identities.of_person(email)):
            raise Forbidden(
                f"The address {email} signed in with another Google account before; ask an administrator to withdraw that "
                "identity, then sign in again."
            )
        if known is None or not _is_signed_in(known, email):
            self.identities.tell(IdentityKind.REF, ref, Word(email, Told.SIGNED_IN, email, self.clock()))


def _is_signed_in(identity: Identity, email: str) -> bool:
    """Whether this is a Google account that stands for the address by a sign-in."""
    is_google = identity.kind is IdentityKind.REF and identity.key.startswith("google:")
    return is_google and any(word.email == email and word.told is Told.SIGNED_IN for word in identity.standing)
