"""Patience with Telegram: what it does not take now is said again once it answers, what was perhaps sent once more and never again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from adapters.telegram.gate.troubles import Unsure
from core.errors import DeliveryTrouble, Undeliverable

T = TypeVar("T")
PAUSES = (1.0, 5.0, 20.0)
LONGEST_PAUSE = 120.0
"""Longest wait in seconds Telegram may ask for here; a longer one is told to the caller."""
BETWEEN_PROBES = 30.0
AWAY = 6 * 3600.0
"""Seconds of an outage after which waiting here ends."""


class Patience:
    """`probe` asks Telegram something harmless and raises what `Wire.call` raises."""

    def __init__(self, probe: Callable[[], Awaitable[Any]]) -> None:
        self._probe = probe
        self._ending = asyncio.Event()

    async def __call__(self, act: Callable[[], Awaitable[T]]) -> T:
        """Do it, and again while Telegram is in trouble; through an outage it waits, so that the one further try is not lost in it.

        Raises `DeliveryTrouble` when it is not taken though Telegram answers, after `AWAY`, or when we end; `Undeliverable` after two unknown outcomes.
        """
        unsure = False
        for pause in (*PAUSES, None):
            try:
                return await act()
            except Unsure as trouble:
                if unsure:
                    raise Undeliverable("unsure") from trouble
                unsure = True
                if pause is None:
                    raise
                wait = pause
            except DeliveryTrouble as trouble:
                if pause is None or (trouble.retry_after or 0.0) > LONGEST_PAUSE:
                    raise
                wait = trouble.retry_after or pause
            await self.rest(wait)
            await self.back()
        raise AssertionError("the last try returns or raises")

    async def back(self) -> None:
        """Return once Telegram answers. Raises `DeliveryTrouble` when that takes too long, or when we end."""
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + AWAY, 1.0
        while True:
            try:
                await self._probe()
            except (DeliveryTrouble, Undeliverable):
                if loop.time() > end:
                    raise
            else:
                return
            await self.rest(pause)
            pause = min(pause * 2, BETWEEN_PROBES)

    async def rest(self, seconds: float) -> None:
        """Sleep. Raises `DeliveryTrouble` when we end meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await self._ending.wait()
        except TimeoutError:
            return
        raise DeliveryTrouble("ending")

    @property
    def ended(self) -> bool:
        """Whether we end."""
        return self._ending.is_set()

    def end(self) -> None:
        """Let nobody wait any more: what has not been said is taken up after the next start."""
        self._ending.set()
