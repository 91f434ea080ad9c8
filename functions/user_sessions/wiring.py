"""The composition of `user_sessions`: Firestore alone; a sign-in also reads the issuer's keys."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from shared import system
from shared.config import settings
from shared.domain.accounts import Caller
from shared.people_ports import AccessLog, People, UserSessions
from shared.ports import Clock
from shared.usecases.admit_caller import CurrentRoles, Gate
from shared.usecases.claims import Claims
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.fold_queue import FoldQueue
from shared.usecases.join_meeting import JoinMeeting
from shared.usecases.leave_meeting import EndMeeting, LeaveMeeting
from shared.usecases.sign_in import SignIn
from shared.usecases.watch_user_sessions import WatchUserSessions

if TYPE_CHECKING:
    from google.cloud import firestore

    from shared.web.oidc import IdToken


@dataclass(frozen=True)
class Registering:
    """What the doors use. `verify` reads an ID token of the issuer's, `mint` makes ours, good for `token_seconds`."""

    registrations: UserSessions
    join: JoinMeeting
    leave: LeaveMeeting
    end: EndMeeting
    watch: WatchUserSessions
    sign_in: SignIn
    verify: "Callable[[str], IdToken]"
    mint: Callable[[Caller], str]
    token_seconds: int
    access: AccessLog
    clock: Clock
    gate: Gate | None = None


@cache
def wire() -> Registering:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.access_log import FirestoreAccessLog
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.store import connect
    from shared.adapters.firestore.user_sessions import FirestoreUserSessions
    from shared.web.oidc import verified_id_token
    from shared.web.tokens import LIFETIME_SECONDS, mint

    known = settings()
    client = connect(known.project)
    registrations, people = FirestoreUserSessions(client, system.sleep), FirestorePeople(client, system.sleep)
    classes = FirestoreClasses(client, system.sleep)
    claims = _claims(client, ClassesInRoom(classes, system.now), is_inline=known.fold_inline)
    watch = WatchUserSessions(registrations, classes, people, FirestoreHeartbeat(client, "user_sessions"), system.now)
    return Registering(
        registrations,
        JoinMeeting(registrations, people, claims, system.now, system.new_id),
        LeaveMeeting(registrations, claims, system.now),
        EndMeeting(registrations, watch, claims, system.now),
        watch,
        _sign_in(client, people, known.admin_emails),
        lambda credential: verified_id_token(credential, known),
        lambda caller: mint(caller, known, system.now()),
        LIFETIME_SECONDS,
        FirestoreAccessLog(client, system.sleep),
        system.now,
        gate_for(client, known, system),
    )


def _claims(client: "firestore.Client", in_room: ClassesInRoom, *, is_inline: bool) -> Claims:
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.knowledge import disguise, knowledge
    from shared.adapters.firestore.sessions import FirestoreSessions

    evidence, sessions = FirestoreEvidence(client, system.sleep), FirestoreSessions(client, system.sleep)
    know = knowledge(client, system.sleep, system.monotonic)
    queue = FoldQueue(FoldEvidence(sessions, evidence, in_room, system.sleep, know))
    return Claims(disguise(client, system.now, system.new_id), in_room, queue.add if is_inline else None)


def _sign_in(client: "firestore.Client", people: People, admin_emails: tuple[str, ...]) -> SignIn:
    from shared.adapters.firestore.identities import FirestoreIdentities

    def role_of(caller: Caller) -> Caller:
        """By the directory as it is now: what the gate remembers may be a minute old."""
        return CurrentRoles(people, admin_emails, system.monotonic)(caller)

    return SignIn(people, FirestoreIdentities(client, system.sleep), admin_emails, role_of, system.now)
