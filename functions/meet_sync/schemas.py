"""The wire forms of the tasks that read a meeting."""

from shared.web.fields import Answer, Asked, Id, Instant


class SyncTask(Asked):
    """A task's hint: read this class's meeting."""

    class_id: Id


class SyncTaskBody(Answer):
    """How the reading went."""

    class_id: str
    status: str
    message: str


class LookBody(Answer):
    """What a look found: the feed, whether the meeting was read, and when it is looked into next."""

    class_id: str
    feed: str
    is_read: bool
    next_at: Instant | None


class StaffCheckBody(Answer):
    """Whether anybody who teaches has come; `moot` where there was nothing to check, or not yet."""

    class_id: str
    found: str
