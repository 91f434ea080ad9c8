"""Gathering what is known about a class's people, for the fold."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.domain.classes import ScheduledClass
from shared.domain.identities import Identity, IdentityKind, Told, plain_name
from shared.domain.known import Known
from shared.domain.people import people_of
from shared.domain.policies import policy_at
from shared.domain.sessions import Session
from shared.people_ports import Identities, People, Policies, Rulings

Know = Callable[[ScheduledClass, Session], Known]
_ACCOUNTS = ("google:", "zoom:")


@dataclass(frozen=True)
class KnowPeople:
    """The knowledge about one class as it is now: at most four reads, however many people there are.

    Asked for are the people of the roster and those whom the session saw, the accounts that no address is known of, and the
    names that people gave.
    """

    people: People
    identities: Identities
    policies: Policies
    rulings: Rulings

    def __call__(self, held: ScheduledClass, session: Session) -> Known:
        """See above; raises `Unavailable`."""
        keys = set(people_of(session, held).values())
        seen = {key.removeprefix("email:") for key in keys if key.startswith("email:")}
        directory = self.people.get_many(sorted(seen | set(held.people)))
        told = self.identities.get_many(self._asked_for(session))
        refs = [each for each in told if each.kind is IdentityKind.REF]
        return Known(
            policy=policy_at(self.policies.all(), held.start_at),
            names={email: person.full_name for email, person in directory.items() if person.full_name and email in held.people},
            staff=frozenset(email for email, person in directory.items() if person.is_teacher),
            ids={each.key: word.email for each in refs if (word := each.word) and word.told is not Told.CONFIRMED},
            confirmed={each.key: word.email for each in refs if (word := each.word) and word.told is Told.CONFIRMED},
            aliases={each.key: _emails(each) for each in told if each.kind is IdentityKind.NAME and _emails(each)},
            rulings=self.rulings.of_session(held.session_id),
        )

    def _asked_for(self, session: Session) -> list[tuple[IdentityKind, str]]:
        participants = [each.participant for each in session.heard.values()]
        refs = {who.ref for who in participants if who.ref.startswith(_ACCOUNTS)}
        names = {plain_name(who.display_name) for who in participants if who.display_name and who.email is None} - {""}
        return [(IdentityKind.REF, ref) for ref in sorted(refs)] + [(IdentityKind.NAME, name) for name in sorted(names)]


def _emails(each: Identity) -> tuple[str, ...]:
    return tuple(sorted(word.email for word in each.standing))


def nothing_known(held: ScheduledClass, session: Session) -> Known:
    """No knowledge beside what the session has already."""
    del held
    return session.known
