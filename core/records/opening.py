"""Opening the database: engines, the single SQLite writer, wake-ups between replicas, and the file lock of a running bot."""

import asyncio
import fcntl
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from core.errors import PaintbotError
from core.records.address import database_address, driver_options
from core.records.seats import Source
from core.records.sqlite import Readers, Writer
from core.records.tables import json_text
from core.records.transactions import Result, Run, Statement, Tx, Values

log = logging.getLogger(__name__)
CHANNEL = "paintbot"
KEEPALIVES = {"tcp_keepalives_idle": "15", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
Clock = Callable[[], datetime]
T = TypeVar("T")


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

    def __init__(self, url: sa.URL, clock: Clock) -> None:
        self.url = url
        self.clock = clock
        self.postgres = url.get_backend_name() == "postgresql"
        self._engine = (
            create_async_engine(url, pool_size=12, max_overflow=8, pool_pre_ping=True, json_serializer=json_text)
            if self.postgres
            else None
        )
        source = None if self.postgres else Source(url)
        self._sqlite = None if source is None else (Writer(source), Readers(source))
        self._wakers: dict[str, list[Waker]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._lock_file: TextIO | None = None

    @asynccontextmanager
    async def write(self, *, soft: bool = False) -> AsyncIterator[Tx]:
        """A transaction that commits at the end, or rolls back on any exception. On SQLite one at a time.

        `soft` does not wait for the disk (SQLite). Later writes never overtake it; those that read may see it some milliseconds later. It may
        have read what others wrote a moment before and is not on disk either: nobody outside may hear of that before a write that waits.
        """
        if self._sqlite is not None:
            async with self._sqlite[0].transaction(soft) as (seat, committed):
                tx = Tx(seat.run, postgres=False, now=self.clock())
                yield tx
            if soft:
                committed.add_done_callback(lambda done: self._wake_all(tx) if _went_well(done) else None)
                return
        else:
            async with self._server.begin() as connection:
                tx = Tx(_running(connection), postgres=True, now=self.clock())
                yield tx
                for topic in sorted(tx.woken):
                    await connection.execute(sa.select(sa.func.pg_notify(CHANNEL, topic)))
        self._wake_all(tx)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A transaction for looking only."""
        if self._sqlite is not None:
            async with self._sqlite[1].transaction() as seat:
                yield Tx(seat.run, postgres=False, now=self.clock())
        else:
            async with self._server.connect() as connection:
                yield Tx(_running(connection), postgres=True, now=self.clock())

    @property
    def _server(self) -> AsyncEngine:
        if self._engine is None:
            raise RuntimeError("only PostgreSQL has a server")
        return self._engine

    def waker(self, topic: str) -> Waker:
        """A Waker for this topic, for as long as the records are open."""
        waker = Waker()
        self._wakers.setdefault(topic, []).append(waker)
        return waker

    def _wake_all(self, tx: Tx) -> None:
        for topic in tx.woken:
            self._wake(topic)

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

        options = driver_options(self._server.dialect, self.url)
        troubles = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
        while True:
            try:
                connection = await asyncpg.connect(**options)
                gone = asyncio.Event()
                connection.add_termination_listener(lambda *_, gone=gone: gone.set())
                try:
                    await connection.add_listener(CHANNEL, lambda _c, _p, _ch, topic: self._wake(topic))
                    for topic in self._wakers:  # what was said while nobody listened
                        self._wake(topic)
                    await gone.wait()
                finally:
                    with suppress(*troubles):
                        await connection.close(timeout=1)
            except troubles as error:
                log.warning("cannot listen for wake-ups, trying again: %s", type(error).__name__)
                await asyncio.sleep(1)

    @asynccontextmanager
    async def named_lock(self, name: str) -> AsyncIterator[bool]:
        """Try a database-wide lock (PostgreSQL advisory; on SQLite the file lock already makes us alone). Yields whether it is ours."""
        if not self.postgres:
            yield True
            return
        async with self._server.connect() as connection:
            key = sa.func.hashtext(name)
            autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
            ours = bool((await autocommit.execute(sa.select(sa.func.pg_try_advisory_lock(key)))).scalar())
            if ours:  # of a machine that is gone without a word the server lets go within half a minute, not two hours
                for setting, seconds in KEEPALIVES.items():
                    await autocommit.execute(sa.select(sa.func.set_config(setting, seconds, False)))
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
        if self._engine is not None:
            await self._engine.dispose()
        if self._sqlite is not None:
            writer, readers = self._sqlite
            await writer.close()
            await readers.close()
        if self._lock_file is not None:
            self._lock_file.close()


def _went_well(done: asyncio.Future[None]) -> bool:
    return not done.cancelled() and done.exception() is None


def _running(connection: AsyncConnection) -> Run:
    async def run(statement: Statement, values: Values, take: Callable[[Result], T]) -> T:
        return take(await connection.execute(statement, values))

    return run


def open_records(url: str, clock: Clock) -> Records:
    """`sqlite:///file` or `postgresql://…` (drivers are added) -> Records. Nothing is connected yet; sa.exc.ArgumentError for a wrong url."""
    return Records(database_address(url), clock)
