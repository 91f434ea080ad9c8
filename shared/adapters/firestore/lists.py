"""Lists in Firestore: pages after the last document of the page before, and streams that go on where they were cut off."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from google.api_core import exceptions
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.store import HOW, RETRY, STREAM_TIMEOUT, reachable
from shared.domain.errors import NotFound, Unavailable
from shared.domain.ids import is_id
from shared.ports import Page

RESUMES = 5
# As many values as one query takes for a field.
MOST_VALUES = 30
CUT_OFF = (exceptions.ServiceUnavailable, exceptions.DeadlineExceeded, exceptions.Aborted)
T = TypeVar("T")


def snapshot_of(collection: Any, document_id: str) -> Any:  # noqa: ANN401 - of the client library
    """The document of an id as it is now; None where there is none, or the id is none of ours. Raises `Unavailable`."""
    if not is_id(document_id):
        return None
    with reachable():
        snapshot = collection.document(document_id).get(**HOW)
    return snapshot if snapshot.exists else None


def page_of(
    collection: Any,  # noqa: ANN401 - of the client library
    query: Any,  # noqa: ANN401 - of the client library
    limit: int,
    token: str | None,
    decoded: Callable[[Any], T],
    is_own: Callable[[Any], bool] = bool,
) -> Page[T]:
    """One page of an ordered query. The token is the id of the page's last document, of those that are the caller's own.

    Raises `NotFound` for a token of something else, and `Unavailable`.
    """
    if token is not None:
        last = snapshot_of(collection, token)
        if last is None or not is_own(last):
            raise NotFound("No such page; start again without page_token.")
        query = query.start_after(last)
    with reachable():
        found = list(query.limit(limit + 1).stream(**HOW))
    return Page(tuple(decoded(each) for each in found[:limit]), found[limit - 1].id if len(found) > limit else None)


def streamed(query: Any, decoded: Callable[[Any], T]) -> Iterator[T]:  # noqa: ANN401 - of the client library
    """All of an ordered query; a stream that is cut off goes on after the last document that it gave.

    Raises `Unavailable` when it is cut off again and again.
    """
    last = None
    for _ in range(RESUMES):
        rest = query.start_after(last) if last is not None else query
        try:
            for snapshot in rest.stream(retry=RETRY, timeout=STREAM_TIMEOUT):
                last = snapshot
                yield decoded(snapshot)
        except CUT_OFF:
            continue
        return
    raise Unavailable("The database broke off the list again and again; ask for a shorter time.")


def of_parties(collection: Any, parties: Collection[str]) -> Iterator[Any]:  # noqa: ANN401 - of the client library
    """The documents of several parties, in no order: one query for each thirty of them. Raises `Unavailable`."""
    names = sorted(set(parties))
    for first in range(0, len(names), MOST_VALUES):
        query = collection.where(filter=FieldFilter("party", "in", names[first : first + MOST_VALUES]))
        with reachable():
            yield from query.stream(retry=RETRY, timeout=STREAM_TIMEOUT)
