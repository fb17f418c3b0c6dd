"""`/paint`: the line read, references checked, a price told or confirmed, and the order accepted."""

import dataclasses
from collections.abc import Mapping
from math import gcd
from typing import Any

from core import drafts
from core.commands.asking import Ask, Command
from core.commands.help import asks_help, help_reply
from core.commands.line import Ordered, parse, write
from core.commands.ordering import order_of
from core.commands.paint_form import form, ordered_of_form
from core.commands.references import store_references
from core.commands.templates import with_template
from core.errors import Refusal
from core.painting import Accepted, Order, accept
from core.painting.accepting import check_door, check_open
from core.records.lines import line_of, written
from core.replies import Answer, Button, Form, Part, Quote, Reply
from core.requests import Line, Offered, Painted, Reference, Value
from core.templates import Template

Parent = tuple[str, str, int]
NO_PARENT: Parent = ("", "", 0)


async def paint(ask: Ask) -> Answer | None:
    """A typed line, a submitted form, or words under a picture; None when it was accepted: the announcer speaks from then on."""
    request = ask.request
    topic = asks_help(request.text)
    if topic is not None and not request.values:
        return help_reply(topic, request.place.platform, str(request.account), ask.language)
    check_door(ask.team, ask.member, request.place)
    kept = await _kept(ask)
    ordered = ordered_of_form(request.values, kept) if request.values else parse(request.text)
    references = (*kept.get("references", ()), *await store_references(ask, given(ask)))
    id_, kind, picture = kept.get("parent", NO_PARENT)
    parent = (request.reply_to, "reply", 0) if request.reply_to and not kept else (id_, kind, picture)
    return await paint_ordered(ask, ordered, references, parent=parent)


async def _kept(ask: Ask) -> Mapping[str, Any]:
    """What a form was opened with: flags, references, and the painting it comes from. Refusal `paint.form_gone`: never paint without the references."""
    if not ask.request.subject:
        return {}
    async with ask.tools.house.records.read() as tx:
        kept = await drafts.get(tx, "paint", ask.request.subject)
    if kept is None or kept["member"] != ask.member.id:
        raise Refusal("paint.form_gone")
    return kept


async def paint_ordered(
    ask: Ask,
    ordered: Ordered,
    references: tuple[str, ...],
    *,
    parent: Parent = NO_PARENT,
    template: Template | None = None,
) -> Answer | None:
    """As `paint`, for a line already read and references already stored; `template` is the one chosen by id rather than typed."""
    request = ask.request
    ordered, more, template_id = await with_template(ask, ordered, template)
    references = (*more, *references)
    if not ordered.prompt.strip():
        return await _ask_for_words(ask, ordered, references, parent)
    order = await order_of(ask, ordered, references, parent=parent, template_id=template_id)
    check_open(ask.team, ask.member, request.place, order)
    if order.total > ask.team.confirm_above:
        return await confirmation(ask, ordered, order)
    await take(ask, order, request.event_key)
    return None


def given(ask: Ask) -> tuple[Reference, ...]:
    """References of the request, of its form's file field, and the painting replied to when no picture came with the words."""
    request = ask.request
    field = request.values.get("references")
    files = tuple(one for one in field if isinstance(one, Offered)) if isinstance(field, tuple) else ()
    given: tuple[Reference, ...] = (*request.references, *files)
    if request.reply_to and not given:
        return (Painted(request.reply_to),)
    return given


async def take(ask: Ask, order: Order, event_key: str) -> Accepted:
    """Accept an order with the asker's points, in the place of the request."""
    request = ask.request
    return await accept(
        ask.tools.house, request.account, request.place, order, event_key=event_key, language=ask.language
    )


async def _ask_for_words(ask: Ask, ordered: Ordered, references: tuple[str, ...], parent: Parent) -> Form:
    if ask.request.values:
        raise Refusal("paint.no_words", field="prompt")
    subject = ""
    if references or parent[0] or write(ordered):
        subject = await keep_form(ask, ordered, references, parent)
    return form(ask, ordered, subject, files=not references)


async def keep_form(ask: Ask, ordered: Ordered, references: tuple[str, ...] = (), parent: Parent = NO_PARENT) -> str:
    """What a form is opened with, kept under the id its submission carries; the words are in the form itself."""
    line = write(dataclasses.replace(ordered, prompt=""))
    kept = {"member": ask.member.id, "line": line, "references": list(references), "parent": list(parent)}
    async with ask.tools.house.records.write() as tx:
        return await drafts.put(tx, "paint", kept)


