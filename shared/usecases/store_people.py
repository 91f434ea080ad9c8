"""Storing many people in batches: whoever changed one meanwhile is not overwritten, and a run that was cut off is repeated."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from shared.domain.directory import Person
from shared.domain.errors import Stale
from shared.people_ports import People
from shared.ports import Versioned

BATCH, TRIES = 400, 2

Change = Callable[[str, Person | None], Person | None]
"""The person of an address as they shall be, from how they are; None where nobody shall be stored."""

Changes = list[tuple[Versioned[Person] | None, Person]]


def store_people(people: People, emails: Sequence[str], change: Change) -> None:
    """Store the people of these addresses as `change` wants them; who is so already is not written. Raises `Stale`."""
    for first in range(0, len(emails), BATCH):
        _store_some(people, emails[first : first + BATCH], change)


def _store_some(people: People, emails: Sequence[str], change: Change) -> None:
    for _ in range(TRIES):
        changes = _changes(people, emails, change)
        if changes is not None and (not changes or people.save(changes)):
            return
    raise Stale("The directory was being changed at the same time; repeat the import, which goes on where it was.")


def _changes(people: People, emails: Sequence[str], change: Change) -> Changes | None:
    """What is to be written; None where somebody changed one of them between two looks."""
    known = people.get_many(emails)
    changes: Changes = []
    for email in emails:
        before = known.get(email)
        after = change(email, before)
        if after is None or after == before:
            continue
        read = people.get(email) if before is not None else None
        if (read.value if read else None) != before:
            return None
        changes += changes_of(read, after)
    return changes


def changes_of(before: Versioned[Person] | None, after: Person) -> Changes:
    """What is to be stored of one person: nothing where nothing changes."""
    if before is None:
        return [(None, after)]
    if before.value == after:
        return []
    return [(before, replace(after, rev=before.value.rev + 1))]
