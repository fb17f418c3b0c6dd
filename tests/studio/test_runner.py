"""One task from claim to picture, and what becomes of it for everything Jimeng can say."""

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from core.records.tables import alerts, credentials, ghosts, health
from tests.studio.scene import FAST, POINTS, V31, Scene, painting
from tests.studio.wire import GENERATING, PICTURE

LOST = httpx.ReadError("the connection dropped")
REFUSED = httpx.ConnectError("no route")


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
