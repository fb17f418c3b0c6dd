"""`/paint`: the line read, references checked, a price told or confirmed, and the order accepted."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core import drafts
from core.alerts import alert
from core.commands.asking import Ask, Command
from core.commands.help import asks_help, help_reply
from core.commands.line import Ordered, parse, write
from core.commands.ordering import order_of
from core.commands.paint_form import form, ordered_of_form
from core.commands.references import store_references
from core.commands.templates import with_template
from core.errors import Refusal
from core.painting import Order, accept
from core.painting.accepting import check_open
from core.replies import Answer, Button, Form, Quote, Reply
from core.requests import Line, Offered, Painted, Reference, Value
from core.templates import Template


async def paint(ask: Ask) -> Answer | None:
    """A typed line, a submitted form, or words under a picture; None when it was accepted: the announcer speaks from then on."""
    request = ask.request
    topic = asks_help(request.text)
    if topic is not None and not request.values:
        return help_reply(topic, request.place.platform, str(request.account), ask.language)
    kept: Mapping[str, Any] = {}
    if request.subject:
        async with ask.tools.house.records.read() as tx:
            kept = await drafts.get(tx, "paint", request.subject) or {}
    ordered = ordered_of_form(request.values, kept) if request.values else parse(request.text)
    references = (*kept.get("references", ()), *await store_references(ask, given(ask)))
    parent = tuple(kept.get("parent", ("", "", 0)))
    if request.reply_to and not kept:
        parent = (request.reply_to, "reply", 0)
    return await paint_ordered(ask, ordered, references, parent=(parent[0], parent[1], parent[2]))


async def paint_ordered(
    ask: Ask,
    ordered: Ordered,
    references: tuple[str, ...],
    *,
    parent: tuple[str, str, int] = ("", "", 0),
    template: Template | None = None,
) -> Answer | None:
    """As `paint`, for a line already read and references already stored; `template` is the one chosen by id rather than typed."""
    request = ask.request
    ordered, more, template_id = await with_template(ask, ordered, template)
    references = (*more, *references)
    if not ordered.prompt.strip():
        return await _ask_for_words(ask, ordered, references)
    order = await _order(ask, ordered, references, parent, template_id)
    check_open(ask.team, ask.member, request.place, order)
    if order.total > ask.team.confirm_above:
        return await confirmation(ask, ordered, references, order)
    await take(ask, order, request.event_key)
    return None


async def _order(
    ask: Ask,
    ordered: Ordered,
    references: tuple[str, ...],
    parent: tuple[str, str, int],
    template_id: int | None,
) -> Order:
    """As `order_of`; the admins learn that links are missing where a member needed one."""
    try:
        return await order_of(ask, ordered, references, parent=parent, template_id=template_id)
    except Refusal as refusal:
        if refusal.key == "paint.no_link":
            async with ask.tools.house.records.write() as tx:
                await alert(tx, "no_link", Line("paint.no_link_alert"))
        raise


def given(ask: Ask) -> tuple[Reference, ...]:
    """References of the request, of its form's file field, and the painting replied to when no picture came with the words."""
    request = ask.request
    field = request.values.get("references")
    files = tuple(one for one in field if isinstance(one, Offered)) if isinstance(field, tuple) else ()
    given: tuple[Reference, ...] = (*request.references, *files)
    if request.reply_to and not given:
        return (Painted(request.reply_to),)
    return given


async def take(ask: Ask, order: Order, event_key: str) -> None:
    """Accept an order with the asker's points, in the place of the request."""
    request = ask.request
    await accept(ask.tools.house, request.account, request.place, order, event_key=event_key, language=ask.language)


async def _ask_for_words(ask: Ask, ordered: Ordered, references: tuple[str, ...]) -> Form:
    if ask.request.values:
        raise Refusal("paint.no_words", field="prompt")
    subject = ""
    if references or write(ordered):
        async with ask.tools.house.records.write() as tx:
            subject = await drafts.put(tx, "paint", {"line": write(ordered), "references": list(references)})
    return form(ask, ordered, subject)


