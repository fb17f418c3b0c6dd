"""The accountant's identities hold after any mixture of what can happen to points, whatever its order."""

from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import budgets, ledger
from core.errors import Refusal
from core.painting import accept, cancel, delete, sweep, task_ended
from core.records import Records
from core.records.tables import generations, spent, tasks
from tests.conftest import Clock
from tests.painting.conftest import HERE, LIN, ZONE, Newcomer, house, order

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("paint"), st.integers(1, 4), st.sampled_from((0, 30, 100))),
        st.tuples(st.just("end"), st.integers(0, 20), st.sampled_from(("kept", "failed", "submitted"))),
        st.tuples(st.sampled_from(("cancel", "delete", "repaint")), st.integers(0, 8), st.just(0)),
        st.tuples(st.sampled_from(("grant", "take")), st.integers(1, 300), st.just(0)),
        st.tuples(st.just("sweep"), st.just(0), st.just(0)),
    ),
    max_size=25,
)


async def step(records: Records, clock: Clock, member: int, what: str, number: int, how: Any) -> None:
    """One thing that happens; what is refused changes nothing."""
    async with records.read() as tx:
        ids = [row["id"] for row in await tx.all(sa.select(generations.c.id).order_by(generations.c.created))]
    about = ids[number % len(ids)] if ids else ""
    match what:
        case "paint":
            asked = order(number, price=how, prompt_typed="猫")
            await accept(house(records), LIN, HERE, asked, event_key="", language="zh")
        case "repaint":
            free = order(1, price=0, parent_id=about, parent_kind="repaint")
            await accept(house(records), LIN, HERE, free, event_key="", language="zh")
        case "cancel":
            await cancel(house(records), about)
        case "delete":
            await delete(house(records), about)
        case "grant" | "take":
            async with records.write() as tx:
                await (ledger.grant if what == "grant" else ledger.take)(tx, member, number, reason="test")
        case "sweep":
            clock.forward(minutes=10)
            await sweep(records, ZONE)
        case _:
            await end(records, number, str(how))


async def end(records: Records, number: int, status: str) -> None:
    """One task goes on, as the engine would move it."""
    async with records.write() as tx:
        found = await tx.all(sa.select(tasks).where(tasks.c.status.in_(("queued", "submitted"))).order_by(tasks.c.id))
        if found:
            one = found[number % len(found)]
            await tx.change(sa.update(tasks).where(tasks.c.id == one["id"]).values(status=status, cause="model"))
            if status != "submitted":
                await task_ended(tx, one["generation_id"], ZONE)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_the_books_balance_after_anything(
    sqlite_records: Records, newcomer: Newcomer, clock: Clock, steps: list[tuple[str, int, Any]]
) -> None:
    records = sqlite_records
    member = await newcomer(records, 500)
    async with records.write() as tx:
        await budgets.put(tx, "team", "", "month", 1500)
    for what, number, how in steps:
        try:
            await step(records, clock, member, what, number, how)
        except Refusal:
            continue
    async with records.read() as tx:
        assert await ledger.crooked(tx) == []
        held = sa.func.sum(
            sa.case((generations.c.state == "accepted", generations.c.held), else_=generations.c.charged)
        )
        counted = await tx.scalar(sa.select(sa.func.sum(spent.c.points)))
        assert (counted or 0) == (await tx.scalar(sa.select(held)) or 0), "budgets count what is held or charged"
        settled = generations.c.state == "settled"
        odd = sa.select(generations.c.id).where(
            settled, generations.c.held != generations.c.charged + generations.c.released
        )
        assert await tx.all(odd) == []
