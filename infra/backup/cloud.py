"""Exports and scheduled backups of a database in the cloud, by Firestore's Admin API, and a bucket as the shelf.

Made to the letter of the API's description and tried against a local server that holds every request against it; no real
project has seen it yet.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.api_core import exceptions
from google.cloud.firestore_admin_v1 import FirestoreAdminClient
from google.cloud.firestore_admin_v1.types import ExportDocumentsRequest, ImportDocumentsRequest, RestoreDatabaseRequest

from infra.local.troubles import Trouble

SECONDS = 3600.0
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class ScheduledBackup:
    """A backup that Firestore took by its own schedule."""

    name: str
    taken_at: datetime
    expires_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class CloudStore:
    """Databases in the cloud, whose names are `(default)` or others."""

    admin: FirestoreAdminClient
    database: str = "(default)"

    def export(self, project: str, place: str, at: datetime | None = None) -> None:
        """Export all documents, as of a whole minute of the last seven days where `at` is given; raises `Trouble`."""
        request = ExportDocumentsRequest(name=self._path(project), output_uri_prefix=place)
        if at is not None:
            request.snapshot_time = at
        self._wait(lambda: self.admin.export_documents(request=request), "export")

    def load(self, project: str, place: str) -> None:
        """Import an export; documents that are there already and not in it stay. Raises `Trouble`."""
        request = ImportDocumentsRequest(name=self._path(project), input_uri_prefix=place)
        self._wait(lambda: self.admin.import_documents(request=request), "import")

    def restore(self, project: str, backup: str) -> None:
        """Make the database, which must not be there yet, from a scheduled backup; raises `Trouble`."""
        request = RestoreDatabaseRequest(parent=f"projects/{project}", database_id=self.database, backup=backup)
        self._wait(lambda: self.admin.restore_database(request=request), "restore")

    def scheduled(self, project: str) -> list[ScheduledBackup]:
        """What Firestore took by itself, the oldest first; raises `Trouble`."""
        try:
            answer = self.admin.list_backups(parent=f"projects/{project}/locations/-")
        except exceptions.GoogleAPICallError as refused:
            raise Trouble(f"Firestore refused to list its backups: {refused.message}") from refused
        found = [ScheduledBackup(each.name, each.snapshot_time, each.expire_time, each.state.name) for each in answer.backups]
        return sorted(found, key=lambda each: each.taken_at)

    def _path(self, project: str) -> str:
        return f"projects/{project}/databases/{self.database}"

    def _wait(self, start: Any, verb: str) -> None:  # noqa: ANN401 - a call of the client
        try:
            start().result(timeout=SECONDS)
        except exceptions.GoogleAPICallError as refused:
            raise Trouble(f"Firestore refused to {verb}: {refused.message}") from refused


@dataclass(frozen=True, slots=True)
class Bucket:
    """A shelf in Cloud Storage; `storage` is the service of Google's API client."""

    storage: Any
    bucket: str

    def put(self, path: str, text: str) -> None:
        """See `Shelf`."""
        from googleapiclient.http import MediaIoBaseUpload

        media = MediaIoBaseUpload(io.BytesIO(text.encode()), mimetype="application/json")
        self.storage.objects().insert(bucket=self.bucket, name=path, media_body=media).execute(num_retries=3)

    def get(self, path: str) -> str | None:
        """See `Shelf`."""
        from googleapiclient.errors import HttpError

        try:
            found: bytes = self.storage.objects().get_media(bucket=self.bucket, object=path).execute(num_retries=3)
        except HttpError as refused:
            if refused.resp.status == NOT_FOUND:
                return None
            raise Trouble(f"The bucket {self.bucket} refused {path}: {refused.reason}") from refused
        return found.decode()

    def paths(self) -> list[str]:
        """See `Shelf`; only texts lie at the top and one folder below it, documents lie deeper."""
        found: list[str] = []
        request = self.storage.objects().list(
            bucket=self.bucket, matchGlob="{*.json,*/*.json}", fields="items/name,nextPageToken"
        )
        while request is not None:
            answer = request.execute(num_retries=3)
            found += [each["name"] for each in answer.get("items", [])]
            request = self.storage.objects().list_next(request, answer)
        return sorted(found)

    def place(self, name: str) -> str:
        """See `Shelf`."""
        return f"gs://{self.bucket}/{name}"
