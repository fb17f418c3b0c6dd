"""Tasks that end while they wait: after a day in the queue, or when no key is left that could paint them."""

import logging
from collections.abc import Iterable
from datetime import timedelta, tzinfo

import sqlalchemy as sa

from core.errors import Cause
from core.painting import task_ended
from core.records import Records
from core.records.tables import ghosts, tasks
from core.studio.claims import Group, hopeless
from core.studio.clocks import set_right
from core.studio.lease import ACTIVE
from core.studio.work import lock_generation

log = logging.getLogger(__name__)


class Endings:
    """What no runner sees, for no runner has it."""

    def __init__(self, records: Records, zone: tzinfo, *, patience: float) -> None:
        self._records = records
        self._zone = zone
        self._patience = timedelta(seconds=patience)

    async def waited_too_long(self) -> int:
        """End what has waited longer than `patience` seconds; how many tasks."""
        async with self._records.read() as tx:
            old = (tasks.c.status == "queued", tasks.c.created <= tx.now - self._patience)
            found = await tx.all(sa.select(tasks.c.id, tasks.c.generation_id).where(*old))
        ended = 0
        for row in found:
            ended += await self._end(row["id"], row["generation_id"], Cause.QUEUE, "studio.waited")
        return ended

    async def no_key_left(self) -> int:
        """End what waits for keys that only an admin can bring back; how many tasks."""
        async with self._records.read() as tx:
            groups = await hopeless(tx)
        return await self._end_groups(groups) if groups else 0

    async def _end_groups(self, groups: Iterable[Group]) -> int:
        async with self._records.read() as tx:
            mine = sa.tuple_(tasks.c.pool, tasks.c.req_key).in_(list(groups))
            found = await tx.all(sa.select(tasks.c.id, tasks.c.generation_id).where(tasks.c.status == "queued", mine))
        ended = 0
        for row in found:
            ended += await self._end(row["id"], row["generation_id"], Cause.CONFIGURATION, "jimeng.misconfigured")
        return ended

    async def _end(self, task: int, generation_id: str, cause: Cause, key: str) -> bool:
        async with self._records.write() as tx:
            await lock_generation(tx, generation_id)
            waiting = sa.update(tasks).where(tasks.c.id == task, tasks.c.status == "queued")
            if not await tx.change(waiting.values(status="failed", finished=tx.now, cause=cause, error=key)):
                return False
            await task_ended(tx, generation_id, self._zone)
        log.info("%s: a task ended while it waited: %s", generation_id, key)
        return True

    async def give_up(self, task: int, owner: str, *, tries: int, after: float) -> None:
        """A runner broke over this task: it is free again after a while, and ends when that has happened `tries` times."""
        async with self._records.write() as tx:
            row = await tx.first(sa.select(tasks).where(tasks.c.id == task))
            if row is None or row["owner"] != owner or row["status"] not in ACTIVE:
                return
            ours = sa.update(tasks).where(tasks.c.id == task, tasks.c.owner == owner, tasks.c.status == row["status"])
            if row["failures"] < tries:
                later = tx.now + timedelta(seconds=after)
                await tx.change(ours.values(owner=None, failures=tasks.c.failures + 1, not_before=later))
                return
            await lock_generation(tx, row["generation_id"])
            broken = {"status": "failed", "owner": None, "finished": tx.now, "cause": Cause.MODEL}
            if await tx.change(ours.values(**broken, error="studio.unexpected")):
                await task_ended(tx, row["generation_id"], self._zone)

    async def tidy(self, owner: str, running: Iterable[int]) -> None:
        """Ghosts that are over go, tasks of ours that no runner has (a commit whose answer was lost) become orphans, and no clock that was set back
        makes anything wait."""
        async with self._records.write() as tx:
            await tx.change(sa.delete(ghosts).where(ghosts.c.until <= tx.now))
            forgotten = sa.update(tasks).where(
                tasks.c.owner == owner, tasks.c.status.in_(ACTIVE), tasks.c.id.not_in(list(running))
            )
            freed = await tx.change(forgotten.values(owner=None))
            if await set_right(tx):
                log.warning("the clock was set back: what waited for a moment that is far away now goes on")
                tx.wake("views")
                freed += 1
            if freed:
                tx.wake("tasks")
