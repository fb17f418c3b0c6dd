"""A month's allowances are given while an admin turns somebody away, on PostgreSQL, where both go on at once."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core import members
from core.commands import chores
from core.records import Records
from tests.conftest import Clock
from tests.desk.stage import build


async def test_nobody_is_left_out_because_another_was_turned_away_meanwhile(
    postgres_records: Records, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members were read page by page, and a page began one too far once somebody of an earlier one was gone: a month without points."""
    records = postgres_records
    stage = build(records, clock)
    await stage.rule(allowance=70, welcome=0)
    first, *_ = [await stage.member(f"page:{name}") for name in ("ann", "bob", "eve")]
    async with records.write() as tx:
        await members.change(tx, first.id, allowance=0)  # nobody holds a row that gets nothing
    clock.forward(days=3)
    search = members.search

    async def searched(*asked: Any, **how: Any) -> Any:
        found = await search(*asked, **how)
        async with records.write() as other:
            await members.change(other, first.id, standing="blocked")
        return found

    monkeypatch.setattr(members, "search", searched)
    assert await chores.monthly_allowances(records, ZoneInfo("Asia/Shanghai")) == 2
    assert [(await stage.member(f"page:{name}")).points for name in ("bob", "eve")] == [70, 70]
