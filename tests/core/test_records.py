"""Transactions commit whole or not at all, on both databases."""

import asyncio

import pytest
import sqlalchemy as sa

from core.records import Records
from core.records.tables import members


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
