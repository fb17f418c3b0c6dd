"""Who is alive, whose tasks are orphans, and when a process must stop by itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from core.records import Records, open_records
from core.records.tables import leases, tasks
from core.studio.claims import claim
from core.studio.lease import Lease
from tests.conftest import Clock
from tests.studio.scene import FAST, Scene
from tests.studio.wire import GENERATING


@pytest.fixture
async def pg(postgres_url: str, clock: Clock) -> AsyncIterator[Records]:
    """PostgreSQL alone: on SQLite nobody else can run."""
    records = open_records(postgres_url, clock)
    yield records
    await records.close()


async def lapse(records: Records, lease: Lease) -> None:
    """Its time is over by the database's clock, as after a long stall."""
    async with records.write() as tx:
        await tx.change(sa.update(leases).where(leases.c.id == lease.id).values(until=tx.database_now - 1))


async def test_the_tasks_of_the_dead_are_taken_up_those_of_the_living_are_not(pg: Records) -> None:
    scene = Scene(pg)
    await scene.key(at_once=4)
    await scene.paint("a", 2)
    dead, living = Lease(pg), Lease(pg)
    await dead.begin()
    await living.begin()
    async with pg.write() as tx:
        (lost,) = await claim(tx, dead.id, 1)
        (kept,) = await claim(tx, living.id, 1)
    await lapse(pg, dead)
    assert await living.reap() == 1
    async with pg.write() as tx:
        # a zombie that claims after its lease was reaped leaves orphans too
        await tx.change(sa.update(tasks).where(tasks.c.id == lost.id).values(owner=dead.id))
    assert await living.reap() == 1
    owners = {row["id"]: row["owner"] for row in await scene.rows(sa.select(tasks))}
    assert owners == {lost.id: None, kept.id: living.id}


async def test_a_lease_that_is_not_beaten_ends_by_the_clock_of_the_database(pg: Records) -> None:
    scene = Scene(pg)
    await scene.key()
    generation = await scene.paint()
    stalled, living = Lease(pg, ttl=0.2), Lease(pg)
    await stalled.begin()
    await living.begin()
    async with pg.write() as tx:
        await claim(tx, stalled.id, 1)
    assert await scene.until(living.reap) == 1
    assert (await scene.task(generation))["owner"] is None
    assert not await stalled.beat()


async def test_a_lapsed_lease_is_noticed_and_a_new_one_has_another_name(pg: Records) -> None:
    lease = Lease(pg)
    await lease.begin()
    old = lease.id
    assert await lease.beat()
    await lapse(pg, lease)
    assert not await lease.beat()
    await lease.begin()
    assert await lease.beat()
    assert lease.id != old


async def test_a_process_that_cannot_beat_stops_submitting(pg: Records) -> None:
    lease = Lease(pg, ttl=0.0, margin=0.0)
    await lease.begin()
    assert not lease.may_submit
    waiting = asyncio.ensure_future(Lease.sure(lease))
    lease._ttl = 60
    await lease.begin()
    await asyncio.wait_for(waiting, 10)
    assert lease.may_submit


async def test_a_lapsed_engine_drops_its_tasks_and_takes_them_up_under_a_new_name(pg: Records) -> None:
    scene = Scene(pg)
    scene.wire.always["poll"] = GENERATING
    await scene.key()
    generation = await scene.paint()
    studio = scene.studio(FAST)
    await studio.start()
    try:
        row = await scene.reaches(generation, "submitted")
        await lapse(pg, studio.lease)

        async def taken_up() -> bool:
            owner = (await scene.task(generation))["owner"]
            return owner not in (None, row["owner"])

        await scene.until(taken_up)
        assert (await scene.task(generation))["owner"] == studio.lease.id
        assert studio.running == 1
        del scene.wire.always["poll"]
        assert (await scene.settled(generation)).outcome == "done"
        assert scene.wire.submits == 1
    finally:
        await studio.stop()


async def test_two_replicas_share_the_work_and_one_hands_over_when_it_stops(pg: Records, postgres_url: str) -> None:
    other = open_records(postgres_url, pg.clock)
    scene = Scene(pg)
    scene.wire.always["poll"] = GENERATING
    await scene.key(at_once=3)
    paintings = [await scene.paint(f"m{n}", 2) for n in range(4)]
    pg.listen()
    other.listen()
    first, second = scene.studio(FAST), scene.studio(FAST, records=other)
    await first.start()
    await scene.until(lambda: _under_way(scene, 3))
    await second.start()
    await first.stop()
    await scene.until(lambda: _under_way(scene, 3, second.lease.id))
    del scene.wire.always["poll"]
    for generation in paintings:
        assert (await scene.settled(generation)).outcome == "done"
    await second.stop()
    await other.close()
    assert scene.wire.submits == 8, "a task that was handed over is not submitted again"


async def _under_way(scene: Scene, count: int, owner: str = "") -> bool:
    rows = await scene.rows(sa.select(tasks.c.owner).where(tasks.c.status == "submitted"))
    return len(rows) == count and (not owner or {row["owner"] for row in rows} == {owner})


async def test_on_sqlite_a_start_takes_up_everything_and_a_late_beat_drops_nothing(sqlite_records: Records) -> None:
    scene = Scene(sqlite_records)
    await scene.key()
    await scene.paint()
    first = Lease(sqlite_records, ttl=0.0)
    await first.begin()
    async with sqlite_records.write() as tx:
        (work,) = await claim(tx, first.id, 1)
    assert await first.beat()
    assert first.may_submit
    assert await first.reap() == 0
    await Lease(sqlite_records).begin()
    (row,) = await scene.rows(sa.select(tasks))
    assert (row["id"], row["status"], row["owner"]) == (work.id, "claimed", None)
