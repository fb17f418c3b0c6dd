"""What Slack handed us and we have not finished: one committed row before the ack, the work after it, the rest again by whoever lives."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

import structlog

from core.errors import DeliveryTrouble
from core.replies import PlatformStore

log = structlog.get_logger(__name__)

AT_ONCE = 64
WAITS = (1.0, 5.0, 20.0, 60.0, 120.0, 300.0, 600.0, 1200.0)
"""Seconds between tries to answer while Slack cannot be reached; after the last the row is given up."""

Handle = Callable[[str, Mapping[str, Any]], Awaitable[None]]


class Inbox:
    """Rows received, and the tracked tasks that answer them.

    Each row carries its owner, an incarnation of a bot, which holds a lock of its name in the database for as long as it lives: replicas
    share the table, and only the rows of an owner whose lock is free are taken up by another.
    """

    def __init__(self, store: PlatformStore, handle: Handle, waits: tuple[float, ...] = WAITS) -> None:
        self.owner = secrets.token_hex(8)
        self._store = store
        self._handle = handle
        self._waits = waits
        self._room = asyncio.Semaphore(AT_ONCE)
        self._finishing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._alive: AbstractAsyncContextManager[bool] | None = None
        self._adopting: asyncio.Task[None] | None = None

    async def receive(self, key: str, row: Mapping[str, Any]) -> bool:
        """Commit the row as ours; False when it was here before."""
        return await self._store.receive(key, {**row, "owner": self.owner})

    def begin(self, key: str, row: Mapping[str, Any]) -> asyncio.Task[None]:
        """Answer a received row in a task of our own (the loop alone would lose it)."""
        task = asyncio.create_task(self._work(key, row), name=f"slack {key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def look(self) -> None:
        """Show that we live, at start and again and again (a lock goes with its connection), and take up what the dead left unfinished."""
        await self._live()
        self.adopt()

    def adopt(self) -> None:
        """Begin again, beside everything else, what an owner that is no more received and did not finish."""
        if self._adopting is None or self._adopting.done():
            self._adopting = asyncio.create_task(self._adopt(), name="slack orphans")
            self._tasks.add(self._adopting)
            self._adopting.add_done_callback(self._tasks.discard)

    async def _adopt(self) -> None:
        try:
            owners = {str(row.get("owner", "")) for _, row in await self._store.unfinished()} - {self.owner}
            for owner in sorted(owners):
                async with self._store.lock(f"inbox:{owner}") as orphaned:
                    if orphaned:
                        await self._take_up(await self._rows_of(owner))
        except Exception:
            log.exception("slack.orphans_wait")

    async def _rows_of(self, owner: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Read under the owner's lock: another may have finished them since."""
        return [(key, row) for key, row in await self._store.unfinished() if row.get("owner", "") == owner]

    async def _take_up(self, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Answer them, and hold the dead one's lock until they are: nobody else takes them up in the meantime."""
        for key, _ in rows:
            log.info("slack.replayed", key=key)
        await asyncio.gather(*(self.begin(key, {**row, "replayed": True}) for key, row in rows), return_exceptions=True)

    async def _live(self) -> None:
        """Hold our own lock. Where it can be had once more, the connection that held it is gone, and with it the lock."""
        lock = self._store.lock(f"inbox:{self.owner}")
        ours = await lock.__aenter__()
        if not ours:
            await lock.__aexit__(None, None, None)
            return
        before, self._alive = self._alive, lock
        await _let_go(before)

    async def close(self) -> None:
        """Hand over what we did not finish."""
        before, self._alive = self._alive, None
        await _let_go(before)

    async def drain(self, grace: float) -> None:
        """Let what is under way end for `grace` seconds; the rest stays unfinished and comes back at the next start."""
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self.idle()
        late = set(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _work(self, key: str, row: Mapping[str, Any]) -> None:
        for wait in (*self._waits, None):
            try:
                async with self._room:
                    await self._handle(key, row)
                break
            except DeliveryTrouble as trouble:
                log.warning("slack.answer_waits", key=key, reason=trouble.reason, final=wait is None)
                if wait is not None:
                    await asyncio.sleep(max(wait, min(trouble.retry_after or 0.0, 120.0)))
            except Exception:
                log.exception("slack.answer_failed", key=key)
                break
        # one at a time: new rows must not wait behind a queue of finished ones
        async with self._finishing:
            await self._store.finish(key)


async def ended(task: "asyncio.Task[Any]") -> None:
    """Cancelled, where it still runs, and waited for: nothing of it may touch the database after we have stopped."""
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _let_go(lock: AbstractAsyncContextManager[bool] | None) -> None:
    if lock is None:
        return
    try:
        await lock.__aexit__(None, None, None)
    except Exception as error:  # the connection is gone, most likely, and the lock with it
        log.info("slack.lock_was_gone", error=type(error).__name__)
