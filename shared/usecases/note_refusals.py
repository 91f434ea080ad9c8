"""Noting which services refuse us, as the adapters meet it."""

from dataclasses import dataclass

from shared.domain.errors import DomainError, UpstreamRefused
from shared.ports import Clock, Connections


@dataclass(frozen=True)
class NoteRefusals:
    """Told of a service's refusal of a subject, or with None that it works again. Failing to note it harms nobody else."""

    connections: Connections
    clock: Clock

    def __call__(self, service: str, subject: str, refusal: UpstreamRefused | None) -> None:
        """Note it."""
        try:
            if refusal is None:
                self.connections.works(service, subject)
            else:
                self.connections.refused(service, subject, refusal.title, refusal.detail, self.clock())
        except DomainError:
            return
