"""Connections of one SQLite file: a statement runs where it is asked; what waits for the disk or takes long runs in the connection's own thread.

A statement of ours takes some 20 µs, a trip to a thread and back through a busy interpreter a hundred times that. So a short one runs in the
event loop; a SELECT that turns out long is broken off and asked again in a thread. Connection and thread are aiosqlite's.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from core.records.tables import json_text
from core.records.transactions import Result, Statement, Values

T = TypeVar("T")
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")
PATIENCE = 30_000
"""Milliseconds to wait for another process that writes."""
STEPS = 20_000
"""Steps of SQLite's machine, well under a millisecond, after which a SELECT counts as long."""


class Source:
    """Opens connections of one file; SQLAlchemy's engine beside it compiles for all of them."""

    def __init__(self, url: sa.URL) -> None:
        self._file = url.database or ":memory:"
        self._opened: sqlite3.Connection | None = None
        self._engine = sa.create_engine(
            "sqlite://", creator=lambda: self._opened, poolclass=NullPool, json_serializer=json_text
        )

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
        _turn_to_wal(connection)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    async def seat(self) -> "Seat":
        """A new connection; sqlite3's errors come as SQLAlchemy's OperationalError."""
        opened: list[sqlite3.Connection] = []

        def connector() -> sqlite3.Connection:
            opened.append(self._open())
            return opened[0]

        driver = aiosqlite.Connection(connector, iter_chunk_size=64)
        driver._thread.daemon = True  # one that hangs in SQLite must not keep the process
        try:
            await driver
        except sqlite3.Error as error:
            raise sa.exc.OperationalError("connect", None, error) from error
        self._opened = opened[0]  # taken by the engine in this very step: others open theirs meanwhile
        return Seat(driver, self._engine.connect())


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """In the connection's own thread. Of two that turn a new file at once SQLite refuses one without waiting, whatever its busy_timeout."""
    for wait in (0.01, 0.05, 0.2, 0.5, 1.0, 2.0, 4.0):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not _is(error, sqlite3.SQLITE_BUSY):
                raise
        time.sleep(wait)
    connection.execute("PRAGMA journal_mode=WAL")


class Seat:
    """One connection and how to work on it, for one transaction at a time."""

    def __init__(self, driver: aiosqlite.Connection, connection: sa.Connection) -> None:
        self._driver = driver
        self._connection = connection
        self._raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        self._hurried = False
        self._raw.set_progress_handler(lambda: self._hurried, STEPS)

    async def run(self, statement: Statement, values: Values, take: Callable[[Result], T]) -> T:
        """Run a statement (see `transactions.Run`). Only a SELECT may be broken off: a change broken off would undo its whole transaction."""

        def work() -> T:
            return take(self._connection.execute(statement, values))

        if not statement.is_select:
            return work()
        self._hurried = True
        try:
            return work()
        except sa.exc.OperationalError as error:
            if not _is(error.orig, sqlite3.SQLITE_INTERRUPT):
                raise
        finally:
            self._hurried = False
        return await self.threaded(work, self._raw.interrupt)

    def say(self, words: str) -> None:
        """BEGIN, COMMIT and the like, here and now."""
        try:
            self._raw.execute(words)
        except sqlite3.Error as error:
            raise sa.exc.OperationalError(words, None, error) from error

    def begin_now(self) -> bool:
        """BEGIN IMMEDIATE without waiting; False when another process is writing."""
        self._raw.execute("PRAGMA busy_timeout=0")
        try:
            self.say("BEGIN IMMEDIATE")
        except sa.exc.OperationalError as error:
            if not _is(error.orig, sqlite3.SQLITE_BUSY):
                raise
            return False
        finally:
            self._raw.execute(f"PRAGMA busy_timeout={PATIENCE}")
        return True

    async def threaded(self, work: Callable[[], T], on_cancel: Callable[[], None] | None = None) -> T:
        """Do it in the connection's thread; a cancel waits for its end, since the connection is in use until then."""
        doing: asyncio.Future[T] = asyncio.ensure_future(self._driver._execute(work))  # type: ignore[no-untyped-call]
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            if on_cancel is not None:
                on_cancel()
            while not doing.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({doing})
            raise

    def roll_back(self) -> None:
        """Leave the transaction, if there is one still."""
        if self._raw.in_transaction:
            self.say("ROLLBACK")

    @property
    def undone(self) -> bool:
        """Whether SQLite has left the transaction by itself, as it does when the disk is full."""
        return not self._raw.in_transaction

    async def close(self) -> None:
        """Close the connection and end its thread."""
        await self.threaded(self._connection.close)
        await self._driver.close()


def _is(error: BaseException | None, code: int) -> bool:
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == code
