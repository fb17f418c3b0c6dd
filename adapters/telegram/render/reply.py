"""Reply -> Drawn: every element of `core.replies`, each with Telegram's own means."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, assert_never

from aiogram.utils.formatting import BlockQuote, Bold, Code, ExpandableBlockQuote, Italic, Text

from adapters.telegram.render.cut import TEXT, cut, units
from adapters.telegram.render.drawn import Drawn, File, Page, Shown
from adapters.telegram.render.keyboard import Key, button, copy_key, fitted, keyboard, reachable
from core.replies import (
    Button,
    Document,
    Facts,
    Item,
    LinkButton,
    Meter,
    Part,
    Picture,
    Pictures,
    Quote,
    Reply,
)
from core.requests import Line
from core.texts import say, say_value

LONGEST = 3000
"""Units of one quotation or sentence."""
LONG_QUOTE = 300
"""From here on a quotation is folded."""
Block = Text | str


@dataclass(slots=True)
class Draft:
    """A reply being drawn: blocks are paragraphs, joined by line breaks."""

    language: str
    blocks: list[Block] = field(default_factory=list)
    rows: list[tuple[Key, ...]] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)
    originals: list[Shown] = field(default_factory=list)
    thumbs: list[Shown] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    items: int = 0


def draw(reply: Reply, language: str) -> Drawn:
    """How a Reply looks, in "zh" or "en". KeyError for a text that is in no catalogue."""
    draft = Draft(language)
    several = sum(isinstance(part, Item) for part in reply.parts) > 1
    for part in reply.parts:
        _part(draft, part, several)
    keys, links = _keys(reply.buttons, language)
    if reply.copy:
        copying = copy_key(reply.copy, say(Line("telegram.copy"), language))
        if not (copying and any(quote.text in reply.copy for quote in _quotes(reply.parts))):
            draft.blocks.append(Code(cut(reply.copy, LONGEST)))
        keys = [copying, *keys] if copying else keys
    draft.blocks.extend(links)
    rows, away = fitted(tuple(draft.rows), keyboard(keys))
    if away:
        draft.blocks.append(Italic(say(Line("telegram.buttons_more", {"n": away}), language)))
    pages = tuple(_pages(draft.blocks))
    if not pages and (rows or not (draft.pictures or draft.originals or draft.files)):
        pages = (Page("·"),)
    return Drawn(pages, rows, tuple(draft.pictures), tuple(draft.originals), tuple(draft.files), tuple(draft.thumbs))


def _quotes(parts: tuple[Part, ...]) -> Iterator[Quote]:
    """Every quotation, those in items too."""
    for part in parts:
        for one in (part, *(part.lines if isinstance(part, Item) else ())):
            if isinstance(one, Quote):
                yield one


def _part(draft: Draft, part: Part, several: bool) -> None:
    match part:
        case Line():
            draft.blocks.extend(_line(part, draft.language))
        case Quote():
            draft.blocks.extend(_quote(part))
        case Facts():
            draft.blocks.extend(_facts(part, draft.language))
        case Pictures():
            wanted = draft.originals if part.originals else draft.pictures
            wanted.extend(_shown(picture) for picture in part.pictures)
        case Document():
            draft.files.append(File(part.name, part.mime, part.content))
        case Meter():
            draft.blocks.append(_meter(part))
        case Item():
            _item(draft, part, several)
        case _:
            assert_never(part)


def _line(line: Line, language: str) -> Iterator[Block]:
    text = cut(say(line, language).strip(), LONGEST)
    if not text:
        return
    match line.tone:
        case "title":
            yield Bold(text)
        case "fact":
            yield Italic(text)
        case "alert":
            yield Text("⚠️ ", Bold(text))
        case _:
            yield text


def _quote(quote: Quote) -> Iterator[Block]:
    text = cut(quote.text.strip(), LONGEST)
    if text:
        yield ExpandableBlockQuote(text) if units(text) > LONG_QUOTE else BlockQuote(text)


def _facts(facts: Facts, language: str) -> Iterator[Block]:
    for label, value in facts.rows:
        yield Text(Bold(say(label, language) or "·"), "  ", cut(say_value(value, language), LONGEST))


def _meter(meter: Meter) -> str:
    cells = min(10, max(1, meter.total))
    full = round(cells * meter.done / meter.total) if meter.total else 0
    return f"{'▰' * full}{'▱' * (cells - full)} {meter.done}/{meter.total}"


def _item(draft: Draft, item: Item, several: bool) -> None:
    """A row of a list: numbered when there are several, so that its buttons and its thumbnail can be told apart."""
    draft.items += 1
    number = f"{draft.items} · " if several else ""
    blocks: list[Block] = []
    for line in item.lines:
        blocks.extend(_line(line, draft.language) if isinstance(line, Line) else _quote(line))
    if draft.blocks:
        draft.blocks.append("")
    if number and blocks and isinstance(blocks[0], BlockQuote | ExpandableBlockQuote):
        draft.blocks.append(number.rstrip(" ·"))
    elif number and blocks:
        blocks[0] = Text(number, blocks[0])
    draft.blocks.extend(blocks)
    if item.picture:
        draft.thumbs.append(_shown(item.picture))
    keys, links = _keys(item.buttons, draft.language, number)
    draft.blocks.extend(links)
    draft.rows.extend(keyboard(keys))


def _keys(buttons: tuple[Button | LinkButton, ...], language: str, prefix: str = "") -> tuple[list[Key], list[Block]]:
    """Keys, and as text the links Telegram would refuse under a button (an address of this machine)."""
    keys: list[Key] = []
    links: list[Block] = []
    for one in buttons:
        if isinstance(one, LinkButton) and not reachable(one.url):
            links.append(Text(say(one.label, language), ": ", one.url))
        else:
            keys.append(button(one, language, prefix))
    return keys, links


def _shown(picture: Picture) -> Shown:
    return Shown(picture.image, picture.number, picture.width, picture.height)


def _pages(blocks: list[Block]) -> Iterator[Page]:
    """Blocks as messages of at most 4 000 units each, broken between blocks."""
    page: list[Block] = []
    length = 0
    for block in blocks:
        size = len(block) if isinstance(block, Text) else units(block)
        if page and length + size + 1 > TEXT:
            yield _page(page)
            page, length = [], 0
        page.append(block)
        length += size + 1
    if any(len(block) for block in page):
        yield _page(page)


def _page(blocks: list[Block]) -> Page:
    body: list[Any] = []
    for block in blocks:
        body.extend((block, "\n"))
    text, entities = Text(*body[:-1]).render()
    return Page(text.rstrip("\n"), tuple(entity.model_dump(exclude_none=True) for entity in entities))
