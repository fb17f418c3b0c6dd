"""Opening the database: engines, the single SQLite writer, wake-ups between replicas, and the file lock of a running bot."""

import asyncio
import fcntl
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from core.errors import PaintbotError
from core.records.transactions import Tx
from core.records.trips import DRIVER

log = logging.getLogger(__name__)
CHANNEL = "paintbot"
Clock = Callable[[], datetime]


class AlreadyRunning(PaintbotError):
    """Another bot holds this SQLite file."""


class Waker:
    """Wakes once per change, however many there were; a timeout is the net for a lost notification."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Let `wait` return."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Until woken, at most `seconds`."""
        with suppress(TimeoutError):
            # not wait_for: in Python 3.11 it may swallow a cancel that comes with the event
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()


class Records:
    """An open database. `write()` and `read()` are the only ways to a transaction."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, url: sa.URL, clock: Clock) -> None:
        self._writer = writer
        self._reader = reader
        self.url = url
        self.clock = clock
        self.postgres = url.get_backend_name() == "postgresql"
        self._turn = asyncio.Lock()
        self._wakers: dict[str, list[Waker]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._lock_file: TextIO | None = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """A transaction that commits at the end, or rolls back on any exception. On SQLite one at a time, in the order asked."""
        if self.postgres:
            async with self._writer.begin() as connection:
                tx = Tx(connection, postgres=True, now=self.clock())
                yield tx
                for topic in sorted(tx.woken):
                    await connection.execute(sa.select(sa.func.pg_notify(CHANNEL, topic)))
        else:
            async with self._turn, self._writer.begin() as connection:
                tx = Tx(connection, postgres=False, now=self.clock())
                yield tx
        for topic in tx.woken:
            self._wake(topic)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A transaction for looking only."""
        async with self._reader.connect() as connection:
            yield Tx(connection, postgres=self.postgres, now=self.clock())

    def waker(self, topic: str) -> Waker:
        """A Waker for this topic, for as long as the records are open."""
        waker = Waker()
        self._wakers.setdefault(topic, []).append(waker)
        return waker

    def _wake(self, topic: str) -> None:
        for waker in self._wakers.get(topic, []):
            waker.wake()

    def hold_file(self) -> None:
        """Claim the SQLite file for this process's life; AlreadyRunning when another bot has it. Nothing on PostgreSQL."""
        if self.postgres or not self.url.database:
            return
        lock_file = Path(f"{self.url.database}.lock").open("w", encoding="utf-8")  # noqa: SIM115 - held until close()
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock_file.close()
            raise AlreadyRunning(self.url.database) from error
        self._lock_file = lock_file

    def listen(self) -> None:
        """Hear the wake-ups of other replicas (PostgreSQL); the loop reconnects by itself."""
        if self.postgres and self._listener is None:
            self._listener = asyncio.create_task(self._hear())

    async def _hear(self) -> None:
        import asyncpg

        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                connection = await asyncpg.connect(address)
            except (OSError, asyncpg.PostgresError) as error:
                log.warning("cannot listen for wake-ups, trying again: %s", type(error).__name__)
                await asyncio.sleep(1)
                continue
            gone = asyncio.Event()
            connection.add_termination_listener(lambda *_, gone=gone: gone.set())
            try:
                await connection.add_listener(CHANNEL, lambda _c, _p, _ch, topic: self._wake(topic))
                for topic in self._wakers:  # what was said while nobody listened
                    self._wake(topic)
                await gone.wait()
            finally:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await connection.close(timeout=1)

    @asynccontextmanager
    async def named_lock(self, name: str) -> AsyncIterator[bool]:
        """Try a database-wide lock (PostgreSQL advisory; on SQLite the file lock already makes us alone). Yields whether it is ours."""
        if not self.postgres:
            yield True
            return
        async with self._writer.connect() as connection:
            key = sa.func.hashtext(name)
            autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
            ours = bool((await autocommit.execute(sa.select(sa.func.pg_try_advisory_lock(key)))).scalar())
            try:
                yield ours
            finally:
                if ours:
                    await autocommit.execute(sa.select(sa.func.pg_advisory_unlock(key)))

    async def close(self) -> None:
        """Stop listening and close every connection."""
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()
        if self._lock_file is not None:
            self._lock_file.close()


def open_records(url: str, clock: Clock) -> Records:
    """`sqlite:///file` or `postgresql://…` (drivers are added) -> Records. Nothing is connected yet; sa.exc.ArgumentError for a wrong url."""
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+asyncpg")
        engine = create_async_engine(address, pool_size=12, max_overflow=8, pool_pre_ping=True)
        return Records(engine, engine, address, clock)
    address = address.set(drivername=DRIVER)
    return Records(_sqlite(address, writing=True), _sqlite(address, writing=False), address, clock)


def _sqlite(address: sa.URL, *, writing: bool) -> AsyncEngine:
    engine = create_async_engine(
        address, poolclass=AsyncAdaptedQueuePool, pool_size=1 if writing else 4, max_overflow=0, pool_timeout=60
    )

    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: pysqlite's own would come too late
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=30000",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    sa.event.listen(engine.sync_engine, "connect", connected)
    sa.event.listen(engine.sync_engine, "begin", begun)
    return engine
