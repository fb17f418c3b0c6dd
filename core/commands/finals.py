"""Choosing one of several pictures, and making it the final in HD: enlarged as it is, or painted again at 2K."""

import dataclasses
from collections.abc import Mapping

from core.commands.asking import Ask, Command, find, find_mine, picture_of
from core.commands.paint import take
from core.errors import Refusal
from core.generations import GenerationView, TaskView
from core.jimeng.sizes import size_for
from core.painting import Order, order_again
from core.painting.accepting import check_open
from core.replies import Answer, Button, Picture, Pictures, Reply
from core.requests import Line, Value


async def choose(ask: Ask) -> Answer:
    """What can be done with picture N: final in HD, same seed, variation, adopt."""
    view, task = await _picture(ask)
    subject = f"{view.id}.{task.number}"
    price = ask.team.price("final")
    buttons = [Button(Line("final.button_hd", {"points": price}), "final", subject, "primary")]
    if task.seed is not None:
        buttons.append(Button(Line("final.button_same"), "same", subject))
    buttons += [
        Button(Line("final.button_variation"), "variation", subject),
        Button(Line("card.button_adopt"), "adopt", subject),
    ]
    assert task.image is not None
    alt = Line("card.alt_private", {"id": view.id, "n": task.number})
    shown = Pictures((Picture(task.image.id, alt, task.number, task.image.width, task.image.height),))
    return Reply(
        (Line("final.chosen", {"id": view.id, "n": task.number}, tone="title"), shown), tuple(buttons), private=True
    )


async def _picture(ask: Ask) -> tuple[GenerationView, TaskView]:
    view = await find(ask, ask.request.subject)
    task = view.picture(picture_of(ask.request.subject)[1])
    if task is None or task.image is None:
        raise Refusal("paint.no_picture", {"id": view.id})
    return view, task


async def final(ask: Ask) -> Answer:
    """The price and the two ways to HD, before anything is held."""
    view, task = await _picture(ask)
    if picture_of(ask.request.subject)[1] == 0 and len(view.kept) > 1:
        numbers = tuple(
            Button(Line("card.number", {"n": one.number}), "final", f"{view.id}.{one.number}") for one in view.kept
        )
        return Reply((Line("final.which", {"id": view.id}),), numbers, private=True)
    subject = f"{view.id}.{task.number}"
    price = ask.team.price("final")
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
    parts = (Line("final.title", values, tone="title"), Line("final.check", tone="fact"))
    return Reply(parts, tuple(buttons), private=True)


async def upscale(ask: Ask) -> Answer:
    """Smart upscaling: keeps the picture, four times the pixels."""
    view = await find_mine(ask, ask.request.subject)
    task = view.picture(picture_of(ask.request.subject)[1])
    if task is None or task.image is None:
        raise Refusal("paint.no_picture", {"id": view.id})
    row = ask.tools.models.choose("hd", 1, can_link=ask.tools.can_link, final="upscale")
    width, height = size_for(row, "hd", (task.image.width, task.image.height))
    order = _final(ask, view, task)
    order = dataclasses.replace(
        order,
        model=row.req_key,
        width=width,
        height=height,
        references=(task.image.id,),
        seed=None,
        seed_typed=False,
        weight=None,
    )
    return await _take(ask, order)


async def paint_again(ask: Ask) -> Answer:
    """The same words at 2K, with the same seed where the model takes it: a new picture, close to the draft."""
    view = await find_mine(ask, ask.request.subject)
    task = view.picture(picture_of(ask.request.subject)[1])
    if task is None:
        raise Refusal("paint.no_picture", {"id": view.id})
    row = ask.tools.models.choose("hd", len(view.references), can_link=ask.tools.can_link, final="again")
    wide, _, high = view.ratio.partition(":")
    shape = (int(wide), int(high)) if high else (view.width, view.height)
    width, height = size_for(row, "hd", shape, nearest=True)
    order = _final(ask, view, task)
    seed = task.seed if row.seed else None
    order = dataclasses.replace(
        order, model=row.req_key, width=width, height=height, seed=seed, seed_typed=seed is not None
    )
    if seed is None:
        order = dataclasses.replace(order, notes=(Line("paint.note_close"),))
    return await _take(ask, order)


def _final(ask: Ask, view: GenerationView, task: TaskView) -> Order:
    order = order_again(view, price=ask.team.price("final"), kind="final", seed=task.seed, count=1, picture=task.number)
    return dataclasses.replace(order, tier="hd", priority=-1)


async def _take(ask: Ask, order: Order) -> Answer:
    check_open(ask.team, ask.member, ask.request.place, order)
    await take(ask, order, ask.request.event_key)
    return Reply((Line("paint.confirmed", {"points": order.total}),), private=True, instead=True)


VERBS: Mapping[str, Command] = {"choose": choose, "final": final, "final.upscale": upscale, "final.again": paint_again}
