"""`/works`: one's own paintings with thumbnails, found by words, status, time and label, repeated and deleted one by one or several at once."""

import dataclasses
from collections.abc import Mapping, Sequence

from core import drafts, generations
from core.cards import facts
from core.commands import filters
from core.commands.asking import Ask, Command, find_mine
from core.commands.filters import Wanted
from core.commands.life import from_the_gallery, remove
from core.commands.names import spoken
from core.commands.paging import Page, keep, kept, page_of
from core.errors import Refusal
from core.generations import GenerationView
from core.replies import Answer, Button, Choice, ChoiceField, Form, Item, Part, Picture, Quote, Reply
from core.requests import Line, Value

PAGE = 5
AT_ONCE = 10
"""Paintings one form offers to delete: platforms show ten boxes."""
SHOWN = 80


async def works(ask: Ask) -> Answer:
    """A page of one's own works. Refusals of the filters name the word that is wrong."""
    wanted, draft = await _wanted(ask)
    async with ask.tools.house.records.read() as tx:
        total = await generations.count(tx, _filter(ask, wanted))
        last = Page(1, total, PAGE).pages
        number = min(wanted.page, last)
        found = await generations.listed(tx, _filter(ask, wanted), offset=(number - 1) * PAGE, most=PAGE)
    if not found:
        return _nothing(ask, wanted)
    page = Page(number, total, PAGE, draft or await keep(ask, _narrowed(wanted)))
    parts: list[Part] = [Line("works.title", tone="title"), page.count("works")]
    parts += [_narrowing(wanted)] if any(_narrowed(wanted).values()) else []
    parts += [item(view) for view in found]
    if page.pages > 1:
        parts.append(Line("works.how", {"works": spoken("works", ask.request.place.platform)}, "fact"))
    several = Button(Line("works.button_several"), "works.delete", page.subject)
    buttons = (*page.buttons("works"), *((several,) if any(view.settled for view in found) else ()))
    return Reply(tuple(parts), buttons, private=True, instead=bool(ask.request.subject))


async def _wanted(ask: Ask) -> tuple[Wanted, str]:
    """What was typed, or the page a button asks for with the filters kept for it."""
    if not ask.request.subject:
        return filters.read(ask.request.text, ask.tools.clock(), ask.tools.house.zone), ""
    number, draft = page_of(ask.request.subject)
    return Wanted(**{**await kept(ask, draft), "page": number}), draft


def _narrowed(wanted: Wanted) -> dict[str, Value]:
    found = dataclasses.asdict(wanted)
    del found["page"]
    return found


def _filter(ask: Ask, wanted: Wanted) -> generations.Filter:
    now, zone = ask.tools.clock(), ask.tools.house.zone
    return generations.Filter(
        member_id=ask.member.id,
        words=wanted.words,
        status=wanted.status,
        label=wanted.label,
        since=filters.moment(wanted.since, now, zone) if wanted.since else None,
        until=filters.moment(wanted.until, now, zone, end=True) if wanted.until else None,
    )


def _nothing(ask: Ask, wanted: Wanted) -> Reply:
    if any(_narrowed(wanted).values()):
        return Reply((_narrowing(wanted), Line("works.none_found")), (_all(),), private=True)
    again = Button(Line("works.button_random"), "random", "", "primary")
    return Reply((Line("works.none_yet"),), (again,), private=True, instead=bool(ask.request.subject))


def _all() -> Button:
    return Button(Line("works.button_all"), "works", "1")


def _narrowing(wanted: Wanted) -> Line:
    """What the list is narrowed to, in words."""
    found: list[Value] = [Line("works.with_words", {"words": wanted.words})] if wanted.words else []
    found += [Line(f"works.status_{wanted.status}")] if wanted.status else []
    found += [Line("works.with_label", {"label": wanted.label})] if wanted.label else []
    found += [filters.since_said(wanted.since)] if wanted.since else []
    found += [filters.until_said(wanted.until)] if wanted.until else []
    return Line("works.narrowed", {"what": tuple(found)}, "fact")


