"""Money at its edges, on both databases: budgets of other periods, zeros, repaints, joined wallets, pictures nobody uses."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import budgets, ledger, members
from core.alerts import untold
from core.errors import Refusal
from core.generations import add_image, all_there, forget_image, idle_images, unused_images
from core.images import StoredImage
from core.painting import accept, task_ended
from core.records import Records
from core.records.tables import generations, tasks
from core.records.tables import members as rows
from tests.conftest import Clock
from tests.painting.conftest import HERE, LIN, ZONE, Newcomer, house, order


async def place(records: Records, key: str, **more: object) -> str:
    accepted = await accept(house(records), LIN, HERE, order(**more), event_key=key, language="zh")  # type: ignore[arg-type]
    return accepted.generation_id


async def fail(records: Records, generation_id: str) -> None:
    async with records.write() as tx:
        mine = sa.update(tasks).where(tasks.c.generation_id == generation_id)
        await tx.change(mine.values(status="failed", cause="model"))
        await task_ended(tx, generation_id, ZONE)


async def used(records: Records) -> dict[str, int]:
    async with records.read() as tx:
        return {f"{one.scope}/{one.period}": one.used for one in await budgets.listed(tx, ZONE)}


async def test_points_come_back_to_the_day_in_which_they_were_held(
    records: Records, newcomer: Newcomer, clock: Clock
) -> None:
    await newcomer(records, 1000)
    async with records.write() as tx:
        await budgets.put(tx, "team", "", "day", 400)
        await budgets.put(tx, "team", "", "month", 10_000)
    yesterday = await place(records, "a", count=3)
    clock.forward(hours=30)
    await place(records, "b", count=2)
    await fail(records, yesterday)
    assert await used(records) == {"team/day": 200, "team/month": 200}


async def test_a_budget_set_meanwhile_gets_nothing_back_it_never_counted(
    records: Records, newcomer: Newcomer, clock: Clock
) -> None:
    await newcomer(records, 1000)
    before = await place(records, "a", count=4)
    clock.forward(minutes=1)
    async with records.write() as tx:
        await budgets.put(tx, "team", "", "day", 400)
    await place(records, "b", count=1)
    await fail(records, before)
    assert await used(records) == {"team/day": 100}


async def test_the_hard_stop_names_what_is_left_and_needed_and_notices_come_once(
    records: Records, newcomer: Newcomer
) -> None:
    await newcomer(records, 5000)
    async with records.write() as tx:
        await budgets.put(tx, "label", "春节", "month", 500)
    for key in ("a", "b", "c", "d", "e"):
        await place(records, key, label="春节")
    with pytest.raises(Refusal) as refused:
        await place(records, "f", label="春节")
    told = refused.value.values
    assert refused.value.key == "budget.used_up_label" and (told["left"], told["need"]) == (0, 100)
    async with records.read() as tx:
        assert [one.line.values["percent"] for one in await untold(tx)] == [50, 80, 100]
        assert (await ledger.wallet(tx, 1)).held == 500


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"at_once": 0}, "access.at_once_none"),
        ({"daily_pictures": 0}, "access.daily"),
        ({"daily_pictures": 2}, "access.daily"),
    ],
)
async def test_zero_means_zero(sqlite_records: Records, newcomer: Newcomer, values: dict[str, int], key: str) -> None:
    member = await newcomer(sqlite_records, 1000)
    async with sqlite_records.write() as tx:
        await members.change(tx, member, **values)
    with pytest.raises(Refusal) as refused:
        await place(sqlite_records, "a", count=3)
    assert refused.value.key == key


async def test_a_budget_of_zero_stops_all_but_what_is_free(sqlite_records: Records, newcomer: Newcomer) -> None:
    member = await newcomer(sqlite_records, 1000)
    async with sqlite_records.write() as tx:
        await budgets.put(tx, "team", "", "day", 0)
    with pytest.raises(Refusal):
        await place(sqlite_records, "a")
    free = await place(sqlite_records, "b", price=0)
    await fail(sqlite_records, free)
    async with sqlite_records.read() as tx:
        assert [entry.kind for entry in await ledger.history(tx, member)] == ["grant"]


async def test_sums_tell_what_was_given_and_used(records: Records, newcomer: Newcomer) -> None:
    member = await newcomer(records, 0)
    async with records.write() as tx:
        await ledger.grant(tx, member, 1000, kind="welcome", reason="hi", once="welcome:x")
        await ledger.grant(tx, member, 300, reason="more")
        await ledger.hold(tx, member, "AAAA", 400)
        await ledger.settle(tx, member, "AAAA", 100, 300)
        await ledger.take(tx, member, 50, reason="slip")
        found = await ledger.sums(tx, member)
    assert {kind: found[kind] for kind in ("welcome", "grant", "charge", "take")} == {
        "welcome": 1000, "grant": 300, "charge": -100, "take": -50,
    }  # fmt: skip


async def test_pictures_are_given_up_once_nobody_uses_them(records: Records, newcomer: Newcomer, clock: Clock) -> None:
    await newcomer(records, 1000)
    cup, dog = (StoredImage(name * 32, f"{name}.png", "image/png", 9, 9, 9, name) for name in "ab")
    async with records.write() as tx:
        await add_image(tx, cup, "reference")
        await add_image(tx, dog, "reference")
    await place(records, "a", references=(cup.id,))
    clock.forward(days=40)
    async with records.write() as tx:
        assert await unused_images(tx, [cup.id]) == []
        assert await idle_images(tx, timedelta(days=30)) == [dog]
        assert await all_there(tx, [cup.id, cup.id]) and not await all_there(tx, [dog.id])
        assert await idle_images(tx, timedelta(days=30)) == [dog]
        await forget_image(tx, dog.id)
        assert await idle_images(tx, timedelta(days=30)) == []
    with pytest.raises(Refusal) as refused:
        await place(records, "b", references=(dog.id,))
    assert refused.value.key == "paint.reference_gone"


async def test_days_and_months_of_a_budget_turn_at_midnight_in_shanghai(
    records: Records, newcomer: Newcomer, clock: Clock
) -> None:
    await newcomer(records, 1000)
    async with records.write() as tx:
        await budgets.put(tx, "team", "", "day", 100)
        await budgets.put(tx, "team", "", "month", 300)
    clock.now = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    last = await place(records, "a")
    with pytest.raises(Refusal, match=r"budget\.used_up_team"):
        await place(records, "b")
    clock.forward(seconds=1)  # it is 2027 in Shanghai, and still December elsewhere
    assert await used(records) == {"team/day": 0, "team/month": 0}
    await place(records, "c")
    clock.forward(hours=8)  # the same day there, though UTC turns
    with pytest.raises(Refusal, match=r"budget\.used_up_team"):
        await place(records, "d")
    await fail(records, last)
    assert await used(records) == {"team/day": 100, "team/month": 100}, "given back to the year that is over"
    clock.forward(hours=-9)  # a clock set back finds the old day as it was left
    await place(records, "e")
    with pytest.raises(Refusal, match=r"budget\.used_up_team"):
        await place(records, "f")


async def test_pictures_a_day_are_counted_from_midnight_in_shanghai(
    records: Records, newcomer: Newcomer, clock: Clock
) -> None:
    member = await newcomer(records, 1000)
    async with records.write() as tx:
        await members.change(tx, member, daily_pictures=1)
    clock.now = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
    await place(records, "a")
    with pytest.raises(Refusal, match=r"access\.daily"):
        await place(records, "b")
    clock.forward(seconds=1)
    await place(records, "c")
    with pytest.raises(Refusal, match=r"access\.daily"):
        await place(records, "d")


@pytest.mark.parametrize("changed", [{"points": 901}, {"held": 0}, {"held": 200}])
async def test_the_books_name_whose_wallet_was_changed_by_hand(
    records: Records, newcomer: Newcomer, changed: dict[str, int]
) -> None:
    await newcomer(records, 1000)
    await place(records, "a")
    async with records.write() as tx:
        assert await ledger.crooked(tx) == []
        await tx.change(sa.update(rows).values(**changed))
        assert await ledger.crooked(tx) == ["小林"]


async def test_the_books_name_who_has_points_set_aside_for_nothing(records: Records, newcomer: Newcomer) -> None:
    await newcomer(records, 1000)
    await place(records, "a")
    async with records.write() as tx:
        await tx.change(sa.update(generations).values(state="settled"))
        assert await ledger.crooked(tx) == ["小林"]
