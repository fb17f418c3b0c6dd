"""The one way a test waits for what tells nobody that it came true."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 30.0
"""Seconds; generous, because machines are slow."""


async def eventually(true: Callable[[], bool | Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Wait until something holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while True:
            found = true()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.01)
