"""The last step of a task: the picture's bytes, checked, labelled, kept, and paid for."""

import asyncio
import logging

from core.generations import add_image, expect_image
from core.images import BrokenPicture, Label, StoredImage, StoreTrouble
from core.jimeng import errors
from core.jimeng.client import Done
from core.jimeng.errors import JimengError, Kind
from core.studio.bench import Bench
from core.studio.drawing import Sheet
from core.studio.work import Work, end, move

log = logging.getLogger(__name__)
PATIENT = (Kind.NETWORK, Kind.RATE, Kind.CONCURRENCY)
"""Asked again until Jimeng no longer knows the task."""


class Fetcher:
    """Brings pictures home. Holds no slot of a key while it does."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._tools = bench.tools
        self._pace = bench.pace
        self._room = asyncio.Semaphore(bench.pace.fetching)

    async def fetch(self, work: Work) -> None:
        """The picture's bytes, checked, labelled and kept. A link that died is asked for once more; what stays broken is painted again."""
        sheet = await self._bench.sheet(work)
        if sheet is None:
            return
        if work.status == "submitted":  # fetching needs no slot of the key
            ready = await self._ready(work)
            if ready is None:
                return
            work, image = ready
        else:  # taken up from another process: what that one expected may lie in the store by now
            async with self._bench.records.write() as tx:
                image = await expect_image(tx)
        await self._patiently(work, sheet, image)

    async def _ready(self, work: Work) -> tuple[Work, str] | None:
        """The task without its slot, and the id its picture will have: that row stands long before the file, however soon we die."""
        done = work.done
        ids = (*work.request_ids, done.request_id) if done is not None and done.request_id else work.request_ids
        async with self._bench.records.write(soft=True) as tx:
            if not await move(tx, work, "ready", request_ids=list(ids)):
                return None
            image = await expect_image(tx)
        return work.now(status="ready", request_ids=ids), image

    async def _patiently(self, work: Work, sheet: Sheet, image: str) -> None:
        wait, tries, trouble = self._pace.fetch_first, 0, None
        while await self._bench.in_time(work, trouble):
            try:
                async with self._room:
                    await self._keep(work, sheet, image, await self._bytes(work, sheet))
                return
            except JimengError as error:
                trouble = error
                tries += error.kind not in PATIENT
                if error.kind not in PATIENT and tries >= self._most(error):
                    await self._bench.verdicts.judge(work, error)
                    return
            except StoreTrouble as error:
                await self._bench.alert("studio.alert_store", str(error))
                log.warning("%s.%s could not be kept: %s", work.generation_id, work.number, error)
            work = work.now(done=None)
            await asyncio.sleep(wait)
            wait = min(wait * 2, self._pace.poll_back)

    def _most(self, error: JimengError) -> int:
        """How often this may happen before the picture is given up."""
        if error.call == "download":
            return 2
        return self._pace.fetch_tries if error.repoll or error.kind is Kind.CREDENTIAL else 1

    async def _bytes(self, work: Work, sheet: Sheet) -> bytes:
        done = work.done or await self._ask(work, sheet)
        return done.images[0] if done.images else await self._tools.client.download(done.urls[0])

    async def _ask(self, work: Work, sheet: Sheet) -> Done:
        found = await self._tools.client.poll(sheet.credential, work.req_key, work.task_id or "", sheet.label)
        if isinstance(found, Done):
            return found
        raise errors.made(errors.NETWORK, "poll", message=f"done, then {found.status}")

    async def _keep(self, work: Work, sheet: Sheet, image: str, data: bytes) -> None:
        with self._bench.delicately():  # from here on a file lies in the store: it becomes a picture, or goes
            stored = await self._stored(work, sheet, image, data)
            if not await self._bench.surely(lambda: self._written(work, stored)):
                await self._tools.images.delete(stored)  # taken over meanwhile; its row goes at night

    async def _stored(self, work: Work, sheet: Sheet, image: str, data: bytes) -> StoredImage:
        images, form = self._tools.images, sheet.painting["format"]
        meta = Label(self._tools.producer, f"{work.generation_id}.{work.number}") if self._tools.producer else None
        try:
            return await images.keep(data, form, meta, image=image)
        except BrokenPicture as error:
            raise errors.made(errors.GONE, "download", message=f"broken picture: {error}") from error

    async def _written(self, work: Work, stored: StoredImage) -> bool:
        clean = {"cause": "", "error": "", "error_code": "", "error_text": ""}
        async with self._bench.records.write() as tx:
            kept = await end(tx, work, "kept", self._tools.zone, image_id=stored.id, **clean)
            if kept:
                await add_image(tx, stored, "result")
            return kept
