"""The simulator's own memory: one SQLite file of tasks, references and submits, so that tasks outlive the process."""

import asyncio
import secrets
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS task (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, req_key TEXT NOT NULL, prompt TEXT NOT NULL, seed INTEGER NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, scale REAL NOT NULL, count INTEGER NOT NULL,
    long_side INTEGER NOT NULL, at REAL NOT NULL, painting_at REAL NOT NULL, done_at REAL NOT NULL,
    outcome INTEGER NOT NULL, fate TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS task_open ON task (key, req_key, done_at);
CREATE TABLE IF NOT EXISTS reference (task TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS submit (
    at REAL NOT NULL, key TEXT NOT NULL, req_key TEXT NOT NULL, prompt TEXT NOT NULL, code INTEGER NOT NULL,
    task TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS trick (name TEXT PRIMARY KEY, at REAL NOT NULL);
"""
TRICK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Task:
    """One accepted submit. Times in seconds since 1970; `outcome` is the code its end tells, `fate` an odd end in
    words."""

    id: str
    key: str
    req_key: str
    prompt: str
    seed: int
    width: int
    height: int
    scale: float
    count: int
    long_side: int
    at: float
    painting_at: float
    done_at: float
    outcome: int = 10000
    fate: str = ""

    def status(self, now: float) -> str:
        """`in_queue`, `generating` or `done`."""
        return "in_queue" if now < self.painting_at else "generating" if now < self.done_at else "done"


class Store:
    """Opened by `open`, closed by `close`; every method runs its SQL in a thread, one at a time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self.secret = b""

    def open(self) -> None:
        """Open or create the file."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO note VALUES ('link secret', ?)", (secrets.token_hex(32),))
        self.secret = bytes.fromhex(self._db.execute("SELECT value FROM note WHERE name = 'link secret'").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    async def accept(self, task: Task, references: Sequence[bytes], limit: int) -> bool:
        """Keep a task, unless this key already has `limit` unfinished ones of the req_key: then False."""

        def work(db: sqlite3.Connection) -> bool:
            unfinished = db.execute(
                "SELECT count(*) FROM task WHERE key = ? AND req_key = ? AND done_at > ?",
                (task.key, task.req_key, task.at),
            ).fetchone()[0]
            if unfinished >= limit:
                return False
            fields = tuple(getattr(task, name) for name in Task.__slots__)
            db.execute(f"INSERT INTO task VALUES ({', '.join('?' * len(fields))})", fields)
            db.executemany(
                "INSERT INTO reference VALUES (?, ?, ?)",
                [(task.id, number, body) for number, body in enumerate(references)],
            )
            return True

        return await self._run(work)

    async def note_submit(self, at: float, key: str, req_key: str, prompt: str, code: int, task: str) -> None:
        """Remember that a signed submit came, and what it was told."""
        row = (at, key, req_key, prompt, code, task)
        await self._run(lambda db: db.execute("INSERT INTO submit VALUES (?, ?, ?, ?, ?, ?)", row))

    async def find(self, task: str) -> Task | None:
        """A task by id."""
        row = await self._run(lambda db: db.execute("SELECT * FROM task WHERE id = ?", (task,)).fetchone())
        return Task(*row) if row else None

    async def references(self, task: str) -> list[bytes]:
        """The reference files of a task, in order."""
        rows = await self._run(
            lambda db: db.execute("SELECT body FROM reference WHERE task = ? ORDER BY number", (task,)).fetchall()
        )
        return [row[0] for row in rows]

    async def trick(self, name: str, now: float) -> bool:
        """True the first time in a minute: trouble that passes."""

        def work(db: sqlite3.Connection) -> bool:
            played = db.execute("SELECT at FROM trick WHERE name = ?", (name,)).fetchone()
            if played and now - played[0] < TRICK_SECONDS:
                return False
            db.execute("INSERT OR REPLACE INTO trick VALUES (?, ?)", (name, now))
            return True

        return await self._run(work)

    async def finish_all(self, now: float) -> None:
        """Every unfinished task is done now."""
        await self._run(
            lambda db: db.execute("UPDATE task SET painting_at = ?, done_at = ? WHERE done_at > ?", (now, now, now))
        )

    async def forget(self, tasks: Sequence[str]) -> None:
        """These tasks are not found any more."""
        await self._run(lambda db: db.executemany("DELETE FROM task WHERE id = ?", [(task,) for task in tasks]))

    async def clear(self) -> None:
        """Forget everything but the link secret."""
        await self._run(
            lambda db: db.executescript(
                "DELETE FROM task; DELETE FROM reference; DELETE FROM submit; DELETE FROM trick;"
            )
        )

    async def told(self, now: float) -> dict[str, Any]:
        """Tasks with their state, submits and accepted submits counted by prompt, submits by code."""

        def work(db: sqlite3.Connection) -> dict[str, Any]:
            tasks = [Task(*row) for row in db.execute("SELECT * FROM task ORDER BY at, id")]
            count = "SELECT prompt, count(*) FROM submit {} GROUP BY prompt"
            return {
                "tasks": [
                    {
                        "id": task.id,
                        "key": task.key,
                        "req_key": task.req_key,
                        "prompt": task.prompt,
                        "seed": task.seed,
                        "size": [task.width, task.height],
                        "status": task.status(now),
                        "outcome": task.outcome,
                        "at": task.at,
                    }
                    for task in tasks
                ],
                "submits": dict(db.execute(count.format("")).fetchall()),
                "accepted": dict(db.execute(count.format("WHERE task != ''")).fetchall()),
                "codes": {
                    str(code): n for code, n in db.execute("SELECT code, count(*) FROM submit GROUP BY code").fetchall()
                },
            }

        return await self._run(work)

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.to_thread(self._locked, work)

    def _locked(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            if self._db is None:
                raise RuntimeError("the simulator's store is not open")
            return work(self._db)
