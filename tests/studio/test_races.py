"""Races that were found by reading: a lease that lapses in mid-call, claims lost with their commit, two replicas with one alert."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa

from core.alerts import alert
from core.generations import touch
from core.records import Records, open_records
from core.records.tables import alerts, ghosts, images
from core.requests import Line
from core.studio.claims import claim
from tests.conftest import Clock
from tests.studio.scene import POINTS, Scene, Screen
from tests.studio.test_lease import lapse
from tests.studio.wire import GENERATING
from tests.waiting import eventually


@pytest.fixture
async def pg(postgres_url: str, clock: Clock) -> AsyncIterator[Records]:
    """PostgreSQL alone."""
    records = open_records(postgres_url, clock)
    yield records
    await records.close()


async def test_an_answer_on_its_way_while_our_lease_lapses_is_written_down_and_not_asked_for_twice(
    pg: Records, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene(pg)
    await scene.key()
    generation = await scene.paint()
    arrived, answer = asyncio.Event(), asyncio.Event()
    submit = scene.client.submit

    async def slow(*given: Any) -> Any:
        told = await submit(*given)
        arrived.set()
        await answer.wait()
        return told

    scene.client.submit = slow  # type: ignore[method-assign,assignment]
    studio = scene.studio()
    await studio.start()
    try:
        await arrived.wait()
        await lapse(pg, studio.lease)
        await scene.until(lambda: asyncio.sleep(0, "our lease has lapsed" in caplog.text))
        answer.set()
        assert (await scene.settled(generation)).outcome == "done"
    finally:
        await studio.stop()
    assert scene.wire.submits == 1
    assert not await scene.rows(sa.select(ghosts))
    assert await scene.wallet() == (POINTS - 100, 0)
    await scene.http.aclose()


async def test_a_task_claimed_twice_is_painted_once_and_a_stop_ends_both_runners(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    scene.wire.always["poll"] = GENERATING
    generation = await scene.paint()
    studio = scene.studio()
    await studio.start()
    row = await scene.reaches(generation, "submitted")
    async with scene.records.write() as tx:  # as when the commit of a claim was lost: its runner is at work already
        await tx.change(sa.text("UPDATE tasks SET owner = NULL"))
    await scene.until(lambda: asyncio.sleep(0, studio.running == 2))
    runners = list(studio._running)
    await studio.stop()
    assert all(runner.done() for runner in runners)
    del scene.wire.always["poll"]
    again = scene.studio()
    await again.start()
    assert (await scene.settled(generation)).outcome == "done"
    await again.stop()
    assert (scene.wire.submits, (await scene.task(generation))["task_id"]) == (1, row["task_id"])


async def test_of_two_replicas_one_tells_the_admins(pg: Records, postgres_url: str) -> None:
    other = open_records(postgres_url, pg.clock)
    scene, screens = Scene(pg), (Screen(), Screen())
    await scene.member("boss", role="admin")
    for records in (pg, other):
        records.listen()
    studios = [
        scene.studio(messengers={"page": screen}, records=records)
        for screen, records in zip(screens, (pg, other), strict=True)
    ]
    for studio in studios:
        await studio.start()
    for number in range(5):
        async with pg.write() as tx:
            await alert(tx, f"alert {number}", Line("studio.alert_configuration", {"message": "a"}))

        async def told() -> bool:
            return not await scene.rows(sa.select(alerts.c.id).where(alerts.c.told.is_(None)))

        await scene.until(told)
    for studio in studios:
        await studio.stop()
    await other.close()
    await scene.http.aclose()
    assert sorted(len(screen.told) for screen in screens) == [0, 5]


async def test_what_goes_back_to_the_queue_after_a_cancel_ends_there(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    generation = await scene.paint()
    async with scene.records.write() as tx:
        (work,) = await claim(tx, "me", 1)
        await touch(tx, generation, cancelling=True)
    await scene.studio()._bench.verdicts.back(work)
    view = await scene.view(generation)
    assert (view.outcome, view.released) == ("cancelled", 100)
    assert await scene.wallet() == (POINTS, 0)


async def test_a_server_that_goes_while_we_begin_to_listen_is_listened_to_again(
    pg: Records, postgres_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import asyncpg

    listen, tries = asyncpg.Connection.add_listener, 0

    async def gone_at_first(*given: Any) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        await listen(*given)

    monkeypatch.setattr(asyncpg.Connection, "add_listener", gone_at_first)
    waker = pg.waker("tasks")
    with caplog.at_level(logging.WARNING):
        pg.listen()
        await asyncio.wait_for(waker.wait(30), 40)
        other = open_records(postgres_url, pg.clock)
        async with other.write() as tx:
            tx.wake("tasks")
        await other.close()
        async with asyncio.timeout(30):
            await waker.wait(30)
    assert tries == 2
    assert "cannot listen for wake-ups" in caplog.text


async def test_a_stop_between_a_picture_in_the_store_and_its_row_leaves_no_file(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    put, lies, told = scene.images.store.put, asyncio.Event(), asyncio.Event()
    keys: list[str] = []

    async def slow(key: str, data: bytes, mime: str) -> None:
        await put(key, data, mime)
        keys.append(key)
        lies.set()
        await told.wait()

    scene.images.store.put = slow  # type: ignore[method-assign]
    await scene.paint()
    studio = scene.studio()
    await studio.start()
    await lies.wait()
    stopping = asyncio.ensure_future(studio.stop())
    await eventually(lambda: studio._runner.stopping and all(one.done() for one in studio._loops))
    told.set()
    await stopping
    assert [row["key"] for row in await scene.rows(sa.select(images.c.key))] == keys