async def confirmation(ask: Ask, ordered: Ordered, order: Order) -> Reply:
    """The price above the team's threshold, with cheaper ways where there are any; nothing is held yet."""
    shown = {"asked": order.total}
    buttons = [(f"paint.button_{order.tier}", order.count, "asked")]
    drafted = ask.team.price("sd") * order.count
    if order.tier == "hd" and drafted < order.total:
        shown["sd"] = drafted
        buttons.append(("paint.button_sd", order.count, "sd"))
    if order.count > 1:
        shown["one"] = order.price
        buttons.append((f"paint.button_{order.tier}", 1, "one"))
    value = {
        "member": ask.member.id,
        "line": write(ordered),
        "notes": [written(note) for note in ordered.notes],
        "references": list(order.references),
        "parent": [order.parent_id or "", order.parent_kind, order.parent_picture],
        "template": order.template_id,
        "shown": shown,
    }
    async with ask.tools.house.records.write() as tx:
        draft = await drafts.put(tx, "confirm", value)
    parts: tuple[Part, ...] = (
        Line("paint.confirm", {"points": order.total, "have": ask.member.points}, tone="title"),
        Quote(order.prompt_typed[:200]),
        *(dataclasses.replace(note, tone="fact") for note in order.notes),
    )
    ways = tuple(
        Button(Line(key, {"n": n, "points": shown[how]}), "paint.go", f"{draft}.{how}", "plain" if at else "primary")
        for at, (key, n, how) in enumerate(buttons)
    )
    return Reply(parts, (*ways, Button(Line("paint.button_never_mind"), "paint.drop", draft)), private=True)


async def go(ask: Ask) -> Answer | None:
    """A confirmed price: the order as it was kept, or its cheaper form; pressing twice is one painting, and a price changed meanwhile is asked again."""
    draft, _, how = ask.request.subject.partition(".")
    kept = await _agreed(ask, draft)
    ordered = dataclasses.replace(parse(kept["line"]), notes=tuple(line_of(note) for note in kept["notes"]))
    if how == "sd":
        ordered = _in_sd(ordered)
    elif how == "one":
        ordered = dataclasses.replace(ordered, count=1)
    id_, kind, picture = kept["parent"]
    order = await order_of(
        ask, ordered, tuple(kept["references"]), parent=(id_, kind, picture), template_id=kept["template"]
    )
    if order.total != kept["shown"].get(how):
        again = await confirmation(ask, ordered, order)
        return dataclasses.replace(again, parts=(Line("paint.price_changed"), *again.parts), instead=True)
    accepted = await take(ask, order, f"draft:{draft}")
    async with ask.tools.house.records.write() as tx:  # its words stand on the painting now, and go when that goes
        await drafts.replace(tx, "confirm", draft, {"member": ask.member.id, "taken": accepted.generation_id})
    if not accepted.new:
        raise Refusal("paint.confirmed_before", {"id": accepted.generation_id})
    return Reply((Line("paint.confirmed", {"points": order.total}),), private=True, instead=True)


async def _agreed(ask: Ask, draft: str) -> Mapping[str, Any]:
    """What waits for its member's word. Refusal `paint.confirm_gone`, `paint.confirmed_before`."""
    async with ask.tools.house.records.read() as tx:
        kept = await drafts.get(tx, "confirm", draft)
    if kept is None or kept["member"] != ask.member.id:
        raise Refusal("paint.confirm_gone")
    if "taken" in kept:
        raise Refusal("paint.confirmed_before", {"id": kept["taken"]})
    return kept


def _in_sd(ordered: Ordered) -> Ordered:
    """The same in standard quality: an exact size gives way to its ratio."""
    ratio = ordered.ratio
    if ordered.size is not None:
        width, height = ordered.size
        common = gcd(width, height)
        ratio = (width // common, height // common)
    return dataclasses.replace(ordered, tier="sd", draft=False, ratio=ratio, size=None, size_class=None)


async def drop(ask: Ask) -> Answer:
    """Never mind: the draft is forgotten."""
    await _agreed(ask, ask.request.subject)
    async with ask.tools.house.records.write() as tx:
        await drafts.drop(tx, "confirm", ask.request.subject)
    return Reply((Line("paint.dropped"),), private=True, instead=True)


async def price(ask: Ask) -> Answer:
    """What a line or a half-filled form would be and cost, without asking anything: the live line under a command box."""
    request = ask.request
    kept = await _kept(ask)
    ordered = ordered_of_form(request.values, kept) if request.values else parse(request.text)
    return await priced(ask, ordered, len(kept.get("references", ())) + len(given(ask)))


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
