"""The composition of `attendance`: Firestore, and the likeness of names."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.people_ports import AccessLog
from shared.ports import Clock
from shared.usecases.admit_caller import Gate
from shared.usecases.confirm_person import DecideCard
from shared.usecases.enriched_attendance import EnrichedAttendance
from shared.usecases.excuse import ExcuseInAdvance
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.review_queue import ShowReview
from shared.usecases.rule_attendance import RuleAttendance
from shared.usecases.session_rows import SessionRows


@dataclass(frozen=True)
class Tracking:
    """What the doors use."""

    of_meeting: EnrichedAttendance
    review: ShowReview
    decide: DecideCard
    rule: RuleAttendance
    excuse: ExcuseInAdvance
    access: AccessLog
    clock: Clock
    gate: Gate | None = None


@cache
def wire() -> Tracking:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.access_log import FirestoreAccessLog
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.identities import FirestoreIdentities
    from shared.adapters.firestore.knowledge import knowledge
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.review_queue import FirestoreReviewQueue
    from shared.adapters.firestore.rulings import FirestoreRulings
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.firestore.user_sessions import FirestoreUserSessions
    from shared.adapters.likeness import likeness

    client, sleep, now = connect(settings().project), system.sleep, system.now
    classes, sessions, people = FirestoreClasses(client, sleep), FirestoreSessions(client, sleep), FirestorePeople(client, sleep)
    know = knowledge(client, sleep, system.monotonic)
    fold = FoldEvidence(sessions, FirestoreEvidence(client, sleep), ClassesInRoom(classes, now), sleep, know)
    show, rulings, queue = SessionRows(classes, sessions, fold), FirestoreRulings(client, sleep), FirestoreReviewQueue(client)
    return Tracking(
        EnrichedAttendance(show, FirestoreUserSessions(client, sleep), people, now),
        ShowReview(queue, classes, sessions, likeness, now),
        DecideCard(show, queue, rulings, FirestoreIdentities(client, sleep), people, now),
        RuleAttendance(show, rulings, now),
        ExcuseInAdvance(show, rulings, now),
        FirestoreAccessLog(client, sleep),
        now,
        gate_for(client, settings(), system),
    )
