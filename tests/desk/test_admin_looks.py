"""What the page shows admins, and the chores of the calendar: figures by the team's own days, on both databases."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from core import audit, figures, ledger, members, rules, upkeep
from core.commands import chores
from core.errors import Refusal
from core.looks import ChartsLook, KeysLook, RecordsLook, StatusLook, WallLook
from core.records import Records
from core.records.tables import generations, inbox, notes, tasks
from core.requests import Account
from tests.conftest import Clock
from tests.desk.admin import add_key
from tests.desk.stage import ADMIN, Stage, words

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def test_looks_are_for_admins_alone(stage: Stage) -> None:
    await stage.member()
    for who in ("page:ann", "page:nobody"):
        with pytest.raises(Refusal) as no:
            await stage.desk.look(who, "records", {})
        assert no.value.key == "desk.admins_only"
    await stage.admin()
    with pytest.raises(Refusal):
        await stage.desk.look(ADMIN, "nonsense", {})
    with pytest.raises(Refusal):
        await stage.desk.look(ADMIN, "records", {"since": "someday"})


async def test_the_page_sees_records_pictures_keys_and_days(stage: Stage) -> None:
    await stage.admin()
    await add_key(stage)
    cat = await stage.painted("a cat --n 2 --for spring")
    await stage.painted("a secret --private")
    await stage.painted("fog", failing=1)
    table = await stage.desk.look(ADMIN, "records", {"words": "cat"})
    assert isinstance(table, RecordsLook) and table.total == 1
    row = table.rows[0]
    assert (row.id, row.member, row.pictures, row.points, row.label) == (cat.id, "ann", 2, 200, "spring")
    assert row.thumb and "cat" not in str(row)
    whole = await stage.desk.look(ADMIN, "records", {})
    assert isinstance(whole, RecordsLook) and [one.thumb != "" for one in whole.rows if one.private] == [False]
    wall = await stage.desk.look(ADMIN, "wall", {})
    assert isinstance(wall, WallLook) and [(tile.id, tile.number) for tile in wall.tiles] == [(cat.id, 1), (cat.id, 2)]
    keys = await stage.desk.look(ADMIN, "keys", {})
    assert isinstance(keys, KeysLook) and [(one.alias, one.tone, one.bound) for one in keys.keys] == [
        ("main", "ok", True)
    ]
    charts = await stage.desk.look(ADMIN, "charts", {"days": "30"})
    assert isinstance(charts, ChartsLook) and len(charts.days) == 30
    assert (charts.pictures, charts.points, charts.failed, charts.days[-1].pictures) == (3, 300, 1, 3)
    assert [line.key for line in charts.causes] == ["paint.cause_refused"] and charts.days[-1].failures == (1,)
    status = await stage.desk.look(ADMIN, "status", {})
    assert isinstance(status, StatusLook) and (status.pictures, status.success, status.keys_ok) == (3, 75, 1)


async def member(records: Records, name: str = "ann") -> int:
    async with records.write() as tx:
        found, _ = await members.arrive(tx, Account("page", "", name), name, "approved")
        return found.id


async def kept_at(records: Records, member_id: int, moments: list[datetime]) -> None:
    """Pictures kept and charged at these moments."""
    async with records.write() as tx:
        await ledger.grant(tx, member_id, 10_000, reason="test")
        for number, at in enumerate(moments):
            tx.now = at
            one = {"id": f"G{number}", "member_id": member_id, "account": "page:ann", "place": {}, "platform": "page"}
            await tx.change(generations.insert().values(**one, tier="sd", model="m", notes=[], created=at))
            await ledger.hold(tx, member_id, f"G{number}", 100)
            await ledger.settle(tx, member_id, f"G{number}", 100, 0)
            task = {
                "generation_id": f"G{number}",
                "number": 1,
                "member_id": member_id,
                "status": "kept",
                "finished": at,
            }
            await tx.change(
                tasks.insert().values(**task, req_key="m", pool="p", request_ids=[], not_before=at, created=at)
            )


async def test_days_are_those_of_the_team_even_when_clocks_are_put_back(records: Records, clock: Clock) -> None:
    ann = await member(records)
    clock.now = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    moments = [
        datetime(2026, 10, 31, 3, 59, tzinfo=UTC),  # New York: 30 October, 23:59 in summer time
        datetime(2026, 11, 1, 3, 59, tzinfo=UTC),  # 31 October, 23:59 in summer time
        datetime(2026, 11, 1, 4, 1, tzinfo=UTC),  # 1 November
        datetime(2026, 11, 2, 4, 59, tzinfo=UTC),  # still 1 November: an hour was put back
        datetime(2026, 11, 2, 5, 1, tzinfo=UTC),  # 2 November
    ]
    await kept_at(records, ann, moments)
    async with records.read() as tx:
        there = await figures.per_day(tx, 4, ZoneInfo("America/New_York"))
        here = await figures.per_day(tx, 4, SHANGHAI)
    assert [(f"{one.day:%m-%d}", one.pictures, one.points) for one in there] == [
        ("10-30", 1, 100), ("10-31", 1, 100), ("11-01", 2, 200), ("11-02", 1, 100),
    ]  # fmt: skip
    assert [one.pictures for one in here] == [0, 1, 2, 2]


async def test_an_allowance_is_given_once_a_month_however_many_ask(records: Records, clock: Clock) -> None:
    ann = await member(records)
    async with records.write() as tx:
        await rules.change(tx, "allowance", 300)
    clock.now = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    late = await member(records, "late")
    assert [await chores.monthly_allowances(records, SHANGHAI) for _ in range(3)] == [1, 0, 0]
    clock.now = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # already January in Shanghai
    assert await chores.monthly_allowances(records, SHANGHAI) == 2
    async with records.read() as tx:
        entries = await ledger.history(tx, ann)
        assert (await ledger.wallet(tx, late)).points == 300
    assert [(one.kind, one.points, one.reason) for one in entries] == [
        ("allowance", 300, "2027-01 每月积分"),
        ("allowance", 300, "2026-12 每月积分"),
    ]


async def test_the_weeks_digest_is_told_once(stage: Stage, clock: Clock) -> None:
    assert await chores.weekly_digest(stage.records, SHANGHAI) is None  # nothing happened
    await stage.painted("a cat --n 3", failing=1)
    clock.forward(days=7)
    digest = await chores.weekly_digest(stage.records, SHANGHAI)
    said = words(digest, "zh")
    assert "画成的图: 2" in said and "成图没过审核: 1" in said and "ann：2 张，200 积分" in said
    assert await chores.weekly_digest(stage.records, SHANGHAI) is None


async def test_old_rows_go_and_unanswered_ones_stay(sqlite_records: Records, clock: Clock) -> None:
    async with sqlite_records.write() as tx:
        for key, finished in (("answered", tx.now), ("open", None)):
            await tx.change(
                inbox.insert().values(platform="page", event_key=key, payload={}, received=tx.now, finished=finished)
            )
        await tx.change(notes.insert().values(platform="page", kind="form", key="1", value={}, until=tx.now))
        assert await upkeep.tick(tx, "once", "2026-11") and not await upkeep.tick(tx, "once", "2026-11")
    clock.forward(days=8)
    assert await chores.tidy(sqlite_records) == {"inbox": 1, "notes": 1, "passes": 0, "alerts": 0, "ticks": 0}
    async with sqlite_records.read() as tx:
        assert [row["event_key"] for row in await tx.all(sa.select(inbox))] == ["open"]


async def test_the_last_admin_and_the_rules_lock_hold_on_both_databases(records: Records) -> None:
    ann, bob = await member(records), await member(records, "bob")
    async with records.write() as tx:
        await audit.lock(tx)
        assert await members.set_role(tx, ann, "admin") and await members.set_role(tx, bob, "admin")
        assert await members.set_role(tx, ann, "member") and not await members.set_role(tx, bob, "member")
        await rules.change(tx, "sd", 5)
        assert (await rules.read(tx)).sd == 5
