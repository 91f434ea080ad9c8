"""Claims: what a registration says as evidence. A click is not a presence; the fold gives it no seconds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.evidence import Evidence, Kind, Participant, Source
from shared.domain.user_sessions import UserSession
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.pseudonymise import Pseudonymise

Fold = Callable[[Evidence], None]


@dataclass(frozen=True)
class Claims:
    """Makes the claims of registrations, and folds them after they were stored; `fold` None leaves that to the tick."""

    disguise: Pseudonymise
    in_room: ClassesInRoom
    fold: Fold | None

    def of(self, registration: UserSession, kind: Kind, at: datetime) -> Evidence:
        """That the person says to come or to go; whom we forgot goes by a pseudonym. Raises `Unavailable`."""
        who = Participant(
            ref=f"email:{registration.email}", display_name=registration.participant_name, device=registration.device
        )
        fact = Evidence(
            room=registration.room,
            source=Source.APP_SESSION,
            connection=registration.session_id,
            kind=kind,
            at=at,
            participant=who,
            received_at=at,
            event_id=f"{registration.session_id}/{kind}",
        )
        (fact,) = self.disguise([fact])
        return fact

    def stored(self, fact: Evidence) -> Exception | None:
        """Fold a claim that is stored; answers with what went wrong, since no failure may undo what is durable."""
        try:
            if self.fold is not None and self.in_room(fact.room, fact.at):
                self.fold(fact)
        except Exception as trouble:  # noqa: BLE001 - the claim is stored and pending: the tick folds it
            return trouble
        return None
