"""Who paints next, on which key, and never more at once than a key takes."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from core import keypools
from core.jimeng import errors
from core.keypools import Changes
from core.records import open_records
from core.records.tables import ghosts, tasks
from core.studio.claims import claim, positions
from core.studio.work import SLOTTED, Work
from tests.studio.scene import V31, V40, Scene

RATE = errors.business_error("submit", 429, 50429, "limit", "r1")
FULL = errors.business_error("submit", 429, 50430, "limit", "r2")
DENIED = errors.business_error("submit", 401, 50400, "denied", "r3")


async def take(scene: Scene, most: int = 100, owner: str = "me") -> Sequence[Work]:
    async with scene.records.write() as tx:
        return await claim(tx, owner, most)


async def finish(scene: Scene, works: Sequence[Work]) -> None:
    async with scene.records.write() as tx:
        ended = sa.update(tasks).where(tasks.c.id.in_([work.id for work in works]))
        await tx.change(
            ended.values(status="kept", owner=None, submitted=tx.now, finished=tx.now + timedelta(seconds=10))
        )


async def test_a_greedy_member_waits_beside_others_not_before_them(scene: Scene) -> None:
    await scene.key(at_once=1)
    for _ in range(5):
        await scene.paint("greedy", 4)
        scene.forward(seconds=1)
    small = [await scene.paint(f"small{n}") for n in range(3)]
    order = []
    for _ in range(8):
        (work,) = await take(scene)
        order.append(work.generation_id)
        await finish(scene, [work])
    assert set(order[1:4]) == set(small), "everybody's first before anybody's second"


async def test_what_a_member_has_under_way_counts(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key(at_once=3)
    await scene.paint("greedy", 4)
    assert len(await take(scene, 2)) == 2
    scene.forward(seconds=1)
    late = await scene.paint("late")
    assert [work.generation_id for work in await take(scene)] == [late]


async def test_priority_comes_first(scene: Scene) -> None:
    await scene.key(at_once=1)
    await scene.paint("a", 2)
    scene.forward(seconds=1)
    urgent = await scene.paint("b", 1, priority=-1)
    assert [work.generation_id for work in await take(scene)] == [urgent]


async def test_a_lone_member_gets_every_slot(scene: Scene) -> None:
    await scene.key("one", at_once=2)
    await scene.key("two", at_once=2)
    await scene.paint("a", 4)
    assert Counter(work.credential_id for work in await take(scene)) == {1: 2, 2: 2}


async def test_slots_are_exact_when_replicas_claim_at_once(scene: Scene, database_url: str) -> None:
    for alias in ("one", "two"):
        await scene.key(alias, at_once=2)
    for n in range(5):
        await scene.paint(f"m{n}", 4)
    other = open_records(database_url, scene.records.clock)
    try:

        async def replica(name: str) -> None:
            records = other if name == "b" else scene.records
            for _ in range(6):
                async with records.write() as tx:
                    found = await claim(tx, name, 1)
                    count = sa.select(sa.func.count()).where(tasks.c.status.in_(SLOTTED))
                    assert (
                        await tx.scalar(count.group_by(tasks.c.credential_id).order_by(sa.desc(sa.func.count())))
                    ) <= 2
                await finish(scene, found[:1] if len(found) > 1 else [])

        await asyncio.gather(replica("a"), replica("b"))
    finally:
        await other.close()
    rows = await scene.rows(sa.select(tasks.c.credential_id, tasks.c.owner).where(tasks.c.status == "claimed"))
    assert Counter(row["credential_id"] for row in rows) == {1: 2, 2: 2}


async def test_each_capability_has_its_own_slots(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key(at_once=1)
    await scene.paint("a", 2)
    await scene.paint("a", 2, model=V40)
    assert sorted(work.req_key for work in await take(scene)) == sorted([V31, V40])


async def test_ghosts_hold_their_slot_until_they_are_over(scene: Scene) -> None:
    key = await scene.key(at_once=1)
    await scene.paint()
    async with scene.records.write() as tx:
        await tx.add(ghosts, credential_id=key, req_key=V31, until=tx.now + timedelta(seconds=30))
    assert not await take(scene)
    scene.forward(seconds=31)
    assert len(await take(scene)) == 1


async def test_a_key_that_cools_or_is_quarantined_is_left_alone(scene: Scene) -> None:
    first, second = await scene.key("one"), await scene.key("two")
    await scene.paint("a", 3)
    async with scene.records.write() as tx:
        await keypools.react(tx, first, V31, RATE)
        await keypools.react(tx, second, V31, DENIED)
    assert not await take(scene)
    scene.forward(seconds=5)
    assert [work.credential_id for work in await take(scene)] == [first]


async def test_a_lowered_limit_is_respected_for_a_while(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key(at_once=3)
    await scene.paint("a", 4)
    async with scene.records.write() as tx:
        await keypools.react(tx, key, V31, FULL)
    assert not await take(scene), "a moment's rest first"
    scene.forward(seconds=3)
    assert len(await take(scene)) == 2
    scene.forward(minutes=11)
    assert len(await take(scene)) == 1


async def test_the_least_busy_key_is_picked_and_not_the_one_that_just_failed(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key("one", at_once=4)
    await scene.key("two", at_once=4)
    await scene.paint("a", 3)
    picked = [work.credential_id for work in await take(scene)]
    assert sorted(picked) == [1, 1, 2]
    async with scene.records.write() as tx:
        lost = sa.update(tasks).where(tasks.c.credential_id == 2)
        await tx.change(lost.values(status="queued", owner=None))
    assert [work.credential_id for work in await take(scene)] == [1], "the one that failed is the last choice"


async def test_a_key_that_is_off_or_in_another_pool_is_not_used(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key()
    await scene.paint()
    async with scene.records.write() as tx:
        await keypools.enable(tx, key, False)
    assert not await take(scene)
    async with scene.records.write() as tx:
        await keypools.enable(tx, key, True)
        await keypools.edit(tx, scene.vault, key, Changes(pool="other"))
    assert not await take(scene)


async def test_orphans_come_first(scene: Scene) -> None:
    await scene.key(at_once=4)
    await scene.paint("a", 2)
    (old,) = await take(scene, 1)
    async with scene.records.write() as tx:
        await tx.change(sa.update(tasks).where(tasks.c.id == old.id).values(owner=None))
    (again,) = await take(scene, 1, "another")
    assert (again.id, again.owner, again.status) == (old.id, "another", "claimed")


async def test_positions_count_paintings_and_guess_the_time(scene: Scene) -> None:
    await scene.key(at_once=1)
    running = await scene.paint("a")
    await finish(scene, await take(scene))
    first = await scene.paint("a")
    async with scene.records.read() as tx:
        assert (await positions(tx))[first].ahead == 0, "a slot is free"
    await take(scene)
    scene.forward(seconds=1)
    waiting = [await scene.paint(f"m{n}", 2) for n in range(3)]
    async with scene.records.read() as tx:
        found = await positions(tx)
    assert running not in found
    assert [found[generation].ahead for generation in waiting] == [1, 2, 3]
    assert [found[generation].seconds for generation in waiting] == [10, 20, 30]
