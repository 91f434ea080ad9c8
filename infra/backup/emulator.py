"""Exports of the local emulator, by its live calls. It imports into any project's default database."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

from infra.local.troubles import Trouble

NAME = "documents"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class EmulatorStore:
    """The databases of an emulator at `host`."""

    host: str

    def export(self, project: str, place: str, at: object = None) -> None:
        """Write all documents as they are now; raises `Trouble`. `at` is the cloud's, where a past instant can be exported."""
        del at
        Path(place).mkdir(parents=True, exist_ok=True)
        self._ask(project, "export", {"export_directory": place, "export_name": NAME})

    def load(self, project: str, place: str) -> None:
        """Put them into a database; raises `Trouble`."""
        metadata = Path(place) / NAME / f"{NAME}.overall_export_metadata"
        if not metadata.is_file():
            raise Trouble(f"{metadata} is missing: the backup was moved or is not whole.")
        self._ask(project, "import", {"export_directory": str(metadata)})

    def _ask(self, project: str, verb: str, body: dict[str, str]) -> None:
        url = f"http://{self.host}/emulator/v1/projects/{project}:{verb}"
        try:
            answer = httpx.post(url, json={"database": f"projects/{project}/databases/(default)", **body}, timeout=SECONDS)
        except httpx.HTTPError as failed:
            raise Trouble(f"The emulator at {self.host} did not answer to {verb}: {failed!r}.") from failed
        if answer.status_code != HTTPStatus.OK:
            raise Trouble(f"The emulator refused to {verb}: {answer.status_code} {answer.text[:300]}.")
