"""Painting from a painting: again, with the same seed, a variation, edited, and the missing pictures free."""

import dataclasses
from collections.abc import Mapping

from core.commands.asking import Ask, Command, agreed, find, find_mine, find_picture
from core.commands.paint import keep_form
from core.commands.paint_form import form
from core.commands.placing import take
from core.commands.recalled import fitted, model_for, paintable, price_of, recalled, source_of, tier_of
from core.errors import Refusal
from core.generations import GenerationView
from core.painting import Order, accept, order_again
from core.painting.accepting import check_open
from core.replies import Answer, Button, Reply
from core.requests import Account, Line


async def again(ask: Ask) -> Answer | None:
    """The same words and parameters once more, at the present price; a new seed where we choose it."""
    view = await find(ask, ask.request.subject or ask.request.text)
    return await _paint(ask, view, order_again(view, price=price_of(ask, view), kind="again"), "again")


async def same(ask: Ask) -> Answer | None:
    """One picture again with its very seed."""
    view, task = await find_picture(ask)
    if task.seed is None:
        raise Refusal("paint.no_seed_here", {"id": view.id})
    order = order_again(view, price=price_of(ask, view), kind="same", seed=task.seed, count=1, picture=task.number)
    return await _paint(ask, view, order, "same")


async def variation(ask: Ask) -> Answer | None:
    """One picture as the reference of the same words."""
    view, task = await find_picture(ask)
    assert task.image is not None
    price = ask.team.price(tier_of(view.tier))
    order = order_again(view, price=price, kind="variation", count=1, picture=task.number)
    order = dataclasses.replace(order, references=(task.image.id,), weight=None)
    order = fitted(ask, order, await model_for(ask, tier_of(view.tier), 1))
    return await _paint(ask, view, order, "variation")


async def _paint(ask: Ask, view: GenerationView, order: Order, verb: str) -> Answer | None:
    """Paint for the owner. Anybody else, an admin too, is asked privately whether to use their own points; so is the owner at a high price, or at
    another one than was shown: on the button, else on the painting itself."""
    order = await paintable(ask, order)
    check_open(ask.team, ask.member, ask.request.place, order)
    shown = agreed(ask.request.subject)
    known = view.price * order.count if shown is None else shown
    if shown != order.total:
        subject = f"{view.id}.{order.parent_picture}!{order.total}"
        if view.member_id != ask.member.id:
            line = Line("paint.offer_mine", {"id": view.id, "points": order.total, "have": ask.member.points})
            label = Line("paint.button_mine", {"points": order.total})
            return Reply((line,), (Button(label, verb, subject, "primary"),), private=True)
        if order.total > ask.team.confirm_above or order.total != known:
            head = Line("paint.confirm", {"points": order.total, "have": ask.member.points}, tone="title")
            changed = () if shown is None else (Line("paint.price_changed"),)
            label = Line(f"paint.button_{order.tier}", {"n": order.count, "points": order.total})
            return Reply((*changed, head), (Button(label, verb, subject, "primary"),), private=True)
    await take(ask, order, ask.request.event_key)
    return None


async def repaint(ask: Ask) -> Answer | None:
    """The pictures that failed of a partly painted one, free: they were not charged, and the hold went back; once for each painting.

    They are the owner's, in the painting's own place, also where an admin pressed.
    """
    view = await find_mine(ask, ask.request.subject)
    missing = view.failed
    if not missing or not view.kept or not view.settled:
        raise Refusal("paint.nothing_missing", {"id": view.id})
    seed = missing[0].seed if view.seed_typed else None
    order = order_again(view, price=0, kind="repaint", count=len(missing), seed=seed)
    order, theirs = await paintable(ask, order), view.member_id != ask.member.id
    if theirs:
        house, account = ask.tools.house, Account.parse(view.account)
        accepted = await accept(
            house, account, view.place, order, event_key=ask.request.event_key, language=view.language
        )
    else:
        accepted = await take(ask, order, ask.request.event_key)
    if not accepted.new:
        raise Refusal("paint.repainted_before", {"id": view.id, "other": accepted.generation_id})
    return Reply((Line("paint.repainting", {"id": view.id, "member": view.member}),), private=True) if theirs else None


async def edit(ask: Ask) -> Answer:
    """The form with the painting's words and parameters, to change and paint as a new one; references and privacy come along."""
    view = await find(ask, ask.request.subject or ask.request.text)
    base = await source_of(ask, view)
    ordered = dataclasses.replace(
        recalled(ask, base),
        tier=tier_of(view.tier),
        count=view.count,
        seed=base.seed if base.seed_typed else None,
        private=view.private,
    )
    references = tuple(image.id for image in base.references)
    draft = await keep_form(ask, ordered, references, (view.id, "edit", 0))
    return form(ask, ordered, draft, files=not references)


VERBS: Mapping[str, Command] = {"again": again, "same": same, "variation": variation, "repaint": repaint, "edit": edit}
