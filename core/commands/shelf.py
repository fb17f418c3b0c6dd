"""`/templates`: one's own and the team's, used by a form with a field for each gap, changed and deleted by their owner."""

import contextlib
import dataclasses
from collections.abc import Mapping

from core import access, audit, templates
from core.alerts import alert
from core.commands.asking import Ask, Command, number_of
from core.commands.discarding import discard
from core.commands.forming import formed, saving, shown, stands
from core.commands.line import drawable, gaps_in, parse
from core.commands.names import spoken
from core.commands.paging import Page, keep, kept_words, page_of, paged
from core.commands.paint import given, paint_ordered, priced
from core.commands.paint_form import parsed
from core.commands.references import store_references
from core.errors import Refusal
from core.generations import unused_images
from core.records import Tx
from core.replies import (
    Answer,
    Button,
    Choice,
    ChoiceField,
    Field,
    FileField,
    Form,
    Item,
    Part,
    Quote,
    Reply,
    TextField,
)
from core.requests import Line, Value
from core.templates import Template

PAGE = 5
SHOWN = 160
GAP = "gap."
"""Before the name of a gap in the name of its field."""


async def show_templates(ask: Ask) -> Reply:
    """A page of the templates the asker may use, most used first, narrowed to words of name or line; not for strangers at the door."""
    access.check_standing(ask.member.standing)
    number, draft = page_of(ask.request.subject)
    words = await kept_words(ask, draft) if draft else ask.request.text.strip()[:100]
    async with ask.tools.house.records.read() as tx:
        found, total, offset = await paged(
            lambda at: templates.listed(tx, ask.member.id, words, offset=at, most=PAGE), (number - 1) * PAGE, PAGE
        )
    if not total:
        nothing = Line("template.none_found", {"words": words}) if words else Line("template.none_yet")
        return Reply((nothing,), (Button(Line("desk.button_works"), "works", "1"),), private=True)
    page = Page(offset // PAGE + 1, total, PAGE, draft or await keep(ask, {"words": words} if total > PAGE else {}))
    parts: list[Part] = [Line("template.heading", tone="title"), page.count("template")]
    parts += [item(ask, one) for one in found]
    gaps = "".join(f" {gap}=…" for gap in gaps_in(parse(found[0].line).prompt))
    paint = spoken("paint", ask.request.place.platform)
    parts.append(Line("template.typed", {"paint": paint, "name": f"{found[0].name}{gaps}"}, "fact"))
    return Reply(tuple(parts), page.buttons("templates"), private=True, instead=bool(ask.request.subject))


def item(ask: Ask, template: Template) -> Item:
    """One template as a row."""
    whose: Value = Line("template.team") if template.owner is None else Line("template.own")
    uses = (Line("template.uses", {"n": template.uses}),) if template.uses else ()
    head = Line("template.row", {"name": template.name, "what": (whose, *uses)}, "title")
    words = template.line if len(template.line) <= SHOWN else f"{template.line[:SHOWN]}…"
    buttons = [Button(Line("template.button_use"), "template.use", str(template.id), "primary")]
    if may_change(ask, template):
        edit = Button(Line("template.button_edit"), "template.edit", str(template.id))
        buttons += [edit, Button(Line("template.button_delete"), "template.delete", str(template.id), "danger")]
    if template.owner == ask.member.id and not ask.member.admin:  # admins share it themselves
        buttons.append(Button(Line("template.button_offer"), "template.offer", str(template.id)))
    return Item((head, Quote(words)), buttons=tuple(buttons))


def may_change(ask: Ask, template: Template) -> bool:
    """Its owner may; the team's are the admins'."""
    return template.owner == ask.member.id or (template.owner is None and ask.member.admin)


async def find(ask: Ask, subject: str) -> Template:
    """An enabled template the asker may use, by id. Refusal `template.gone`."""
    async with ask.tools.house.records.read() as tx:
        return await _find(ask, tx, subject)


async def _find(ask: Ask, tx: Tx, subject: str) -> Template:
    access.check_standing(ask.member.standing)
    number = number_of(subject.partition(".")[0])
    found = None if number is None else await templates.get(tx, number)
    if found is None or not found.enabled or found.owner not in (None, ask.member.id):
        raise Refusal("template.gone")
    return found


async def linked(ask: Ask, wanted: str) -> Template | None:
    """What a link's id or name means to the asker; None for nothing, gone, or somebody else's."""
    if wanted.isdecimal():
        with contextlib.suppress(Refusal):
            return await find(ask, wanted)
    async with ask.tools.house.records.read() as tx:
        return await templates.find(tx, ask.member.id, wanted)


async def _find_own(ask: Ask) -> Template:
    async with ask.tools.house.records.read() as tx:
        return await _own(ask, tx)


async def _own(ask: Ask, tx: Tx) -> Template:
    found = await _find(ask, tx, ask.request.subject)
    if not may_change(ask, found):
        raise Refusal("template.not_yours", {"name": found.name})
    return found


async def use(ask: Ask) -> Answer | None:
    """A field for each gap; submitted, it paints as `--tpl` does."""
    template = await find(ask, ask.request.subject or ask.request.text)
    values = ask.request.values
    if not values:
        return _form(template)
    wanted = gaps_in(parse(template.line).prompt)
    gaps = {name: str(values.get(GAP + name) or "").strip() for name in wanted}
    for name, word in gaps.items():
        if not word:
            raise Refusal("template.gap_empty", {"gap": name}, field=GAP + name)
    ordered = dataclasses.replace(parsed(values, "more"), gaps=gaps)
    references = await store_references(ask, given(ask))
    return await paint_ordered(ask, ordered, references, template=template)


def _form(template: Template) -> Form:
    base = parse(template.line)
    fields: list[Field] = [
        TextField(GAP + name, Line("template.field_gap", {"gap": name}), longest=300) for name in gaps_in(base.prompt)
    ]
    hint = Line("template.hint_more")
    fields.append(TextField("more", Line("template.field_more"), hint=hint, required=False, longest=500))
    if not template.references:
        fields.append(FileField("references", Line("paint.field_references"), most=10))
    intro: list[Part] = [Quote(template.line)]
    if template.references:
        intro.append(Line("template.with_references", {"n": len(template.references)}, "fact"))
    title = Line("template.use_title", {"name": template.name})
    return Form(
        "template.use",
        title,
        tuple(fields),
        str(template.id),
        Line("paint.form_submit"),
        preview="template.price",
        intro=tuple(intro),
    )


async def price(ask: Ask) -> Answer:
    """What a half-filled template form would cost."""
    template = await find(ask, ask.request.subject)
    values = ask.request.values
    gaps = {name: str(values.get(GAP + name) or "…") for name in gaps_in(parse(template.line).prompt)}
    ordered = dataclasses.replace(parse(str(values.get("more") or "")), gaps=gaps)
    return await priced(ask, ordered, len(given(ask)), template)


async def _edit_form(ask: Ask) -> Form:
    template = await _find_own(ask)
    fields: tuple[Field, ...] = (
        TextField("name", Line("template.field_name"), template.name, Line("template.hint_name"), longest=40),
        TextField("line", Line("template.field_line"), template.line, Line("template.hint_line"), lines=5),
        *who_field(ask, template.owner),
    )
    title = Line("template.edit_title", {"name": template.name})
    subject = shown(template.id, {"revision": template.revision})
    return Form("template.edit", title, fields, subject, Line("template.edit_submit"))


async def _edit(ask: Ask) -> Answer:
    """Its name, line and owner (the team's: admins only)."""
    values = ask.request.values
    line = checked(str(values.get("line") or ""))
    async with saving(ask) as tx:
        template = await _own(ask, tx)
        await stands(tx, ask.request.subject, {"revision": template.revision}, "templates", str(template.id))
        owner = owner_of(ask, template.owner)
        name = await templates.free_name(tx, str(values.get("name") or ""), owner, but=template.id)
        new = {"name": name, "line": line, "owner": owner}
        await templates.change(tx, template.id, **new)
        if owner is None or template.owner is None:
            before = {"name": template.name, "line": template.line, "owner": template.owner}
            await audit.note(tx, ask.member.id, "templates.edit", str(template.id), before=before, after=new)
    return Reply((Line("template.changed", {"name": name}),), (_list_button(),), private=True)


def who_field(ask: Ask, owner: int | None) -> tuple[Field, ...]:
    """For me or for the team: a question for admins only."""
    if not ask.member.admin:
        return ()
    options = (Choice("me", Line("template.own")), Choice("team", Line("template.team")))
    return (ChoiceField("who", Line("template.field_who"), options, "team" if owner is None else "me"),)


def owner_of(ask: Ask, before: int | None) -> int | None:
    """The owner a form chose: None (the team) by an admin only."""
    if not ask.member.admin or "who" not in ask.request.values:
        return before
    return None if ask.request.values["who"] == "team" else ask.member.id


def checked(line: str) -> str:
    """A line a template may have. Refusal `template.no_prompt` at its field, and those of the line itself."""
    try:
        ordered = parse(line)
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values, field="line") from refusal
    if not drawable(ordered.prompt) or ordered.template:
        raise Refusal("template.no_prompt", field="line")
    return line.strip()


