"""`/random [scene] [n]`: example lines drawn at random in the reader's language, each painted by one press."""

from collections.abc import Mapping
from functools import cache

from core import examples
from core.commands.asking import Ask, Command, number_of
from core.commands.line.flags import said
from core.commands.line.words import fold
from core.commands.names import spoken
from core.commands.ready import form_of, paint_line, points_of
from core.errors import Refusal
from core.examples import Example
from core.replies import Answer, Button, Item, Quote, Reply
from core.requests import Line
from core.texts import LANGUAGES, say
from core.texts.library import SCENES

MOST = 5


async def random(ask: Ask) -> Answer:
    """1 to 5 examples, of a scene where one is named; `subject` of "another" is `n.ID.SCENE`, the example shown last. Refusal `random.count`."""
    platform = ask.request.place.platform
    wanted, last, scene = (*ask.request.subject.split("."), "", "")[:3]
    many, scene = _read(f"{wanted} {scene}" if wanted else ask.request.text, platform)
    async with ask.tools.house.records.read() as tx:
        found = await examples.drawn(tx, ask.language, many, scene=scene, but=[number_of(last) or 0])
    if not found:
        return Reply((Line("random.none_yet"),), private=True)
    items = tuple([await _item(ask, one) for one in found])
    another = Line("random.button_another" if many == 1 else "random.button_others")
    copy = f"{spoken('paint', platform)} {found[0].line}" if len(found) == 1 else ""
    return Reply(
        (Line("random.title", tone="title"), *items),
        (Button(another, "random", f"{many}.{found[0].id}.{scene}".rstrip(".")),),
        instead=bool(ask.request.subject),
        copy=copy,
    )


def _read(text: str, platform: str) -> tuple[int, str]:
    """`3`, `三个`, `3 个`, `电商`, `shop 3` -> how many, and of which scene ("" any)."""
    many, scene = 1, ""
    for word in fold(text).replace(" 个", "个").split():
        count = number_of(said(word.removesuffix("个"))) or 0
        if word in scenes():
            scene = scenes()[word]
        elif 1 <= count <= MOST:
            many = count
        else:
            known = tuple(Line(f"random.scene_{one}") for one in SCENES)
            raise Refusal("random.count", {"random": spoken("random", platform), "known": known})
    return many, scene


@cache
def scenes() -> Mapping[str, str]:
    """Every name of a scene, in any language."""
    names = {fold(say(Line(f"random.scene_{one}"), language)): one for one in SCENES for language in LANGUAGES}
    return {word: one for name, one in names.items() for word in (name, name.split()[0], one)}


async def _item(ask: Ask, example: Example) -> Item:
    points = await points_of(ask, example.line)
    label = Line("random.button_free") if points is None else Line("random.button_paint", {"points": points})
    paint = Button(label, "example.paint", f"{example.id}.{'' if points is None else points}", "primary")
    edit = Button(Line("random.button_edit"), "example.edit", str(example.id))
    return Item((Line(f"random.scene_{example.scene}", tone="fact"), Quote(example.line)), buttons=(paint, edit))


async def _example(ask: Ask) -> Example:
    number = number_of(ask.request.subject.partition(".")[0])
    async with ask.tools.house.records.read() as tx:
        found = None if number is None else await examples.get(tx, number)
    if found is None or not found.enabled:
        raise Refusal("random.gone", {"random": spoken("random", ask.request.place.platform)})
    return found


async def paint_example(ask: Ask) -> Answer | None:
    """Paint it as it stands, with the asker's points."""
    example = await _example(ask)
    shown = number_of(ask.request.subject.partition(".")[2])
    return await paint_line(ask, example.line, -1 if shown is None else shown)


async def edit_example(ask: Ask) -> Answer:
    """The painting form with it filled in."""
    return await form_of(ask, (await _example(ask)).line)


VERBS: Mapping[str, Command] = {"random": random, "example.paint": paint_example, "example.edit": edit_example}
