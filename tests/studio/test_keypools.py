"""Keys: complete or refused, sealed, and cooled, lowered, quarantined or left alone by what Jimeng says."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core import keypools
from core.errors import Refusal
from core.jimeng import errors
from core.jimeng.errors import JimengError
from core.keypools import Changes, NewCredential, Vault, WrongKey
from core.records.tables import alerts, credentials, health
from tests.studio.scene import V31, V40, Scene

RATE = errors.business_error("submit", 429, 50429, "Request Has Reached API Limit", "r1")
FULL = errors.business_error("submit", 429, 50430, "Request Has Reached API Concurrent Limit", "r2")
DENIED = errors.business_error("submit", 401, 50400, "Access Denied: Internal Error", "r3")
SPENT = errors.gateway_error("submit", 403, 0, "AccountOverdue", "the account is overdue", "r4")
LOST = errors.made(errors.NETWORK, "submit")
BUSY = errors.business_error("submit", 500, 50500, "Internal Error", "r5")


async def react(scene: Scene, key: int, error: JimengError, req_key: str = V31) -> Any:
    """The health row after this complaint."""
    async with scene.records.write() as tx:
        await keypools.react(tx, key, req_key, error)
        return await tx.first(sa.select(health).where(health.c.credential_id == key, health.c.req_key == req_key))


async def usable(scene: Scene, req_key: str = V31) -> bool:
    async with scene.records.read() as tx:
        return await keypools.usable(tx, "default", req_key)


@pytest.mark.parametrize(
    ("given", "key", "field"),
    [
        ({"access_key_id": " "}, "keys.no_access_key", "access_key_id"),
        ({"secret_access_key": ""}, "keys.no_secret", "secret_access_key"),
        ({"api_url": ""}, "keys.no_url", "api_url"),
        ({"api_url": "visual.volcengineapi.com"}, "keys.bad_url", "api_url"),
        ({"api_url": "https://x/?Action=y"}, "keys.bad_url", "api_url"),
        ({"at_once": 0}, "keys.bad_limit", "at_once"),
        ({"per_second": 0}, "keys.bad_rate", "per_second"),
    ],
)
async def test_an_incomplete_key_is_refused_at_its_field(
    sqlite_scene: Scene, given: dict[str, Any], key: str, field: str
) -> None:
    scene = sqlite_scene
    values = {"alias": "one", "access_key_id": "AK", "secret_access_key": "secret", **given}
    with pytest.raises(Refusal) as no:
        async with scene.records.write() as tx:
            await keypools.add(tx, scene.vault, NewCredential(**values))
    assert (no.value.key, no.value.field) == (key, field)


async def test_a_secret_is_sealed_and_never_shown(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key("team4F2A")
    async with scene.records.read() as tx:
        row = await tx.first(sa.select(credentials))
        view = await keypools.view(tx, key, tx.now)
        opened = await keypools.open_credential(tx, scene.vault, key)
        with pytest.raises(WrongKey):
            await keypools.open_credential(tx, Vault(["another key of this test"]), key)
        rotated = Vault(["another key of this test", "a secret key for tests only"])
        assert await keypools.open_credential(tx, rotated, key) == opened
    assert row is not None
    assert "a-secret-of" not in str(row)
    assert opened.secret_access_key == "a-secret-of-team4F2A"
    assert view.access_key == "…4F2A"
    assert "secret-of" not in repr(view) + repr(opened)


async def test_a_new_secret_clears_old_complaints(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key()
    await react(scene, key, DENIED)
    async with scene.records.write() as tx:
        await keypools.edit(tx, scene.vault, key, Changes(secret_access_key="a-better-one"))
    assert await usable(scene)


async def test_a_removed_key_frees_its_name(scene: Scene) -> None:
    key = await scene.key()
    with pytest.raises(Refusal, match=r"keys\.alias_taken"):
        await scene.key()
    async with scene.records.write() as tx:
        await keypools.remove(tx, key)
    await scene.key()
    async with scene.records.read() as tx:
        assert [pool.name for pool in await keypools.pools(tx, tx.now)] == ["default"]
        assert len(await keypools.views(tx, tx.now)) == 1


async def test_too_many_requests_cool_a_key_down_longer_each_time(scene: Scene) -> None:
    key = await scene.key()
    waits = []
    for _ in range(4):
        row = await react(scene, key, RATE)
        waits.append((row["until"] - scene.records.clock()).total_seconds())
        scene.forward(seconds=120)
    assert row["state"] == "cooling"
    assert waits[0] < waits[1] < waits[2] < waits[3] <= 75
    async with scene.records.write() as tx:
        await keypools.recovered(tx, key, V31)
        row = await tx.first(sa.select(health))
    assert row is not None
    assert (row["state"], row["strikes"]) == ("ok", 0)


async def test_a_success_does_not_end_a_running_cool_down(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key()
    await react(scene, key, RATE)
    async with scene.records.write() as tx:
        await keypools.recovered(tx, key, V31)
        row = await tx.first(sa.select(health))
    assert row is not None
    assert row["state"] == "cooling"


async def test_too_many_tasks_lower_the_limit_by_one_never_below_one(scene: Scene) -> None:
    key = await scene.key(at_once=3)
    limits = []
    for _ in range(3):
        row = await react(scene, key, FULL)
        limits.append(keypools.limit_of(3, row, scene.records.clock()))
        scene.forward(seconds=5)
    assert limits == [2, 1, 1]
    assert row["strikes"] == 1, "only at 1 does it cool off longer each time"
    assert keypools.limit_of(3, row, scene.records.clock() + timedelta(minutes=11)) == 3


@pytest.mark.parametrize(("error", "seconds"), [(FULL, 2.0), (RATE, 2.5), (LOST, 2.5)])
async def test_a_burst_of_complaints_from_one_moment_counts_once(
    sqlite_scene: Scene, error: JimengError, seconds: float
) -> None:
    """Eight refusals at once cooled a key off for a minute, or left it one task of eight for ten minutes."""
    scene = sqlite_scene
    key = await scene.key(at_once=8)
    for _ in range(8):
        row = await react(scene, key, error)
    assert keypools.limit_of(8, row, scene.records.clock()) == (7 if error is FULL else 8)
    assert (row["until"] - scene.records.clock()).total_seconds() <= seconds


async def test_what_jimeng_still_says_does_not_bring_a_quarantined_key_back(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key(at_once=3)
    for error in (DENIED, FULL, RATE):
        row = await react(scene, key, error)
    assert (row["state"], row["lowered_to"]) == ("quarantined", None)


async def test_a_refused_key_is_quarantined_for_one_capability_and_admins_hear_it_once_an_hour(scene: Scene) -> None:
    key = await scene.key()
    row = await react(scene, key, DENIED, V40)
    assert (row["state"], row["code"]) == ("quarantined", "50400")
    await react(scene, key, DENIED, V40)
    assert len(await scene.rows(sa.select(alerts))) == 1
    scene.forward(minutes=61)
    await react(scene, key, DENIED, V40)
    assert len(await scene.rows(sa.select(alerts))) == 2
    assert not await usable(scene, V40)
    assert await usable(scene, V31)


async def test_a_spent_key_is_off_until_an_admin_says_otherwise(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key()
    row = await react(scene, key, SPENT)
    assert (row["state"], row["until"]) == ("exhausted", None)
    async with scene.records.write() as tx:
        await keypools.recovered(tx, key, V31)
    assert not await usable(scene)
    async with scene.records.write() as tx:
        await keypools.enable(tx, key, True)
    assert await usable(scene)


async def test_a_busy_jimeng_says_nothing_about_a_key(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    assert await react(scene, await scene.key(), BUSY) is None


async def test_a_quarantine_ends_when_a_retest_works(scene: Scene) -> None:
    key = await scene.key()
    await react(scene, key, DENIED)
    assert await keypools.retest(scene.records, scene.vault, scene.client) == 0
    assert not scene.wire.asked["poll"]
    scene.forward(minutes=11)
    scene.wire.then("poll", 50400, {"code": 10000, "data": {"status": "not_found"}})
    assert await keypools.retest(scene.records, scene.vault, scene.client) == 0
    scene.forward(minutes=11)
    assert await keypools.retest(scene.records, scene.vault, scene.client) == 0, "the second failure is tested later"
    scene.forward(minutes=11)
    assert await keypools.retest(scene.records, scene.vault, scene.client) == 1
    assert await usable(scene)


async def test_turns_are_spaced_by_the_rate(scene: Scene) -> None:
    key = await scene.key(per_second=0.5)
    waits = []
    for _ in range(3):
        async with scene.records.write() as tx:
            waits.append(await keypools.take_turn(tx, key))
    assert waits[0] == 0
    assert 1 < waits[1] <= 2 / 0.9 + 0.001 < waits[2] <= 4 / 0.9 + 0.001
