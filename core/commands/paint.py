"""`/paint`: the line read, references checked, a price told or confirmed, and the order accepted."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core import drafts
from core.commands.asking import Ask, Command
from core.commands.confirming import confirmation
from core.commands.courtesy import courteous, courtesy
from core.commands.defaults import with_defaults
from core.commands.help import asks_help, help_reply
from core.commands.hints import with_hint
from core.commands.line import Ordered, drawable, parse, write
from core.commands.paint_form import form, ordered_of_form
from core.commands.placing import NO_PARENT, Parent, orders_of, take_all, total
from core.commands.references import store_references
from core.commands.templates import with_suggestion, with_template
from core.errors import Refusal
from core.painting.accepting import check_door, check_open
from core.replies import Answer, Form, Reply
from core.requests import Line, Offered, Painted, Reference, Value
from core.templates import Template


async def paint(ask: Ask) -> Answer | None:
    """A typed line, a submitted form, or words under a picture; None when it was accepted: the announcer speaks from then on."""
    request = ask.request
    topic = asks_help(request.text)
    if topic is not None and not request.values:
        return help_reply(topic, request.place.platform, str(request.account), ask.language)
    if (thanked := courteous(request)) is not None:
        return thanked
    if courtesy(str(request.values.get("prompt") or "")) is not None:
        raise Refusal("paint.no_words", field="prompt")
    check_door(ask.team, ask.member, request.place)
    kept = await _kept(ask)
    ordered = ordered_of_form(request.values, kept) if request.values else parse(request.text)
    references = (*kept.get("references", ()), *await store_references(ask, given(ask)))
    id_, kind, picture = kept.get("parent", NO_PARENT)
    parent = (request.reply_to, "reply", 0) if request.reply_to and not kept else (id_, kind, picture)
    answer = await paint_ordered(ask, ordered, references, parent=parent)
    if answer is None and kept.get("line"):  # its words stand on the painting now, and go when that goes
        async with ask.tools.house.records.write() as tx:
            await drafts.replace(tx, "paint", request.subject, {**kept, "line": ""})
    return answer


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
    ordered = with_defaults(ask, ordered, pictures=bool(references))
    if not drawable(ordered.prompt):
        return await _ask_for_words(ask, ordered, references, parent)
    if template_id is None and not parent[0]:
        ordered = await with_suggestion(ask, ordered, references)
        ordered = ordered if references else await with_hint(ask, ordered)
    orders = await orders_of(ask, ordered, references, parent=parent, template_id=template_id)
    check_open(ask.team, ask.member, request.place, orders[0])
    if total(orders) > ask.team.confirm_above:
        return await confirmation(ask, ordered, orders)
    _, said = await take_all(ask, orders, request.event_key)
    return said


def given(ask: Ask) -> tuple[Reference, ...]:
    """References of the request, of its form's file field, and the painting replied to when no picture came with the words."""
    request = ask.request
    field = request.values.get("references")
    files = tuple(one for one in field if isinstance(one, Offered)) if isinstance(field, tuple) else ()
    given: tuple[Reference, ...] = (*request.references, *files)
    if request.reply_to and not given:
        return (Painted(request.reply_to),)
    return given


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


async def price(ask: Ask) -> Answer:
    """What a line or a half-filled form would be and cost, without asking anything: the live line under a command box."""
    request = ask.request
    try:
        kept = await _kept(ask)
        ordered = ordered_of_form(request.values, kept) if request.values else parse(request.text)
        return await priced(ask, ordered, len(kept.get("references", ())) + len(given(ask)))
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values) from refusal  # a live line has no fields to stand at


async def priced(ask: Ask, ordered: Ordered, offered: int = 0, template: Template | None = None) -> Reply:
    """The live line for a line already read; `offered` pictures come with it."""
    ordered, references, _ = await with_template(ask, ordered, template)
    pictures = offered + len(references)
    ordered = with_defaults(ask, ordered, pictures=bool(pictures))
    stand_in = dataclasses.replace(ordered, notes=())
    orders = await orders_of(ask, stand_in, references)
    order = orders[0]
    values: dict[str, Value] = {
        "n": sum(one.count for one in orders),
        "points": total(orders),
        "left": ask.member.points,
        "size": " ".join(f"{one.width}×{one.height}" for one in orders),
    }
    line = Line(f"paint.price_{order.tier}", values, tone="fact")
    if pictures:
        line = Line(f"paint.price_{order.tier}_references", {**values, "references": pictures}, tone="fact")
    return Reply((line,), private=True)


VERBS: Mapping[str, Command] = {"paint": paint, "price": price}
