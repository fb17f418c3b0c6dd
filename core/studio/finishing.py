"""Tells a service of the team's own that a painting has ended: what became of it, and none of its words."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from core.generations import GenerationView

log = logging.getLogger(__name__)

Finished = Callable[[Mapping[str, Any]], Awaitable[bool]]
"""Hands over one ending as plain JSON values; whether it was taken."""
WAITS = (2.0, 10.0, 60.0)
"""Seconds before another try; after the last it is given up."""


class Finishes:
    """Beside the announcements and outside every transaction: a service that is slow or away delays no painting."""

    def __init__(self, send: Finished | None) -> None:
        self._send = send
        self.running: set[asyncio.Task[None]] = set()

    def tell(self, view: GenerationView) -> None:
        """Begin to tell of an ending, where anybody wants to know."""
        if self._send is None:
            return
        task = asyncio.create_task(self._tell(self._send, view.id, told_of(view)))
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def _tell(self, send: Finished, generation_id: str, told: Mapping[str, Any]) -> None:
        for wait in (*WAITS, None):
            if await send(told):
                return
            if wait is not None:
                await asyncio.sleep(wait)
        log.warning("the end of %s was taken by no service", generation_id)


def told_of(view: GenerationView) -> dict[str, Any]:
    """What is told: points are whole numbers, `ended` is ISO 8601 in UTC."""
    told = {"id": view.id, "outcome": view.outcome, "pictures": len(view.kept), "charged": view.charged}
    return {**told, "label": view.label, "ended": view.ended.isoformat() if view.ended else None}
