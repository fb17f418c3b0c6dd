"""The clock of the house: a sweep for forgotten holds, key re-tests, allowances and tidying, each once however many replicas run."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core import keypools
from core.commands.asking import Tools
from core.painting import sweep
from core.records import Records
from core.replies import Messenger

log = logging.getLogger(__name__)


class Schedule:
    """APScheduler as a clock only: nothing is stored in it, every job is safe to run twice."""

    def __init__(self, records: Records, tools: Tools, messengers: Mapping[str, Messenger]) -> None:
        self._records, self._tools, self._messengers = records, tools, messengers
        self._clock = AsyncIOScheduler(
            timezone=str(tools.house.zone) if isinstance(tools.house.zone, ZoneInfo) else "UTC"
        )

    def start(self) -> None:
        """Begin; every job runs alone, and a late one runs once."""
        self._every("sweep", timedelta(minutes=5), self._sweep)
        self._every("retest", timedelta(minutes=1), self._retest)
        self._clock.start()

    def stop(self) -> None:
        """No job begins from now on."""
        self._clock.shutdown(wait=False)

    def _every(self, name: str, step: timedelta, job: Callable[[], Awaitable[None]]) -> None:
        self._clock.add_job(job, "interval", seconds=step.total_seconds(), id=name, max_instances=1, coalesce=True)

    async def _sweep(self) -> None:
        settled = await sweep(self._records, self._tools.house.zone)
        if settled:
            log.warning("the sweeper settled %d paintings whose tasks had all ended", settled)

    async def _retest(self) -> None:
        again = await keypools.retest(self._records, self._tools.vault, self._tools.client)
        if again:
            log.info("%d keys work again", again)
