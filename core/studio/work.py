"""A task in the hands of this process, and the fenced transitions that move its row."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import sqlalchemy as sa

from core.jimeng.client import Done
from core.painting import task_ended
from core.records import Row, Tx
from core.records.tables import generations, tasks

SLOTTED = ("claimed", "submitting", "submitted")
"""A task in these owns a slot of its credential: the remote task runs on whatever becomes of us."""


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed task row as last written; `owner` is the lease it was claimed under, `done` Jimeng's last word on it."""

    id: int
    generation_id: str
    number: int
    status: str
    owner: str
    req_key: str
    pool: str
    credential_id: int
    seed: int | None
    task_id: str | None
    request_ids: tuple[str, ...]
    submits: int
    resubmits: int
    failures: int
    submitted: datetime | None
    done: Done | None = None

    def now(self, **values: Any) -> "Work":
        """The same task with these values."""
        return dataclasses.replace(self, **values)


MOVE = sa.update(tasks).where(
    tasks.c.id == sa.bindparam("the_task"),
    tasks.c.owner == sa.bindparam("the_owner"),
    tasks.c.status == sa.bindparam("the_status"),
)
LOCK = sa.select(generations.c.id).where(generations.c.id == sa.bindparam("the_id")).with_for_update(key_share=True)
START = (
    sa.update(generations)
    .where(generations.c.id == sa.bindparam("the_id"), generations.c.started.is_(None))
    .values(revision=generations.c.revision + 1)
)
"""Statements of every task are built once: building one costs more than running it."""

COLUMNS = [tasks.c[name] for name in Work.__slots__ if name != "done"]


def work_of(row: Row) -> Work:
    """A row of COLUMNS."""
    values: Mapping[str, Any] = {**row, "request_ids": tuple(row["request_ids"])}
    return Work(**values)


async def move(tx: Tx, work: Work, to: str, **values: Any) -> bool:
    """`UPDATE … WHERE id AND owner AND status`; False when the row is no longer ours: drop it silently.

    Wakes the claims when a slot or a task becomes free.
    """
    fence = {"the_task": work.id, "the_owner": work.owner, "the_status": work.status}
    moved = await tx.change(MOVE, {**fence, "status": to, **values})
    if moved and work.status in SLOTTED and to not in SLOTTED:
        tx.wake("tasks")
    return moved == 1


async def lock_generation(tx: Tx, generation_id: str) -> None:
    """Lock the painting before its tasks, as every transaction does that touches both. SQLite's one writer has it all."""
    if tx.postgres:
        await tx.scalar(LOCK, {"the_id": generation_id})


async def end(tx: Tx, work: Work, to: str, zone: tzinfo, **values: Any) -> bool:
    """The task's last transition (kept or failed) with all that follows for its painting; False when it is no longer ours."""
    await lock_generation(tx, work.generation_id)
    if not await move(tx, work, to, owner=None, finished=tx.now, **values):
        return False
    await task_ended(tx, work.generation_id, zone)
    return True


async def started(tx: Tx, generation_id: str) -> None:
    """The first task of a painting was taken by Jimeng: members see it begin."""
    if await tx.change(START, {"the_id": generation_id, "started": tx.now}):
        tx.wake("views")
