"""What Slack handed us and we have not finished: one committed row before the ack, the work after it, the rest again at the next start."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from core.errors import DeliveryTrouble
from core.replies import PlatformStore

log = structlog.get_logger(__name__)

AT_ONCE = 64
WAITS = (1.0, 5.0, 20.0, 60.0)
"""Seconds between tries to answer while Slack cannot be reached; after the last the row is given up."""

Handle = Callable[[str, Mapping[str, Any]], Awaitable[None]]


class Inbox:
    """Rows received, and the tracked tasks that answer them."""

    def __init__(self, store: PlatformStore, handle: Handle, waits: tuple[float, ...] = WAITS) -> None:
        self._store = store
        self._handle = handle
        self._waits = waits
        self._room = asyncio.Semaphore(AT_ONCE)
        self._finishing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive(self, key: str, row: Mapping[str, Any]) -> bool:
        """Commit the row; False when it was here before."""
        return await self._store.receive(key, row)

    def begin(self, key: str, row: Mapping[str, Any]) -> None:
        """Answer a received row in a task of our own (the loop alone would lose it)."""
        task = asyncio.create_task(self._work(key, row), name=f"slack {key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def replay(self) -> None:
        """Begin again what an earlier life received and did not finish."""
        for key, row in await self._store.unfinished():
            log.info("slack.replayed", key=key)
            self.begin(key, {**row, "replayed": True})

    async def drain(self, grace: float) -> None:
        """Let what is under way end for `grace` seconds; the rest stays unfinished and comes back at the next start."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=grace)
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
