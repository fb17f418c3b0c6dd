"""What the clock does: allowances and digests once, holds swept, admins told."""

from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.schedule import Schedule
from core import ledger, members, rules, templates
from core.commands.chores import weekly_digest
from core.records import Records
from core.records.tables import ledger as entries
from core.requests import Account
from tests.conftest import Clock
from tests.desk.stage import Stage, words

ZONE = ZoneInfo("Asia/Shanghai")


def two_replicas(stage: Stage) -> tuple[Schedule, Schedule]:
    """Two processes' clocks over one database."""
    made = [Schedule(stage.records, stage.tools, stage.messengers, ZONE, "zh") for _ in range(2)]
    return made[0], made[1]


async def test_a_month_gives_its_allowance_once_over_two_replicas(stage: Stage, clock: Clock) -> None:
    async with stage.records.write() as tx:
        await rules.change(tx, "allowance", 500)
        member, _ = await members.arrive(tx, Account("page", "", "lin"), "小林", "approved")
    clock.forward(days=2)
    one, other = two_replicas(stage)
    for clock_of_a_replica in (one, other, one):
        await clock_of_a_replica.allowances()
    async with stage.records.read() as tx:
        assert (await ledger.wallet(tx, member.id)).points == 500
        kinds = sa.select(sa.func.count()).where(entries.c.kind == "allowance", entries.c.member_id == member.id)
        assert await tx.scalar(kinds) == 1


async def test_the_weekly_digest_reaches_admins_once(stage: Stage, clock: Clock) -> None:
    await stage.admin()
    await stage.painted("猫")
    clock.forward(days=1)
    one, other = two_replicas(stage)
    before = sum(len(messenger.told) for messenger in stage.messengers.values())
    await one.digest()
    await other.digest()
    assert sum(len(messenger.told) for messenger in stage.messengers.values()) == before + 1


async def test_the_digest_counts_repeats_and_calls_for_help_and_names_templates_worth_sharing(
    stage: Stage, clock: Clock
) -> None:
    view = await stage.painted("a cup", failing=1)
    await stage.ask("again", subject=view.id)
    await stage.ask("support", subject=view.id)
    owner = await stage.member()
    async with stage.records.write() as tx:
        for name, uses in (("loved", 7), ("new", 1)):
            made = await templates.add(tx, name, "{item} on a table", owner=owner.id, references=(), generation_id=None)
            await templates.change(tx, made, uses=uses)
    clock.forward(days=1)
    said = words(await weekly_digest(stage.records, ZONE), "en")
    assert "Painted once more: 1" in said and "Help asked: 1" in said
    assert "ann's template “loved” was used 7 times" in said and "“new”" not in said and "on a table" not in said


async def test_the_clock_starts_and_stops(
    sqlite_records: Records, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    schedule, _ = two_replicas(stage)
    schedule.start()
    schedule.stop()
    await schedule.sweep()
    await schedule.tidy()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
