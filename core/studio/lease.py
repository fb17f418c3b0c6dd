"""One lease per incarnation of a process: who is alive, whose tasks are orphans, and when we must stop submitting by ourselves."""

import asyncio
import secrets
from time import monotonic

import sqlalchemy as sa

from core.records import DATABASE_CLOCK, Records, Tx
from core.records.tables import generations, leases, tasks

ACTIVE = ("claimed", "submitting", "submitted", "ready")
FOR_EVER = 1e12
"""On SQLite nobody else can run (file lock): a lease there never ends, however late its beat (a laptop's lid)."""


def alive(postgres: bool, owner: sa.ColumnElement[str | None]) -> sa.ColumnElement[bool]:
    """Whether a live lease stands behind this owner. Orphans are what is NOT this: a zombie may claim after its lease was reaped."""
    return sa.exists(sa.select(leases.c.id).where(leases.c.id == owner, leases.c.until > DATABASE_CLOCK[postgres]))


class Lease:
    """Ours. `id` changes with every incarnation; times in seconds, by the database's clock."""

    def __init__(self, records: Records, *, ttl: float = 15.0, margin: float = 3.0) -> None:
        self._records = records
        self._ttl = ttl
        self._margin = min(margin, ttl / 4)
        self._good = 0.0
        self._beaten = asyncio.Event()
        self.id = ""

    async def begin(self) -> None:
        """A new incarnation. On SQLite everything active is ours to take up at once."""
        began = monotonic()
        fresh = secrets.token_hex(16)
        async with self._records.write() as tx:
            if tx.postgres:
                until: float | sa.ColumnElement[float] = tx.database_now + self._ttl
            else:
                until = FOR_EVER
                await tx.change(sa.delete(leases))
                await tx.change(sa.update(tasks).where(tasks.c.status.in_(ACTIVE)).values(owner=None))
                await tx.change(sa.update(generations).where(generations.c.teller.is_not(None)).values(teller=None))
            await tx.change(sa.insert(leases).values(id=fresh, until=until))
            tx.wake("tasks")
            tx.wake("views")
        self.id, self._good = fresh, began
        self._beaten.set()

    async def beat(self) -> bool:
        """Stay alive; False when the lease has lapsed: cancel your tasks, then begin anew."""
        if not self._records.postgres:
            return True
        began = monotonic()
        async with self._records.write() as tx:
            still = (leases.c.id == self.id, leases.c.until > tx.database_now)
            held = await tx.change(sa.update(leases).where(*still).values(until=tx.database_now + self._ttl))
        if held:
            self._good = began
            self._beaten.set()
        return held == 1

    async def reap(self) -> int:
        """Take the tasks of the dead from them; how many."""
        if not self._records.postgres:
            return 0
        async with self._records.write() as tx:
            await tx.change(sa.delete(leases).where(leases.c.until < tx.database_now))
            far = sa.update(leases).where(leases.c.until > tx.database_now + 2 * self._ttl)  # its clock was set back
            await tx.change(far.values(until=tx.database_now + self._ttl))
            orphans = sa.select(tasks.c.id).where(
                tasks.c.status.in_(ACTIVE), tasks.c.owner.is_not(None), ~alive(tx.postgres, tasks.c.owner)
            )
            rows = await tx.all(orphans.with_for_update(key_share=True, skip_locked=True))
            if rows:
                ids = [row["id"] for row in rows]
                await tx.change(sa.update(tasks).where(tasks.c.id.in_(ids)).values(owner=None))
                tx.wake("tasks")
                tx.wake("views")
            return len(rows)

    async def end(self) -> None:
        """Hand everything over: what we own is an orphan at once, and the others are woken."""
        async with self._records.write() as tx:
            mine = (tasks.c.status.in_(ACTIVE), tasks.c.owner == self.id)
            await tx.change(sa.update(tasks).where(*mine).values(owner=None))
            await tx.change(sa.delete(leases).where(leases.c.id == self.id))
            tx.wake("tasks")
            tx.wake("views")

    @property
    def may_submit(self) -> bool:
        """Whether no other replica can have taken our tasks, with some seconds to spare."""
        return not self._records.postgres or monotonic() < self._good + self._ttl - self._margin

    async def sure(self) -> None:
        """Wait until submitting is safe again; when it never is, the lease lapses and we are cancelled."""
        while not self.may_submit:
            self._beaten.clear()
            await self._beaten.wait()

    async def is_first(self, tx: Tx) -> bool:
        """Whether ours is the first of the live leases: for work that one replica does."""
        first = await tx.scalar(sa.select(sa.func.min(leases.c.id)).where(leases.c.until > tx.database_now))
        return bool(first == self.id)
