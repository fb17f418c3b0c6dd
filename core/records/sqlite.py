"""SQLite without waiting in line: writers share commits, readers have connections of their own.

Locks and commits, which wait for others and for the disk, are waited for in a connection's thread (see `seats`).
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import sqlalchemy as sa

from core.records.seats import Seat, Source

log = logging.getLogger(__name__)
READERS = 8
TOGETHER = 0.02
"""Seconds after which a transaction of several writers takes no more of them."""
LINGER = 0.005
"""Seconds a transaction that nobody waits for stays open for company."""


class Readers:
    """A few connections that only look. Each transaction sees the database as it was at its first statement."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._free: list[Seat] = []
        self._room = asyncio.Semaphore(READERS)
        self._closed = False

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
                if self._closed:
                    await seat.close()
                else:
                    self._free.append(seat)

    async def close(self) -> None:
        """Close all of them; one in use, by a nightly chore that was just told to stop, say, when it is let go."""
        self._closed = True
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
