"""The engine of one process: it keeps a lease, claims tasks and runs them, shows what changed, and hands everything over when it stops."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

import sqlalchemy as sa

from core.replies import Messenger
from core.studio.alarms import Alarms
from core.studio.announcer import Announcer
from core.studio.bench import Bench, Tools
from core.studio.claims import anything, claim
from core.studio.endings import Endings
from core.studio.lease import Lease
from core.studio.pace import Pace
from core.studio.runner import Runner
from core.studio.unopened import Unopened
from core.studio.work import Work

log = logging.getLogger(__name__)
LONGEST_REST = 0.05


class Studio:
    """Paints what the records hold and shows it through `messengers` (by platform). Any number of replicas on PostgreSQL, one on SQLite.

    Whoever starts it holds the SQLite file (`Records.hold_file`) and listens (`Records.listen`) before.
    """

    def __init__(self, tools: Tools, messengers: Mapping[str, Messenger], pace: Pace | None = None) -> None:
        self._records = tools.records
        self._pace = pace or Pace()
        self.lease = Lease(tools.records, ttl=self._pace.ttl, margin=self._pace.margin)
        self._unopened = Unopened(tools.records, tools.vault, self.lease)
        self._bench = Bench(tools, self._pace, self._unopened)
        self._runner = Runner(self._bench, self.lease)
        self._endings = Endings(tools.records, tools.zone, patience=self._pace.patience)
        self._announcer = Announcer(tools.records, self.lease, messengers, self._pace, tools.finished)
        self._alarms = Alarms(tools.records, self.lease, messengers, tools.language)
        self._running: dict[asyncio.Task[None], int] = {}
        """Runners and their tasks' ids; a claim lost with its commit may give one task two, and the fences let one of them through."""
        self._loops: list[asyncio.Task[None]] = []
        self._turn = asyncio.Lock()
        """Claiming and beginning a new incarnation never overlap: what is claimed belongs to the lease that runs it."""
        self._tasks_waker = tools.records.waker("tasks")
        self._views_waker = tools.records.waker("views")
        self._alerts_waker = tools.records.waker("alerts")
        self._swept = float("-inf")

    @property
    def running(self) -> int:
        """Tasks under way in this process."""
        return len(self._running)

    async def start(self) -> None:
        """Take up what was left, and go on for ever."""
        await self.lease.begin()
        await self._unopened.look()
        self._loops = [
            asyncio.create_task(self._for_ever("beat", self._beat)),
            asyncio.create_task(self._for_ever("claims", self._claim_round)),
            asyncio.create_task(self._for_ever("views", self._view_round)),
            asyncio.create_task(self._for_ever("alerts", self._alert_round)),
        ]

    async def stop(self) -> None:
        """Hand over: submits on their way are finished and written down, everything else is left to whoever comes next."""
        self._runner.stopping = True
        await _end(self._loops)
        await _end(task for task in self._running if task not in self._bench.delicate)
        shows: Sequence[asyncio.Task[Any]] = self._announcer.tasks()
        if self._running or shows:
            await asyncio.wait([*self._running, *shows], timeout=self._pace.grace)
        await _end([*self._running, *shows, *self._alarms.tasks(), *self._announcer.finishes.running])
        try:
            await self.lease.end()
        except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError) as error:
            log.warning("could not hand over (%s): the next start takes it up", type(error).__name__)

    async def _for_ever(self, name: str, turn: Callable[[], Awaitable[None]]) -> None:
        """One turn after the other; a database that is away for a moment ends none of them."""
        while True:
            try:
                await turn()
            except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError) as error:
                log.warning("%s: the database did not answer (%s), trying again", name, type(error).__name__)
                await asyncio.sleep(min(1.0, self._pace.beat))
            except Exception:
                log.exception("%s: a turn failed", name)
                await asyncio.sleep(min(1.0, self._pace.beat))

    # alive

    async def _beat(self) -> None:
        await asyncio.sleep(self._pace.beat)
        if await self.lease.beat():
            await self.lease.reap()
            await self._unopened.look()
            return
        log.warning("our lease has lapsed: dropping %d tasks, beginning anew", self.running)
        async with self._turn:
            if (
                self._bench.delicate
            ):  # an answer at hand is written down under the old name, unless another has taken the task
                await asyncio.wait(set(self._bench.delicate), timeout=self._pace.ttl)
            await _end(list(self._running))
            await _end(self._announcer.tasks())
            await self.lease.begin()
            await self._unopened.look()

    # tasks

    async def _claim_round(self) -> None:
        began = monotonic()
        async with self._turn:
            await self._sweep()
            room = self._pace.running - len(self._running)
            found = await self._claim(room) if room > 0 else []
            for work in found:
                self._run(work)
        await _rest(began)
        if not found or len(found) < room:
            await self._tasks_waker.wait(self._pace.net)

    async def _claim(self, room: int) -> list[Work]:
        async with self._records.read() as tx:
            if not await anything(tx):
                return []
        async with self._records.write(soft=True) as tx:  # no call leaves before the next write, which is not soft
            found = list(await claim(tx, self.lease.id, room, self._unopened.left))
            await self._bench.lay_out(tx, found)
        if not found:
            await self._endings.no_key_left()
        return found

    def _run(self, work: Work) -> None:
        async def carry() -> None:
            try:
                await self._runner.run(work)
            except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError) as error:
                log.warning("%s.%s left for later: %s", work.generation_id, work.number, type(error).__name__)
                self._swept = float("-inf")  # its row is ours still: let the next sweep free it
            except Exception:
                log.exception("%s.%s: its runner broke", work.generation_id, work.number)
                with suppress(sa.exc.DBAPIError, sa.exc.TimeoutError, OSError):
                    await self._endings.give_up(
                        work.id, work.owner, tries=len(self._pace.retry), after=self._pace.retry[0]
                    )

        def over(done: asyncio.Task[None]) -> None:
            del self._running[done]
            self._tasks_waker.wake()

        task = asyncio.create_task(carry())
        self._running[task] = work.id
        task.add_done_callback(over)

    async def _sweep(self) -> None:
        if monotonic() < self._swept + self._pace.sweep:
            return
        self._swept = monotonic()
        await self._endings.tidy(self.lease.id, list(self._running.values()))
        await self._endings.waited_too_long()
        await self._endings.no_key_left()

    # views

    async def _view_round(self) -> None:
        began = monotonic()
        more = await self._announcer.round()
        await _rest(began)
        if not more:
            await self._views_waker.wait(self._pace.net)

    async def _alert_round(self) -> None:
        self._alarms.look()
        await self._alerts_waker.wait(self._pace.net)


async def _rest(began: float) -> None:
    """Pause as long as a round took: when much happens, the next one finds more at once."""
    await asyncio.sleep(min(LONGEST_REST, monotonic() - began))


async def _end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel until they have ended: a library may swallow a cancel that comes at the wrong moment."""
    ending = {task for task in tasks if not task.done()}
    while ending:
        for task in ending:
            task.cancel()
        _, ending = await asyncio.wait(ending, timeout=1.0)
