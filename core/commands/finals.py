"""Choosing one of several pictures, and making it the final in HD: enlarged as it is, or painted again at 2K."""

import dataclasses
from collections.abc import Mapping

from core.commands.asking import Ask, Command, agreed, find_picture, mine, picture_of
from core.commands.placing import take
from core.commands.recalled import fitted, model_for, paintable, price_of, tier_of
from core.commands.reviewing import ask_review, waits
from core.generations import GenerationView, TaskView
from core.jimeng.sizes import size_for
from core.painting import Order, order_again
from core.replies import Answer, Button, Picture, Pictures, Reply
from core.requests import Line, Value


async def choose(ask: Ask) -> Answer:
    """What can be done with picture N: final in HD, same seed, variation, adopt."""
    view, task = await find_picture(ask)
    subject = f"{view.id}.{task.number}"
    price = ask.team.price("final")
    buttons = [Button(Line("final.button_hd", {"points": price}), "final", subject, "primary")]
    if task.seed is not None:
        same = price_of(ask, view)
        buttons.append(Button(Line("final.button_same", {"points": same}), "same", f"{subject}!{same}"))
    other = ask.team.price(tier_of(view.tier))
    buttons.append(Button(Line("final.button_variation", {"points": other}), "variation", f"{subject}!{other}"))
    if mine(ask, view) or ask.member.reviewer:
        buttons.append(Button(Line("card.button_adopt"), "adopt", subject))
    assert task.image is not None
    alt = Line("card.alt_private", {"id": view.id, "n": task.number})
    shown = Pictures((Picture(task.image.id, alt, task.number, task.image.width, task.image.height),))
    title = Line("final.chosen", {"id": view.id, "n": task.number}, tone="title")
    return Reply((title, shown), tuple(buttons), private=True, about=view.id)


async def final(ask: Ask) -> Answer:
    """The price and the two ways to HD, before anything is held."""
    view, task = await find_picture(ask)
    if picture_of(ask.request.subject)[1] == 0 and len(view.kept) > 1:
        numbers = tuple(
            Button(Line("card.number", {"n": one.number}), "final", f"{view.id}.{one.number}") for one in view.kept
        )
        return Reply((Line("final.which", {"id": view.id}),), numbers, private=True)
    return _offer(ask, view, task)


def _offer(ask: Ask, view: GenerationView, task: TaskView) -> Reply:
    price = ask.team.price("final")
    subject = f"{view.id}.{task.number}!{price}"
    buttons = [Button(Line("final.button_upscale", {"points": price}), "final.upscale", subject, "primary")]
    if task.seed is not None or not view.references:
        buttons.append(Button(Line("final.button_again", {"points": price}), "final.again", subject))
    values: dict[str, Value] = {
        "id": view.id,
        "n": task.number,
        "points": price,
        "have": ask.member.points,
        "paid": view.price,
    }
    theirs = () if view.member_id == ask.member.id else (Line("final.not_yours", {"id": view.id}),)
    reviewed = (Line("review.needed", tone="fact"),) if waits(ask) else ()
    return Reply(
        (Line("final.title", values, tone="title"), *theirs, Line("final.check", tone="fact"), *reviewed),
        tuple(buttons),
        private=True,
    )


async def upscale(ask: Ask) -> Answer:
    """Smart upscaling: keeps the picture, four times the pixels."""
    view, task = await find_picture(ask)
    assert task.image is not None
    row = await model_for(ask, "hd", 1, "upscale")
    width, height = size_for(row, "hd", (task.image.width, task.image.height))
    order = dataclasses.replace(
        _final(ask, view, task),
        model=row.req_key,
        width=width,
        height=height,
        references=(task.image.id,),
        seed=None,
        seed_typed=False,
        weight=None,
    )
    return await _take(ask, view, task, order)


async def paint_again(ask: Ask) -> Answer:
    """The same words at 2K, with the same seed where the model takes it: a new picture, close to the draft."""
    view, task = await find_picture(ask)
    row = await model_for(ask, "hd", len(view.references), "again")
    order = fitted(ask, _final(ask, view, task), row)
    if task.seed is None:
        order = dataclasses.replace(order, notes=(Line("paint.note_close"),))
    return await _take(ask, view, task, order)


def _final(ask: Ask, view: GenerationView, task: TaskView) -> Order:
    order = order_again(view, price=ask.team.price("final"), kind="final", seed=task.seed, count=1, picture=task.number)
    return dataclasses.replace(order, tier="hd", priority=-1)


async def _take(ask: Ask, view: GenerationView, task: TaskView, order: Order) -> Answer:
    """Accept it at the price that was shown, or have it reviewed first; at another one, show that first."""
    if agreed(ask.request.subject) != order.total:
        return _offer(ask, view, task)
    order = await paintable(ask, order)
    if waits(ask):
        return await ask_review(ask, view, task, order)
    await take(ask, order, ask.request.event_key)
    return Reply((Line("paint.confirmed", {"points": order.total}),), private=True, instead=True)


VERBS: Mapping[str, Command] = {"choose": choose, "final": final, "final.upscale": upscale, "final.again": paint_again}
