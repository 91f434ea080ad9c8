"""Entering people: as a student, teacher or guardian, and taking that away again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.domain.accounts import Caller
from shared.domain.directory import Access, Person, PersonRole
from shared.domain.errors import Forbidden, NotFound, Stale
from shared.people_ports import People
from shared.ports import Clock, Versioned

TRIES = 2
CHANGED = "Somebody else changed this person at the same time; look again and repeat it."


@dataclass(frozen=True, slots=True)
class EnterPerson:
    """Change the directory, as an administrator."""

    people: People
    clock: Clock

    def enter(self, email: str, role: PersonRole, given: Mapping[str, Any], caller: Caller) -> Person:
        """Make somebody a student, teacher or guardian; what is not given stays, and other roles too.

        Raises `Forbidden`, `Stale`, `Unavailable`.
        """
        _demand_admin(caller)
        if "access" in given and email == caller.email:
            raise Forbidden("Nobody changes their own access; ask another administrator.")
        for _ in range(TRIES):
            before = self.people.get(email)
            after = entered(before.value if before else Person(email, (), entered_at=self.clock()), role, given)
            changes = changes_of(before, after)
            guardians = after.guardian_emails if role is PersonRole.STUDENT else ()
            changes += [each for each in map(self._guardian, guardians) if each is not None]
            if not changes or self.people.save(changes):
                return after
        raise Stale(CHANGED)

    def take_away(self, email: str, role: PersonRole, caller: Caller) -> None:
        """Take a role away. Whoever has none left goes, unless a withdrawn token or access has to be remembered.

        Raises `NotFound`, `Forbidden`, `Stale`, `Unavailable`.
        """
        _demand_admin(caller)
        for _ in range(TRIES):
            before = self.people.get(email)
            if before is None or role not in before.value.roles:
                raise NotFound("No such person.")
            left = replace(
                before.value, roles=tuple(each for each in before.value.roles if each is not role), rev=before.value.rev + 1
            )
            if self.people.save([(before, left)]):
                if not left.roles and left.access is None and left.signed_out_at is None:
                    self.people.delete(email)
                return
        raise Stale(CHANGED)

    def sign_out(self, person_id: str, caller: Caller) -> Person:
        """Refuse every token of a person that was issued until now. Raises `NotFound`, `Forbidden`, `Stale`, `Unavailable`."""
        _demand_admin(caller)
        now = self.clock()
        for _ in range(TRIES):
            before = self.people.by_id(person_id)
            if before is None:
                raise NotFound("No such person.")
            after = replace(before.value, signed_out_at=now, rev=before.value.rev + 1)
            if self.people.save([(before, after)]):
                return after
        raise Stale(CHANGED)

    def _guardian(self, email: str) -> tuple[Versioned[Person] | None, Person] | None:
        before = self.people.get(email)
        after = entered(before.value if before else Person(email, (), entered_at=self.clock()), PersonRole.GUARDIAN, {})
        return next(iter(changes_of(before, after)), None)


def entered(person: Person, role: PersonRole, given: Mapping[str, Any]) -> Person:
    """The person with a role and what is given of them."""
    told = dict(given)
    if told.get("access") is not None:
        told["access"] = Access(told["access"])
    roles = tuple(each for each in PersonRole if each is role or each in person.roles)
    return replace(person, roles=roles, **told)


def changes_of(before: Versioned[Person] | None, after: Person) -> list[tuple[Versioned[Person] | None, Person]]:
    """What is to be stored: nothing where nothing changes."""
    if before is None:
        return [(None, after)]
    return [] if before.value == after else [(before, replace(after, rev=before.value.rev + 1))]


def _demand_admin(caller: Caller) -> None:
    if not caller.is_admin:
        raise Forbidden("Only administrators change the directory.")
