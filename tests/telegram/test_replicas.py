"""Two replicas and one token: whoever loses the lock stands by, whoever stands by outlives an outage of the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from tests.telegram.scene import Scene, Store, eventually


async def test_a_replica_that_lost_its_lock_stands_by_and_disturbs_the_new_reader_no_more(scene: Scene) -> None:
    first = await scene.open()
    await eventually(lambda: scene.server.polling)
    second = await scene.open()
    Store.held.clear()  # the database was restarted: the lock went with its connection
    await eventually(lambda: second._polling.reading)
    await eventually(lambda: not first._polling.reading)
    await eventually(lambda: first.healthy() and second.healthy())
    scene.hear("private_command", message_id=77)
    await scene.asked()
    assert not first._polling.reading


async def test_a_replica_that_stands_by_outlives_an_outage_of_the_database(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0
    lock = scene.store.lock

    @asynccontextmanager
    async def away(name: str) -> AsyncIterator[bool]:
        nonlocal tries
        tries += 1
        if tries <= 2:
            raise sa.exc.OperationalError("SELECT pg_try_advisory_lock", {}, Exception("the database is away"))
        async with lock(name) as ours:
            yield ours

    monkeypatch.setattr(scene.store, "lock", away)
    app = await scene.open()
    await eventually(lambda: "database" in app.trouble)
    scene.hear("private_command", message_id=78)
    await scene.asked()
    assert app.healthy()
