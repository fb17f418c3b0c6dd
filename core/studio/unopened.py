"""Keys whose secret this process cannot open: a replica that can paints with them; where none can, their tasks wait for the right `bot.secret_key`."""

import logging

import sqlalchemy as sa

from core.alerts import alert
from core.keypools import SEALED_ALERT, Vault, opened, sealed_keys, unopened
from core.records import Records
from core.records.tables import leases
from core.requests import Line
from core.studio.lease import Lease

log = logging.getLogger(__name__)


class Unopened:
    """Looked at when an engine begins, and on PostgreSQL with every beat. `left` are the keys, by id, that a live replica opens and this one does not."""

    def __init__(self, records: Records, vault: Vault, lease: Lease) -> None:
        self.left: frozenset[int] = frozenset()
        self._records = records
        self._vault = vault
        self._lease = lease
        self._written: tuple[str, list[int]] = "", []
        self._said: frozenset[int] = frozenset()

    async def look(self) -> None:
        """See what we cannot open, write it on our lease, and leave to others what one of them does not have on its own.

        What nobody could open before, and we can, is in use again.
        """
        async with self._records.read() as tx:
            here = await unopened(tx, self._vault)
            was_shut = set(await sealed_keys(tx)) - set(here)
            alive = (leases.c.until > tx.database_now, leases.c.id != self._lease.id)
            others = await tx.all(sa.select(leases.c.unopened).where(*alive)) if here else ()
        if was_shut:
            async with self._records.write() as tx:
                await opened(tx, here)
        if not self._records.postgres:
            return
        await self._write(sorted(here))
        left = frozenset(key for key in here if any(key not in (other["unopened"] or ()) for other in others))
        for key in (
            left & self.left
        ) - self._said:  # the second look in a row: one that has just begun may not have written yet
            await self._say(key, here[key])
        self.left, self._said = left, self._said & left

    async def _write(self, here: list[int]) -> None:
        told = self._lease.id, here
        if told != self._written and (here or self._written[1]):
            async with self._records.write() as tx:
                await tx.change(sa.update(leases).where(leases.c.id == self._lease.id).values(unopened=here))
        self._written = told

    async def _say(self, key: int, alias: str) -> None:
        log.error(
            "bot.secret_key does not open the key %r, that of another replica does: its tasks are left to that", alias
        )
        async with self._records.write() as tx:
            told = Line("keys.alert_sealed_here", {"alias": alias})
            await alert(tx, f"key:{key}:sealed here", told, seconds=SEALED_ALERT)
        self._said |= {key}
