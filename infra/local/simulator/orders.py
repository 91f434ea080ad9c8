"""What the control path takes: the bodies of its requests."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from infra.local.simulator import instants
from infra.local.simulator.publishing import LATE_MS, Mode, PushSettings
from infra.local.simulator.rooms import Kind, code_in


def _instant(told: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(told, str):
        raise ValueError("give an RFC 3339 time with an offset, such as 2026-09-15T15:30:00Z")
    return instants.parsed(told)


def _email(told: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(told, str) or "@" not in told.strip("@") or " " in told:
        raise ValueError("give an e-mail address")
    return told.lower()


def _code(told: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    code = code_in(told) if isinstance(told, str) else None
    if code is None:
        raise ValueError("give a meeting code, such as abc-mnop-xyz")
    return code


At = Annotated[int, BeforeValidator(_instant)]
Email = Annotated[str, BeforeValidator(_email)]
Reason = Literal[
    "USER_SCOPE_REVOKED",
    "APP_SCOPE_REVOKED",
    "RESOURCE_DELETED",
    "USER_AUTHORIZATION_FAILURE",
    "APP_AUTHORIZATION_FAILURE",
    "ENDPOINT_PERMISSION_DENIED",
    "ENDPOINT_NOT_FOUND",
    "ENDPOINT_RESOURCE_EXHAUSTED",
    "OTHER",
]
Domain = Annotated[str, Field(pattern=r"^[^@\s]+\.[^@\s]+$")]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OpenRoom(_Order):
    """Make a room that no event stands behind."""

    owner_email: Email
    meet_code: Annotated[str, BeforeValidator(_code)] | None = None


class SignIn(_Order):
    """Somebody signs in with their Google account, to the web application `audience`."""

    email: Email
    display_name: str | None = None
    audience: str | None = None


class CourseStudent(_Order):
    """Somebody who takes a course; with `hides_email` Classroom does not tell the address."""

    email: Email
    display_name: Annotated[str, Field(min_length=1)] | None = None
    hides_email: bool = False


class SetCourse(_Order):
    """A course of Classroom with everybody in it; the first teacher owns it."""

    name: Annotated[str, Field(min_length=1, max_length=750)]
    teachers: Annotated[list[Email], Field(min_length=1)]
    students: list[CourseStudent] = []
    state: Literal["ACTIVE", "ARCHIVED", "PROVISIONED", "DECLINED", "SUSPENDED"] = "ACTIVE"

    @model_validator(mode="after")
    def _holds_everybody_once(self) -> "SetCourse":
        everybody = [*self.teachers, *(student.email for student in self.students)]
        twice = [email for at, email in enumerate(everybody) if email in everybody[:at]]
        if twice:
            raise ValueError(f"students: {twice[0]} is in the course twice; name everybody once, as teacher or as student")
        return self


class Join(_Order):
    """Somebody joins. `person` tells apart people who are not signed in; `at` is now where it is not given."""

    kind: Kind = "signed_in"
    email: Email | None = None
    display_name: Annotated[str, Field(min_length=1)] | None = None
    person: str | None = None
    device: str | None = None
    at: At | None = None

    @model_validator(mode="after")
    def _is_somebody(self) -> "Join":
        if self.kind == "signed_in" and self.email is None:
            raise ValueError("email: somebody who is signed in has an address; say who joins")
        if self.kind != "signed_in" and self.display_name is None:
            raise ValueError("display_name: somebody who is not signed in is known by a name only; give one")
        return self


class Leave(_Order):
    """A device leaves."""

    device_session_id: str
    at: At | None = None


class End(_Order):
    """The meeting ends for everybody."""

    at: At | None = None


class FailNext(_Order):
    """Calls that are to fail. With `after` they are carried out, and only their answers are lost."""

    api: Literal["calendar", "meet", "people", "directory", "workspaceevents", "reports", "classroom"]
    status: Annotated[int, Field(ge=400, le=599)]
    method: str | None = None
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    reason: str | None = None
    after: bool = False


class Push(_Order):
    """How Workspace Events are to be published; what is not named is as at the beginning."""

    mode: Mode
    late_ms: Annotated[int, Field(ge=0, le=3_600_000)] = LATE_MS
    structured: bool = False
    seed: int | None = None

    def settings(self) -> PushSettings:
        """The settings."""
        return PushSettings(self.mode, self.late_ms, self.structured, self.seed)


class OfSubscriptions(_Order):
    """Which subscriptions to Workspace Events something is to happen to: the one of a name, or all of somebody's."""

    name: str | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _is_some(self) -> "OfSubscriptions":
        if self.name is None and self.email is None:
            raise ValueError("name: say which subscription, by its name or by the email of who made it")
        return self


class Suspend(OfSubscriptions):
    """Suspend subscriptions, for one of Google's reasons."""

    reason: Reason = "USER_SCOPE_REVOKED"


class Turn(_Order):
    """Settings to change; what is not named stays."""

    latency_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    meet_quota_per_minute: Annotated[int, Field(ge=1)] | None = None
    conference_pending_polls: Annotated[int, Field(ge=0)] = 0
    conference_outcome: Literal["success", "failure"] = "success"
    domains: list[Domain] = []
    admins: list[Email] = []
    operation_pending_polls: Annotated[int, Field(ge=0)] = 0
    reports_lag_s: Annotated[int, Field(ge=0)] = 0

    def changes(self) -> dict[str, Any]:
        """The settings that are named."""
        named = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: frozenset(value) if isinstance(value, list) else value for name, value in named.items()}