async def confirmation(ask: Ask, ordered: Ordered, references: tuple[str, ...], order: Order) -> Reply:
    """The price above the team's threshold, with a cheaper way where there is one; nothing is held yet."""
    value = {
        "line": write(ordered),
        "references": list(references),
        "parent": [order.parent_id or "", order.parent_kind, order.parent_picture],
        "template": order.template_id,
    }
    async with ask.tools.house.records.write() as tx:
        draft = await drafts.put(tx, "confirm", value)
    as_asked = Line(f"paint.button_{order.tier}", {"n": order.count, "points": order.total})
    buttons = [Button(as_asked, "paint.go", f"{draft}.asked", "primary")]
    drafted = ask.team.price("sd") * order.count
    if order.tier == "hd" and drafted < order.total:
        buttons.append(
            Button(Line("paint.button_sd", {"n": order.count, "points": drafted}), "paint.go", f"{draft}.sd")
        )
    if order.count > 1:
        single = Line(f"paint.button_{order.tier}", {"n": 1, "points": order.price})
        buttons.append(Button(single, "paint.go", f"{draft}.one"))
    buttons.append(Button(Line("paint.button_never_mind"), "paint.drop", draft))
    head = Line("paint.confirm", {"points": order.total, "have": ask.member.points}, tone="title")
    return Reply((head, Quote(order.prompt_typed[:200])), tuple(buttons), private=True)


async def go(ask: Ask) -> Answer | None:
    """A confirmed price: the order as it was kept, or its cheaper form; pressing twice is one painting."""
    draft, _, how = ask.request.subject.partition(".")
    async with ask.tools.house.records.read() as tx:
        kept = await drafts.get(tx, "confirm", draft)
    if kept is None:
        raise Refusal("paint.confirm_gone")
    ordered = parse(kept["line"])
    if how == "sd":
        ordered = dataclasses.replace(ordered, tier="sd", draft=False, size=None, size_class=None)
    elif how == "one":
        ordered = dataclasses.replace(ordered, count=1)
    parent = kept["parent"]
    order = await order_of(
        ask,
        ordered,
        tuple(kept["references"]),
        parent=(parent[0], parent[1], parent[2]),
        template_id=kept.get("template"),
    )
    await take(ask, order, f"draft:{draft}")
    return Reply((Line("paint.confirmed", {"points": order.total}),), private=True, instead=True)


async def drop(ask: Ask) -> Answer:
    """Never mind: the draft is forgotten."""
    async with ask.tools.house.records.write() as tx:
        await drafts.drop(tx, "confirm", ask.request.subject)
    return Reply((Line("paint.dropped"),), private=True, instead=True)


async def price(ask: Ask) -> Answer:
    """What a line or a half-filled form would be and cost, without asking anything: the live line under a command box."""
    request = ask.request
    ordered = ordered_of_form(request.values, {}) if request.values else parse(request.text)
    return await priced(ask, ordered, len(request.references))


async def priced(ask: Ask, ordered: Ordered, offered: int = 0, template: Template | None = None) -> Reply:
    """The live line for a line already read; `offered` pictures come with it."""
    ordered, references, _ = await with_template(ask, ordered, template)
    pictures = offered + len(references)
    stand_in = dataclasses.replace(ordered, notes=())
    order = await order_of(ask, stand_in, references)
    values: dict[str, Value] = {
        "n": order.count,
        "points": order.total,
        "left": ask.member.points,
        "size": f"{order.width}×{order.height}",
    }
    line = Line(f"paint.price_{order.tier}", values, tone="fact")
    if pictures:
        line = Line(f"paint.price_{order.tier}_references", {**values, "references": pictures}, tone="fact")
    return Reply((line,), private=True)


VERBS: Mapping[str, Command] = {"paint": paint, "paint.go": go, "paint.drop": drop, "price": price}
