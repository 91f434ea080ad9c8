"""Plain batches of 500 updates, as the client library's guide writes them."""

from collections.abc import Mapping
from typing import Any

from google.cloud import firestore

SIZE = 500


def update_in_batches(client: firestore.Client, documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Update the documents, told by path, in one commit for each 500."""
    paths = list(documents)
    for first in range(0, len(paths), SIZE):
        batch = client.batch()
        for path in paths[first : first + SIZE]:
            batch.update(client.document(path), dict(documents[path]))
        batch.commit()
