"""What admins must hear of Slack itself, told beside whatever was being done when it was noticed."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from core.requests import Line

log = structlog.get_logger(__name__)

Alarm = Callable[[Line], Awaitable[None]]
"""Takes a sentence every admin must hear, wherever they can."""


class Alarms:
    """Sentences on their way to the admins. While not `awake` nothing is told: a start that fails says so itself."""

    def __init__(self, alarm: Alarm | None) -> None:
        self.awake = False
        self._alarm = alarm
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, line: Line) -> None:
        """Slack refuses a token (nobody there will hear of it, admins elsewhere can), or a scope is missing."""
        if self._alarm is not None and self.awake:
            task = asyncio.create_task(self._tell(self._alarm, line), name="slack alarm")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Wait until all of them are written down."""
        await asyncio.gather(*self._tasks)

    async def _tell(self, alarm: Alarm, line: Line) -> None:
        try:
            await alarm(line)
        except Exception:
            log.exception("slack.alarm_failed")
