"""What the store knows of people, gathered for the fold, and whom it must not know any more."""

from collections.abc import Callable

from google.cloud import firestore

from shared.adapters.firestore.forgotten import FirestoreForgotten
from shared.adapters.firestore.identities import FirestoreIdentities
from shared.adapters.firestore.people import FirestorePeople
from shared.adapters.firestore.policies import FirestorePolicies
from shared.adapters.firestore.rulings import FirestoreRulings
from shared.ports import Clock, NewId, Sleep
from shared.usecases.know_people import KnowPeople
from shared.usecases.pseudonymise import Pseudonymise


def knowledge(client: firestore.Client, sleep: Sleep, monotonic: Callable[[], float]) -> KnowPeople:
    """The story that gathers it, over this client."""
    return KnowPeople(
        FirestorePeople(client, sleep),
        FirestoreIdentities(client, sleep),
        FirestorePolicies(client, sleep, monotonic),
        FirestoreRulings(client, sleep),
    )


def disguise(client: firestore.Client, clock: Clock, new_id: NewId) -> Pseudonymise:
    """The story that puts pseudonyms in place of people who were erased, over this client."""
    return Pseudonymise(FirestoreForgotten(client, clock, new_id))
