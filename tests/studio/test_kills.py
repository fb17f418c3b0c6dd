"""kill -9 at every state of a task: nothing is lost, nothing is charged twice, the same message is edited on."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from bot.simulator.config import Config
from core.commands.discarding import sweep_pictures
from core.images import Images, open_store
from core.jimeng.client import JimengClient
from core.records import Records, open_records
from core.records.tables import credentials, generations, ghosts, images, leases, ledger, tasks
from tests.jimeng.running import simulator
from tests.studio import painter_process
from tests.studio.painter_process import Wall, said, studio_of
from tests.studio.scene import POINTS, Scene

PLACES = {
    "claimed": "claimed",
    "before": "submitting",
    "after": "submitting",
    "submitted": "submitted",
    "ready": "ready",
    "stored": "ready",
    "settled": "kept",
    "posted": "kept",
}
"""Where the process is stopped, and how the task stands then."""


@pytest.fixture(scope="module")
def jimeng(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A simulator that lives on while bots die."""
    file = tmp_path_factory.mktemp("kills") / "simulator.db"
    with simulator(Config(file=file, queue_seconds=0.0, paint_seconds=0.1, in_flight=100, qps=1000)) as url:
        yield url


@dataclass
class Stage:
    """One database with a painting for every place to be killed at."""

    scene: Scene
    folder: Path
    url: str
    jimeng: str
    paintings: dict[str, str]

    @property
    def log(self) -> Path:
        return self.folder / "wall.jsonl"

    async def asked(self) -> Mapping[str, Any]:
        """What the simulator counted."""
        async with httpx.AsyncClient(trust_env=False) as http:
            told: dict[str, Any] = (await http.get(f"{self.jimeng}/_control")).json()
            return told

    async def stands(self) -> bool:
        """Whether every painting has come to where the process is stopped."""
        for place, generation in self.paintings.items():
            if (await self.scene.task(generation))["status"] != PLACES[place]:
                return False
        posts = {slot for what, slot, _ in said(self.log) if what == "post"}
        receipts = {f"{generation}/receipt" for generation in self.paintings.values()}
        sent = (await self.asked())["accepted"].get("stop:after") == 1
        stored = len(self.files()) == len({"stored", "settled", "posted"})
        return sent and stored and receipts | {f"{self.paintings['posted']}/result"} <= posts

    def files(self) -> set[str]:
        """Keys of what lies in the store."""
        return {str(path.relative_to(self.folder / "images")) for path in (self.folder / "images").glob("*/*")}

    async def delivered(self) -> bool:
        rows = await self.scene.rows(sa.select(generations.c.delivery, generations.c.shown, generations.c.revision))
        return all(row["delivery"] == "delivered" and row["shown"] == row["revision"] for row in rows)


