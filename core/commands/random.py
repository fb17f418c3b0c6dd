"""`/random [n]`: example lines drawn at random in the reader's language, each painted by one press."""

from collections.abc import Mapping

from core import examples
from core.commands.asking import Ask, Command
from core.commands.line.words import fold
from core.commands.names import spoken
from core.commands.ready import form_of, paint_line, points_of
from core.errors import Refusal
from core.examples import Example
from core.replies import Answer, Button, Item, Quote, Reply
from core.requests import Line

MOST = 5


async def random(ask: Ask) -> Answer:
    """1 to 5 examples; `subject` of "another" is `n.ID`, the example shown last. Refusal `random.count`."""
    platform = ask.request.place.platform
    wanted, _, last = ask.request.subject.partition(".")
    many = _count(wanted or ask.request.text, platform)
    async with ask.tools.house.records.read() as tx:
        found = await examples.drawn(tx, ask.language, many, but=[int(last)] if last.isdecimal() else ())
    if not found:
        return Reply((Line("random.none_yet"),), private=True)
    items = tuple([await _item(ask, one) for one in found])
    another = Line("random.button_another" if many == 1 else "random.button_others")
    copy = f"{spoken('paint', platform)} {found[0].line}" if len(found) == 1 else ""
    return Reply(
        (Line("random.title", tone="title"), *items),
        (Button(another, "random", f"{many}.{found[0].id}"),),
        instead=bool(ask.request.subject),
        copy=copy,
    )


def _count(text: str, platform: str) -> int:
    clean = fold(text).strip().removesuffix("个").strip()
    if not clean:
        return 1
    if not clean.isdecimal() or not 1 <= int(clean) <= MOST:
        raise Refusal("random.count", {"random": spoken("random", platform)})
    return int(clean)


async def _item(ask: Ask, example: Example) -> Item:
    points = await points_of(ask, example.line)
    label = Line("random.button_free") if points is None else Line("random.button_paint", {"points": points})
    paint = Button(label, "example.paint", f"{example.id}.{'' if points is None else points}", "primary")
    edit = Button(Line("random.button_edit"), "example.edit", str(example.id))
    return Item((Line(f"random.scene_{example.scene}", tone="fact"), Quote(example.line)), buttons=(paint, edit))


async def _example(ask: Ask) -> Example:
    number = ask.request.subject.partition(".")[0]
    async with ask.tools.house.records.read() as tx:
        found = await examples.get(tx, int(number)) if number.isdecimal() else None
    if found is None or not found.enabled:
        raise Refusal("random.gone", {"random": spoken("random", ask.request.place.platform)})
    return found


async def paint_example(ask: Ask) -> Answer | None:
    """Paint it as it stands, with the asker's points."""
    example = await _example(ask)
    shown = ask.request.subject.partition(".")[2]
    return await paint_line(ask, example.line, int(shown) if shown.isdecimal() else -1)


async def edit_example(ask: Ask) -> Answer:
    """The painting form with it filled in."""
    return await form_of(ask, (await _example(ask)).line)


VERBS: Mapping[str, Command] = {"random": random, "example.paint": paint_example, "example.edit": edit_example}
