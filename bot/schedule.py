"""The clock of the house: forgotten holds, key re-tests, allowances, the weekly digest and tidying, each once however many replicas run."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from core import keypools, members
from core.commands import chores, volume
from core.commands.asking import Tools
from core.commands.discarding import sweep_pictures
from core.errors import DeliveryTrouble, Undeliverable
from core.painting import sweep
from core.records import Records
from core.replies import Messenger, Reply

log = logging.getLogger(__name__)


class Schedule:
    """APScheduler as a clock only: nothing is stored in it, every job may come twice, what must happen once is claimed in the records."""

    def __init__(
        self, records: Records, tools: Tools, messengers: Mapping[str, Messenger], zone: ZoneInfo, language: str
    ) -> None:
        self._records, self._tools, self._messengers = records, tools, messengers
        self._zone, self._language = zone, language
        self._clock = AsyncIOScheduler(timezone=zone)

    def start(self) -> None:
        """Begin; every job runs alone, and a late one runs once. Allowances are looked at at start too: a bot that was off at the month's turn."""
        self._add("sweep", IntervalTrigger(minutes=5), self.sweep)
        self._add("retest", IntervalTrigger(minutes=1), self.retest)
        self._add("allowances", IntervalTrigger(hours=1), self.allowances)
        self._add("volume", IntervalTrigger(minutes=10), self.volume)
        self._add("digest", CronTrigger(day_of_week="mon", hour=9, timezone=self._zone), self.digest)
        self._add("tidy", CronTrigger(hour=4, minute=20, timezone=self._zone), self.tidy)
        self._clock.start()

    def stop(self) -> None:
        """No job begins from now on."""
        self._clock.shutdown(wait=False)

    def _add(self, name: str, trigger: CronTrigger | IntervalTrigger, job: Callable[[], Awaitable[None]]) -> None:
        self._clock.add_job(job, trigger, id=name, max_instances=1, coalesce=True, misfire_grace_time=3600)

    async def sweep(self) -> None:
        """Settle paintings whose tasks have all ended while their hold still stands."""
        settled = await sweep(self._records, self._zone)
        if settled:
            log.warning("the sweeper settled %d paintings whose tasks had all ended", settled)

    async def retest(self) -> None:
        """Try quarantined keys whose time has come."""
        again = await keypools.retest(self._records, self._tools.vault, self._tools.client)
        if again:
            log.info("%d keys work again", again)

    async def allowances(self) -> None:
        """This month's allowances, once."""
        given = await chores.monthly_allowances(self._records, self._zone, self._language)
        if given:
            log.info("%d members got their allowance", given)

    async def volume(self) -> None:
        """Tell the admins of a day that goes well above what the team expects, once."""
        if await volume.watch(self._records, self._zone):
            log.info("more pictures were asked for today than the team expects")

    async def digest(self) -> None:
        """The last week for every admin, on Monday morning, once."""
        reply = await chores.weekly_digest(self._records, self._zone)
        if reply is not None:
            await self._tell_admins(reply)

    async def _tell_admins(self, reply: Reply) -> None:
        async with self._records.read() as tx:
            found = await members.admins(tx)
        for member, account in found:
            messenger = self._messengers.get(account.partition(":")[0])
            if messenger is None:
                continue
            try:
                await messenger.tell(account, None, reply, member.language or self._language)
            except (Undeliverable, DeliveryTrouble) as error:
                log.warning("the digest did not reach %s: %s", account, error.reason)

    async def tidy(self) -> None:
        """Rows and pictures that have served their time go."""
        gone = await chores.tidy(self._records)
        pictures = await sweep_pictures(self._records, self._tools.images)
        log.info("tidied: %s, %d pictures", dict(gone), pictures)
