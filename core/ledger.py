"""Points: one conditional UPDATE of the wallet and one entry, always in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.errors import Refusal
from core.records import Row, Tx
from core.records.tables import generations, ledger, members

MOVE = (
    sa.update(members)
    .where(
        members.c.id == sa.bindparam("the_member"),
        members.c.points + sa.bindparam("more_points") >= 0,
        members.c.held + sa.bindparam("more_held") >= 0,
    )
    .values(
        points=members.c.points + sa.bindparam("more_points"),
        held=members.c.held + sa.bindparam("more_held"),
    )
    .returning(members.c.points)
)
ENTER = ledger.insert()
LARGEST = 100_000_000
"""No single movement is larger: a typing slip of an admin must not become a fortune."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a member has: free points and points set aside for paintings under way."""

    points: int
    held: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement, never changed: `points` and `held` are the changes, `points_after` the free points after it."""

    id: int
    member_id: int
    generation_id: str | None
    kind: str
    points: int
    held: int
    points_after: int
    reason: str
    at: datetime


async def wallet(tx: Tx, member_id: int) -> Wallet:
    """The wallet of a member, zeros for an unknown one."""
    row = await tx.first(sa.select(members.c.points, members.c.held).where(members.c.id == member_id))
    return Wallet(row["points"], row["held"]) if row else Wallet(0, 0)


async def hold(tx: Tx, member_id: int, generation_id: str, points: int) -> int:
    """Set points aside for a painting; the free points after. Refusal `points.not_enough` (need, have) changes nothing."""
    after = await _move(tx, member_id, -points, points)
    if after is None:
        have = (await wallet(tx, member_id)).points
        raise Refusal("points.not_enough", {"need": points, "have": have})
    await _enter(tx, member_id, "hold", -points, points, after, generation_id=generation_id)
    return after


async def settle(tx: Tx, member_id: int, generation_id: str, charged: int, released: int) -> int:
    """End a hold of `charged + released` points: charge what was painted, give the rest back. A second settlement breaks the unique (painting, kind)."""
    after = await _move(tx, member_id, released, -(charged + released))
    if after is None:
        raise ArithmeticError(f"{generation_id}: more to settle than is held")
    if charged:
        await _enter(tx, member_id, "charge", 0, -charged, after - released, generation_id=generation_id)
    if released:
        await _enter(tx, member_id, "release", released, -released, after, generation_id=generation_id)
    return after


async def grant(
    tx: Tx,
    member_id: int,
    points: int,
    *,
    kind: str = "grant",
    reason: str,
    once: str | None = None,
    by: int | None = None,
) -> int | None:
    """Give points (`kind` grant, welcome or allowance); the free points after, or None when this `once` key was given before.

    Refusal `points.amount` unless 1 <= points <= LARGEST, `points.reason` without a reason.
    """
    _check(points, reason)
    if once is not None and await tx.scalar(sa.select(ledger.c.id).where(ledger.c.once == once)) is not None:
        return None
    after = await _move(tx, member_id, points, 0)
    if after is None:
        raise Refusal("points.no_member")
    await _enter(tx, member_id, kind, points, 0, after, reason=reason, once=once, by_member=by)
    return after


async def take(
    tx: Tx, member_id: int, points: int, *, reason: str, once: str | None = None, by: int | None = None
) -> int | None:
    """Take free points away; the free points after, or None when this `once` key was taken before.

    Refusal `points.take_more` (have) when there are fewer.
    """
    _check(points, reason)
    if once is not None and await tx.scalar(sa.select(ledger.c.id).where(ledger.c.once == once)) is not None:
        return None
    after = await _move(tx, member_id, -points, 0)
    if after is None:
        raise Refusal("points.take_more", {"have": (await wallet(tx, member_id)).points}, field="points")
    await _enter(tx, member_id, "take", -points, 0, after, reason=reason, once=once, by_member=by)
    return after


async def history(tx: Tx, member_id: int, *, before: int = 0, most: int = 10) -> Sequence[Entry]:
    """The newest entries of a member, newest first; `before` an entry id pages back."""
    query = sa.select(ledger).where(ledger.c.member_id == member_id).order_by(ledger.c.id.desc()).limit(most)
    if before:
        query = query.where(ledger.c.id < before)
    return [_entry(row) for row in await tx.all(query)]


async def sums(tx: Tx, member_id: int) -> Mapping[str, int]:
    """By kind of entry, how many points it moved in all: given ones are positive, charged and taken ones negative."""
    total = sa.func.sum(ledger.c.points + sa.case((ledger.c.kind == "charge", ledger.c.held), else_=0)).label("total")
    rows = await tx.all(sa.select(ledger.c.kind, total).where(ledger.c.member_id == member_id).group_by(ledger.c.kind))
    return {row["kind"]: int(row["total"]) for row in rows}


async def crooked(tx: Tx) -> Sequence[str]:
    """Names of members whose wallet is not what their entries add up to, or who have more or less set aside than their paintings under way hold.

    Nobody, ever: every movement writes both. A row changed by hand is what this finds.
    """
    moved = (
        sa.select(
            ledger.c.member_id,
            sa.func.sum(ledger.c.points).label("points"),
            sa.func.sum(ledger.c.held).label("held"),
        )
        .group_by(ledger.c.member_id)
        .subquery("moved")
    )
    under_way = (
        sa.select(generations.c.member_id, sa.func.sum(generations.c.held).label("held"))
        .where(generations.c.state == "accepted")
        .group_by(generations.c.member_id)
        .subquery("under_way")
    )
    wrong = sa.or_(
        members.c.points != sa.func.coalesce(moved.c.points, 0),
        members.c.held != sa.func.coalesce(moved.c.held, 0),
        members.c.held != sa.func.coalesce(under_way.c.held, 0),
    )
    joined = members.outerjoin(moved, moved.c.member_id == members.c.id)
    joined = joined.outerjoin(under_way, under_way.c.member_id == members.c.id)
    found = sa.select(members.c.id, members.c.name).select_from(joined).where(wrong).order_by(members.c.id)
    return [row["name"] or str(row["id"]) for row in await tx.all(found)]


def _entry(row: Row) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__slots__})


def _check(points: int, reason: str) -> None:
    if not 1 <= points <= LARGEST:
        raise Refusal("points.amount", {"most": LARGEST}, field="points")
    if not reason.strip():
        raise Refusal("points.reason", field="reason")


async def _move(tx: Tx, member_id: int, points: int, held: int) -> int | None:
    """The one conditional UPDATE; None when the wallet would fall below zero (or there is no such member)."""
    more = {"the_member": member_id, "more_points": points, "more_held": held}
    after: int | None = await tx.scalar(MOVE, more)
    return after


async def _enter(
    tx: Tx,
    member_id: int,
    kind: str,
    points: int,
    held: int,
    after: int,
    *,
    generation_id: str | None = None,
    reason: str = "",
    once: str | None = None,
    by_member: int | None = None,
) -> None:
    entry = {
        "member_id": member_id,
        "generation_id": generation_id,
        "kind": kind,
        "points": points,
        "held": held,
        "points_after": after,
        "reason": reason.strip() or f"#{generation_id}",
        "once": once,
        "by_member": by_member,
        "at": tx.now,
    }
    await tx.change(ENTER, entry)
