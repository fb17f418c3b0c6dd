"""A full disk, really full by SQLite's own limit: nothing is lost, and everything goes on by itself once there is room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from core.images import StoreTrouble
from core.records.tables import alerts, members
from core.studio import bench
from tests.studio.scene import POINTS, Scene, painting
from tests.studio.wire import GENERATING

MUCH = "x" * 4_000_000


async def limit(scene: Scene, pages: int | None) -> None:
    """No page more than there are in the file, or (None) as many as anybody wants."""
    async with scene.records.write() as tx:
        pages = pages or 1_000_000_000
        await tx.scalar(sa.text(f"PRAGMA max_page_count={pages}"))


@asynccontextmanager
async def full_disk(scene: Scene) -> AsyncIterator[None]:
    """While inside, whoever writes meets somebody who wants more than there is: SQLite takes back what all of them wrote."""

    async def greedy() -> None:
        while True:
            try:
                async with scene.records.write() as tx:
                    await tx.add(members, name=MUCH, created=tx.now)
            except sa.exc.OperationalError:
                await asyncio.sleep(0)

    await limit(scene, 1)
    wanting = asyncio.create_task(greedy())
    try:
        yield
    finally:
        wanting.cancel()
        await asyncio.wait({wanting})
        await limit(scene, None)


async def test_a_painting_shown_while_the_disk_was_full_is_shown_on_without_a_restart(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key(at_once=3)
    scene.wire.always["poll"] = GENERATING
    scene.screen.held = asyncio.Event()
    async with painting(scene) as studio:
        ids = [await scene.paint(f"m{n}") for n in range(3)]
        await scene.until(lambda: asyncio.sleep(0, len(studio._announcer.tasks()) == 3))
        async with full_disk(scene):
            scene.screen.held.set()
            await scene.until(lambda: asyncio.sleep(0, len(scene.screen.shown) == 3))
            await scene.until(lambda: asyncio.sleep(0, not studio._announcer.tasks()))
        del scene.wire.always["poll"]
        for id_ in ids:
            assert (await scene.settled(id_)).outcome == "done"
        await scene.until(lambda: asyncio.sleep(0, {f"{id_}/result" for id_ in ids} <= scene.screen.shown.keys()))


async def test_what_jimeng_answered_is_written_down_however_long_the_disk_is_full(
    sqlite_scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bench, "LONGEST", 0.01)
    scene = sqlite_scene
    await scene.key()
    submit = scene.client.submit
    full, room = asyncio.Event(), asyncio.Event()

    async def filled() -> None:
        await full.wait()
        async with full_disk(scene):
            room.set()
            await scene.until(lambda: asyncio.sleep(0, caplog.text.count("could not write") >= 12))

    async def last_words(*given: Any) -> Any:
        told = await submit(*given)
        full.set()
        await room.wait()
        return told

    scene.client.submit = last_words  # type: ignore[method-assign,assignment]
    generation = await scene.paint()
    filling = asyncio.create_task(filled())
    async with painting(scene):
        assert (await scene.settled(generation)).outcome == "done"
    await filling
    assert (scene.wire.submits, (await scene.task(generation))["resubmits"]) == (1, 0)
    assert await scene.wallet() == (POINTS - 100, 0)


async def test_a_store_without_room_is_waited_for_and_admins_hear_it_once(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    put, tries = scene.images.store.put, 0

    async def no_room(*given: Any) -> None:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise StoreTrouble("could not write: No space left on device")
        await put(*given)

    scene.images.store.put = no_room  # type: ignore[method-assign,assignment]
    generation = await scene.paint()
    async with painting(scene):
        assert (await scene.settled(generation)).outcome == "done"
    assert scene.wire.submits == 1
    assert len(await scene.rows(sa.select(alerts))) == 1
