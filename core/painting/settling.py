"""The one settlement of a painting: pictures kept are charged, the rest of the hold goes back."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo

import sqlalchemy as sa

from core import budgets, ledger
from core.generations import UNFINISHED, touch
from core.records import Records, Row, Tx
from core.records.tables import generations, tasks

PAINTING = (
    sa.select(*(generations.c[name] for name in ("id", "state", "member_id", "held", "price", "channel", "label")))
    .add_columns(generations.c.created)
    .where(generations.c.id == sa.bindparam("the_id"))
    .with_for_update(key_share=True)
)
TASKS = (
    sa.select(tasks.c.status, tasks.c.cause, tasks.c.error)
    .where(tasks.c.generation_id == sa.bindparam("the_id"))
    .order_by(tasks.c.number)
)


async def task_ended(tx: Tx, generation_id: str, zone: tzinfo) -> bool:
    """Call in the transaction in which a task was kept, failed or was cancelled: shows the change, and settles when it was the last. True when settled now."""
    row = await tx.first(PAINTING, {"the_id": generation_id})
    if row is None or row["state"] == "settled":
        return False
    found = await tx.all(TASKS, {"the_id": generation_id})
    if any(task["status"] in UNFINISHED for task in found):
        await touch(tx, generation_id)
        return False
    await _settle(tx, row, found, zone)
    return True


async def _settle(tx: Tx, row: Row, ended: Sequence[Row], zone: tzinfo) -> None:
    kept = sum(task["status"] == "kept" for task in ended)
    failed = next((task for task in ended if task["status"] == "failed"), None)
    charged = kept * row["price"]
    released = row["held"] - charged
    if row["held"]:
        await ledger.settle(tx, row["member_id"], row["id"], charged, released)
        await budgets.give_back(tx, row["member_id"], row["channel"], row["label"], released, row["created"], zone)
    if kept == len(ended):
        outcome = "done"
    elif kept:
        outcome = "partial"
    else:
        outcome = "failed" if failed else "cancelled"
    await touch(
        tx,
        row["id"],
        state="settled",
        outcome=outcome,
        cause=failed["cause"] if failed else "",
        error=failed["error"] if failed else "",
        charged=charged,
        released=released,
        ended=tx.now,
    )
    tx.wake("tasks")


async def sweep(records: Records, zone: tzinfo, *, older: timedelta = timedelta(minutes=5)) -> int:
    """Settle paintings whose tasks have all ended but whose hold still stands (a net under everything); how many."""
    async with records.read() as tx:
        unfinished = (
            sa.select(tasks.c.id)
            .where(tasks.c.generation_id == generations.c.id, tasks.c.status.in_(UNFINISHED))
            .exists()
        )
        query = sa.select(generations.c.id).where(
            generations.c.state == "accepted", generations.c.created < tx.now - older, ~unfinished
        )
        ids = [row["id"] for row in await tx.all(query)]
    settled = 0
    for generation_id in ids:
        async with records.write() as tx:
            settled += await task_ended(tx, generation_id, zone)
    return settled
