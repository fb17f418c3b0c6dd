"""A key whose secret our `bot.secret_key` does not open is out of use, costs nobody anything, and comes back as soon as it opens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from core import keypools
from core.errors import Refusal
from core.jimeng import errors
from core.keypools import Vault, WrongKey
from core.records import Records, open_records
from core.records.lines import line_of
from core.records.tables import alerts, health, leases
from core.requests import Line
from core.studio.lease import Lease
from core.texts import say
from tests.conftest import Clock
from tests.studio.scene import POINTS, V31, Scene, painting
from tests.studio.wire import GENERATING

OTHER = Vault(["quite another key of these tests"])
OFTEN = 1.0
"""Seconds between looks at what waits for a secret."""
DENIED = errors.business_error("submit", 401, 50400, "Access Denied: Internal Error", "r3")


@asynccontextmanager
async def replicas(postgres_url: str, clock: Clock) -> AsyncIterator[tuple[Scene, Records]]:
    """A team with a key on PostgreSQL, and the records of a second replica."""
    records, other = open_records(postgres_url, clock), open_records(postgres_url, clock)
    for one in (records, other):
        one.listen()
    scene = Scene(records)
    await scene.key(at_once=2)
    yield scene, other
    await scene.http.aclose()
    await records.close()
    await other.close()


async def sealed_key(scene: Scene, alias: str = "sealed") -> int:
    """A key sealed with another secret key than the engine's."""
    ours, scene.vault = scene.vault, OTHER
    key = await scene.key(alias)
    scene.vault = ours
    return key


async def quarantined(scene: Scene) -> bool:
    return bool(await scene.rows(sa.select(health).where(health.c.state == "quarantined")))


async def test_a_key_that_cannot_be_opened_is_quarantined_and_another_paints(scene: Scene) -> None:
    key = await sealed_key(scene)
    await scene.key("good")
    ids = [await scene.paint(f"m{n}") for n in range(3)]
    async with painting(scene, sealed=OFTEN):
        for generation in ids:
            assert (await scene.settled(generation)).outcome == "done"
    assert set(scene.wire.keys) == {"AKgood"}
    (ill,) = await scene.rows(sa.select(health))
    assert (ill["credential_id"], ill["state"], ill["cause"]) == (key, "quarantined", "sealed")
    async with scene.records.read() as tx:
        (told,) = await tx.all(sa.select(alerts.c.line))
        view = await keypools.view(tx, key, tx.now)
    assert "“sealed” cannot be opened" in say(line_of(told["line"]), "en")
    assert "打不开" in say(view.line, "zh") and "another bot.secret_key" in say(view.health[0].line, "en")


@pytest.mark.parametrize("healing", ["start", "test", "enable", "retest"])
async def test_without_another_key_paintings_wait_unspent_until_the_secret_opens(
    sqlite_scene: Scene, healing: str
) -> None:
    scene = sqlite_scene
    key = await sealed_key(scene)
    generation = await scene.paint(n=2)
    async with painting(scene, sealed=OFTEN):
        await scene.until(lambda: quarantined(scene))
        row = await scene.reaches(generation, "queued")
        assert (row["submits"], row["failures"], row["resubmits"], row["owner"]) == (0, 0, 0, None)
        assert await scene.wallet() == (POINTS - 200, 200)
        with pytest.raises(Refusal, match=r"keys\.nothing_usable"):
            async with scene.records.read() as tx:
                await keypools.require(tx, "default", V31)
        async with scene.records.write() as tx:
            await keypools.enable(tx, key, True)
        await scene.until(lambda: quarantined(scene))
        assert await keypools.retest(scene.records, scene.vault, scene.client) == 0
        assert len(await scene.rows(sa.select(alerts))) == 1, "admins hear it once"
    scene.vault = OTHER  # the old secret key is back
    if healing == "test":
        assert (await keypools.test(scene.records, scene.vault, scene.client, key, V31)).works
    elif healing == "enable":
        async with scene.records.write() as tx:
            await keypools.enable(tx, key, True)
    elif healing == "retest":
        scene.forward(minutes=3)
        assert await keypools.retest(scene.records, scene.vault, scene.client) == 1
    assert await quarantined(scene) == (healing == "start")
    async with painting(scene, sealed=OFTEN):
        assert (await scene.settled(generation)).outcome == "done"
    assert scene.wire.submits == 2
    assert await scene.wallet() == (POINTS - 200, 0)


