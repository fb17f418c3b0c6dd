"""Painting from a record: again, with the same seed, a variation, edited, and the missing pictures free."""

import dataclasses
from collections.abc import Mapping

from core import drafts
from core.commands.asking import Ask, Command, find, find_mine, mine, picture_of
from core.commands.line import Ordered
from core.commands.paint import take
from core.commands.paint_form import form
from core.errors import Refusal
from core.generations import GenerationView
from core.painting import Order, order_again
from core.painting.accepting import check_open
from core.replies import Answer, Button, Reply
from core.requests import Line


async def again(ask: Ask) -> Answer | None:
    """The same words and parameters once more, at the present price; a new seed where we choose it."""
    view = await find(ask, ask.request.subject or ask.request.text)
    return await _paint(ask, view, order_again(view, price=_price(ask, view), kind="again"), "again")


async def copy(ask: Ask) -> Answer | None:
    """Another member's painting, painted with the asker's own points after they agreed."""
    view = await find(ask, ask.request.subject)
    order = order_again(view, price=_price(ask, view), kind="again")
    check_open(ask.team, ask.member, ask.request.place, order)
    await take(ask, order, ask.request.event_key)
    return None


async def same(ask: Ask) -> Answer | None:
    """One picture again with its very seed."""
    view = await find(ask, ask.request.subject)
    _, number = picture_of(ask.request.subject)
    task = view.picture(number)
    if task is None:
        raise Refusal("paint.no_picture", {"id": view.id})
    if task.seed is None:
        raise Refusal("paint.no_seed_here", {"id": view.id})
    order = order_again(view, price=_price(ask, view), kind="same", seed=task.seed, count=1, picture=task.number)
    return await _paint(ask, view, order, "same")


async def variation(ask: Ask) -> Answer | None:
    """One picture as the reference of the same words."""
    view = await find(ask, ask.request.subject)
    _, number = picture_of(ask.request.subject)
    task = view.picture(number)
    if task is None or task.image is None:
        raise Refusal("paint.no_picture", {"id": view.id})
    row = ask.tools.models.choose("hd" if view.tier == "hd" else "sd", 1, can_link=ask.tools.can_link)
    order = order_again(view, price=_price(ask, view), kind="variation", count=1, picture=task.number)
    seed = order.seed if row.seed else None
    order = dataclasses.replace(order, references=(task.image.id,), model=row.req_key, seed=seed, weight=None)
    return await _paint(ask, view, order, "variation")


async def _paint(ask: Ask, view: GenerationView, order: Order, verb: str) -> Answer | None:
    """Paint for the owner or an admin; anybody else is asked privately whether to paint it with their own points."""
    check_open(ask.team, ask.member, ask.request.place, order)
    if not mine(ask, view):
        label = Line("paint.button_mine", {"points": order.total})
        line = Line("paint.offer_mine", {"id": view.id, "points": order.total, "have": ask.member.points})
        return Reply((line,), (Button(label, "copy", view.id, "primary"),), private=True)
    if order.total > ask.team.confirm_above and not ask.request.subject.endswith("!"):
        label = Line(f"paint.button_{order.tier}", {"n": order.count, "points": order.total})
        head = Line("paint.confirm", {"points": order.total, "have": ask.member.points}, tone="title")
        _, number = picture_of(ask.request.subject.rstrip("!"))
        return Reply((head,), (Button(label, verb, f"{view.id}.{number}!", "primary"),), private=True)
    await take(ask, order, ask.request.event_key)
    return None


def _price(ask: Ask, view: GenerationView) -> int:
    return ask.team.price(view.tier)


async def repaint(ask: Ask) -> Answer | None:
    """The pictures that failed of a partly painted one, free: they were not charged, and the hold went back; once for each painting."""
    view = await find_mine(ask, ask.request.subject)
    missing = tuple(task.number for task in view.failed)
    if not missing or not view.settled:
        raise Refusal("paint.nothing_missing", {"id": view.id})
    if not view.kept:
        return await again(ask)
    order = order_again(view, price=0, kind="repaint", count=len(missing))
    await take(ask, order, ask.request.event_key)
    return None


async def edit(ask: Ask) -> Answer:
    """The form with the painting's words and parameters, to change and paint as a new one; references come along."""
    view = await find(ask, ask.request.subject or ask.request.text)
    ordered = ordered_again(view)
    value = {"line": "", "references": [image.id for image in view.references], "parent": [view.id, "edit", 0]}
    async with ask.tools.house.records.write() as tx:
        draft = await drafts.put(tx, "paint", value)
    return form(ask, ordered, draft)


def ordered_again(view: GenerationView) -> Ordered:
    """A painting's parameters as a line would say them."""
    wide, _, high = view.ratio.partition(":")
    ratio = (int(wide), int(high)) if high else None
    return Ordered(
        prompt=view.prompt_typed,
        ratio=ratio,
        size=None if ratio else (view.width, view.height),
        count=view.count,
        tier="hd" if view.tier == "hd" else "sd",
        seed=view.seed if view.seed_typed else None,
        avoid=view.avoid,
        label=view.label,
        source=view.source,
        private=view.private,
    )


VERBS: Mapping[str, Command] = {
    "again": again,
    "copy": copy,
    "same": same,
    "variation": variation,
    "repaint": repaint,
    "edit": edit,
}
