"""One task from its claim to its picture: submit, poll, fetch, keep. Every step is written down before the next."""

import asyncio
import logging

from core.errors import Cause, Refusal
from core.images import PictureGone, StoreTrouble
from core.jimeng.client import Done, Drawing, Submitted
from core.jimeng.errors import JimengError, Kind
from core.keypools import recovered, take_turn
from core.studio.bench import Bench
from core.studio.drawing import CannotDraw, Sheet, drawing_of
from core.studio.fetching import Fetcher
from core.studio.lease import Lease
from core.studio.polling import Rhythm
from core.studio.work import Work, lock_generation, move, started

log = logging.getLogger(__name__)


class Runner:
    """Runs claimed tasks for one process; `run` ends when the task has ended, gone back to the queue, or is no longer ours."""

    def __init__(self, bench: Bench, lease: Lease) -> None:
        self._bench = bench
        self._tools = bench.tools
        self._records = bench.records
        self._lease = lease
        self._rhythm = Rhythm(bench.pace)
        self._fetcher = Fetcher(bench)
        self.stopping = False

    async def run(self, work: Work) -> None:
        """Carry a task as far as it goes."""
        try:
            await self._carry(work)
        finally:
            self._bench.forget(work)

    async def _carry(self, work: Work) -> None:
        at: Work | None = work
        while at is not None and not self.stopping:
            match at.status:
                case "claimed":
                    at = await self._submit(at)
                case "submitting":
                    await self._bench.verdicts.lost(at)
                    return
                case "submitted" if at.done is None:
                    at = await self._poll(at)
                case "submitted" | "ready":
                    await self._fetcher.fetch(at)
                    return
                case _:
                    raise ValueError(at.status)

    # submit

    async def _submit(self, work: Work) -> Work | None:
        prepared = await self._prepare(work)
        if prepared is None:
            return None
        sheet, drawing = prepared
        wait: float | None = None
        while not self.stopping:
            await self._lease.sure()
            with self._bench.delicately():
                wait, marked = await self._turn(work, wait)
                if not wait:
                    return await self._send(marked, sheet, drawing) if marked else None
            await asyncio.sleep(wait)
        return None

    async def _turn(self, work: Work, waited: float | None) -> tuple[float, Work | None]:
        """The key's turn, and in the same transaction the word that the call is on its way: (0.0, the task) when it may leave now.

        (seconds, None) when the turn taken comes later, (0.0, None) when the task is no longer ours.
        """
        async with self._records.write() as tx:
            wait = await take_turn(tx, work.credential_id) if waited is None else 0.0
            if wait:
                return wait, None
            moved = await move(tx, work, "submitting", submits=work.submits + 1)
        return 0.0, work.now(status="submitting", submits=work.submits + 1) if moved else None

    async def _prepare(self, work: Work) -> tuple[Sheet, Drawing] | None:
        """Everything the call needs; None when the task ended or went back because it cannot be had."""
        sheet = await self._bench.sheet(work)
        if sheet is None:
            return None
        if not sheet.on:  # switched off since it was claimed
            await self._bench.verdicts.back(work)
            return None
        try:
            return sheet, await drawing_of(sheet, work, self._tools.images, self._tools.link)
        except CannotDraw as error:
            await self._bench.misconfigured(work, error)
        except StoreTrouble as error:  # a reference cannot be read now
            await self._bench.alert("studio.alert_store", str(error))
            await self._bench.verdicts.back(work, after=self._bench.pace.poll_back)
        except Refusal as error:
            key = error.key if isinstance(error, PictureGone) else "jimeng.input_invalid"
            await self._bench.verdicts.fail(work, Cause.UNSUPPORTED, key, error.key)
        return None

    async def _send(self, work: Work, sheet: Sheet, drawing: Drawing) -> Work | None:
        """The call itself; `work` is marked as on its way."""
        if not self._lease.may_submit:  # the commit took too long: nothing was sent, so nothing is lost
            async with self._records.write() as tx:
                back = await move(tx, work, "claimed", submits=work.submits - 1)
            return work.now(status="claimed", submits=work.submits - 1) if back else None
        try:
            told = await self._tools.client.submit(sheet.credential, drawing)
        except JimengError as error:
            refused = error
        else:
            return await self._accepted(work, told)
        await self._bench.surely(lambda: self._bench.verdicts.judge(work, refused))
        return None

    async def _accepted(self, work: Work, told: Submitted) -> Work | None:
        ids = (*work.request_ids, told.request_id) if told.request_id else work.request_ids
        log.info(
            "%s.%s submitted: %s", work.generation_id, work.number, told.task_id, extra={"request_id": told.request_id}
        )
        return await self._bench.surely(lambda: self._taken(work, told.task_id, ids))

    async def _taken(self, work: Work, task_id: str, request_ids: tuple[str, ...]) -> Work | None:
        """Jimeng has it: the id is written down, the key is proven, and the painting has begun."""
        async with self._records.write() as tx:
            await recovered(tx, work.credential_id, work.req_key)
            await lock_generation(tx, work.generation_id)
            given = {"task_id": task_id, "request_ids": list(request_ids), "submitted": tx.now}
            if not await move(tx, work, "submitted", **given):
                return None
            await started(tx, work.generation_id)
            return work.now(status="submitted", task_id=task_id, request_ids=request_ids, submitted=tx.now)

    # poll

    async def _poll(self, work: Work) -> Work | None:
        """Ask with the rhythm of this capability until Jimeng is done, says no, or no longer knows the task."""
        sheet = await self._bench.sheet(work)
        if sheet is None:
            return None
        beat = self._rhythm.begin(work, self._records.clock())
        while await self._bench.in_time(work, beat.trouble):
            await asyncio.sleep(beat.wait)
            try:
                found = await self._tools.client.poll(sheet.credential, work.req_key, work.task_id or "", sheet.label)
            except JimengError as error:
                if not beat.failed(error):
                    await self._bench.verdicts.judge(work, error)
                    return None
                if error.kind is Kind.CREDENTIAL:  # an admin may have mended the key meanwhile
                    await self._bench.verdicts.complain(work, error)
                    sheet = await self._bench.sheet(work, anew=True)
                    if sheet is None:
                        return None
                continue
            if not isinstance(found, Done):
                beat.went_on()
                continue
            self._rhythm.ended(work, self._records.clock())
            return work.now(done=found)
        return None
