"""Refusals: what the rules and the stories say no to, each with words for the caller.

`detail` says what is wrong and what to do about it. Status codes are the web's business (shared/web/problems.py).
"""


class DomainError(Exception):
    """A refusal with a message meant for the caller."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFound(DomainError):
    """What was asked for is absent, or not the caller's to know about."""


class InvalidInput(DomainError):
    """One field holds something that no class can have."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


class Forbidden(DomainError):
    """The caller is known and may not do this."""


class NotInThisState(DomainError):
    """The class is past the point where this makes sense."""


class AlreadyBooked(DomainError):
    """Somebody of this class is in another class at that time."""

    def __init__(self, detail: str, class_ids: tuple[str, ...]) -> None:
        super().__init__(detail)
        self.class_ids = class_ids


class KeyReused(DomainError):
    """An Idempotency-Key came again with another request."""


class Stale(DomainError):
    """Somebody else wrote first, again and again; nothing was changed."""


class Unavailable(DomainError):
    """A system that we need does not answer right now; asking again later helps."""


class UpstreamRefused(DomainError):
    """Google or Zoom said no, and asking again will not help until a person changes something.

    `title` is the short name of the trouble that the guides use, `detail` its remedy.
    """

    def __init__(self, title: str, detail: str) -> None:
        super().__init__(detail)
        self.title = title
