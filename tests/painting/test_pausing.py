"""Painting that pauses by itself: so many failures in a row that are nobody's but ours, on both databases."""

import sqlalchemy as sa

from core import audit, rules
from core.alerts import untold
from core.painting import accept, task_ended
from core.records import Records
from core.records.tables import tasks
from tests.conftest import Clock
from tests.painting.conftest import HERE, LIN, ZONE, Newcomer, house, order


async def ends(records: Records, clock: Clock, status: str = "failed", cause: str = "") -> str:
    """A painting accepted and ended in one picture of this status."""
    clock.forward(seconds=1)
    accepted = await accept(house(records), LIN, HERE, order(), event_key=str(clock.now), language="zh")
    async with records.write() as tx:
        mine = sa.update(tasks).where(tasks.c.generation_id == accepted.generation_id)
        await tx.change(mine.values(status=status, cause=cause))
        await task_ended(tx, accepted.generation_id, ZONE)
    return accepted.generation_id


async def change(records: Records, **values: object) -> None:
    async with records.write() as tx:
        for key, value in values.items():
            await rules.change(tx, key, value)


async def paused(records: Records) -> str | None:
    async with records.read() as tx:
        return (await rules.read(tx)).paused


async def test_failures_of_ours_in_a_row_pause_painting_until_an_admin_resumes(
    records: Records, newcomer: Newcomer, clock: Clock
) -> None:
    await newcomer(records, 10_000)
    for _ in range(5):
        await ends(records, clock, cause="model")
    assert await paused(records) is None  # 0: never
    await change(records, pause_after=3)
    await ends(records, clock, "kept")
    for status, cause in (
        ("failed", "model"),
        ("failed", "network"),
        ("failed", "refused"),  # the member's words: Jimeng works
        ("failed", "model"),
        ("cancelled", ""),  # tells nothing
        ("failed", "configuration"),
    ):
        await ends(records, clock, status, cause)
        assert await paused(records) is None
    last = await ends(records, clock, cause="network")
    assert await paused(records) == ""
    async with records.read() as tx:
        (told,) = await untold(tx)
        (act,) = await audit.latest(tx, act="pause")
    assert (told.line.key, told.line.values["n"]) == ("admin_pause.alert", 3)
    assert told.button is not None and told.button.verb == "admin.pause.off"
    assert (act.act, act.subject, act.who) == ("pause.auto", f"#{last}", "")

    await change(records, paused=None)
    for _ in range(2):  # what failed before does not count again
        await ends(records, clock, cause="model")
        assert await paused(records) is None
    await ends(records, clock, cause="model")
    assert await paused(records) == ""
    async with records.read() as tx:
        assert len(await untold(tx)) == 2
