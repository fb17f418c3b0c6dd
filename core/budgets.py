"""Budgets of points for a member, a channel, a label or the whole team, a day or a month: a hard stop with notices at 50, 80 and 100 %."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import sqlalchemy as sa

from core.errors import Refusal
from core.records import Tx
from core.records.tables import budgets, spent
from core.requests import Line, Value

MATCHING = (
    sa.select(budgets)
    .where(
        budgets.c.created <= sa.bindparam("at"),
        sa.or_(
            budgets.c.scope == "team",
            sa.and_(budgets.c.scope == "member", budgets.c.subject == sa.bindparam("the_member")),
            sa.and_(budgets.c.scope == "channel", budgets.c.subject == sa.bindparam("the_channel")),
            sa.and_(
                budgets.c.scope == "label", budgets.c.subject == sa.bindparam("the_label"), budgets.c.subject != ""
            ),
        ),
    )
    .order_by(budgets.c.id)
)
SCOPES = ("member", "channel", "label", "team")
PERIODS = ("day", "month")
NOTICES = (100, 80, 50)


@dataclass(frozen=True, slots=True)
class Budget:
    """`points` may be held or charged a period; `used` are those of the present one."""

    id: int
    scope: str
    subject: str
    period: str
    points: int
    used: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A budget passed `percent` for the first time in its period."""

    budget: Budget
    percent: int


def when(period: str, at: datetime, zone: tzinfo) -> str:
    """The name of a period: `2026-11-30` or `2026-11`, by the team's calendar."""
    return at.astimezone(zone).strftime("%Y-%m-%d" if period == "day" else "%Y-%m")


async def _matching(tx: Tx, member_id: int, channel: str, label: str, at: datetime) -> Sequence[Budget]:
    """Budgets that counted what was held at that time: none that was set only afterwards."""
    wanted = {"the_member": str(member_id), "the_channel": channel, "the_label": label, "at": at}
    rows = await tx.all(MATCHING, wanted)
    return [Budget(row["id"], row["scope"], row["subject"], row["period"], row["points"]) for row in rows]


async def spend(tx: Tx, member_id: int, channel: str, label: str, points: int, zone: tzinfo) -> Sequence[Notice]:
    """Count points against every budget that applies.

    Refusal `budget.used_up_SCOPE` (period, left, most, need) when one would be passed: nothing is counted then.
    """
    notices = []
    for budget in await _matching(tx, member_id, channel, label, tx.now):
        period = when(budget.period, tx.now, zone)
        await tx.change(tx.insert(spent).values(budget_id=budget.id, when=period).on_conflict_do_nothing())
        row = await tx.first(
            sa.update(spent)
            .where(spent.c.budget_id == budget.id, spent.c.when == period, spent.c.points + points <= budget.points)
            .values(points=spent.c.points + points)
            .returning(spent.c.points, spent.c.noticed)
        )
        if row is None:
            used = await tx.scalar(
                sa.select(spent.c.points).where(spent.c.budget_id == budget.id, spent.c.when == period)
            )
            left = max(0, budget.points - (used or 0))
            told: dict[str, Value] = {
                "period": Line(f"budget.period_{budget.period}"),
                "most": budget.points,
                "left": left,
                "need": points,
            }
            raise Refusal(f"budget.used_up_{budget.scope}", told)
        percent = next((step for step in NOTICES if row["points"] * 100 >= budget.points * step), 0)
        if percent > row["noticed"]:
            await tx.change(
                sa.update(spent).where(spent.c.budget_id == budget.id, spent.c.when == period).values(noticed=percent)
            )
            notices.append(
                Notice(
                    Budget(budget.id, budget.scope, budget.subject, budget.period, budget.points, row["points"]),
                    percent,
                )
            )
    return notices


async def give_back(
    tx: Tx, member_id: int, channel: str, label: str, points: int, held_at: datetime, zone: tzinfo
) -> None:
    """Uncount points released again, in the period in which they were held."""
    if not points:
        return
    for budget in await _matching(tx, member_id, channel, label, held_at):
        here = (spent.c.budget_id == budget.id, spent.c.when == when(budget.period, held_at, zone))
        less = sa.case((spent.c.points > points, spent.c.points - points), else_=0)
        await tx.change(sa.update(spent).where(*here).values(points=less))


async def listed(tx: Tx, zone: tzinfo) -> Sequence[Budget]:
    """Every budget with what its present period has used."""
    found = []
    for row in await tx.all(sa.select(budgets).order_by(budgets.c.scope, budgets.c.subject, budgets.c.id)):
        period = when(row["period"], tx.now, zone)
        used = await tx.scalar(sa.select(spent.c.points).where(spent.c.budget_id == row["id"], spent.c.when == period))
        found.append(Budget(row["id"], row["scope"], row["subject"], row["period"], row["points"], used or 0))
    return found


async def points(tx: Tx, scope: str, subject: str, period: str) -> int | None:
    """What a budget allows; None where there is none."""
    here = (budgets.c.scope == scope, budgets.c.subject == subject, budgets.c.period == period)
    found: int | None = await tx.scalar(sa.select(budgets.c.points).where(*here))
    return found


async def put(tx: Tx, scope: str, subject: str, period: str, points: int) -> None:
    """Set a budget; what is used of one that is there stays counted. ValueError for an unknown scope or period."""
    if scope not in SCOPES or period not in PERIODS:
        raise ValueError(f"{scope}/{period}")
    made = tx.insert(budgets).values(scope=scope, subject=subject, period=period, points=points, created=tx.now)
    keys = [budgets.c.scope, budgets.c.subject, budgets.c.period]
    await tx.change(made.on_conflict_do_update(index_elements=keys, set_={"points": made.excluded.points}))


async def remove(tx: Tx, budget_id: int) -> bool:
    """Drop a budget; False when there was none."""
    await tx.change(sa.delete(spent).where(spent.c.budget_id == budget_id))
    return await tx.change(sa.delete(budgets).where(budgets.c.id == budget_id)) == 1
