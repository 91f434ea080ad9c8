"""Telling of refusals that a person must mend, as the calls meet them."""

import contextlib
import threading
from collections.abc import Callable

from shared.adapters.zoom.troubles import NO_CREDENTIALS, needs_a_person
from shared.domain.errors import DomainError, UpstreamRefused

SERVICE = "zoom"

Notice = Callable[[str, str, UpstreamRefused | None], None]
"""Told of a service's refusal of a subject, or with None that it works again."""


_WORDS = frozenset({"users", "meetings", "registrants", "status", "past_meetings", "instances", "participants", "report"})


def right_for(method: str, path: str) -> str:
    """What a call needs a right for, as `GET report/meetings/participants`; each may be granted without the others."""
    return f"{method} {'/'.join(word for word in path.split('/') if word in _WORDS)}"


class Notices:
    """Tells of each refusal, and that it is mended once everything goes well again that this process saw refused."""

    def __init__(self, notice: Notice | None) -> None:
        self._notice = notice
        self._refused: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    def refused(self, subject: str, right: str, refusal: DomainError) -> None:
        """A call was refused; what passes by itself, or concerns one meeting only, is not told."""
        if not isinstance(refusal, UpstreamRefused) or not needs_a_person(refusal):
            return
        with self._lock:
            self._refused[subject, right] = refusal.title
        self._tell(subject, refusal)

    def went_well(self, subject: str, right: str) -> None:
        """A call went well: it has its right, and the credentials are good for whatever they were refused for."""
        with self._lock:
            own = {key: title for key, title in self._refused.items() if key[0] == subject}
            mended = [key for key, title in own.items() if key[1] == right or title == NO_CREDENTIALS]
            for key in mended:
                del self._refused[key]
            is_mended = bool(mended) and len(mended) == len(own)
        if is_mended:
            self._tell(subject, None)

    def _tell(self, subject: str, refusal: UpstreamRefused | None) -> None:
        """A notice that fails harms nobody: the call itself is done."""
        if self._notice is not None:
            with contextlib.suppress(Exception):
                self._notice(SERVICE, subject, refusal)
