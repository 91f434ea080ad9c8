"""Keeping the forgotten forgotten: what comes in about them late is stored under their pseudonyms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shared.domain.evidence import Evidence
from shared.domain.subjects import Disguise, Subject
from shared.people_ports import NAMELESS, Forgotten


@dataclass(frozen=True, slots=True)
class Pseudonymise:
    """Put pseudonyms in place of forgotten people, before anything is recorded. Costs no read per event.

    A fact of somebody forgotten gets the id that it has as the pseudonym's, so one that was told before is still known.
    """

    forgotten: Forgotten

    def __call__(self, facts: Sequence[Evidence], identities: Mapping[str, str] | None = None) -> tuple[Evidence, ...]:
        """The facts to record; `identities` are the addresses behind refs, as a reading gives them."""
        addresses = identities or {}
        known = self.forgotten.pseudonym_of(sorted({ref for fact in facts for ref in (*_refs(fact, addresses), *_author(fact))}))
        return tuple(_disguised(fact, addresses, known) for fact in facts) if known else tuple(facts)

    def identities(self, addresses: Mapping[str, str]) -> dict[str, str]:
        """The addresses behind refs, without those of forgotten people."""
        wanted = {ref for pair in addresses.items() for ref in (pair[0], f"email:{pair[1]}")}
        known = self.forgotten.pseudonym_of(sorted(wanted))
        return {ref: email for ref, email in addresses.items() if ref not in known and f"email:{email}" not in known}


def _refs(fact: Evidence, addresses: Mapping[str, str]) -> tuple[str, ...]:
    """Everything by which the fact's participant may be known."""
    who = fact.participant
    emails = dict.fromkeys(email for email in (who.email, addresses.get(who.ref)) if email)
    return (who.ref, *(f"email:{email}" for email in emails))


def _author(fact: Evidence) -> tuple[str, ...]:
    return (f"email:{fact.author}",) if fact.author else ()


def _disguised(fact: Evidence, addresses: Mapping[str, str], known: Mapping[str, str]) -> Evidence:
    for author in _author(fact):
        if author in known:
            fact = Disguise(Subject(author.removeprefix("email:")), known[author]).fact(fact)
    who = fact.participant
    pseudonym = max((known[ref] for ref in _refs(fact, addresses) if ref in known), default=None)
    if pseudonym is None:
        return fact
    if pseudonym == NAMELESS:
        return replace(fact, participant=replace(who, display_name=None, device=None))
    names = frozenset({who.display_name} if who.display_name else ())
    subject = Subject(who.email or addresses.get(who.ref) or pseudonym, names, frozenset({who.ref}))
    return Disguise(subject, pseudonym).fact(fact)
