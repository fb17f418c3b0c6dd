"""Everybody's templates: shared with the team, switched, deleted."""

from collections.abc import Mapping

from core import generations
from core import templates as subject
from core.commands.admin.frame import PAGE, done, narrowed, note
from core.commands.admin.shelf import Shelf, quoted, state
from core.commands.asking import Ask, Command
from core.commands.discarding import discard
from core.commands.paging import paged
from core.errors import Refusal
from core.replies import Answer, Button, Item
from core.requests import Line, Value
from core.templates import Template

SHELF = Shelf(
    "templates", "templates", subject.get, subject.change, lambda one: {"name": one.name}, lambda one: one.name
)
TEAM = 0
"""No member has this id: what such a one may use is the team's alone."""


async def templates(ask: Ask) -> Answer:
    """A page of all templates, narrowed to typed words; the words of personal ones stay with their owners."""
    words, draft, offset = await narrowed(ask)
    async with ask.tools.house.records.read() as tx:
        found, total, offset = await paged(
            lambda at: subject.listed(tx, None, words, offset=at, most=PAGE, disabled=True), offset, PAGE
        )
    items = [_item(ask, one) for one in found]
    return SHELF.shown(items, total, (words, draft, offset), added=False)


def _item(ask: Ask, one: Template) -> Item:
    owner: Value = Line("admin_templates.team") if one.owner is None else one.owner_name
    values: dict[str, Value] = {
        "name": one.name,
        "owner": owner,
        "uses": one.uses,
        "state": state(one),
    }
    buttons = SHELF.buttons(one)
    if one.owner is not None:
        buttons = (Button(Line("admin_templates.button_share"), "admin.templates.share", str(one.id)), *buttons)
    open_words = one.owner in (None, ask.member.id)
    words = quoted(one) if open_words else Line("details.redacted", {"n": len(one.line)}, "fact")
    return Item((Line("admin_templates.row", values), words), buttons=buttons)


async def share(ask: Ask) -> Answer:
    """The whole team's from now on. Refusal `template.taken` where the team has one of that name."""
    async with ask.tools.house.records.write() as tx:
        one = await SHELF.pick(ask, tx)
        same = await subject.find(tx, TEAM, one.name)
        if same is not None and same.id != one.id:
            raise Refusal("template.taken", {"name": one.name})
        await subject.change(tx, one.id, owner=None)
        await note(ask, tx, "templates.share", one.name, before={"owner": one.owner_name}, after={"owner": None})
    return done(Line("admin_templates.shared", {"name": one.name}), back=SHELF.back)


async def delete_sure(ask: Ask) -> Answer:
    """Gone, with references nothing else uses."""
    async with ask.tools.house.records.write() as tx:
        one = await SHELF.pick(ask, tx)
        await subject.remove(tx, one.id)
        unused = await generations.unused_images(tx, one.references)
        before = {"owner": one.owner_name, "uses": one.uses, "characters": len(one.line)}
        await note(ask, tx, "templates.delete", one.name, before=before)
    await discard(ask.tools.house.records, ask.tools.images, unused)
    return done(Line("admin_templates.deleted", {"name": one.name}), back=SHELF.back)


VERBS: Mapping[str, Command] = {
    "admin.templates": templates,
    "admin.templates.share": share,
    **SHELF.switches(),
    "admin.templates.delete": SHELF.ask_delete,
    "admin.templates.delete.sure": delete_sure,
}
