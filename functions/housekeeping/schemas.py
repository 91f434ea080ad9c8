"""The wire forms of housekeeping."""

from pydantic import Field

from shared.web.fields import Answer, Asked, Email, Id


class ChannelTask(Asked):
    """A task's hint: see to this teacher's push channel."""

    teacher_email: Email


class ChannelBody(Answer):
    """The channel after it was seen to; `none` when the teacher has none."""

    state: str
    trouble: str | None = None


class DeliverTask(Asked):
    """A task's hint: try this message."""

    delivery_id: Id


class DeliveryBody(Answer):
    """The message after it was tried; `none` when there is no such message."""

    state: str
    attempts: int = 0
    trouble: str | None = None


class TellTask(Asked):
    """A task's hint: there is something to tell the outside. Everything that is due is seen to, whatever row it names."""

    row_id: Id


class ToldBody(Answer):
    """What was seen to, in counts."""

    counts: dict[str, int]


class HousekeepingBody(Answer):
    """What one run did, in counts, and what stood in its way."""

    counts: dict[str, int]
    troubles: list[str] = Field(default_factory=list)
