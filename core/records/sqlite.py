"""SQLite without waiting in line: statements run where they are asked, writers share commits, and only what takes long goes to a thread.

A statement of ours takes some 20 µs, a trip to a thread and back through a busy interpreter a hundred times that. So a short one runs in the
event loop; a SELECT that turns out long is broken off and asked again in a thread; locks and commits, which wait for others and for the
disk, are waited for in a thread. Connection and thread are aiosqlite's, one thread for each connection.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar, cast

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from core.records.transactions import Result, Statement, Values

log = logging.getLogger(__name__)
T = TypeVar("T")
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")
PATIENCE = 30_000
"""Milliseconds to wait for another process that writes."""
STEPS = 20_000
"""Steps of SQLite's machine, well under a millisecond, after which a SELECT counts as long."""
READERS = 8
TOGETHER = 0.02
"""Seconds after which a transaction of several writers takes no more of them."""
LINGER = 0.005
"""Seconds a transaction that nobody waits for stays open for company."""


class Source:
    """Opens connections of one file; SQLAlchemy's engine beside it compiles for all of them."""

    def __init__(self, url: sa.URL) -> None:
        self._file = url.database or ":memory:"
        self._opened: sqlite3.Connection | None = None
        self._engine = sa.create_engine("sqlite://", creator=lambda: self._opened, poolclass=NullPool)

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


class Readers:
    """A few connections that only look. Each transaction sees the database as it was at its first statement."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._free: list[Seat] = []
        self._room = asyncio.Semaphore(READERS)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Seat]:
        """A seat in a transaction."""
        async with self._room:
            seat = self._free.pop() if self._free else await self._source.seat()
            seat.say("BEGIN")
            try:
                yield seat
            finally:
                seat.roll_back()
                self._free.append(seat)

    async def close(self) -> None:
        """Close all of them."""
        while self._free:
            await self._free.pop().close()


class Group:
    """Writers whose changes are committed together; `done` ends for all of them at once. `awaited`: one of them waits for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.awaited = False
        self.until = loop.time() + TOGETHER
        self.done: asyncio.Future[None] = loop.create_future()
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())  # those cancelled do not ask


class Writer:
    """The one connection that writes. Who comes while others write or commit waits; what was written meanwhile shares one commit.

    Every writer has a savepoint: one that fails takes back its own changes and nobody else's. None returns before its changes are on disk, but
    the soft ones. Commits come in the order of the writing, so a soft change is never lost without all that was written after it.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seat: Seat | None = None
        self._group: Group | None = None
        self._busy = False
        """A writer is at work, or the connection waits for a lock or the disk."""
        self._waiting: list[asyncio.Future[None]] = []
        self._committing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self, soft: bool) -> AsyncIterator[tuple[Seat, asyncio.Future[None]]]:
        """A seat in a transaction and the future of its commit, which is waited for on leaving unless `soft`."""
        group, seat = await self._enter()
        try:
            seat.say("SAVEPOINT one")
            try:
                yield seat, group.done
            except BaseException:
                seat.say("ROLLBACK TO one")
                seat.say("RELEASE one")
                raise
            seat.say("RELEASE one")
        except sa.exc.OperationalError as error:
            self._broken(group, seat, error)
            raise
        finally:
            self._leave(group, soft)
        if not soft:
            await asyncio.shield(group.done)

    async def _enter(self) -> tuple[Group, Seat]:
        loop = asyncio.get_running_loop()
        while self._busy or (self._group is not None and loop.time() > self._group.until):
            turn = loop.create_future()
            self._waiting.append(turn)
            await turn
        self._busy = True
        try:
            if self._seat is None:
                self._seat = await self._source.seat()
            if self._group is None:
                await self._begin(self._seat)
                self._group = Group(loop)
        except BaseException:
            self._open()
            raise
        return self._group, self._seat

    async def _begin(self, seat: Seat) -> None:
        seat.roll_back()  # of a commit that failed so badly that it could not be taken back then
        if seat.begin_now():
            return
        try:
            await seat.threaded(lambda: seat.say("BEGIN IMMEDIATE"))
        except asyncio.CancelledError:
            seat.roll_back()
            raise

    def _leave(self, group: Group, soft: bool) -> None:
        self._open()
        group.awaited = group.awaited or not soft
        if self._group is group:
            asyncio.get_running_loop().call_later(0 if group.awaited else LINGER, self._close, group)

    def _open(self) -> None:
        """Let the next ones in: all who wait look again, in the order they came."""
        self._busy = False
        waiting, self._waiting = self._waiting, []
        for turn in waiting:
            if not turn.done():
                turn.set_result(None)

    def _close(self, group: Group) -> None:
        """Commit, unless somebody has begun to write meanwhile: then it comes when they leave."""
        if self._group is group and not self._busy:
            self._busy = True
            self._committing = asyncio.create_task(self._commit(group))

    async def _commit(self, group: Group) -> None:
        seat = cast("Seat", self._seat)
        self._group = None
        try:
            await seat.threaded(lambda: seat.say("COMMIT"))
        except sa.exc.OperationalError as error:
            log.warning("a commit failed: %s", error.orig)
            group.done.set_exception(error)  # whatever else goes wrong, nobody waits for it for ever
            seat.roll_back()
        except asyncio.CancelledError:
            group.done.cancel()
            raise
        else:
            group.done.set_result(None)
        finally:
            self._open()

    def _broken(self, group: Group, seat: Seat, error: sa.exc.OperationalError) -> None:
        """A full disk ends the transaction of all; nobody of the group may believe in a commit then."""
        if self._group is group and seat.undone:
            self._group = None
            group.done.set_exception(error)

    async def close(self) -> None:
        """Commit what is open, wait for it, then close."""
        if self._group is not None:
            self._close(self._group)
        if self._committing is not None:
            await asyncio.wait({self._committing})
        if self._seat is not None:
            await self._seat.close()
