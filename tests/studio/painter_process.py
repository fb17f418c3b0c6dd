"""A bot process small enough to be killed at an exact place: `python -m tests.studio.painter_process JSON`.

JSON: `url` of the database, `images` a folder, `log` a file, `stops` {painting: where}. It stops (for ever) at: before and after (the submit call),
submitted (the first poll), ready (the download), stored (the file lies in the store), settled (before the result is posted), posted (after it is).
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from core.generations import stored_image
from core.images import Images, StoredImage, open_store
from core.images import Label as Implicit
from core.jimeng.client import Credential, Done, Drawing, JimengClient, Label, Submitted, Waiting
from core.jimeng.models import Table
from core.keypools import Vault
from core.records import Records, open_records
from core.records.platforms import Platforms
from core.replies import Posted, Reply
from core.requests import Offered, Place
from core.studio import Pace, Studio, Tools

SECRET = "a secret key for tests only"
PACE = Pace(
    beat=0.2, ttl=60.0, net=0.05, sweep=0.2, poll_first=0.05, poll_least=0.05, poll_most=0.1, fetch_first=0.05, edit=0.0
)


def now() -> datetime:
    """The wall clock: the simulator checks our signatures by it."""
    return datetime.now(UTC)


async def for_ever() -> None:
    """Until somebody kills us."""
    await asyncio.Event().wait()


class StoppingClient(JimengClient):
    """The real client; a prompt `stop:WHERE` stops there."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        super().__init__(http, now)
        self._prompts: dict[str, str] = {}
        self.unwritten: set[bytes] = set()

    async def submit(self, credential: Credential, drawing: Drawing) -> Submitted:
        if drawing.prompt == "stop:before":
            await for_ever()
        told = await super().submit(credential, drawing)
        self._prompts[told.task_id] = drawing.prompt
        if drawing.prompt == "stop:after":
            await for_ever()
        return told

    async def poll(self, credential: Credential, req_key: str, task_id: str, label: Label) -> Waiting | Done:
        prompt = self._prompts.get(task_id)
        if prompt == "stop:submitted":
            await for_ever()
        found = await super().poll(credential, req_key, task_id, label)
        if isinstance(found, Done) and prompt:
            self._prompts[found.urls[0]] = prompt
        return found

    async def download(self, url: str, *, most: int = 1 << 26) -> bytes:
        if self._prompts.get(url) == "stop:ready":
            await for_ever()
        data = await super().download(url, most=most)
        if self._prompts.get(url) == "stop:stored":
            self.unwritten.add(data)
        return data


class StoppingImages(Images):
    """The real store; a picture of `unwritten` is the last thing that happens to its task."""

    unwritten: AbstractSet[bytes] = frozenset()

    async def keep(self, data: bytes, form: str = "", label: Implicit | None = None, *, image: str = "") -> StoredImage:
        stored = await super().keep(data, form, label, image=image)
        if data in self.unwritten:
            await for_ever()
        return stored


class Wall:
    """A platform outside of the process: a file of what was posted and edited. What it posted it keeps on the record, as adapters do."""

    platform = "page"

    def __init__(self, records: Records, log: Path, stops: Mapping[str, str]) -> None:
        self._store = Platforms(records, "page")
        self._log = log
        self._stops = stops

    async def show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        generation, _, which = slot.partition("/")
        stop = self._stops.get(generation) if which == "result" else None
        if stop == "settled":
            await for_ever()
        known = await self._store.posted(slot)
        message = known.messages[0] if known else f"{slot}#{len(said(self._log))}"
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(["edit" if known else "post", slot, message]) + "\n")
        if not known:
            await self._store.note_posted(Posted(slot, place.channel, "", (message,)))
        if stop == "posted":
            await for_ever()

    async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
        """Nothing is told in these tests."""

    async def hide(self, generation: str) -> bool:
        return True

    async def fetch(self, offered: Offered, most: int) -> bytes:
        return b""


def said(log: Path) -> list[list[str]]:
    """[post or edit, slot, message] in order."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []


def studio_of(records: Records, client: JimengClient, images: Path, wall: Wall) -> Studio:
    """Core parts joined as the real bot joins them."""

    async def lookup(image: str) -> StoredImage | None:
        async with records.read() as tx:
            return await stored_image(tx, image)

    async def link(image: str) -> str | None:
        return None

    store = StoppingImages(open_store(str(images)), lookup)
    if isinstance(client, StoppingClient):
        store.unwritten = client.unwritten
    tools = Tools(records, client, store, Vault([SECRET]), Table(), link, ZoneInfo("Asia/Shanghai"))
    return Studio(tools, {"page": wall}, PACE)


async def main(given: Mapping[str, Any]) -> None:
    """Paint until killed."""
    records = open_records(given["url"], now)
    records.hold_file()
    records.listen()
    async with httpx.AsyncClient(trust_env=False) as http:
        wall = Wall(records, Path(given["log"]), given["stops"])
        await studio_of(records, StoppingClient(http), Path(given["images"]), wall).start()
        await for_ever()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
