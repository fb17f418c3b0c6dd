"""Orders and members for tests of points."""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import pytest

from core import ledger, members
from core.painting import House, Order
from core.records import Records
from core.requests import Account, Place

ZONE = ZoneInfo("Asia/Shanghai")
LIN = Account("page", "", "lin")
HERE = Place("page", "", "spring")

Newcomer = Callable[[Records, int], Awaitable[int]]


def order(count: int = 1, price: int = 100, **more: object) -> Order:
    """A plain order of `count` pictures."""
    values: dict[str, object] = {
        "prompt_typed": "猫",
        "prompt_sent": "猫",
        "ratio": "1:1",
        "width": 1328,
        "height": 1328,
        "tier": "sd",
        "count": count,
        "price": price,
        "model": "jimeng_t2i_v31",
        "seed": 7,
    }
    return Order(**{**values, **more})  # type: ignore[arg-type]


@pytest.fixture
def newcomer() -> Newcomer:
    """Makes the member `page:lin` with so many points; gives their id."""

    async def make(records: Records, points: int) -> int:
        async with records.write() as tx:
            member, _ = await members.arrive(tx, LIN, "小林", "approved")
            if points:
                await ledger.grant(tx, member.id, points, reason="test")
            return member.id

    return make


def house(records: Records) -> House:
    """The surroundings of painting."""
    return House(records, ZONE)
