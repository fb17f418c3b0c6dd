"""The gallery's entries: added by hand or made from a painting, edited, switched, deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import gallery, generations
from core.commands.admin.frame import PAGE, check_line, done, narrowed, note, one_line, text
from core.commands.admin.several import AT_ONCE, Several
from core.commands.admin.shelf import Shelf, quoted, state
from core.commands.asking import Ask, Command, picture_of
from core.commands.discarding import discard
from core.commands.forming import formed, saving
from core.commands.line import write
from core.commands.paging import paged
from core.commands.recalled import shareable
from core.commands.references import store_references
from core.errors import Refusal
from core.gallery import LONGEST_LINE, LONGEST_TITLE, Inspiration
from core.generations import GenerationView
from core.replies import Answer, Field, FileField, Form, Item, Part, Picture, TextField
from core.requests import Line, Offered, Value

SHELF = Shelf("inspirations", "gallery", gallery.get, gallery.change, lambda one: {"title": one.title})


async def inspirations(ask: Ask) -> Answer:
    """A page of all entries, disabled ones too, narrowed to typed words."""
    words, draft, offset = await narrowed(ask)
    async with ask.tools.house.records.read() as tx:
        found, total, offset = await paged(
            lambda at: gallery.listed(tx, words, offset=at, most=PAGE, disabled=True), offset, PAGE
        )
    return SHELF.shown([_item(one) for one in found], total, (words, draft, offset))


def _item(one: Inspiration) -> Item:
    picture = None
    if one.image is not None:
        picture = Picture(one.image.id, Line("gallery.alt", {"title": one.title}), 0, one.image.width, one.image.height)
    values: dict[str, Value] = {"title": one.title, "state": state(one), "uses": one.uses}
    buttons = (SHELF.edit_button(one), *SHELF.buttons(one))
    return Item((Line("admin_gallery.row", values), quoted(one)), picture, buttons, one.generation_id or "")


def _fields(title: str = "", line: str = "", *, picture: bool = True) -> tuple[Field, ...]:
    fields: tuple[Field, ...] = (
        TextField("title", Line("admin_gallery.field_title"), title, longest=LONGEST_TITLE),
        TextField(
            "line",
            Line("admin_gallery.field_line"),
            line,
            Line("admin_gallery.hint_line"),
            lines=4,
            longest=LONGEST_LINE,
        ),
    )
    hint = Line("admin_gallery.hint_picture")
    return (*fields, FileField("picture", Line("admin_gallery.field_picture"), hint=hint)) if picture else fields


async def _add_form(ask: Ask) -> Form:
    return Form("admin.inspirations.add", Line("admin_gallery.add_title"), _fields())


async def _picture(ask: Ask) -> str | None:
    """The stored image of the form's picture; None without one."""
    value = ask.request.values.get("picture")
    files = tuple(one for one in value if isinstance(one, Offered)) if isinstance(value, tuple) else ()
    try:
        return (await store_references(ask, files[:1]))[0] if files else None
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values, field="picture") from refusal


async def _add(ask: Ask) -> Answer:
    """In the gallery at once."""
    title, line = one_line(ask, "title"), text(ask, "line")
    gallery.check(title, line)
    line = check_line(line)
    image = await _picture(ask)
    return await _save(ask, title, line, image, None)


async def _save(ask: Ask, title: str, line: str, image: str | None, generation_id: str | None) -> Answer:
    async with ask.tools.house.records.write() as tx:
        if generation_id is not None and not await generations.standing(tx, generation_id):
            raise Refusal("paint.gone", {"id": generation_id})  # deleted while the form was open
        made = await gallery.add(tx, title, line, image_id=image, generation_id=generation_id)
        await note(ask, tx, "inspirations.add", str(made), after=_traced(title, line, generation_id))
    return done(Line("admin_gallery.added", {"title": title}), back=SHELF.back)


def _traced(title: str, line: str, generation_id: str | None, **more: object) -> Mapping[str, object]:
    """What the audit keeps of an entry: where it comes from, and its words only where they are nobody's painting, which may be deleted."""
    return {"from": generation_id, **more} if generation_id is not None else {"title": title, "line": line, **more}


async def _edit_form(ask: Ask) -> Form:
    async with ask.tools.house.records.read() as tx:
        one = await SHELF.pick(ask, tx)
    fields = _fields(one.title, one.line)
    return Form("admin.inspirations.edit", Line("admin_gallery.edit_title"), fields, SHELF.subject(one))


