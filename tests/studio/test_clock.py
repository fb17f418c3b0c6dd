"""Clocks that are wrong: set back by hours, apart between replicas, the database's another than ours."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import keypools
from core.jimeng import errors
from core.records import open_records
from core.records.tables import credentials, generations, ghosts, health, leases, tasks
from core.studio.lease import Lease
from core.studio.polling import Rhythm
from core.studio.work import COLUMNS, work_of
from tests.conftest import Clock
from tests.studio.scene import FAST, POINTS, V31, Scene, painting

BUSY = errors.business_error("submit", 429, 50429, "Request Has Reached API Limit", "r1")


@pytest.mark.parametrize("hours", [1, 24 * 400])
async def test_a_clock_set_back_makes_no_painting_wait_for_the_time_it_lost(scene: Scene, hours: int) -> None:
    key = await scene.key()
    generation = await scene.paint()
    async with scene.records.write() as tx:
        await keypools.react(tx, key, V31, BUSY)
        await tx.add(ghosts, credential_id=key, req_key=V31, until=tx.now + timedelta(seconds=120))
        lowered = sa.update(health).values(lowered_to=1, lowered_until=tx.now + timedelta(minutes=10))
        await tx.change(lowered)
        await tx.change(sa.update(generations).values(tell_after=tx.now + timedelta(seconds=3)))
        await tx.change(sa.update(credentials).values(tat=tx.database_now + hours * 3600.0))
    scene.forward(hours=-hours)
    async with painting(scene):
        assert (await scene.settled(generation)).outcome == "done"
        await scene.until(lambda: scene.rows(sa.select(generations).where(generations.c.delivery == "delivered")))
    assert await scene.wallet() == (POINTS - 100, 0)
    assert not await scene.rows(sa.select(ghosts))


async def test_what_rightly_waits_goes_on_waiting(scene: Scene) -> None:
    key = await scene.key(per_second=0.01)
    await scene.paint()
    async with scene.records.write() as tx:
        await keypools.react(tx, key, V31, BUSY)
        await keypools.take_turn(tx, key)
        later = tx.now + timedelta(seconds=60)
        await tx.change(sa.update(tasks).values(not_before=later))
    before = [await scene.rows(sa.select(table)) for table in (tasks, health, credentials)]
    studio = scene.studio()
    await studio._endings.tidy("nobody", [])
    assert [await scene.rows(sa.select(table)) for table in (tasks, health, credentials)] == before


@pytest.mark.parametrize(("tries", "waits"), [(0, False), (1, True)])
async def test_a_platform_flooded_for_hours_is_left_alone_so_long_and_an_edit_is_not(
    scene: Scene, tries: int, waits: bool
) -> None:
    await scene.paint()
    async with scene.records.write() as tx:
        later = tx.now + timedelta(hours=5)
        await tx.change(sa.update(generations).values(tell_after=later, delivery_tries=tries))
    await scene.studio()._endings.tidy("nobody", [])
    (row,) = await scene.rows(sa.select(generations.c.tell_after))
    assert (row["tell_after"] == later) is waits


async def test_a_poll_does_not_wait_for_the_time_a_clock_lost(scene: Scene) -> None:
    await scene.key()
    generation = await scene.paint()
    (row,) = await scene.rows(sa.select(*COLUMNS).where(tasks.c.generation_id == generation))
    now = scene.records.clock()
    late = work_of(row).now(submitted=now + timedelta(hours=1))
    assert Rhythm(FAST).begin(late, now).wait <= FAST.poll_first


async def test_a_dead_replica_is_found_dead_though_the_clock_of_the_database_was_set_back(
    postgres_url: str, clock: Clock
) -> None:
    records = open_records(postgres_url, clock)
    dead, living = Lease(records, ttl=1.0), Lease(records, ttl=1.0)
    await dead.begin()
    await living.begin()
    async with records.write() as tx:  # both were written an hour later than it is now
        await tx.change(sa.update(leases).values(until=leases.c.until + 3600.0))
    assert await living.beat()
    await living.reap()
    async with records.read() as tx:
        ahead = sa.select(sa.func.max(leases.c.until) - tx.database_now)
        assert await tx.scalar(ahead) <= 1.0, "whoever lives beats again long before"
    assert await living.beat()
    await records.close()


async def test_replicas_whose_clocks_are_minutes_apart_paint_everything_once(postgres_url: str, clock: Clock) -> None:
    behind = Clock()
    behind.forward(minutes=-6)
    records, other = open_records(postgres_url, clock), open_records(postgres_url, behind)
    for one in (records, other):
        one.listen()
    scene = Scene(records)
    await scene.key(at_once=2)
    async with painting(scene), painting(scene, records=other):
        ids = [await scene.paint(f"m{n % 3}") for n in range(9)]
        for generation in ids:
            assert (await scene.settled(generation)).outcome == "done"
    assert scene.wire.submits == len(ids)
    assert [await scene.wallet(f"m{n}") for n in range(3)] == [(POINTS - 300, 0)] * 3
    await scene.http.aclose()
    await records.close()
    await other.close()
