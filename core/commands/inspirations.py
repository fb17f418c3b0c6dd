"""`/gallery [words]`: the inspirations as a wall of pictures, each with its line ready to change and paint."""

from collections.abc import Mapping

from core import access, drafts, gallery
from core.commands.asking import Ask, Command, number_of
from core.commands.names import spoken
from core.commands.paging import Page, keep, kept_words, page_of, paged
from core.commands.ready import DOUBLE_CLICK, form_of
from core.errors import Refusal
from core.gallery import Inspiration
from core.replies import Answer, Button, Item, Part, Picture, Quote, Reply
from core.requests import Line

PAGE = 5
SHOWN = 160


async def show_gallery(ask: Ask) -> Answer:
    """A page of the gallery, narrowed to words of title or line; not for strangers at the door."""
    access.check_standing(ask.member.standing)
    number, draft = page_of(ask.request.subject)
    words = await kept_words(ask, draft) if draft else ask.request.text.strip()[:100]
    async with ask.tools.house.records.read() as tx:
        found, total, offset = await paged(
            lambda at: gallery.listed(tx, words, offset=at, most=PAGE), (number - 1) * PAGE, PAGE
        )
    if not total:
        return _nothing(ask, words)
    page = Page(offset // PAGE + 1, total, PAGE, draft or await keep(ask, {"words": words} if total > PAGE else {}))
    heading = Line("gallery.heading_words", {"words": words}) if words else Line("gallery.heading")
    parts: list[Part] = [Line(heading.key, heading.values, "title"), page.count("gallery")]
    parts += [item(one) for one in found]
    return Reply(tuple(parts), page.buttons("gallery"), private=True, instead=bool(ask.request.subject))


def _nothing(ask: Ask, words: str) -> Reply:
    """Why there is nothing, and what to do about it: an admin fills the gallery, a member paints."""
    if words:
        return Reply((Line("gallery.none_found", {"words": words}),), private=True)
    if ask.member.admin:
        fill = Button(Line("gallery.button_fill"), "admin.inspirations", style="primary")
        return Reply((Line("gallery.none_admin"),), (fill,), private=True)
    ways = (
        Button(Line("works.button_random"), "random", style="primary"),
        Button(Line("desk.button_works"), "works", "1"),
    )
    return Reply((Line("gallery.none_yet"),), ways, private=True)


def item(one: Inspiration) -> Item:
    """One entry of the wall."""
    alt = Line("gallery.alt", {"title": one.title})
    picture = Picture(one.image.id, alt, 0, one.image.width, one.image.height) if one.image else None
    words = one.line if len(one.line) <= SHOWN else f"{one.line[:SHOWN]}…"
    uses = (Line("gallery.uses", {"n": one.uses}, "fact"),) if one.uses else ()
    title = Line("gallery.name", {"title": one.title}, "title")
    paint = Button(Line("gallery.button_paint"), "inspire.paint", str(one.id), "primary")
    return Item((title, Quote(words), *uses), picture, (paint,), one.generation_id or "")


async def use(ask: Ask) -> Answer:
    """The painting form with the inspiration's line filled in; counted as one use. Refusal `gallery.gone`, those of standing."""
    access.check_standing(ask.member.standing)
    number = number_of(ask.request.subject)
    async with ask.tools.house.records.write() as tx:
        found = None if number is None else await gallery.get(tx, number)
        if found is None or not found.enabled:
            raise Refusal("gallery.gone", {"gallery": spoken("gallery", ask.request.place.platform)})
        if await drafts.claim(tx, "press", f"{ask.member.id}:inspire:{found.id}", DOUBLE_CLICK):
            await gallery.used(tx, found.id)
    return await form_of(ask, found.line)


VERBS: Mapping[str, Command] = {"gallery": show_gallery, "inspire.paint": use}