async def offer(ask: Ask) -> Answer:
    """Tell the admins that a member would share a template with the team; its words stay with its owner until they do."""
    template = await _find_own(ask)
    values: dict[str, Value] = {"member": ask.member.name, "name": template.name, "n": template.uses}
    async with ask.tools.house.records.write() as tx:
        button = Button(Line("admin.button_open"), "admin.templates")
        await alert(tx, f"template:{template.id}", Line("template.offer_line", values), button=button)
    return Reply((Line("template.offered", {"name": template.name}),), (_list_button(),), private=True)


async def delete(ask: Ask) -> Answer:
    """Ask once before deleting."""
    template = await _find_own(ask)
    sure = Button(Line("template.button_delete_sure"), "template.delete.sure", str(template.id), "danger")
    return Reply(
        (Line("template.delete_ask", {"name": template.name, "n": template.uses}),),
        (sure, _list_button()),
        private=True,
    )


async def delete_sure(ask: Ask) -> Answer:
    """It goes; paintings made from it stay, reference files nobody else uses go too."""
    template = await _find_own(ask)
    async with ask.tools.house.records.write() as tx:
        await templates.remove(tx, template.id)
        gone = await unused_images(tx, template.references)
        if template.owner is None:
            before = {"name": template.name, "line": template.line}
            await audit.note(tx, ask.member.id, "templates.delete", str(template.id), before=before)
    await discard(ask.tools.house.records, ask.tools.images, gone)
    return Reply((Line("template.deleted", {"name": template.name}),), (_list_button(),), private=True, instead=True)


def _list_button() -> Button:
    return Button(Line("template.button_list"), "templates", "1")


VERBS: Mapping[str, Command] = {
    "templates": show_templates,
    "template.use": use,
    "template.price": price,
    "template.edit": formed(_edit_form, _edit),
    "template.offer": offer,
    "template.delete": delete,
    "template.delete.sure": delete_sure,
}
