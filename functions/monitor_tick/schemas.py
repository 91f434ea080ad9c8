"""The wire forms of the monitor."""

from shared.web.fields import Answer, Asked, Id


class ClassDue(Asked):
    """A task's hint: look at this class."""

    class_id: Id


class TickBody(Answer):
    """What one tick did, in counts."""

    opened: int
    closed: int
    planned: int
    calendar: int
    calendar_failed: int
    bound: int
    shelved: int
    erased: int
    left: int


class ClassDueBody(Answer):
    """The class's status after its task."""

    class_id: str
    status: str
