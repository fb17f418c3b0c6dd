"""One task from claim to picture, and what becomes of it for everything Jimeng can say (product.md §6)."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image

from core.generations import add_image
from core.jimeng.models import table
from core.painting import cancel
from core.records.tables import alerts, credentials, ghosts, health, images, tasks
from core.studio import Studio
from tests.studio.scene import FAST, I2I, POINTS, UPSCALE, V31, V40, Scene
from tests.studio.wire import GENERATING, PICTURE, jpeg

LOST = httpx.ReadError("the connection dropped")
REFUSED = httpx.ConnectError("no route")


@asynccontextmanager
async def painting(scene: Scene, **pace: Any) -> AsyncIterator[Studio]:
    """An engine at work."""
    studio = scene.studio(replace(FAST, **pace))
    await studio.start()
    try:
        yield studio
    finally:
        await studio.stop()


async def test_a_painting_is_submitted_kept_paid_and_shown(scene: Scene) -> None:
    await scene.key()
    generation = await scene.paint(n=2)
    async with painting(scene):
        view = await scene.settled(generation)
        await scene.until(lambda: _delivered(scene, generation))
    assert (view.outcome, view.charged, view.released) == ("done", 200, 0)
    assert await scene.wallet() == (POINTS - 200, 0)
    task = view.tasks[0]
    assert task.image is not None
    assert (await scene.images.original(task.image.id))[0] == PICTURE
    assert (task.credential, task.request_ids, task.error_code) == ("one", ("submitted", "done"), "")
    assert view.started is not None
    assert f"{generation}/result" in scene.screen.shown
    assert [body["seed"] for body in scene.wire.asked["submit"]] == [7, 8]


async def _delivered(scene: Scene, generation: str) -> bool:
    return (await scene.view(generation)).delivery == "delivered"


@pytest.mark.parametrize(
    ("call", "answers", "status", "cause", "submits"),
    [
        ("submit", [50412], "failed", "unsupported", 1),
        ("submit", [50411], "failed", "unsupported", 1),
        ("submit", [50215], "failed", "unsupported", 1),
        ("poll", [50413], "failed", "unsupported", 1),
        ("poll", [50511], "kept", "", 2),
        ("poll", [50511, 50519], "failed", "refused", 2),
        ("submit", [50500], "kept", "", 2),
        ("submit", [50500] * 4, "failed", "model", 4),
        ("poll", [50500, 50500], "kept", "", 1),
        ("poll", [50500] * 4, "kept", "", 2),
        ("poll", [{"code": 10000, "data": {"status": "not_found"}}], "kept", "", 2),
        ("poll", [{"code": 10000, "data": {"status": "expired"}}] * 4, "failed", "model", 4),
        ("poll", [50429, 50430, LOST, GENERATING], "kept", "", 1),
        ("submit", [50400], "failed", "configuration", 1),
        ("poll", [50400] * 6, "failed", "configuration", 1),
        ("download", [b"<html>", PICTURE], "kept", "", 1),
        ("download", [b"<html>"] * 2, "kept", "", 2),
        ("download", [LOST, LOST, PICTURE], "kept", "", 1),
    ],
)
async def test_every_answer_has_its_end(
    sqlite_scene: Scene, call: str, answers: list[Any], status: str, cause: str, submits: int
) -> None:
    scene = sqlite_scene
    await scene.key()
    scene.wire.then(call, *answers)
    generation = await scene.paint()
    async with painting(scene):
        view = await scene.settled(generation)
    assert (view.tasks[0].status, view.tasks[0].cause, scene.wire.submits) == (status, cause, submits)
    kept = status == "kept"
    assert await scene.wallet() == (POINTS - 100 * kept, 0)
    assert view.tasks[0].error_code == ("" if kept else view.tasks[0].error_code)


@pytest.mark.parametrize("answer", [50429, 50430, REFUSED])
async def test_busy_is_a_wait_and_no_failure(sqlite_scene: Scene, answer: Any) -> None:
    scene = sqlite_scene
    await scene.key()
    scene.wire.then("submit", answer)
    generation = await scene.paint()
    async with painting(scene):
        await scene.until(lambda: scene.rows(sa.select(health).where(health.c.state == "cooling")))
        row = await scene.reaches(generation, "queued")
        assert (row["failures"], row["resubmits"]) == (0, 0)
        scene.forward(seconds=10)
        assert (await scene.settled(generation)).outcome == "done"
    assert scene.wire.submits == 2


async def test_a_full_key_hands_the_task_to_another(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key("one", at_once=2)
    await scene.key("two", at_once=2)
    scene.wire.then("submit", 50430)
    generation = await scene.paint()
    async with painting(scene):
        await scene.settled(generation)
    assert scene.wire.keys == ["AKone", "AKtwo"]


async def test_a_refused_key_is_quarantined_and_another_paints(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key("one")
    await scene.key("two")
    scene.wire.then("submit", 50400)
    generation = await scene.paint()
    async with painting(scene):
        assert (await scene.settled(generation)).outcome == "done"
    (ill,) = await scene.rows(sa.select(health))
    assert (ill["state"], ill["req_key"]) == ("quarantined", V31)
    assert scene.wire.keys == ["AKone", "AKtwo"]
    assert len(await scene.rows(sa.select(alerts))) == 1


async def test_when_no_key_is_left_nobody_waits_for_nothing(scene: Scene) -> None:
    await scene.key(at_once=1)
    scene.wire.always["submit"] = 50400
    generation = await scene.paint(n=4)
    async with painting(scene):
        view = await scene.settled(generation)
    assert (view.outcome, view.cause, view.released) == ("failed", "configuration", 400)
    assert scene.wire.submits == 1


async def test_a_lost_answer_leaves_a_ghost_and_is_submitted_once_more(scene: Scene) -> None:
    await scene.key(at_once=1)
    scene.wire.then("submit", LOST)
    generation = await scene.paint()
    async with painting(scene):
        await scene.until(lambda: scene.rows(sa.select(ghosts)))
        row = await scene.reaches(generation, "queued")
        assert (row["resubmits"], scene.wire.submits) == (1, 1)
        scene.forward(seconds=FAST.ghost + 1)
        assert (await scene.settled(generation)).outcome == "done"
    assert scene.wire.submits == 2


async def test_an_answer_lost_twice_ends_the_task_with_the_points_back(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key(at_once=3)
    scene.wire.then("submit", LOST, LOST)
    generation = await scene.paint()
    async with painting(scene):
        view = await scene.settled(generation)
    assert (view.cause, view.error, scene.wire.submits) == ("network", "studio.answer_lost", 2)
    assert await scene.wallet() == (POINTS, 0)


async def test_a_refused_picture_is_painted_with_another_seed_unless_it_was_typed(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    for typed in (False, True):
        scene.wire.asked["submit"].clear()
        scene.wire.then("poll", 50511)
        generation = await scene.paint(seed_typed=typed)
        async with painting(scene):
            await scene.settled(generation)
        first, second = (body["seed"] for body in scene.wire.asked["submit"])
        assert (first == second) is typed
        assert ("use_pre_llm" in scene.wire.asked["submit"][0]) is typed


async def test_a_painting_waits_a_day_at_most(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key()
    generation = await scene.paint()
    async with scene.records.write() as tx:
        await tx.change(sa.update(credentials).where(credentials.c.id == key).values(enabled=False))
    async with painting(scene):
        scene.forward(hours=23)
        assert (await scene.task(generation))["status"] == "queued"
        scene.forward(hours=1)
        view = await scene.settled(generation)
    assert (view.cause, view.error) == ("queue", "studio.waited")
    assert await scene.wallet() == (POINTS, 0)


async def test_jimeng_is_asked_for_twelve_hours_at_most(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    scene.wire.always["poll"] = LOST
    generation = await scene.paint()
    async with painting(scene):
        await scene.until(lambda: _asked(scene, "poll", 3))
        assert (await scene.task(generation))["status"] == "submitted"
        scene.forward(hours=12)
        view = await scene.settled(generation)
    assert (view.cause, view.error, scene.wire.submits) == ("network", "studio.never_came", 1)


async def _asked(scene: Scene, call: str, times: int) -> bool:
    return len(scene.wire.asked[call]) >= times


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


async def test_references_travel_as_the_model_takes_them(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    stored = await scene.images.keep(jpeg((1, 2, 3), (600, 600)))
    async with scene.records.write() as tx:
        await add_image(tx, stored, "reference")
    orders = [(I2I, 0.3), (V40, 0.25), (UPSCALE, None)]
    async with painting(scene):
        for model, weight in orders:
            await scene.settled(await scene.paint(model=model, references=(stored.id,), weight=weight))
    i2i, v40, upscale = scene.wire.asked["submit"]
    assert len(i2i["binary_data_base64"]) == 1
    assert i2i["scale"] == 0.3
    assert v40["image_urls"] == [f"https://paint.example/{stored.id}"]
    assert (v40["force_single"], v40["scale"], "seed" in v40) == (True, 0.25, False)
    assert upscale["resolution"] == "4k"
    assert not {"prompt", "width", "image_urls"} & set(upscale)
    assert '"add_logo": true' in scene.wire.asked["poll"][0]["req_json"]


async def test_a_reference_deleted_meanwhile_ends_the_painting_plainly(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    stored = await scene.images.keep(jpeg())
    async with scene.records.write() as tx:
        await add_image(tx, stored, "reference")
    await scene.images.delete(stored)
    generation = await scene.paint(model=I2I, references=(stored.id,))
    async with painting(scene):
        view = await scene.settled(generation)
    assert (view.cause, view.error, scene.wire.submits) == ("unsupported", "images.gone", 0)


async def test_a_broken_step_is_tried_again_and_ends_when_it_stays_broken(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()

    async def broken(*_: Any) -> Any:
        raise RuntimeError("a bug")

    scene.client.poll = broken  # type: ignore[method-assign,assignment]
    generation = await scene.paint()
    async with painting(scene):
        view = await scene.settled(generation)
    assert (view.outcome, view.error, scene.wire.submits) == ("failed", "studio.unexpected", 1)
    assert await scene.wallet() == (POINTS, 0)


async def test_a_reference_travels_in_at_most_the_bytes_its_model_takes(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    noise = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(noise, "PNG")
    stored = await scene.images.keep(noise.getvalue())
    async with scene.records.write() as tx:
        await add_image(tx, stored, "reference")
    scene.models = table({"i2i": {"reference_bytes": 100_000}})
    async with painting(scene):
        await scene.settled(await scene.paint(model=I2I, references=(stored.id,)))
    (sent,) = scene.wire.asked["submit"][0]["binary_data_base64"]
    assert len(base64.b64decode(sent)) <= 100_000 < stored.size
