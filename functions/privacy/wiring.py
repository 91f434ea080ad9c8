"""The composition of `privacy`: Firestore alone."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.people_ports import AccessLog
from shared.ports import Clock
from shared.usecases.admit_caller import Gate
from shared.usecases.erase_person import ErasePerson
from shared.usecases.export_person import ExportPerson
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence


@dataclass(frozen=True)
class Privacy:
    """What the doors use."""

    access: AccessLog
    export: ExportPerson
    erase: ErasePerson
    clock: Clock
    gate: Gate | None = None


@cache
def wire() -> Privacy:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.access_log import FirestoreAccessLog
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.forgotten import FirestoreErasures, FirestoreForgotten
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.knowledge import knowledge
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.personal_data import FirestorePersonalData
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect

    client = connect(settings().project)
    classes, evidence = FirestoreClasses(client, system.sleep), FirestoreEvidence(client, system.sleep)
    sessions, people = FirestoreSessions(client, system.sleep), FirestorePeople(client, system.sleep)
    know = knowledge(client, system.sleep, system.monotonic)
    fold = FoldEvidence(sessions, evidence, ClassesInRoom(classes, system.now), system.sleep, know)
    data = FirestorePersonalData(client, system.sleep)
    erase = ErasePerson(
        classes,
        people,
        FirestoreForgotten(client, system.now, system.new_id),
        FirestoreErasures(client, system.sleep),
        data,
        fold,
        system.now,
        system.new_id,
        settings().sync_delays,
    )
    return Privacy(
        FirestoreAccessLog(client, system.sleep),
        ExportPerson(people, data),
        erase,
        system.now,
        gate_for(client, settings(), system),
    )