async def test_what_jimeng_has_already_waits_for_the_secret_and_is_not_submitted_again(scene: Scene) -> None:
    await scene.key()
    scene.wire.always["poll"] = GENERATING
    generation = await scene.paint()
    async with painting(scene, sealed=OFTEN):
        await scene.reaches(generation, "submitted")
    ours, scene.vault = scene.vault, OTHER
    async with painting(scene, sealed=OFTEN):
        await scene.until(lambda: quarantined(scene))
        row = await scene.task(generation)
        assert (row["status"], bool(row["task_id"])) == ("submitted", True)
    scene.vault = ours
    del scene.wire.always["poll"]
    scene.forward(seconds=2)
    async with painting(scene, sealed=OFTEN):
        assert (await scene.settled(generation)).outcome == "done"
    assert (scene.wire.submits, await scene.wallet()) == (1, (POINTS - 100, 0))


async def test_a_picture_nobody_can_ask_for_any_more_ends_with_the_points_back(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    scene.wire.always["poll"] = GENERATING
    generation = await scene.paint()
    async with painting(scene, sealed=OFTEN):
        await scene.reaches(generation, "submitted")
    scene.vault = OTHER
    scene.forward(hours=12)
    async with painting(scene, sealed=OFTEN):
        view = await scene.settled(generation)
    assert (view.cause, view.charged, await scene.wallet()) == ("configuration", 0, (POINTS, 0))


async def test_a_replica_with_another_secret_key_leaves_all_to_the_one_that_opens_them(
    postgres_url: str, clock: Clock
) -> None:
    async with replicas(postgres_url, clock) as (scene, other), painting(scene):
        scene.vault = OTHER
        async with painting(scene, records=other):
            ids = [await scene.paint(f"m{n}") for n in range(6)]
            for generation in ids:
                assert (await scene.settled(generation)).outcome == "done"
            (told,) = await scene.until(lambda: scene.rows(sa.select(alerts)))
            assert line_of(told["line"]) == Line("keys.alert_sealed_here", {"alias": "one"})
            assert not await quarantined(scene), "a key that works for one replica is in use for all"
    assert scene.wire.submits == len(ids)


async def test_what_a_dead_replica_left_is_not_taken_up_by_one_that_cannot_open_its_key(
    postgres_url: str, clock: Clock
) -> None:
    async with replicas(postgres_url, clock) as (scene, other):
        scene.wire.always["poll"] = GENERATING
        ours = scene.vault
        async with painting(scene):
            generation = await scene.paint()
            await scene.reaches(generation, "submitted")
        idle = Lease(scene.records)  # alive, and opens every key
        await idle.begin()
        scene.vault = OTHER
        async with painting(scene, records=other):
            await scene.until(lambda: scene.rows(sa.select(leases).where(leases.c.unopened.is_not(None))))
            row = await scene.task(generation)
            assert (row["status"], row["owner"]) == ("submitted", None)
            scene.vault = ours
            del scene.wire.always["poll"]
            async with painting(scene):
                assert (await scene.settled(generation)).outcome == "done"
    assert scene.wire.submits == 1


async def test_where_no_replica_opens_a_key_it_is_out_of_use_for_all_of_them(postgres_url: str, clock: Clock) -> None:
    async with replicas(postgres_url, clock) as (scene, other):
        scene.vault = OTHER
        async with painting(scene), painting(scene, records=other):
            generation = await scene.paint()
            await scene.until(lambda: quarantined(scene))
            assert (await scene.task(generation))["status"] == "queued"


async def test_a_replica_that_cannot_open_a_key_leaves_its_retest_to_another(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key()
    async with scene.records.write() as tx:
        await keypools.sealed(tx, key, V31)
    scene.forward(minutes=3)
    assert await keypools.retest(scene.records, OTHER, scene.client) == 0
    assert await keypools.retest(scene.records, scene.vault, scene.client) == 1


async def test_a_key_that_cannot_be_opened_keeps_no_other_from_its_retest(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    sealed = await sealed_key(scene)
    denied = await scene.key("denied")
    async with scene.records.write() as tx:
        await keypools.sealed(tx, sealed, V31)
        await keypools.react(tx, denied, V31, DENIED)
    scene.forward(minutes=11)
    assert await keypools.retest(scene.records, scene.vault, scene.client) == 1
    with pytest.raises(WrongKey):
        await keypools.test(scene.records, scene.vault, scene.client, sealed, V31)
