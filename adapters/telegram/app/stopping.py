"""Ending without breaking anything: only waiting is interrupted, never a row being written."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """We were told to end while waiting."""


class Stop:
    """Told once; from then on everything that waits through it ends."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def tell(self) -> None:
        """End all waiting, now and later."""
        self._told.set()

    async def wait(self, act: Coroutine[Any, Any, T]) -> T:
        """Await something that may take long and may be dropped half-way (a long poll, a pause). Raises `Stopped`."""
        task = asyncio.create_task(act)
        told = asyncio.create_task(self._told.wait())
        try:
            await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        if task.cancelled():
            raise Stopped
        return task.result()

    async def pause(self, seconds: float) -> None:
        """Sleep. Raises `Stopped`."""
        await self.wait(asyncio.sleep(seconds))
