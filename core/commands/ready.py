"""Painting from something ready made (an example, an inspiration): at the price shown, or in the form first."""

import dataclasses

from core import drafts
from core.commands.asking import Ask
from core.commands.defaults import with_defaults
from core.commands.line import parse
from core.commands.ordering import order_of
from core.commands.paint import keep_form, paint
from core.commands.paint_form import form
from core.errors import Refusal
from core.replies import Answer, Button, Form, Quote, Reply
from core.requests import Line

DOUBLE_CLICK = 5.0
"""Seconds within which a second press of the same button by the same member is the same press."""


def asking(ask: Ask, text: str) -> Ask:
    """The same member asking `/paint text` in the same place."""
    request = dataclasses.replace(
        ask.request, verb="paint", text=text, subject="", references=(), values={}, reply_to=""
    )
    return dataclasses.replace(ask, request=request)


async def points_of(ask: Ask, line: str) -> int | None:
    """What a line costs now; None for one that cannot be priced by itself (a template, a wrong flag)."""
    try:
        ordered = with_defaults(ask, parse(line))
        return None if ordered.template else (await order_of(ask, ordered, ())).total
    except Refusal:
        return None


async def paint_line(ask: Ask, line: str, shown: int) -> Answer | None:
    """Paint a line at the price that was `shown` on the button; where it costs something else now, ask again."""
    points = await points_of(ask, line)
    if points is not None and points != shown:
        verb, subject = ask.request.verb, ask.request.subject.partition(".")[0]
        button = Button(Line("random.button_paint", {"points": points}), verb, f"{subject}.{points}", "primary")
        return Reply((Line("random.changed", {"points": points}), Quote(line)), (button,), private=True)
    key = f"{ask.member.id}:{ask.request.verb}:{ask.request.subject}"
    async with ask.tools.house.records.write() as tx:
        if not await drafts.claim(tx, "press", key, DOUBLE_CLICK):
            return Reply((Line("random.taken"),), private=True)
    try:
        return await paint(asking(ask, line))
    except Refusal:
        async with ask.tools.house.records.write() as tx:
            await drafts.drop(tx, "press", key)
        raise


async def form_of(ask: Ask, line: str) -> Form:
    """The painting form with the words and flags of a line filled in."""
    ordered = with_defaults(ask, parse(line))
    return form(ask, ordered, await keep_form(ask, ordered))
