"""Cancelling: what Jimeng does not have yet is taken back, what it has is finished, charged if kept, and delivered."""

from dataclasses import dataclass

import sqlalchemy as sa

from core import audit, members
from core.errors import Refusal
from core.generations import touch
from core.painting.accepting import House
from core.painting.settling import task_ended
from core.records.tables import generations, tasks


@dataclass(frozen=True, slots=True)
class Cancelled:
    """How many pictures were taken back, and how many are still being finished."""

    taken_back: int
    going_on: int


async def cancel(house: House, generation_id: str, *, by: int | None = None) -> Cancelled:
    """Take back every task that was not submitted; where `by`, a member, is not its owner, the act stands in the audit.

    Refusal `paint.cancel_too_late` when it has ended, `paint.cancel_painting` when Jimeng has all of it.
    """
    async with house.records.write() as tx:
        columns = (generations.c[name] for name in ("state", "member_id", "price"))
        row = await tx.first(
            sa.select(*columns).where(generations.c.id == generation_id).with_for_update(key_share=True)
        )
        if row is None or row["state"] == "settled":
            raise Refusal("paint.cancel_too_late", {"id": generation_id})
        taken = await tx.change(
            sa.update(tasks)
            .where(tasks.c.generation_id == generation_id, tasks.c.status.in_(("queued", "claimed")))
            .values(status="cancelled", owner=None, finished=tx.now)
        )
        if not taken:
            raise Refusal("paint.cancel_painting", {"id": generation_id})
        await touch(tx, generation_id, cancelling=True)
        if by not in (None, row["member_id"]):
            owner = (await members.names_of(tx, [row["member_id"]])).get(row["member_id"], "")
            after = {"member": owner, "points": taken * row["price"]}
            await audit.note(tx, by, "records.cancel", generation_id, after=after)
        going_on = await tx.scalar(
            sa.select(sa.func.count()).where(
                tasks.c.generation_id == generation_id, tasks.c.status.in_(("submitting", "submitted", "ready"))
            )
        )
        await task_ended(tx, generation_id, house.zone)
        tx.wake("tasks")
        return Cancelled(taken, going_on or 0)
