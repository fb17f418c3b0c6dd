"""A task that changes hands or mind on its way: restarts, rows taken over, cancels, stops."""

import asyncio
from typing import Any

import sqlalchemy as sa

from core.painting import cancel
from core.records.tables import images, tasks
from core.studio import Studio
from tests.studio.scene import POINTS, Scene, painting
from tests.studio.wire import GENERATING


async def test_a_restart_polls_on_and_never_submits_again(scene: Scene) -> None:
    await scene.key()
    scene.wire.always["poll"] = GENERATING
    generation = await scene.paint()
    async with painting(scene):
        row = await scene.reaches(generation, "submitted")
    assert (await scene.task(generation))["owner"] is None, "a stop hands over"
    del scene.wire.always["poll"]
    async with painting(scene):
        await scene.settled(generation)
    assert scene.wire.submits == 1
    assert scene.wire.asked["poll"][-1]["task_id"] == row["task_id"]


async def test_a_row_taken_over_is_dropped_silently(scene: Scene) -> None:
    await scene.key()
    scene.wire.always["poll"] = GENERATING
    generation = await scene.paint()
    async with painting(scene) as studio:
        await scene.reaches(generation, "submitted")
        async with scene.records.write() as tx:
            await tx.change(sa.update(tasks).values(owner="somebody else"))
        del scene.wire.always["poll"]
        await scene.until(lambda: _idle(studio))
    row = await scene.task(generation)
    assert (row["status"], row["owner"]) == ("submitted", "somebody else")
    assert not await scene.rows(sa.select(images))
    assert await scene.wallet() == (POINTS - 100, 100)


async def _idle(studio: Studio) -> bool:
    return studio.running == 0


async def test_a_picture_fetched_for_a_row_taken_over_leaves_no_file(scene: Scene) -> None:
    await scene.key()
    generation = await scene.paint()
    kept = []
    keep = scene.images.keep

    async def take_over(data: bytes, form: str = "", label: Any = None, *, image: str = "") -> Any:
        async with scene.records.write() as tx:
            await tx.change(sa.update(tasks).values(owner="somebody else"))
        kept.append(await keep(data, form, label, image=image))
        return kept[-1]

    scene.images.keep = take_over  # type: ignore[method-assign]
    async with painting(scene) as studio:
        await scene.reaches(generation, "ready")
        await scene.until(lambda: _idle(studio))
    assert not await scene.images.store.exists(kept[0].key)
    assert [row["kind"] for row in await scene.rows(sa.select(images.c.kind))] == ["coming"], "that goes at night"


async def test_what_waits_for_its_turn_can_be_cancelled_and_is_never_submitted(scene: Scene) -> None:
    await scene.key()
    generation = await scene.paint()
    turn = asyncio.Event()
    async with painting(scene) as studio:
        studio.lease.sure = turn.wait  # type: ignore[method-assign,assignment]
        await scene.reaches(generation, "claimed")
        await cancel(scene.house, generation)
        turn.set()
        view = await scene.settled(generation)
        await scene.until(lambda: _idle(studio))
    assert view.outcome == "cancelled"
    assert (await scene.task(generation))["owner"] is None
    assert scene.wire.submits == 0
    assert await scene.wallet() == (POINTS, 0)


async def test_what_jimeng_gives_back_after_a_cancel_is_not_painted_again(scene: Scene) -> None:
    await scene.key(at_once=1)
    scene.wire.always["poll"] = GENERATING
    generation = await scene.paint(n=2)
    async with painting(scene):
        await scene.reaches(generation, "submitted")
        assert (await cancel(scene.house, generation)).going_on == 1
        scene.wire.always["poll"] = 50511
        view = await scene.settled(generation)
    assert (view.outcome, scene.wire.submits) == ("cancelled", 1)
    assert await scene.wallet() == (POINTS, 0)


async def test_a_stop_waits_for_the_answer_of_a_submit(scene: Scene) -> None:
    await scene.key()
    scene.wire.always["poll"] = GENERATING
    generation = await scene.paint()
    arrived, answer = asyncio.Event(), asyncio.Event()
    submit = scene.client.submit

    async def slow(*args: Any) -> Any:
        arrived.set()
        await answer.wait()
        return await submit(*args)

    scene.client.submit = slow  # type: ignore[method-assign,assignment]
    studio = scene.studio()
    await studio.start()
    await arrived.wait()
    stopping = asyncio.ensure_future(studio.stop())
    await asyncio.sleep(0)
    answer.set()
    await stopping
    row = await scene.task(generation)
    assert (row["status"], row["owner"], bool(row["task_id"])) == ("submitted", None, True)
