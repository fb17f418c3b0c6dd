"""What a failed call means for its task: the one bounded retry loop, in one place."""

import logging
import secrets
from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from core.errors import Cause
from core.jimeng import errors
from core.jimeng.errors import JimengError, Kind
from core.jimeng.models import SEED_LARGEST, Table
from core.keypools import react, sealed, worth_waiting
from core.records import Records, Tx
from core.records.tables import generations, ghosts
from core.studio.pace import Pace
from core.studio.work import Work, end, move

log = logging.getLogger(__name__)


class Verdicts:
    """Writes what follows from an error: back to the queue, or the end of the task. Every write is fenced."""

    def __init__(self, records: Records, models: Table, pace: Pace, zone: tzinfo) -> None:
        self._records = records
        self._models = models
        self._pace = pace
        self._zone = zone

    async def judge(self, work: Work, error: JimengError) -> None:
        """One transaction: what it says about the key, and what becomes of the task."""
        told = f"{work.generation_id}.{work.number} {work.req_key}"
        log.info("%s: %s", told, error, extra={"request_id": error.request_id, "code": error.code})
        async with self._records.write() as tx:
            if error.call == "submit":
                await react(tx, work.credential_id, work.req_key, error)
            match error.kind:
                case Kind.FINAL:
                    await self._fail(tx, work, error)
                case Kind.RESUBMIT_ONCE:
                    await self._once(tx, work, error, await self._other_seed(tx, work))
                case Kind.NETWORK_UNKNOWN:
                    await self._lost(tx, work, error)
                case Kind.RATE | Kind.CONCURRENCY | Kind.NETWORK:
                    await self._requeue(tx, work, error)
                case Kind.CREDENTIAL:
                    await self._other_key(tx, work, error)
                case Kind.BUSY_MODEL | Kind.GONE:
                    await self._again(tx, work, error)

    async def lost(self, work: Work) -> None:
        """A task found in `submitting`: its process died before the answer was written down."""
        await self.judge(work, errors.made(errors.UNKNOWN, "submit", message="the answer was never written down"))

    async def sealed(self, work: Work, *, theirs: bool = False) -> None:
        """Its key's secret cannot be opened: the key is out of use, another paints what Jimeng has not got yet, the rest waits for it.

        `theirs`: another replica opens it, which takes the task now.
        """
        log.warning("%s.%s waits: the secret of its key cannot be opened", work.generation_id, work.number)
        async with self._records.write() as tx:
            if theirs:
                await move(tx, work, work.status, owner=None)
                tx.wake("tasks")
                return
            await sealed(tx, work.credential_id, work.req_key)
            if work.status == "claimed":
                await self._requeue(tx, work)
            elif work.submitted and tx.now < work.submitted + timedelta(seconds=self._pace.remote):
                await move(tx, work, work.status, owner=None, not_before=tx.now + timedelta(seconds=self._pace.sealed))
            else:
                said = {"cause": Cause.CONFIGURATION, "error": "jimeng.misconfigured"}
                await end(tx, work, "failed", self._zone, **said)

    async def back(self, work: Work, *, after: float = 0.0) -> None:
        """Nothing was asked yet: the task waits again, at least `after` seconds."""
        async with self._records.write() as tx:
            await self._requeue(tx, work, after=after)

    async def complain(self, work: Work, error: JimengError) -> None:
        """What a poll says about its key, while the task goes on."""
        async with self._records.write() as tx:
            await react(tx, work.credential_id, work.req_key, error)

    async def fail(self, work: Work, cause: Cause, key: str, text: str = "") -> bool:
        """The task ends without a picture for a reason of our own; `key` is the sentence for the member."""
        log.warning("%s.%s ends: %s %s", work.generation_id, work.number, key, text)
        async with self._records.write() as tx:
            return await end(tx, work, "failed", self._zone, cause=cause, error=key, error_text=text)

    async def _fail(self, tx: Tx, work: Work, error: JimengError, key: str = "") -> None:
        await end(tx, work, "failed", self._zone, cause=error.cause, error=key or error.line.key, **_noted(work, error))

    async def _requeue(
        self,
        tx: Tx,
        work: Work,
        error: JimengError | None = None,
        changed: Mapping[str, Any] | None = None,
        *,
        after: float = 0.0,
    ) -> bool:
        """Back to the queue, with its place in it; the key just used stands on the row as the last one tried.

        A painting that is being cancelled takes nothing back into the queue: its task ends here.
        """
        noted = _noted(work, error) if error else {}
        cancelling = sa.select(generations.c.cancelling).where(generations.c.id == work.generation_id)
        if await tx.scalar(cancelling.with_for_update(key_share=True)):
            return await end(tx, work, "cancelled", self._zone, **noted)
        values = {"owner": None, "task_id": None, "submitted": None, **noted, **(changed or {})}
        moved = await move(tx, work, "queued", not_before=tx.now + timedelta(seconds=after), **values)
        if moved:
            tx.wake("tasks")
        return moved

    async def _once(self, tx: Tx, work: Work, error: JimengError, seed: int | None) -> None:
        if work.resubmits:
            await self._fail(tx, work, error)
        else:
            await self._requeue(tx, work, error, {"resubmits": 1, "seed": seed})

    async def _lost(self, tx: Tx, work: Work, error: JimengError) -> None:
        """A task may exist that we cannot ask for: its slot stays taken for a while, and one more submit is all we risk."""
        if work.resubmits:
            await self._fail(tx, work, error, "studio.answer_lost")
        elif await self._requeue(tx, work, error, {"resubmits": 1}):
            until = tx.now + timedelta(seconds=self._pace.ghost)
            await tx.add(ghosts, credential_id=work.credential_id, req_key=work.req_key, until=until)

    async def _other_key(self, tx: Tx, work: Work, error: JimengError) -> None:
        """Another key takes it; when none is left it ends, for nobody but an admin can help."""
        if error.call == "submit" and await worth_waiting(tx, work.pool, work.req_key):
            await self._requeue(tx, work, error)
        else:
            await self._fail(tx, work, error)

    async def _again(self, tx: Tx, work: Work, error: JimengError) -> None:
        retry = self._pace.retry
        if work.failures < len(retry):
            await self._requeue(tx, work, error, {"failures": work.failures + 1}, after=retry[work.failures])
        else:
            await self._fail(tx, work, error)

    async def _other_seed(self, tx: Tx, work: Work) -> int | None:
        """Another seed for a refused picture, unless a member asked for this one."""
        typed = await tx.scalar(sa.select(generations.c.seed_typed).where(generations.c.id == work.generation_id))
        if work.seed is None or typed or not self._models.row(work.req_key).seed:
            return work.seed
        return secrets.randbelow(SEED_LARGEST)


def _noted(work: Work, error: JimengError) -> dict[str, Any]:
    """Jimeng's own words, for support, on the row."""
    ids = [*work.request_ids, error.request_id] if error.request_id else list(work.request_ids)
    return {"request_ids": ids, "error_code": str(error.code or ""), "error_text": error.message}
