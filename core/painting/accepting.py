"""Accepting an order: one transaction holds the points and writes the painting, its tasks and its ledger entry."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import sqlalchemy as sa

from core import access, budgets, generations, ledger, members, rules, templates
from core.alerts import alert
from core.errors import Refusal
from core.painting.orders import Order
from core.records import Records, Tx
from core.records.tables import generations as table
from core.requests import Account, Line, Place, Value


@dataclass(frozen=True, slots=True)
class House:
    """What painting needs of its surroundings: the records and the team's calendar."""

    records: Records
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Accepted:
    """A painting that stands in the records; `new` is false when this very event (or a double press) was accepted before."""

    generation_id: str
    new: bool


KNOWN = sa.select(table.c.id).where(table.c.event_key == sa.bindparam("the_event"))
WRITTEN = tuple(one.name for one in dataclasses.fields(Order) if one.name not in ("references", "notes"))
"""Values of an order that are columns of the painting."""
DOUBLE_PRESS = timedelta(seconds=5)
"""A second press of the same button by the same member within this time is the same press."""
SKEW = timedelta(minutes=10)
"""The clock of another replica may be so far ahead; what lies further ahead was made before the clock was set back."""


async def accepted_before(house: House, account: Account, event_key: str) -> bool:
    """Whether this very event made a painting already."""
    async with house.records.read() as tx:
        return await _known(tx, _event(account, event_key)) is not None


def _event(account: Account, event_key: str) -> str:
    return f"{account.platform}:{event_key}" if event_key else ""


async def accept(
    house: House, account: Account, place: Place, order: Order, *, event_key: str, language: str
) -> Accepted:
    """Hold the points and write the painting. Nothing is written on a Refusal: paused, standing, place, banned word, limits, budgets, points, a reference gone.

    `order.price` was computed by the server from the rules; it is frozen here.
    """
    event = _event(account, event_key)
    try:
        return await _accept(house, account, place, order, event, language)
    except sa.exc.IntegrityError:
        async with house.records.read() as tx:  # another replica accepted the same event in this very moment
            known = await _known(tx, event)
        if known is None:
            raise
        return Accepted(known, False)


async def _accept(house: House, account: Account, place: Place, order: Order, event: str, language: str) -> Accepted:
    async with house.records.write() as tx:
        known = await _known(tx, event)
        if known is not None:
            return Accepted(known, False)
        member = await members.find(tx, str(account))
        if member is None:
            raise Refusal("access.waiting")
        team = await rules.read(tx)
        check_open(team, member, place, order)
        generation_id = await generations.new_id(tx)
        await members.lock(tx, member.id)
        if not await generations.all_there(tx, order.references):
            raise Refusal("paint.reference_gone", field="references")
        again = await _pressed(tx, member.id, order)
        if again is not None:
            return Accepted(again, False)
        await _check_limits(tx, member, team, order, house.zone)
        if order.total:
            await ledger.hold(tx, member.id, generation_id, order.total)
            await _count_budgets(tx, member, place, order, house.zone)
        await _write(tx, generation_id, member.id, account, place, order, event, language, team.pool)
        if order.template_id is not None and order.parent_kind in ("", "reply"):
            await templates.used(tx, order.template_id)
        return Accepted(generation_id, True)


def check_door(team: rules.Rules, member: members.Member, place: Place) -> None:
    """Refusal unless this member may paint here and now, whatever the words."""
    if team.paused is not None:
        raise Refusal("access.paused", {"text": team.paused or Line("access.paused_plain")})
    access.check_standing(member.standing)
    access.check_place(place, channels=team.channels, workspaces=team.workspaces)


def check_open(team: rules.Rules, member: members.Member, place: Place, order: Order) -> None:
    """Refusal unless this member may paint these words here and now."""
    check_door(team, member, place)
    word = access.banned_word(f"{order.prompt_sent}\n{order.label}", team.banned)
    if word:
        raise Refusal("access.banned_word", {"word": word})


async def _known(tx: Tx, event: str) -> str | None:
    if not event:
        return None
    found: str | None = await tx.scalar(KNOWN, {"the_event": event})
    return found


async def _pressed(tx: Tx, member_id: int, order: Order) -> str | None:
    """The painting a double click made a moment ago. A free repaint exists once for ever: it was paid with the first painting."""
    if order.parent_id is None or order.parent_kind in ("", "edit", "reply", "pack"):
        return None
    same = [
        table.c.parent_id == order.parent_id,
        table.c.parent_kind == order.parent_kind,
        table.c.parent_picture == order.parent_picture,
    ]
    if order.parent_kind == "repaint":
        same.append(sa.or_(table.c.state == "accepted", table.c.outcome.in_(("done", "partial"))))
    else:
        lately = table.c.created.between(tx.now - DOUBLE_PRESS, tx.now + SKEW)
        same += [table.c.member_id == member_id, table.c.model == order.model, lately]
    found: str | None = await tx.scalar(sa.select(table.c.id).where(*same).limit(1))
    return found


async def _check_limits(tx: Tx, member: members.Member, team: rules.Rules, order: Order, zone: tzinfo) -> None:
    daily = member.daily_pictures if member.daily_pictures is not None else team.daily_pictures
    at_once = member.at_once if member.at_once is not None else team.at_once
    await access.check_limits(tx, member.id, order.count, daily=daily, at_once=at_once, today=midnight(tx.now, zone))


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """When the team's day began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


async def _count_budgets(tx: Tx, member: members.Member, place: Place, order: Order, zone: tzinfo) -> None:
    channel = f"{place.platform}:{place.channel}"
    for notice in await budgets.spend(tx, member.id, channel, order.label, order.total, zone):
        budget = notice.budget
        values: dict[str, Value] = {
            "period": Line(f"budget.period_{budget.period}"),
            "percent": notice.percent,
            "used": budget.used,
            "most": budget.points,
            "subject": member.name if budget.scope == "member" else budget.subject or "-",
        }
        key = f"budget:{budget.id}:{notice.percent}:{budgets.when(budget.period, tx.now, zone)}"
        await alert(tx, key, Line(f"budget.notice_{budget.scope}", values))


async def _write(
    tx: Tx,
    generation_id: str,
    member_id: int,
    account: Account,
    place: Place,
    order: Order,
    event: str,
    language: str,
    pool: str,
) -> None:
    await generations.insert(
        tx,
        generations.NewGeneration(
            id=generation_id,
            member_id=member_id,
            account=str(account),
            event_key=event or None,
            place=place,
            language=language,
            values={name: getattr(order, name) for name in WRITTEN} | {"held": order.total},
            notes=order.notes,
            seeds=order.seeds,
            pool=pool,
            references=order.references,
        ),
    )
