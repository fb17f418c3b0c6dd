"""Points are money: held once, settled once, never overspent, on both databases."""

import asyncio

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import ledger, rules
from core.errors import Refusal
from core.painting import accept, cancel, sweep, task_ended
from core.records import Records
from core.records.tables import generations, members, tasks
from core.records.tables import ledger as entries
from tests.conftest import Clock
from tests.painting.conftest import HERE, LIN, ZONE, Newcomer, house, order


async def finish(records: Records, generation_id: str, *statuses: str) -> None:
    """End the painting's tasks one after the other, each as told, as the engine does."""
    async with records.read() as tx:
        query = sa.select(tasks.c.id).where(tasks.c.generation_id == generation_id, tasks.c.status != "cancelled")
        ids = [row["id"] for row in await tx.all(query.order_by(tasks.c.number))]
    for task, status in zip(ids, statuses, strict=True):
        async with records.write() as tx:
            await tx.change(sa.update(tasks).where(tasks.c.id == task).values(status=status, cause="model"))
            await task_ended(tx, generation_id, ZONE)


async def ledger_is_exact(records: Records) -> None:
    """The wallet is the sum of its entries, and what is held belongs to paintings under way."""
    async with records.read() as tx:
        for row in await tx.all(sa.select(members)):
            sums = sa.select(sa.func.sum(entries.c.points).label("points"), sa.func.sum(entries.c.held).label("held"))
            found = await tx.first(sums.where(entries.c.member_id == row["id"]))
            assert found is not None
            assert (row["points"], row["held"]) == (found["points"] or 0, found["held"] or 0)
        open_holds = await tx.scalar(
            sa.select(sa.func.sum(generations.c.held)).where(generations.c.state == "accepted")
        )
        assert await tx.scalar(sa.select(sa.func.sum(members.c.held))) == (open_holds or 0)


async def test_200_parallel_paintings_with_points_for_7_are_exactly_7(records: Records, newcomer: Newcomer) -> None:
    member = await newcomer(records, 730)
    async with records.write() as tx:
        await rules.change(tx, "at_once", None)

    async def one(number: int) -> bool:
        try:
            return (await accept(house(records), LIN, HERE, order(), event_key=f"e{number}", language="zh")).new
        except Refusal as refusal:
            assert refusal.key == "points.not_enough"
            return False

    assert sum(await asyncio.gather(*(one(number) for number in range(200)))) == 7
    async with records.read() as tx:
        assert await ledger.wallet(tx, member) == ledger.Wallet(30, 700)
    await ledger_is_exact(records)


async def test_one_event_is_one_painting_however_often_it_comes(records: Records, newcomer: Newcomer) -> None:
    await newcomer(records, 1000)
    made = await asyncio.gather(
        *(accept(house(records), LIN, HERE, order(), event_key="same", language="zh") for _ in range(5))
    )
    assert len({one.generation_id for one in made}) == 1
    assert sum(one.new for one in made) == 1
    async with records.read() as tx:
        assert await tx.scalar(sa.select(sa.func.count()).select_from(generations)) == 1


async def test_pictures_kept_are_charged_and_the_rest_goes_back(records: Records, newcomer: Newcomer) -> None:
    member = await newcomer(records, 1000)
    made = await accept(house(records), LIN, HERE, order(4), event_key="a", language="zh")
    await finish(records, made.generation_id, "kept", "kept", "failed", "kept")
    async with records.read() as tx:
        row = await tx.first(sa.select(generations))
        assert row is not None
        assert (row["outcome"], row["charged"], row["released"], row["cause"]) == ("partial", 300, 100, "model")
        assert await ledger.wallet(tx, member) == ledger.Wallet(700, 0)
        kinds = [entry.kind for entry in await ledger.history(tx, member, most=3)]
    assert kinds == ["release", "charge", "hold"]
    await ledger_is_exact(records)


async def test_a_second_settlement_is_impossible(sqlite_records: Records, newcomer: Newcomer) -> None:
    member = await newcomer(sqlite_records, 1000)
    made = await accept(house(sqlite_records), LIN, HERE, order(), event_key="a", language="zh")
    await finish(sqlite_records, made.generation_id, "kept")
    async with sqlite_records.write() as tx:
        assert not await task_ended(tx, made.generation_id, ZONE)
    with pytest.raises(ArithmeticError):
        async with sqlite_records.write() as tx:
            await ledger.settle(tx, member, made.generation_id, 100, 0)
    with pytest.raises(sa.exc.IntegrityError):
        async with sqlite_records.write() as tx:
            await ledger.grant(tx, member, 5, reason="x")
            await tx.change(
                entries.insert().values(member_id=member, generation_id=made.generation_id, kind="charge", at=tx.now)
            )
    await ledger_is_exact(sqlite_records)