async def _edit(ask: Ask) -> Answer:
    """What was typed replaces what was; a picture only when a new one is given."""
    title, line = one_line(ask, "title"), text(ask, "line")
    gallery.check(title, line)
    line = check_line(line)
    image = await _picture(ask)
    values: dict[str, Any] = {"title": title, "line": line} | ({"image_id": image} if image else {})
    async with saving(ask) as tx:
        before = await SHELF.pick(ask, tx)
        await SHELF.rewrite(ask, tx, before, values)
        old = _traced(
            before.title, before.line, before.generation_id, picture=before.image.id if before.image else None
        )
        new = _traced(title, line, before.generation_id, **({"picture": image} if image else {}))
        await note(ask, tx, "inspirations.edit", str(before.id), before=old, after=new)
        freed = [before.image.id] if image and before.image else []
        unused = await generations.unused_images(tx, freed)
    await discard(ask.tools.house.records, ask.tools.images, unused)
    return done(Line("admin_gallery.edited", {"title": title}), back=SHELF.back)


async def delete_sure(ask: Ask) -> Answer:
    """Gone, and its picture with it unless a painting still has it."""
    async with ask.tools.house.records.write() as tx:
        one = await SHELF.pick(ask, tx)
        image = await gallery.remove(tx, one.id)
        unused = await generations.unused_images(tx, [image] if image else [])
        before = _traced(one.title, one.line, one.generation_id)
        await note(ask, tx, "inspirations.delete", str(one.id), before=before)
    await discard(ask.tools.house.records, ask.tools.images, unused)
    return done(Line("admin_gallery.deleted", {"title": one.title}), back=SHELF.back)


async def _painting(ask: Ask) -> tuple[GenerationView, int]:
    """The painting an inspiration is made from. Refusals: gone, private, no picture."""
    generation_id, number = picture_of(ask.request.subject)
    async with ask.tools.house.records.read() as tx:
        view = await generations.load(tx, generation_id)
    if view is None or view.deleted is not None:
        raise Refusal("paint.gone", {"id": generation_id})
    if view.private:
        raise Refusal("admin_gallery.private", {"id": view.id})
    task = view.picture(number)
    if task is None:
        raise Refusal("paint.no_picture", {"id": view.id})
    return view, task.number


async def _from_form(ask: Ask) -> Form:
    """The painting's own words to start from; showing them to an admin stands in the audit."""
    view, number = await _painting(ask)
    if view.member_id != ask.member.id and not ask.request.values:
        async with ask.tools.house.records.write() as tx:
            await note(ask, tx, "records.reveal", view.id, after={"member": view.member, "for": "inspiration"})
    line = write(shareable(ask, view))
    task = view.picture(number)
    intro: tuple[Part, ...] = (Line("admin_gallery.from", {"id": view.id, "n": number, "member": view.member}),)
    if task is not None and task.image is not None:
        alt = Line("card.alt_private", {"id": view.id, "n": number})
        intro = (*intro, Item((), Picture(task.image.id, alt, 0, task.image.width, task.image.height)))
    title = view.prompt_typed.split("，")[0].split(",")[0][:20]
    fields = _fields(title, line[:LONGEST_LINE], picture=False)
    return Form("admin.inspirations.from", Line("admin_gallery.from_title"), fields, f"{view.id}.{number}", intro=intro)


async def _from(ask: Ask) -> Answer:
    """An entry with the painting's picture; both go when the painting is deleted."""
    view, number = await _painting(ask)
    title, line = one_line(ask, "title"), text(ask, "line")
    gallery.check(title, line)
    line = check_line(line)
    task = view.picture(number)
    image = task.image.id if task is not None and task.image is not None else None
    return await _save(ask, title, line, image, view.id)


async def _offered(ask: Ask) -> Sequence[Inspiration]:
    words, _, offset = await narrowed(ask)
    async with ask.tools.house.records.read() as tx:
        return (await gallery.listed(tx, words, offset=offset, most=AT_ONCE, disabled=True))[0]


VERBS: Mapping[str, Command] = {
    "admin.inspirations": inspirations,
    "admin.inspirations.add": formed(_add_form, _add),
    "admin.inspirations.edit": formed(_edit_form, _edit),
    **SHELF.switches(),
    **Several(SHELF, _offered, lambda one: one.title, delete_sure).verbs(),
    "admin.inspirations.delete": SHELF.ask_delete,
    "admin.inspirations.delete.sure": delete_sure,
    "admin.inspirations.from": formed(_from_form, _from),
}
