"""Everybody's templates: shared with the team, switched, deleted."""

from collections.abc import Mapping

from core import generations
from core import templates as subject
from core.commands.admin.frame import PAGE, done, id_of, note, offset_of, page, pager
from core.commands.asking import Ask, Command
from core.errors import Refusal
from core.records import Tx
from core.replies import Answer, Button, Item, Part, Quote
from core.requests import Line, Value
from core.templates import Template

SHOWN = 160
TEAM = 0
"""No member has this id: what such a one may use is the team's alone."""


async def templates(ask: Ask) -> Answer:
    """A page of all templates; the words of personal ones stay with their owners."""
    offset = offset_of(ask.request.subject)
    async with ask.tools.house.records.read() as tx:
        found, total = await subject.listed(tx, None, offset=offset, most=PAGE, disabled=True)
    parts: list[Part] = [
        Line("admin_templates.title", tone="title"),
        Line("admin_templates.counted", {"n": total}, tone="fact"),
        *(_item(ask, one) for one in found),
    ]
    if not found:
        parts.append(Line("admin_templates.none"))
    return page(parts, pager("admin.templates", offset, total))


def _item(ask: Ask, one: Template) -> Item:
    owner: Value = Line("admin_templates.team") if one.owner is None else one.owner_name
    values: dict[str, Value] = {
        "name": one.name,
        "owner": owner,
        "uses": one.uses,
        "state": Line("admin.state_on" if one.enabled else "admin.state_off"),
    }
    number = str(one.id)
    switch = "disable" if one.enabled else "enable"
    buttons = [
        Button(Line(f"admin.button_{switch}"), f"admin.templates.{switch}", number),
        Button(Line("admin.button_delete"), "admin.templates.delete", number, "danger"),
    ]
    if one.owner is not None:
        buttons.insert(0, Button(Line("admin_templates.button_share"), "admin.templates.share", number))
    open_words = one.owner in (None, ask.member.id)
    shown = one.line if len(one.line) <= SHOWN else f"{one.line[:SHOWN]}…"
    words = Quote(shown) if open_words else Line("details.redacted", {"n": len(one.line)}, "fact")
    return Item((Line("admin_templates.row", values), words), buttons=tuple(buttons))


async def _get(ask: Ask, tx: Tx) -> Template:
    one = await subject.get(tx, id_of(ask.request.subject))
    if one is None:
        raise Refusal("admin.gone")
    return one


async def share(ask: Ask) -> Answer:
    """The whole team's from now on. Refusal `template.taken` where the team has one of that name."""
    async with ask.tools.house.records.write() as tx:
        one = await _get(ask, tx)
        same = await subject.find(tx, TEAM, one.name)
        if same is not None and same.id != one.id:
            raise Refusal("template.taken", {"name": one.name})
        await subject.change(tx, one.id, owner=None)
        await note(ask, tx, "templates.share", one.name, before={"owner": one.owner_name}, after={"owner": None})
    return done(Line("admin_templates.shared", {"name": one.name}), back="admin.templates")


async def _switch(ask: Ask, on: bool) -> Answer:
    async with ask.tools.house.records.write() as tx:
        one = await _get(ask, tx)
        await subject.change(tx, one.id, enabled=on)
        await note(ask, tx, "templates.enable" if on else "templates.disable", one.name, before=one.enabled, after=on)
    key = "admin_templates.enabled" if on else "admin_templates.disabled"
    return done(Line(key, {"name": one.name}), back="admin.templates")


async def enable(ask: Ask) -> Answer:
    """May be used again."""
    return await _switch(ask, True)


async def disable(ask: Ask) -> Answer:
    """May not be used any more; it is kept."""
    return await _switch(ask, False)


async def delete(ask: Ask) -> Answer:
    """Ask once."""
    async with ask.tools.house.records.read() as tx:
        one = await _get(ask, tx)
    sure = Button(Line("admin.button_delete_sure"), "admin.templates.delete.sure", str(one.id), "danger")
    return page((Line("admin_templates.delete_ask", {"name": one.name}),), (sure,), back="admin.templates")


async def delete_sure(ask: Ask) -> Answer:
    """Gone, with references nothing else uses."""
    async with ask.tools.house.records.write() as tx:
        one = await _get(ask, tx)
        await subject.remove(tx, one.id)
        unused = await generations.unused_images(tx, one.references)
        before = {"owner": one.owner_name, "uses": one.uses, "characters": len(one.line)}
        await note(ask, tx, "templates.delete", one.name, before=before)
    for stored in unused:
        await ask.tools.images.delete(stored)
    return done(Line("admin_templates.deleted", {"name": one.name}), back="admin.templates")


VERBS: Mapping[str, Command] = {
    "admin.templates": templates,
    "admin.templates.share": share,
    "admin.templates.enable": enable,
    "admin.templates.disable": disable,
    "admin.templates.delete": delete,
    "admin.templates.delete.sure": delete_sure,
}
