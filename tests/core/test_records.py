"""Transactions commit whole or not at all, on both databases."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.migrations import migrate
from core.records import Records, open_records
from core.records.tables import members
from tests.conftest import Clock
from tests.waiting import PATIENCE


async def test_a_transaction_that_fails_leaves_nothing(records: Records) -> None:
    with pytest.raises(RuntimeError):
        async with records.write() as tx:
            await tx.add(members, name="a", created=tx.now)
            raise RuntimeError
    async with records.read() as tx:
        assert await tx.scalar(sa.select(sa.func.count()).select_from(members)) == 0


async def test_a_wake_up_arrives_after_the_commit(records: Records) -> None:
    waker = records.waker("tasks")
    records.listen()
    async with records.write() as tx:
        await tx.add(members, name="a", created=tx.now)
        tx.wake("tasks")
    await asyncio.wait_for(waker.wait(30), 10)
    async with records.read() as tx:
        row = await tx.first(sa.select(members))
        assert row is not None
        assert row["created"] == tx.now


@pytest.mark.parametrize("options", ["sslmode=prefer", "ssl=disable", "prepared_statement_cache_size=0"])
async def test_how_a_database_wants_to_be_reached_holds_for_wake_ups_and_migrations_too(
    postgres_url: str, clock: Clock, options: str
) -> None:
    url = f"{postgres_url}&{options}"
    migrate(url)
    records = open_records(url, clock)
    waker = records.waker("tasks")
    records.listen()
    async with asyncio.timeout(PATIENCE):
        await waker.wait(3600)  # who begins to listen is woken once
    listening = sa.text(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    async with records.read() as tx:
        assert len(await tx.all(listening)) == 1
    await records.close()


async def test_writers_at_once_keep_what_is_theirs(records: Records) -> None:
    async def write(name: str) -> None:
        async with records.write() as tx:
            await tx.add(members, name=name, created=tx.now)
            if name == "7":
                raise RuntimeError

    ended = await asyncio.gather(*(write(str(number)) for number in range(40)), return_exceptions=True)
    assert [one for one in ended if one is not None] == [ended[7]]
    async with records.read() as tx:
        names = {row["name"] for row in await tx.all(sa.select(members.c.name))}
    assert names == {str(number) for number in range(40)} - {"7"}


async def test_a_writer_that_is_cancelled_leaves_nothing_and_stops_nobody(records: Records) -> None:
    inside = asyncio.Event()

    async def stay() -> None:
        async with records.write() as tx:
            await tx.add(members, name="cancelled", created=tx.now)
            inside.set()
            await asyncio.Event().wait()

    async def write() -> None:
        async with records.write() as tx:
            await tx.add(members, name="written", created=tx.now)

    staying = asyncio.create_task(stay())
    await inside.wait()
    writing = [asyncio.create_task(write()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in (staying, writing[0]):
        task.cancel()
    await asyncio.gather(staying, *writing, return_exceptions=True)
    await write()
    async with records.read() as tx:
        names = [row["name"] for row in await tx.all(sa.select(members.c.name))]
    assert set(names) == {"written"}
    assert len(names) >= 3


async def test_a_long_question_keeps_nobody_waiting(tmp_path: Path) -> None:
    records = open_records(f"sqlite:///{tmp_path / 'long.db'}", lambda: datetime.now(UTC))
    numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < 1_000_000))
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    for open_one in (records.read, records.write):
        turns = 0
        async with open_one() as tx:
            assert await tx.scalar(sa.select(sa.func.count()).select_from(numbers)) == 1_000_000
            assert turns > 0
            assert await tx.scalar(sa.select(sa.literal(1))) == 1
    turning.cancel()
    await records.close()


async def test_a_full_disk_is_told_to_everybody_whose_changes_are_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'full.db'}"
    migrate(url)
    records = open_records(url, lambda: datetime.now(UTC))

    async def write(name: str) -> None:
        async with records.write() as tx:
            await tx.add(members, name=name, created=tx.now)

    async with records.write() as tx:
        pages = await tx.scalar(sa.text("PRAGMA page_count"))
        await tx.scalar(sa.text(f"PRAGMA max_page_count={pages}"))
    ended = await asyncio.gather(write("a"), write("x" * 1_000_000), write("b"), return_exceptions=True)
    async with records.read() as tx:
        names = {row["name"] for row in await tx.all(sa.select(members.c.name))}
    assert names == {name for name, error in zip(("a", "x", "b"), ended, strict=True) if error is None}
    assert any(isinstance(error, sa.exc.OperationalError) for error in ended)
    async with records.write() as tx:
        await tx.scalar(sa.text("PRAGMA max_page_count=1000000"))
    await write("after")
    await records.close()


async def test_another_process_that_writes_is_waited_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'two.db'}"
    migrate(url)
    ours, theirs = (open_records(url, lambda: datetime.now(UTC)) for _ in range(2))

    async def write() -> None:
        async with ours.write() as tx:
            await tx.add(members, name="waited", created=tx.now)

    async with theirs.write() as tx:
        await tx.add(members, name="first", created=tx.now)
        writing = asyncio.create_task(write())
        await asyncio.wait({writing}, timeout=0.2)
        assert not writing.done()
    await writing
    async with theirs.read() as tx:
        assert [row["name"] for row in await tx.all(sa.select(members.c.name))] == ["first", "waited"]
    await ours.close()
    await theirs.close()


async def test_a_soft_change_is_before_every_later_one_and_never_waited_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'soft.db'}"
    migrate(url)
    records = open_records(url, lambda: datetime.now(UTC))
    waker = records.waker("tasks")
    async with records.write(soft=True) as tx:
        await tx.add(members, name="soft", created=tx.now)
        tx.wake("tasks")
    async with records.write() as tx:
        assert await tx.scalar(sa.select(members.c.name)) == "soft"
    await asyncio.wait_for(waker.wait(30), 10)
    async with records.read() as tx:
        assert await tx.scalar(sa.select(members.c.name)) == "soft"
    async with records.write(soft=True) as tx:
        await tx.add(members, name="last", created=tx.now)
    await records.close()
    again = open_records(url, lambda: datetime.now(UTC))
    async with again.read() as tx:
        assert [row["name"] for row in await tx.all(sa.select(members.c.name))] == ["soft", "last"]
    await again.close()


async def test_many_connections_turn_a_new_file_to_wal_at_once(tmp_path: Path) -> None:
    async def begin(records: Records) -> None:
        async with records.write() as tx:
            await tx.change(sa.text("INSERT INTO one VALUES (1)"))

    async def look(records: Records) -> str:
        async with records.read() as tx:
            return str(await tx.scalar(sa.text("PRAGMA journal_mode")))

    for number in range(40):
        file = tmp_path / f"{number}.db"
        with closing(sqlite3.connect(file)) as plain:
            plain.execute("CREATE TABLE one (id INTEGER)")
        opened = [open_records(f"sqlite:///{file}", lambda: datetime.now(UTC)) for _ in range(2)]
        found = await asyncio.gather(*(act(one) for one in opened for act in (begin, look, look)))
        assert set(found) == {None, "wal"}
        for one in opened:
            await one.close()


async def test_a_reader_still_at_work_when_the_house_stops_leaves_no_thread_behind(tmp_path: Path) -> None:
    """Only idle connections were closed: one a chore was still reading with went back to a list nobody looked at any more."""
    url = f"sqlite:///{tmp_path}/busy.db"
    await asyncio.to_thread(migrate, url)
    before = set(threading.enumerate())
    records = open_records(url, lambda: datetime.now(UTC))
    async with records.read() as idle:
        await idle.all(sa.select(members.c.id))
        async with records.read() as busy:
            await records.close()
            assert await busy.all(sa.select(members.c.id)) == []
    left = [one for one in set(threading.enumerate()) - before if "_connection_worker_thread" in one.name]
    for one in left:
        await asyncio.to_thread(one.join, 30)
    assert not [one.name for one in left if one.is_alive()]
