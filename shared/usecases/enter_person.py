"""Entering people: as a student, teacher or guardian, and taking that away again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.domain.accounts import Caller
from shared.domain.directory import Access, Person, PersonRole
from shared.domain.errors import Forbidden, NotFound, NotInThisState, Stale
from shared.people_ports import People, PersonFilter
from shared.ports import Clock
from shared.usecases.store_people import Changes, changes_of

TRIES = 2
CHANGED = "Somebody else changed this person at the same time; look again and repeat it."
NOBODY = "No such person."


@dataclass(frozen=True, slots=True)
class EnterPerson:
    """Change the directory, as an administrator."""

    people: People
    clock: Clock

    def enter(self, email: str, role: PersonRole, given: Mapping[str, Any], caller: Caller) -> Person:
        """Make somebody a student, teacher or guardian; what is not given stays, and other roles too.

        Guardians of a student whom nobody entered yet are entered by their address alone. Raises `Forbidden`, `Stale`,
        `Unavailable`.
        """
        _demand_admin(caller)
        for _ in range(TRIES):
            before = self.people.get(email)
            known = before.value if before else None
            after = entered(known or Person(email, (), entered_at=self.clock()), role, given)
            if email == caller.email and after.access != (known.access if known else None):
                raise Forbidden("Nobody changes their own access; ask another administrator.")
            guardians = after.guardian_emails if role is PersonRole.STUDENT else ()
            if email in guardians:
                after = entered(after, PersonRole.GUARDIAN, {})
            changes = changes_of(before, after)
            changes += [each for guardian in guardians if guardian != email for each in self._guardian(guardian)]
            if not changes or self.people.save(changes):
                return next((person for _, person in changes if person.email == email), after)
        raise Stale(CHANGED)

    def take_away(self, email: str, role: PersonRole, caller: Caller) -> None:
        """Take a role away. Whoever has none left goes, unless a withdrawn token or access has to be remembered.

        Raises `NotFound`, `Forbidden`, `NotInThisState` for a guardian whom students still have, `Stale`, `Unavailable`.
        """
        _demand_admin(caller)
        for _ in range(TRIES):
            before = self.people.get(email)
            if before is None or role not in before.value.roles:
                raise NotFound(NOBODY)
            if role is PersonRole.GUARDIAN and self.people.page(PersonFilter(guardian_email=email), 1, None).items:
                raise NotInThisState("Students still have this guardian; give them another one first.")
            roles = tuple(each for each in before.value.roles if each is not role)
            left = replace(before.value, roles=roles, rev=before.value.rev + 1)
            is_over = not roles and left.access is None and left.signed_out_at is None
            if self.people.delete(email, before) if is_over else self.people.save([(before, left)]):
                return
        raise Stale(CHANGED)

    def sign_out(self, person_id: str, caller: Caller) -> Person:
        """Refuse every token of a person that was issued until now. Raises `NotFound`, `Forbidden`, `Stale`, `Unavailable`."""
        _demand_admin(caller)
        now = self.clock()
        for _ in range(TRIES):
            before = self.people.by_id(person_id)
            if before is None:
                raise NotFound(NOBODY)
            after = replace(before.value, signed_out_at=now, rev=before.value.rev + 1)
            if self.people.save([(before, after)]):
                return after
        raise Stale(CHANGED)

    def _guardian(self, email: str) -> Changes:
        before = self.people.get(email)
        person = before.value if before else Person(email, (), entered_at=self.clock())
        return changes_of(before, entered(person, PersonRole.GUARDIAN, {}))


def entered(person: Person, role: PersonRole, given: Mapping[str, Any]) -> Person:
    """The person with a role and what is given of them."""
    told = dict(given)
    if told.get("access") is not None:
        told["access"] = Access(told["access"])
    roles = tuple(each for each in PersonRole if each is role or each in person.roles)
    return replace(person, roles=roles, **told)


def _demand_admin(caller: Caller) -> None:
    if not caller.is_admin:
        raise Forbidden("Only administrators change the directory.")
