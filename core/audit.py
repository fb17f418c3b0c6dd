"""Who did what to the team's affairs, when, with the values before and after; never a secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.records import Tx
from core.records.tables import audit, members


@dataclass(frozen=True, slots=True)
class Act:
    """One act; `who` is "" for the operator at the command line."""

    id: int
    at: datetime
    who: str
    act: str
    subject: str
    before: Any
    after: Any


async def lock(tx: Tx) -> None:
    """Let no other admin's form be saved until this transaction ends, so that what is read now is still true when it is written."""
    if tx.postgres:
        await tx.scalar(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("paintbot.audit"))))


async def note(
    tx: Tx, member_id: int | None, act: str, subject: str = "", *, before: Any = None, after: Any = None
) -> None:
    """Write one act in the caller's transaction; `before` and `after` are JSON without secrets."""
    await tx.change(
        audit.insert().values(
            at=tx.now,
            member_id=member_id,
            act=act,
            kind=act.partition(".")[0],
            subject=subject,
            before=before,
            after=after,
        )
    )


async def latest(tx: Tx, *, act: str = "", before: int = 0, most: int = 10) -> Sequence[Act]:
    """The newest acts first, of one kind (`keys`) or one act (`rules.prices`) when told; `before` an id pages back."""
    query = sa.select(audit, members.c.name.label("who")).select_from(
        audit.outerjoin(members, members.c.id == audit.c.member_id)
    )
    if act:
        query = query.where((audit.c.act if "." in act else audit.c.kind) == act)
    if before:
        query = query.where(audit.c.id < before)
    rows = await tx.all(query.order_by(audit.c.id.desc()).limit(most))
    return [
        Act(row["id"], row["at"], row["who"] or "", row["act"], row["subject"], row["before"], row["after"])
        for row in rows
    ]
