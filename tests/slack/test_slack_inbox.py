"""What was acked and not answered: taken up by the next life, or by another replica, and never by two."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.slack.inbox import Inbox
from core.records import Records, open_records
from core.records.platforms import Platforms
from core.replies import Answer, PlatformStore, Reply
from core.requests import Request
from tests.slack.conftest import World, make
from tests.slack.fakes import ScriptedDoor
from tests.slack.forms import HELLO
from tests.slack.stand_in import payload

LETTING_GO = "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Desk:
    """Answers rows once `open` is set, and remembers which."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self.begun: list[str] = []
        self.open = asyncio.Event()

    async def handle(self, key: str, row: Mapping[str, Any]) -> None:
        self.begun.append(key)
        await self.open.wait()
        self.answered.append(key)


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[Records]:
    """One PostgreSQL, as two replicas have it."""
    records = open_records(postgres_url, lambda: datetime.now(UTC))
    yield records
    await records.close()


@asynccontextmanager
async def replica(store: PlatformStore, desk: Desk) -> AsyncIterator[Inbox]:
    """An inbox of a bot that lives until this closes, and then leaves at once."""
    inbox = Inbox(store, desk.handle)
    await inbox.look()
    yield inbox
    await inbox.drain(0)
    await inbox.close()


async def received(inbox: Inbox, *keys: str) -> None:
    for key in keys:
        row = {"at": 0.0, "body": {"text": key}}
        assert await inbox.receive(key, row)
        inbox.begin(key, row)


async def settled(inbox: Inbox) -> None:
    """It has looked for orphans and found what there is."""
    assert inbox._adopting is not None
    await inbox._adopting


async def test_a_replica_that_starts_leaves_what_another_is_answering_alone(world: World) -> None:
    """A spoken answer came twice: each start replayed every unfinished row, also those in living hands."""
    world.door.answers, world.door.hold = {"points": Reply((HELLO,), private=True)}, asyncio.Event()
    await world.slack.send(payload("command", command="/paint-points"))
    await world.slack.until(lambda: world.door.asked)
    second = world.another()
    await second.start()
    await second.inbox.idle()
    await second.inbox.look()
    await second.inbox.idle()
    assert len(world.door.asked) == 1
    world.app._grace = 0.0
    await world.app.stop()
    world.door.hold = None
    await second.inbox.look()
    await second.inbox.idle()
    assert len(world.door.asked) == 2 and len(world.slack.whispers) == 1
    assert set(world.store.rows) == world.store.finished
    await second.stop()


async def test_on_a_shared_database_the_rows_of_the_dead_are_answered_by_one_of_the_living(shared: Records) -> None:
    store, first, second, third = Platforms(shared, "slack"), Desk(), Desk(), Desk()
    async with replica(store, second) as here, replica(store, third) as there:
        async with replica(store, first) as dying:
            await received(dying, "e1", "e2")
            await here.look()
            await settled(here)
            assert not second.begun
        looks = asyncio.gather(here.look(), there.look())
        second.open.set()
        third.open.set()
        await looks
        await asyncio.gather(here.idle(), there.idle())
        assert sorted(second.answered + third.answered) == ["e1", "e2"] and not first.answered
        assert not await store.unfinished()


async def test_a_replica_whose_connection_fell_takes_its_lock_again(shared: Records) -> None:
    store, first, second = Platforms(shared, "slack"), Desk(), Desk()
    async with replica(store, first) as here, replica(store, second) as there:
        await settled(there)
        await received(here, "e1")
        async with shared.write() as tx:
            await tx.all(sa.text(LETTING_GO))
        await here.look()
        await there.look()
        await settled(there)
        assert not second.begun
        first.open.set()
        await here.idle()
        assert not await store.unfinished()


async def test_what_is_being_written_down_when_the_bot_stops_is_answered_before_it_has_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK forgets whom it handed an envelope to: the row was written while the database was being closed."""
    world.door.answers = {"points": Reply((HELLO,), private=True)}
    receive, writing, write = world.store.receive, asyncio.Event(), asyncio.Event()

    async def slow(event_key: str, row: Mapping[str, Any]) -> bool:
        writing.set()
        await write.wait()
        return await receive(event_key, row)

    monkeypatch.setattr(world.store, "receive", slow)
    await world.slack.push(payload("command", command="/paint-points"))
    await writing.wait()
    stopping = asyncio.create_task(world.app.stop())
    await world.slack.until(lambda: not world.slack.connected())
    assert not stopping.done()
    write.set()
    await stopping
    assert len(world.slack.whispers) == 1 and set(world.store.rows) == world.store.finished


async def test_a_question_given_up_at_a_stop_has_let_go_of_the_database_when_the_stop_is_over(world: World) -> None:
    let_go = asyncio.Event()

    class Slow(ScriptedDoor):
        async def answer(self, request: Request) -> Answer | None:
            self.asked.append(request)
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.1)  # a transaction that is taken back
                let_go.set()
            return None

    door = Slow()
    app = make(world.slack, world.store, door, grace=0.0)
    await world.app.stop()
    await app.start()
    await world.slack.until(lambda: len(world.slack._sockets) == 1)
    await world.slack.send(payload("command", text=""))
    await world.slack.until(lambda: door.asked)
    await app.stop()
    assert let_go.is_set()
