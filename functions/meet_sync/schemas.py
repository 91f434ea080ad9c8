"""The wire forms of the sync task."""

from shared.web.fields import Answer, Asked, Id


class SyncTask(Asked):
    """A task's hint: read this class's meeting."""

    class_id: Id


class SyncTaskBody(Answer):
    """How the reading went."""

    class_id: str
    status: str
    message: str