async def test_cancel_gives_back_what_was_not_submitted(records: Records, newcomer: Newcomer) -> None:
    member = await newcomer(records, 1000)
    made = await accept(house(records), LIN, HERE, order(3), event_key="a", language="zh")
    async with records.write() as tx:
        await tx.change(sa.update(tasks).where(tasks.c.number == 1).values(status="submitted"))
    done = await cancel(house(records), made.generation_id)
    assert (done.taken_back, done.going_on) == (2, 1)
    await finish(records, made.generation_id, "kept")
    async with records.read() as tx:
        assert await ledger.wallet(tx, member) == ledger.Wallet(900, 0)
    with pytest.raises(Refusal, match="cancel_too_late"):
        await cancel(house(records), made.generation_id)
    await ledger_is_exact(records)


async def test_a_price_changed_after_acceptance_changes_nothing(sqlite_records: Records, newcomer: Newcomer) -> None:
    member = await newcomer(sqlite_records, 1000)
    made = await accept(house(sqlite_records), LIN, HERE, order(), event_key="a", language="zh")
    async with sqlite_records.write() as tx:
        await rules.change(tx, "sd", 900)
    await finish(sqlite_records, made.generation_id, "kept")
    async with sqlite_records.read() as tx:
        assert (await ledger.wallet(tx, member)).points == 900


async def test_the_sweeper_settles_what_was_left_hanging(
    sqlite_records: Records, newcomer: Newcomer, clock: Clock
) -> None:
    member = await newcomer(sqlite_records, 1000)
    await accept(house(sqlite_records), LIN, HERE, order(2), event_key="a", language="zh")
    async with sqlite_records.write() as tx:
        await tx.change(sa.update(tasks).values(status="failed", cause="network"))
    clock.forward(minutes=10)
    assert await sweep(sqlite_records, ZONE) == 1
    async with sqlite_records.read() as tx:
        assert await ledger.wallet(tx, member) == ledger.Wallet(1000, 0)


async def test_a_double_click_on_again_is_one_painting(records: Records, newcomer: Newcomer, clock: Clock) -> None:
    await newcomer(records, 1000)
    first = await accept(house(records), LIN, HERE, order(), event_key="a", language="zh")
    again = order(parent_id=first.generation_id, parent_kind="again")
    pressed = await asyncio.gather(
        *(accept(house(records), LIN, HERE, again, event_key=f"press{number}", language="zh") for number in range(3))
    )
    assert sum(one.new for one in pressed) == 1
    clock.forward(seconds=30)
    assert (await accept(house(records), LIN, HERE, again, event_key="later", language="zh")).new


async def test_both_ways_to_hd_pressed_one_after_the_other_are_two_paintings(
    records: Records, newcomer: Newcomer
) -> None:
    """The second press was taken for a double click of the first, and answered as if it had been accepted."""
    await newcomer(records, 1000)
    first = await accept(house(records), LIN, HERE, order(), event_key="a", language="zh")
    for model, new in (("upscaler", True), ("painter", True), ("upscaler", False)):
        final = order(parent_id=first.generation_id, parent_kind="final", parent_picture=1, model=model)
        assert (await accept(house(records), LIN, HERE, final, event_key="", language="zh")).new == new
    await ledger_is_exact(records)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 4), st.lists(st.booleans(), min_size=4, max_size=4)), max_size=6),
    st.integers(0, 900),
)
async def test_the_ledger_is_exact_whatever_is_painted(
    sqlite_records: Records, newcomer: Newcomer, asked: list[tuple[int, list[bool]]], points: int
) -> None:
    await newcomer(sqlite_records, points)
    for count, kept in asked:
        try:
            made = await accept(house(sqlite_records), LIN, HERE, order(count), event_key="", language="zh")
        except Refusal:
            continue
        await finish(sqlite_records, made.generation_id, *("kept" if one else "failed" for one in kept[:count]))
    await ledger_is_exact(sqlite_records)


async def test_again_is_no_double_click_on_what_a_clock_set_back_puts_into_the_future(
    records: Records, newcomer: Newcomer, clock: Clock
) -> None:
    await newcomer(records, 1000)
    first = await accept(house(records), LIN, HERE, order(), event_key="a", language="zh")
    again = order(parent_id=first.generation_id, parent_kind="again")
    assert (await accept(house(records), LIN, HERE, again, event_key="b", language="zh")).new
    clock.forward(hours=-1)
    assert (await accept(house(records), LIN, HERE, again, event_key="c", language="zh")).new
    assert not (await accept(house(records), LIN, HERE, again, event_key="d", language="zh")).new
