"""Counts for the operator's metrics: what stands in the database at one moment, a few grouped statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from core.records.tables import credentials, generations, health, leases, ledger, members, tasks
from core.records.transactions import Tx

UNFINISHED = ("queued", "claimed", "submitting", "submitted", "ready")


@dataclass(frozen=True, slots=True)
class Counts:
    """Ended paintings by (outcome, cause), unfinished tasks by status, points moved by kind, points held, keys by (pool, state), undelivered."""

    paintings: Mapping[tuple[str, str], int]
    tasks: Mapping[str, int]
    points: Mapping[str, int]
    held: int
    keys: Mapping[tuple[str, str], int]
    undelivered: int


async def living(tx: Tx) -> int:
    """How many bots paint on this database now (PostgreSQL; on SQLite the file lock tells)."""
    return await tx.scalar(sa.select(sa.func.count()).where(leases.c.until > tx.database_now)) or 0


async def counts(tx: Tx, platforms: Collection[str]) -> Counts:
    """Everything counted now. Undelivered are only paintings of these `platforms`: the doctor's are of none, nobody shall ever show them."""
    n = sa.func.count().label("n")
    ended = sa.select(generations.c.outcome, generations.c.cause, n).where(generations.c.state == "settled")
    open_tasks = sa.select(tasks.c.status, n).where(tasks.c.status.in_(UNFINISHED)).group_by(tasks.c.status)
    moved = sa.select(
        ledger.c.kind,
        sa.func.sum(sa.func.abs(sa.case((ledger.c.points != 0, ledger.c.points), else_=ledger.c.held))).label("n"),
    )
    state = sa.case((~credentials.c.enabled, "off"), else_=sa.func.coalesce(sa.func.max(health.c.state), "ok")).label(
        "state"
    )
    keys = (
        sa.select(credentials.c.pool, state)
        .select_from(credentials.outerjoin(health))
        .where(credentials.c.removed.is_(None))
    )
    by_key: dict[tuple[str, str], int] = {}
    for row in await tx.all(keys.group_by(credentials.c.id, credentials.c.pool, credentials.c.enabled)):
        by_key[row["pool"], row["state"]] = by_key.get((row["pool"], row["state"]), 0) + 1
    lost = sa.select(sa.func.count()).where(
        generations.c.state == "settled",
        generations.c.delivery != "delivered",
        generations.c.deleted.is_(None),
        generations.c.platform.in_(platforms),
    )
    return Counts(
        {
            (row["outcome"], row["cause"]): row["n"]
            for row in await tx.all(ended.group_by(generations.c.outcome, generations.c.cause))
        },
        {row["status"]: row["n"] for row in await tx.all(open_tasks)},
        {row["kind"]: int(row["n"]) for row in await tx.all(moved.group_by(ledger.c.kind))},
        int(await tx.scalar(sa.select(sa.func.sum(members.c.held))) or 0),
        by_key,
        await tx.scalar(lost) or 0,
    )