@pytest.fixture
async def stage(database_url: str, jimeng: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Paintings waiting for a process, on each kind of database."""
    records = open_records(database_url, painter_process.now)
    async with httpx.AsyncClient(trust_env=False) as http:
        await http.post(f"{jimeng}/_control", json={"clear": True})
        scene = Scene(records)
        door = {"api_url": jimeng, "per_second": 100.0, "at_once": 50}
        await _play_key(scene, "one", door)
        slow = await _play_key(scene, "slow", {**door, "per_second": 0.01}, pool="slow")
        paintings = {}
        for place in PLACES:
            words = f"stop:{place}"
            paintings[place] = await scene.paint(prompt=words, side=512)
        async with records.write() as tx:
            # its turn comes when the test says so: that is how a task stays claimed
            await tx.change(sa.update(credentials).where(credentials.c.id == slow).values(tat=tx.database_now + 60))
            apart = tasks.c.generation_id == paintings["claimed"]
            await tx.change(sa.update(tasks).where(apart).values(pool="slow"))
        yield Stage(scene, tmp_path, database_url, jimeng, paintings)
        await scene.http.aclose()
    await records.close()


async def _play_key(scene: Scene, alias: str, door: Mapping[str, Any], **more: Any) -> int:
    pair = {"access_key_id": "simulator-key", "secret_access_key": "simulator-secret-for-play-only"}
    return await scene.key(alias, **door, **pair, **more)


async def kill_when_stopped(stage: Stage) -> None:
    """Start a bot, let it run until it is stopped everywhere, kill -9."""
    stops = {generation: place for place, generation in stage.paintings.items()}
    given = {"url": stage.url, "images": str(stage.folder / "images"), "log": str(stage.log), "stops": stops}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.studio.painter_process", json.dumps(given), cwd=Path(__file__).parents[2]
    )
    try:
        await stage.scene.until(stage.stands, 60)
    finally:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    assert process.returncode == -signal.SIGKILL


@asynccontextmanager
async def next_bot(stage: Stage) -> AsyncIterator[None]:
    """The next incarnation, in this process."""
    records: Records = stage.scene.records
    async with records.write() as tx:
        await tx.change(sa.update(leases).values(until=0.0))  # the dead one's time is over
        await tx.change(sa.update(credentials).values(tat=0.0))
    async with httpx.AsyncClient(trust_env=False) as http:
        client = JimengClient(http, painter_process.now)
        studio = studio_of(records, client, stage.folder / "images", Wall(records, stage.log, {}))
        await studio.start()
        try:
            yield
        finally:
            await studio.stop()


async def test_killed_everywhere_at_once_and_nothing_is_lost_or_charged_twice(stage: Stage) -> None:
    await kill_when_stopped(stage)
    async with next_bot(stage):
        await stage.scene.until(stage.delivered, 60)
    views = {place: await stage.scene.view(generation) for place, generation in stage.paintings.items()}
    assert {view.outcome for view in views.values()} == {"done"}
    assert await stage.scene.wallet() == (POINTS - 100 * len(PLACES), 0)
    entries = await stage.scene.rows(sa.select(ledger.c.generation_id, ledger.c.kind).where(ledger.c.kind == "charge"))
    assert Counter(row["generation_id"] for row in entries) == dict.fromkeys(stage.paintings.values(), 1)

    accepted = (await stage.asked())["accepted"]
    once = {f"stop:{place}": 1 for place in PLACES}
    assert accepted == once | {"stop:after": 2}, "only where the answer was lost is there a second task"
    assert views["before"].tasks[0].submits == 2
    assert len(await stage.scene.rows(sa.select(ghosts))) == 2, "a lost answer keeps its slot for a while"

    said_of = said(stage.log)
    posts = Counter(slot for what, slot, _ in said_of if what == "post")
    slots = [f"{id_}/{which}" for id_ in stage.paintings.values() for which in ("receipt", "result")]
    assert posts == dict.fromkeys(slots, 1), "one message for each, however often the bot died"
    for slot in slots:
        assert len({message for _, at, message in said_of if at == slot}) == 1, "edited on, never posted again"
    assert ["edit", f"{stage.paintings['posted']}/result"] in [entry[:2] for entry in said_of]

    await nothing_lies_there_unknown(stage)


async def nothing_lies_there_unknown(stage: Stage) -> None:
    """A file put into the store by a process that died before it could write that down has a row, and both go at night."""
    kept = {row["key"] for row in await stage.scene.rows(sa.select(images.c.key).where(images.c.kind == "result"))}
    (lost,) = stage.files() - kept
    rows = await stage.scene.rows(sa.select(images.c.id).where(images.c.kind == "coming"))
    assert lost.partition("/")[2].partition(".")[0] in {row["id"] for row in rows}
    assert await sweep_pictures(stage.scene.records, stage.scene.images) == 0, "it may still be on its way"

    later = open_records(stage.url, lambda: painter_process.now() + timedelta(days=3))
    assert await sweep_pictures(later, Images(open_store(str(stage.folder / "images")), no_image)) == len(rows)
    await later.close()
    assert stage.files() == kept
    assert {row["key"] for row in await stage.scene.rows(sa.select(images.c.key))} == kept


async def no_image(_: str) -> None:
    """Nothing is looked up here."""
