"""The one settlement of a painting: pictures kept are charged, the rest of the hold goes back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import sqlalchemy as sa

from core import audit, budgets, ledger, rules
from core.alerts import alert
from core.errors import Cause
from core.generations import UNFINISHED, touch
from core.records import Records, Row, Tx
from core.records.tables import generations, tasks
from core.replies import Button
from core.requests import Line

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
OURS = (Cause.CONFIGURATION, Cause.MODEL, Cause.NETWORK)
"""Causes no member can do anything about."""
LATEST = (
    sa.select(generations.c.outcome, generations.c.cause)
    .where(generations.c.state == "settled", generations.c.outcome != "cancelled")
    .where(generations.c.created > sa.bindparam("since"))
    .order_by(generations.c.created.desc())
    .limit(sa.bindparam("most"))
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
    if outcome == "failed" and failed is not None and failed["cause"] in OURS:
        await _pause_where_all_fails(tx, row["id"], failed["cause"])


async def _pause_where_all_fails(tx: Tx, generation_id: str, cause: str) -> None:
    """The team's own brake: so many failures in a row, none of them the members' affair, pause painting until an admin resumes."""
    team = await rules.read(tx)
    if not team.pause_after or team.paused is not None:
        return
    since = await rules.changed(tx, "paused") or datetime.fromtimestamp(0, UTC)
    latest = await tx.all(LATEST, {"since": since, "most": team.pause_after})
    if len(latest) < team.pause_after or any(one["outcome"] != "failed" or one["cause"] not in OURS for one in latest):
        return
    await rules.change(tx, "paused", "")
    await audit.note(tx, None, "pause.auto", f"#{generation_id}", after=team.pause_after)
    told = Line("admin_pause.alert", {"n": team.pause_after, "cause": Line(f"paint.cause_{cause}")})
    resume = Button(Line("admin_pause.button_resume"), "admin.pause.off", style="primary")
    await alert(tx, f"pause:{generation_id}", told, button=resume)


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
