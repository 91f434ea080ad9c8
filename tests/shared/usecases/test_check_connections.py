"""Refusals are noted where they happen and asked again until somebody has mended them."""

from datetime import timedelta

from shared.domain.errors import NotFound, Unavailable, UpstreamRefused
from shared.usecases.check_connections import CheckConnections
from shared.usecases.note_refusals import NoteRefusals
from tests.builders import at
from tests.fake_feeds import MemoryConnections
from tests.fakes import Clock

ADA = "ada@school.example"
REFUSAL = UpstreamRefused("Insufficient permissions", "Grant the scope.")


class Google:
    """A service that answers as it is told, and what it was asked."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.asked: list[tuple[str, str]] = []

    def __call__(self, service: str, subject: str) -> None:
        self.asked.append((service, subject))
        if self.trouble:
            raise self.trouble


def ready() -> tuple[MemoryConnections, Google, Clock, CheckConnections]:
    """A refusal that stands since noon, asked again ten minutes later."""
    connections, google, clock = MemoryConnections(), Google(), Clock(at(0))
    NoteRefusals(connections, clock)("Meet", ADA, REFUSAL)
    clock.passes(timedelta(minutes=10))
    return connections, google, clock, CheckConnections(connections, google, clock)


def test_what_was_mended_is_forgotten() -> None:
    connections, google, _, check = ready()
    assert check() == {"connections_checked": 1, "connections_mended": 1}
    assert google.asked == [("Meet", ADA)]
    assert connections.troubles() == ()
    assert check() == {"connections_checked": 0, "connections_mended": 0}


def test_what_was_not_mended_stands_since_it_began_with_its_present_words() -> None:
    connections, google, _, check = ready()
    google.trouble = UpstreamRefused("Insufficient permissions", "Grant both scopes.")
    assert check()["connections_mended"] == 0
    (trouble,) = connections.troubles()
    assert (trouble.remedy, trouble.since, trouble.seen_at) == ("Grant both scopes.", at(0), at(10))


def test_a_service_that_is_away_proves_nothing() -> None:
    connections, google, _, check = ready()
    google.trouble = Unavailable("busy")
    check()
    (trouble,) = connections.troubles()
    assert trouble.seen_at == at(0)


def test_a_refusal_of_a_moment_ago_is_not_asked_again_at_once() -> None:
    _, google, clock, check = ready()
    clock.at = at(4)
    assert check()["connections_checked"] == 0
    assert google.asked == []


def test_that_something_works_again_is_noted_as_it_happens() -> None:
    connections, _, clock, _ = ready()
    NoteRefusals(connections, clock)("Meet", ADA, None)
    assert connections.troubles() == ()


def test_failing_to_note_a_refusal_harms_nobody() -> None:
    class Away(MemoryConnections):
        """A store that does not answer."""

        def refused(self, service: str, subject: str, title: str, remedy: str, at: object) -> None:
            raise NotFound(f"{service} {subject} {title} {remedy} {at}")

    NoteRefusals(Away(), Clock(at(0)))("Meet", ADA, REFUSAL)
