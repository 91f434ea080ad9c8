"""The gate over Firestore: every user-facing function's wiring asks for it here."""

from datetime import datetime
from typing import Protocol

from google.cloud import firestore

from shared.adapters.firestore.people import FirestorePeople
from shared.adapters.firestore.quotas import FirestoreQuotas
from shared.config import Settings
from shared.usecases.admit_caller import CurrentRoles, Gate
from shared.usecases.spend_quota import SpendQuota


class Machine(Protocol):
    """The part of `shared.system` that is used here."""

    def now(self) -> datetime:
        """The present instant."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""

    def sleep(self, seconds: float) -> None:
        """Wait about so long."""

    def new_id(self) -> str:
        """32 random hex digits."""


def gate_for(client: firestore.Client, settings: Settings, system: Machine) -> Gate:
    """The gate of one function's process: roles by the directory, rates by `quotas`."""
    people = FirestorePeople(client, system.sleep)
    quotas = FirestoreQuotas(client, system.sleep, system.new_id)
    return Gate(
        CurrentRoles(people, settings.admin_emails, system.monotonic),
        SpendQuota(quotas, system.now, system.monotonic),
        system.now,
        settings.rate_per_user,
        settings.rate_per_address,
        salt=settings.jwt_keys[-1][1] if settings.jwt_keys else "",
    )
