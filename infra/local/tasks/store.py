"""The queue's file: waiting tasks, and the names of finished ones for as long as they may not be used again."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NAME_BLOCKED = timedelta(hours=1)
"""How long the name of a task that is done or deleted cannot be used again."""

_TABLES = """
CREATE TABLE IF NOT EXISTS task (
    name TEXT PRIMARY KEY, queue TEXT NOT NULL, due REAL NOT NULL, body TEXT NOT NULL,
    attempts INTEGER NOT NULL, answered INTEGER NOT NULL, previous INTEGER, finished REAL
);
CREATE INDEX IF NOT EXISTS task_due ON task (finished, due);
CREATE TABLE IF NOT EXISTS origin (name TEXT PRIMARY KEY, url TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class QueuedTask:
    """A waiting task. `body` is its Task resource as JSON; `answered` counts attempts that got an answer under 500.

    `due_at` is when it may next be delivered; `previous` is the status code of the last answer, if there was one.
    """

    name: str
    due_at: datetime
    body: Mapping[str, Any]
    attempts: int = 0
    answered: int = 0
    previous: int | None = None

    @property
    def queue(self) -> str:
        """The full name of the queue."""
        return self.name.rpartition("/tasks/")[0]


class TaskStore:
    """Tasks in one SQLite file; what a method stored survives the death of the process. For one thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add(self, task: QueuedTask, now: datetime) -> bool:
        """Store a new task; False when its name is in use or was, not long ago."""
        self._db.execute("DELETE FROM task WHERE finished < ?", ((now - NAME_BLOCKED).timestamp(),))
        added = self._db.execute(
            "INSERT OR IGNORE INTO task VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            (task.name, task.queue, *_row(task)),
        )
        return added.rowcount == 1

    def get(self, name: str) -> QueuedTask | None:
        """A waiting task; None when there is none of this name."""
        found = self._db.execute("SELECT * FROM task WHERE name = ? AND finished IS NULL", (name,)).fetchone()
        return _task(found) if found else None

    def page(self, queue: str, after: str, limit: int) -> list[QueuedTask]:
        """Waiting tasks of a queue whose names come after `after`, by name."""
        rows = self._db.execute(
            "SELECT * FROM task WHERE queue = ? AND name > ? AND finished IS NULL ORDER BY name LIMIT ?",
            (queue, after, limit),
        )
        return [_task(row) for row in rows]

    def due(self, now: datetime, limit: int, held_back: Collection[str] = ()) -> list[QueuedTask]:
        """Tasks that may be delivered by `now`, the longest due first, but those of the queues that are held back."""
        rows = self._db.execute(
            "SELECT * FROM task WHERE finished IS NULL AND due <= ? "
            "AND queue NOT IN (SELECT value FROM json_each(?)) ORDER BY due LIMIT ?",
            (now.timestamp(), json.dumps(sorted(held_back)), limit),
        )
        return [_task(row) for row in rows]

    def next_due(self, now: datetime) -> datetime | None:
        """When the first task that is not due at `now` becomes so."""
        found = self._db.execute("SELECT MIN(due) FROM task WHERE finished IS NULL AND due > ?", (now.timestamp(),)).fetchone()
        return datetime.fromtimestamp(found[0], UTC) if found[0] is not None else None

    def reschedule(self, task: QueuedTask) -> None:
        """Store what an attempt changed; a task that was deleted meanwhile stays deleted."""
        self._db.execute(
            "UPDATE task SET due = ?, body = ?, attempts = ?, answered = ?, previous = ? WHERE name = ? AND finished IS NULL",
            (*_row(task), task.name),
        )

    def finish(self, name: str, now: datetime) -> bool:
        """Take a task out of the queue; its name stays blocked. False when it was not in it."""
        done = self._db.execute("UPDATE task SET finished = ? WHERE name = ? AND finished IS NULL", (now.timestamp(), name))
        return done.rowcount == 1

    def move_origins(self, origins: Mapping[str, str]) -> None:
        """Point waiting tasks at where the functions are now: inner ports change from run to run."""
        before = dict(self._db.execute("SELECT name, url FROM origin").fetchall())
        moved = {before[name]: url for name, url in origins.items() if before.get(name, url) != url}
        for name, text in self._db.execute("SELECT name, body FROM task WHERE finished IS NULL").fetchall():
            self._db.execute("UPDATE task SET body = ? WHERE name = ?", (json.dumps(_moved(json.loads(text), moved)), name))
        self._db.executemany("INSERT OR REPLACE INTO origin VALUES (?, ?)", origins.items())


def _moved(body: dict[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    request = body["httpRequest"]
    request["url"] = _at_new_origin(request["url"], moved)
    if "audience" in request.get("oidcToken", {}):
        request["oidcToken"]["audience"] = _at_new_origin(request["oidcToken"]["audience"], moved)
    return body


def _at_new_origin(url: str, moved: Mapping[str, str]) -> str:
    for before, after in moved.items():
        if url == before or url.startswith(before + "/"):
            return after + url.removeprefix(before)
    return url


def _row(task: QueuedTask) -> tuple[float, str, int, int, int | None]:
    return (task.due_at.timestamp(), json.dumps(task.body), task.attempts, task.answered, task.previous)


def _task(row: tuple[Any, ...]) -> QueuedTask:
    name, _, due, body, attempts, answered, previous, _ = row
    return QueuedTask(name, datetime.fromtimestamp(due, UTC), json.loads(body), attempts, answered, previous)
