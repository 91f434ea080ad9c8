"""Talking to Firestore: bounded waiting, errors in our words, and writes that know whether it was them.

A reply that is lost after the commit looks like a failure: `create` meets its own document, a precondition meets its own
version. So whoever writes asks after any ambiguous error whether what is stored is what it meant to store.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.cloud import firestore

from shared.domain.errors import Unavailable

CALL_TIMEOUT = 5.0
STREAM_TIMEOUT = 300.0
MOST_WRITES = 400

AMBIGUOUS = (
    exceptions.AlreadyExists,
    exceptions.FailedPrecondition,
    exceptions.Aborted,
    exceptions.NotFound,
    exceptions.InvalidArgument,
)
_TRANSIENT = (exceptions.ServiceUnavailable, exceptions.InternalServerError, exceptions.TooManyRequests)

RETRY = Retry(predicate=if_exception_type(*_TRANSIENT), initial=0.1, maximum=1.0, timeout=8.0)
HOW: dict[str, Any] = {"retry": RETRY, "timeout": CALL_TIMEOUT}


@contextmanager
def reachable() -> Iterator[None]:
    """Turn what only time can mend into `Unavailable`."""
    try:
        yield
    except (exceptions.RetryError, exceptions.DeadlineExceeded, exceptions.Cancelled, *_TRANSIENT) as trouble:
        raise Unavailable("The database does not answer right now; try again in a moment.") from trouble


def connect(project: str) -> firestore.Client:
    """The client of this process; it connects at the first call."""
    return firestore.Client(project=project)
