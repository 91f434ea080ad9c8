"""The composition of `register`: Firestore alone."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.people_ports import AccessLog
from shared.ports import Clock
from shared.usecases.admit_caller import Gate
from shared.usecases.preview_policy import PreviewPolicy
from shared.usecases.set_policy import SetPolicy, ShowPolicy
from shared.usecases.show_warnings import ShowWarnings
from shared.usecases.total_attendance import TotalAttendance


@dataclass(frozen=True)
class Register:
    """What the doors use."""

    show: ShowPolicy
    set: SetPolicy
    preview: PreviewPolicy
    total: TotalAttendance
    warnings: ShowWarnings
    access: AccessLog
    clock: Clock
    gate: Gate | None = None


@cache
def wire() -> Register:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.access_log import FirestoreAccessLog
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.policies import FirestorePolicies
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.firestore.warnings import FirestoreWarnings

    client, sleep, now = connect(settings().project), system.sleep, system.now
    classes, sessions, people = FirestoreClasses(client, sleep), FirestoreSessions(client, sleep), FirestorePeople(client, sleep)
    policies = FirestorePolicies(client, sleep, system.monotonic)
    return Register(
        ShowPolicy(policies, now),
        SetPolicy(policies, now),
        PreviewPolicy(classes, sessions, policies, now),
        TotalAttendance(classes, sessions, people, policies, now),
        ShowWarnings(FirestoreWarnings(client, sleep), people),
        FirestoreAccessLog(client, sleep),
        now,
        gate_for(client, settings(), system),
    )
