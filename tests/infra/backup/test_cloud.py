"""What is said to Firestore's Admin API and to Cloud Storage, held against Google's own descriptions by a local server."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httplib2
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore_admin_v1 import FirestoreAdminClient
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

from infra.backup.cloud import Bucket, CloudStore
from infra.backup.digest import Collection, Digest
from infra.backup.forgetting import Forgotten
from infra.backup.shelf import Manifest, keep_list, kept_list, manifests
from infra.local.troubles import Trouble

BACKUP = "projects/demo/locations/eur3/backups/b1"
AT = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


def document(api: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(get_static_doc(api, "v1") or "{}")
    return told


FIRESTORE = document("firestore")
METHODS = {
    "exportDocuments": ("GoogleFirestoreAdminV1ExportDocumentsRequest", r"/v1/projects/[^/]+/databases/[^/]+:exportDocuments"),
    "importDocuments": ("GoogleFirestoreAdminV1ImportDocumentsRequest", r"/v1/projects/[^/]+/databases/[^/]+:importDocuments"),
    "restore": ("GoogleFirestoreAdminV1RestoreDatabaseRequest", r"/v1/projects/[^/]+/databases:restore"),
}
ANSWERS = {
    "exportDocuments": {"@type": "type.googleapis.com/google.firestore.admin.v1.ExportDocumentsResponse"},
    "importDocuments": {"@type": "type.googleapis.com/google.protobuf.Empty"},
    "restore": {"@type": "type.googleapis.com/google.firestore.admin.v1.Database", "name": "projects/demo/databases/new"},
}


class Google(ThreadingHTTPServer):
    """Both services on one port: it remembers what it was asked and holds it against the descriptions."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.objects: dict[str, str] = {}
        self.refuses: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Door(BaseHTTPRequestHandler):
    """One request."""

    server: Google

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        url = urlsplit(self.path)
        if url.path.startswith("/upload/storage/v1/b/school/o"):
            # one part tells about the object and the other one is the object
            boundary = re.search(r'boundary="?([^";]+)', self.headers["Content-Type"])
            parts = raw.split(f"--{boundary.group(1)}") if boundary else ["", "", "\n\n" + raw]
            name = parse_qs(url.query)["name"][0]
            self.server.objects[name] = re.split(r"\r?\n\r?\n", parts[2] if boundary else parts[-1], maxsplit=1)[1].strip()
            return self._say({"name": name})
        verb = url.path.rpartition(":")[2]
        schema, pattern = METHODS[verb]
        body = json.loads(raw)
        assert re.fullmatch(pattern, unquote(url.path)), url.path
        assert body.keys() <= FIRESTORE["schemas"][schema]["properties"].keys()
        self.server.asked.append((unquote(url.path), body))
        if self.server.refuses:
            return self._say({"error": {"code": 403, "message": self.server.refuses, "status": "PERMISSION_DENIED"}}, 403)
        return self._say({"name": "projects/demo/databases/x/operations/1", "done": True, "response": ANSWERS[verb]})

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/v1/projects/demo/locations/-/backups":
            times = {"snapshotTime": "2026-11-20T00:00:00Z", "expireTime": "2026-11-27T00:00:00Z"}
            return self._say({"backups": [{"name": BACKUP, "state": "READY", **times}]})
        path = unquote(url.path.removeprefix("/storage/v1/b/school/o").removeprefix("/"))
        if not path:
            return self._say({"items": [{"name": name} for name in self.server.objects]})
        if path not in self.server.objects:
            return self._say({"error": {"code": 404, "message": "No such object"}}, 404)
        return self._say(json.loads(self.server.objects[path]))

    def _say(self, body: object, status: int = 200) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def serving() -> Iterator[Google]:
    google = Google()
    thread = Thread(target=google.serve_forever, daemon=True)
    thread.start()
    try:
        yield google
    finally:
        google.shutdown()
        google.server_close()


@pytest.fixture
def google() -> Iterator[Google]:
    with serving() as served:
        yield served


@pytest.fixture
def store(google: Google) -> CloudStore:
    options = {"api_endpoint": google.url}
    return CloudStore(FirestoreAdminClient(transport="rest", credentials=AnonymousCredentials(), client_options=options))


@pytest.fixture
def bucket(google: Google) -> Bucket:
    told = document("storage") | {"rootUrl": google.url + "/", "baseUrl": google.url + "/storage/v1/"}
    return Bucket(build_from_document(told, http=httplib2.Http(timeout=10)), "school")


def test_an_export_is_of_one_instant(store: CloudStore, google: Google) -> None:
    store.export("demo", "gs://school/monday", AT)
    ((path, body),) = google.asked
    assert path == "/v1/projects/demo/databases/(default):exportDocuments"
    assert body == {"outputUriPrefix": "gs://school/monday", "snapshotTime": "2026-11-21T18:30:00Z"}


def test_an_import_names_where_the_documents_lie(store: CloudStore, google: Google) -> None:
    store.load("demo", "gs://school/monday")
    assert google.asked == [("/v1/projects/demo/databases/(default):importDocuments", {"inputUriPrefix": "gs://school/monday"})]


def test_a_scheduled_backup_becomes_a_new_database(store: CloudStore, google: Google) -> None:
    (found,) = store.scheduled("demo")
    assert (found.name, found.state, found.taken_at) == (BACKUP, "READY", datetime(2026, 11, 20, tzinfo=UTC))
    CloudStore(store.admin, "rehearsal").restore("demo", found.name)
    assert google.asked == [("/v1/projects/demo/databases:restore", {"databaseId": "rehearsal", "backup": BACKUP})]


def test_a_refusal_is_told_in_words(store: CloudStore, google: Google) -> None:
    google.refuses = "You lack datastore.databases.export."
    with pytest.raises(Trouble, match=r"refused to export.*lack datastore"):
        store.export("demo", "gs://school/monday")


def test_a_bucket_keeps_manifests_and_the_list_of_the_forgotten(bucket: Bucket) -> None:
    assert bucket.get("monday/manifest.json") is None
    assert manifests(bucket) == []
    made = Manifest("monday", "demo", AT, Digest({"people": Collection(2, "ab")}))
    bucket.put("monday/manifest.json", json.dumps(made.told()))
    assert manifests(bucket) == [made]
    keep_list(bucket, Forgotten(b"k", {"d1": ("erased-1", AT)}))
    keep_list(bucket, Forgotten(b"k", {"d2": ("erased-2", AT)}))
    assert kept_list(bucket) == Forgotten(b"k", {"d1": ("erased-1", AT), "d2": ("erased-2", AT)})
    assert bucket.place("monday") == "gs://school/monday"
