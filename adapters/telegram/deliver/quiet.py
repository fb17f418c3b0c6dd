"""Not too often: when something may be said again, and the last word said later when it came too early."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from core.errors import PaintbotError

log = logging.getLogger(__name__)
MANY = 1000


class Quiet:
    """At most one act per key every so many seconds; of those that came too early only the newest is done, when its time has come."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._last: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._acting: set[asyncio.Task[None]] = set()

    def wait(self, key: str) -> float:
        """Seconds until this key is free; 0 takes it now."""
        now = asyncio.get_running_loop().time()
        left = self._last.get(key, -self._every) + self._every - now
        if left > 0:
            return left
        if len(self._last) > MANY:
            self._last = {one: at for one, at in self._last.items() if at + self._every > now}
        self._last[key] = now
        return 0.0

    def later(self, key: str, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        """Do this in so many seconds unless something newer comes for the key."""
        self.forget(key)
        task = self._waiting[key] = asyncio.create_task(self._do(key, seconds, act))
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    async def _do(self, key: str, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(seconds)
        del self._waiting[key]
        try:
            await act()
        except PaintbotError as trouble:
            log.info("telegram: %s was not edited: %s", key, trouble)

    def forget(self, key: str) -> None:
        """What waits for this key is outdated."""
        if task := self._waiting.pop(key, None):
            task.cancel()

    async def close(self) -> None:
        """Forget all that waits, let what has begun come to its end."""
        for key in list(self._waiting):
            self.forget(key)
        await asyncio.gather(*self._acting, return_exceptions=True)
