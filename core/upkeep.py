"""Keeping house: what N replicas do only once, and rows that have served their time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core.records import Tx
from core.records.tables import alerts, inbox, notes, passes, ticks


@dataclass(frozen=True, slots=True)
class Kept:
    """How long rows stay after they have served. Paintings, ledger and audit stay for ever."""

    inbox: timedelta = timedelta(days=7)
    """Answered events: a platform repeats one within hours, never after days."""
    passes: timedelta = timedelta(days=1)
    alerts: timedelta = timedelta(days=30)
    ticks: timedelta = timedelta(days=400)


async def tick(tx: Tx, name: str, period: str) -> bool:
    """Claim the work `name` of a period (`2026-11`, `2026-W48`, `2026-11-30`) for the caller's transaction; False when another has done it."""
    claim = tx.insert(ticks).values(name=name, period=period, at=tx.now)
    return await tx.change(claim.on_conflict_do_nothing()) == 1


async def prune(tx: Tx, kept: Kept | None = None) -> Mapping[str, int]:
    """Delete rows that have served their time; how many of each table. Unanswered events and untold alerts stay; notes carry their own time."""
    kept = kept or Kept()
    gone = {
        "inbox": sa.delete(inbox).where(inbox.c.finished < tx.now - kept.inbox),
        "notes": sa.delete(notes).where(notes.c.until < tx.now),
        "passes": sa.delete(passes).where(passes.c.until < tx.now - kept.passes),
        "alerts": sa.delete(alerts).where(alerts.c.told < tx.now - kept.alerts),
        "ticks": sa.delete(ticks).where(ticks.c.at < tx.now - kept.ticks),
    }
    return {name: await tx.change(statement) for name, statement in gone.items()}