def item(view: GenerationView) -> Item:
    """One painting as a row: its thumbnail, its state in a line, the first words, and four buttons."""
    chosen = (Line("works.adopted", {"n": view.adopted}),) if view.adopted else ()
    about: tuple[Value, ...] = (state(view), *chosen, facts.tier_and_count(view), view.ratio or facts.size(view))
    label = (Line("works.with_label", {"label": view.label}),) if view.label else ()
    head = Line("works.row", {"id": view.id, "at": view.created, "what": (*about, *label)}, "fact")
    lines: tuple[Line | Quote, ...] = (head, Quote(_short(view.prompt_typed))) if view.prompt_typed else (head,)
    task = view.picture(0)
    shown = next((one for one in facts.pictures(view) if task and one.number == task.number), None)
    picture = Picture(shown.image, shown.alt, 0, shown.width, shown.height) if shown else None
    show = Button(Line("works.button_show"), "show", view.id)
    details = Button(Line("card.button_details"), "details", view.id)
    if not view.settled:
        return Item(lines, picture, (show, Button(Line("card.button_cancel"), "cancel", view.id), details), view.id)
    again = facts.again(view)
    if view.kept and view.delivery == "undeliverable":
        again = Button(Line("details.button_resend"), "resend", view.id, "primary")
    gone = Button(Line("card.button_delete"), "delete", view.id, "danger")
    return Item(lines, picture, (show, again, details, gone) if view.kept else (again, details, gone), view.id)


def state(view: GenerationView) -> Line:
    """How it ended, or that it has not."""
    if view.settled and view.delivery == "undeliverable" and view.kept:
        return Line("works.status_undelivered")
    return Line(f"works.status_{view.outcome or 'running'}")


def _short(words: str, most: int = SHOWN) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= most else f"{flat[:most]}…"


async def delete(ask: Ask) -> Answer:
    """First which of a page (and the next) to delete, then whether to delete these N."""
    chosen = ask.request.values.get("which")
    if chosen is not None:
        return await _ask_once(ask, [str(one) for one in chosen] if isinstance(chosen, tuple) else [str(chosen)])
    wanted, _ = await _wanted(ask)
    async with ask.tools.house.records.read() as tx:
        offset = (wanted.page - 1) * PAGE
        found = await generations.listed(tx, _filter(ask, wanted), offset=offset, most=AT_ONCE)
    ended = [view for view in found if view.settled]
    if not ended:
        raise Refusal("works.none_to_delete")
    options = tuple(Choice(view.id, _choice(view)) for view in ended)
    field = ChoiceField("which", Line("works.field_which"), options, (), several=True)
    return Form("works.delete", Line("works.delete_title"), (field,), "", Line("works.delete_submit"))


def _choice(view: GenerationView) -> Line:
    return Line("works.choice", {"id": view.id, "words": _short(view.prompt_typed, 24), "state": state(view)})


async def _ask_once(ask: Ask, ids: Sequence[str]) -> Answer:
    views: list[GenerationView] = []
    unknown: list[Refusal] = []
    for one in filter(None, ids):
        try:
            views.append(await find_mine(ask, one))
        except Refusal as refusal:
            unknown.append(refusal)
    if not views:
        raise unknown[0] if unknown else Refusal("works.none_chosen", field="which")
    async with ask.tools.house.records.write() as tx:
        draft = await drafts.put(tx, "delete", {"ids": [view.id for view in views]})
    counts: dict[str, Value] = {"n": len(views), "pictures": sum(len(view.kept) for view in views)}
    names = Line("works.delete_names", {"names": tuple(f"#{view.id}" for view in views)}, "fact")
    sure = Button(Line("works.button_delete_sure", {"n": len(views)}), "works.delete.sure", draft, "danger")
    keep_them = Button(Line("works.button_keep"), "works.delete.keep", draft)
    left = [Line(one.key, one.values, "fact") for one in unknown]
    also = await from_the_gallery(ask, [view.id for view in views])
    return Reply((Line("works.delete_ask", counts, "title"), names, *left, *also), (sure, keep_them), private=True)


async def delete_sure(ask: Ask) -> Answer:
    """Delete the paintings that were agreed on; those gone or under way meanwhile are told. Pressing twice deletes once."""
    async with ask.tools.house.records.write() as tx:
        agreed = await drafts.get(tx, "delete", ask.request.subject)
        await drafts.drop(tx, "delete", ask.request.subject)
    if agreed is None:
        raise Refusal("works.delete_gone")
    done, left = 0, []
    everywhere = True
    for one in agreed["ids"]:
        try:
            everywhere = await remove(ask, await find_mine(ask, one)) and everywhere
            done += 1
        except Refusal as refusal:
            left.append(Line(refusal.key, refusal.values))
    parts = [Line("works.deleted", {"n": done}) if done else Line("works.deleted_none"), *left]
    parts += [] if everywhere or not done else [Line("works.deleted_here")]
    return Reply(tuple(parts), (_all(),), private=True, instead=True)


async def delete_keep(ask: Ask) -> Answer:
    """None of them after all."""
    async with ask.tools.house.records.write() as tx:
        await drafts.drop(tx, "delete", ask.request.subject)
    return Reply((Line("works.delete_kept"),), (_all(),), private=True, instead=True)


VERBS: Mapping[str, Command] = {
    "works": works,
    "works.delete": delete,
    "works.delete.sure": delete_sure,
    "works.delete.keep": delete_keep,
}
