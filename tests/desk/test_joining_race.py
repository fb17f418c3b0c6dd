"""Two accounts are joined while one of them places a painting, on PostgreSQL, where both go on at once."""

import asyncio

import sqlalchemy as sa

from core import ledger, members
from core.records import Records
from tests.conftest import Clock
from tests.desk.stage import build, words
from tests.waiting import eventually

WAITING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


async def waiting(records: Records) -> bool:
    """Whether somebody waits for a row somebody else has changed; a transaction of its own, for the server shows each one moment only."""
    async with records.read() as tx:
        return bool(await tx.scalar(WAITING))


async def test_a_painting_just_being_placed_is_said_to_be_under_way(postgres_records: Records, clock: Clock) -> None:
    """The wallet was read before the hold: "at most 900 points can be taken" was all that was said."""
    records = postgres_records
    stage = build(records, clock)
    await stage.rule(open_to_strangers=True)
    code = (await stage.reply("link", who="slack:T1/U1")).copy
    other = await stage.member("telegram:5")
    async with records.write() as tx:
        await members.lock(tx, other.id)
        await ledger.hold(tx, other.id, "K7Q2", 100)
        joining = asyncio.create_task(stage.ask("link", code, who="telegram:5"))
        await eventually(lambda: waiting(records))
    assert "paintings under way" in words(await joining)
    assert (await stage.member("telegram:5")).id == other.id
