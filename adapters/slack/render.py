"""A Reply drawn as Block Kit, in the reader's language: pure, within Slack's limits, every element of the house."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from adapters.slack.blocks import (
    MOST_BLOCKS,
    MOST_WEIGHT,
    TEXT,
    TITLE,
    Block,
    cut,
    header,
    merged,
    pieces,
    plain,
    section,
    soft,
    units_of,
    weight_of,
)
from core.replies import Button, Document, Facts, Item, LinkButton, Meter, Part, Picture, Pictures, Quote, Reply
from core.requests import Line
from core.texts import say, say_value

BUTTON = 75
ALT = 2000
ACTIONS = 25
METER = 10
FALLBACK = 300
ABOUT = "about"
"""How the ids of blocks begin that are a row of a list; then the painting."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message as Slack takes it: blocks, and the text of notifications and old clients."""

    text: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Needed:
    """A picture the drawing needs an upload of: its image id, "preview" or "thumb", the alt sentence."""

    image: str
    size: str
    alt: Line


def draw(
    reply: Reply, language: str, uploads: Mapping[tuple[str, str], str] | None = None, most: int = MOST_BLOCKS
) -> Drawn:
    """The reply as blocks. `uploads` gives Slack's file id by (image, size); a picture without one is said in words."""
    tail = ([_preformatted(reply.copy)] if reply.copy else []) + actions(reply.buttons, language)
    groups = [draw_part(part, language, uploads or {}) for part in reply.parts]
    blocks = number_actions(merged(_fitted(groups, tail, most, language)) + tail)
    return Drawn(_fallback(reply, language), blocks)


def pictures_of(reply: Reply) -> list[Needed]:
    """Which uploads a reply needs before it can be drawn in full."""
    needed: list[Needed] = []
    for part in reply.parts:
        if isinstance(part, Pictures) and not part.originals:
            needed += [Needed(one.image, "preview", one.alt) for one in part.pictures]
        elif isinstance(part, Item) and part.picture is not None:
            needed.append(Needed(part.picture.image, "thumb", part.picture.alt))
    return needed


def originals_of(reply: Reply) -> list[Picture]:
    """Pictures to hand over as files, bytes kept."""
    return [one for part in reply.parts if isinstance(part, Pictures) and part.originals for one in part.pictures]


def documents_of(reply: Reply) -> list[Document]:
    """Documents to hand over as files."""
    return [part for part in reply.parts if isinstance(part, Document)]


def draw_part(part: Part, language: str, uploads: Mapping[tuple[str, str], str]) -> list[Block]:
    """One element as blocks."""
    match part:
        case Line():
            return _line(part, language)
        case Quote():
            return [_rich("rich_text_quote", piece) for piece in pieces(part.text, TEXT)]
        case Facts():
            return _facts(part, language)
        case Pictures():
            return _pictures(part, language, uploads)
        case Document():
            return [soft(say(Line("slack.file_below", {"name": part.name}), language))]
        case Meter():
            return [soft(_meter(part))]
        case Item():
            return _item(part, language, uploads)
        case _:
            assert_never(part)


def actions(buttons: Sequence[Button | LinkButton], language: str) -> list[Block]:
    """Buttons in as many rows of 25 as they need."""
    rows = [buttons[start : start + ACTIONS] for start in range(0, len(buttons), ACTIONS)]
    return [{"type": "actions", "elements": [_button(one, language) for one in row]} for row in rows]


def number_actions(blocks: list[Block]) -> list[Block]:
    """Action ids must differ within a message, and so must the ids of blocks about a painting: each gets its number."""
    number = 0
    for at, block in enumerate(blocks):
        if about := block.pop("about", ""):
            block["block_id"] = f"{ABOUT}.{about}.{at}"
        if block["type"] == "actions":
            for element in block["elements"]:
                number += 1
                element["action_id"] = f"{element['action_id']}.{number}"
    return blocks


def struck(blocks: Sequence[Block], about: str, words: str) -> list[Block] | None:
    """A list read back from Slack, `words` in place of its row about this painting; None where it has none."""
    row = [str(block.get("block_id", "")).startswith(f"{ABOUT}.{about}.") for block in blocks]
    if not any(row):
        return None
    first = row.index(True)
    before, after = blocks[:first], [block for block, of_it in zip(blocks, row, strict=True) if not of_it][first:]
    return [*map(_as_sent, before), soft(words), *map(_as_sent, after)]


def _as_sent(block: Block) -> Block:
    """Slack tells of a thumbnail what it does not take: its size, its address."""
    shown = block.get("accessory")
    if not shown or "slack_file" not in shown:
        return block
    plainly = {name: shown[name] for name in ("type", "alt_text") if name in shown}
    return {**block, "accessory": {**plainly, "slack_file": {"id": shown["slack_file"]["id"]}}}


def escaped(text: str) -> str:
    """For the one text of ours that Slack interprets, the fallback."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _line(line: Line, language: str) -> list[Block]:
    text = say(line, language)
    match line.tone:
        case "title" if units_of(text) <= TITLE:
            return [header(text)]
        case "fact" | "money":
            return [soft(piece) for piece in pieces(text, TEXT)]
        case "alert":
            return [section(piece) for piece in pieces(f"⚠️ {text}", TEXT)]
        case _:
            return [section(piece) for piece in pieces(text, TEXT)]


def _rich(kind: str, text: str) -> Block:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": [{"type": "text", "text": text or "–"}]}]}


def _preformatted(text: str) -> Block:
    return _rich("rich_text_preformatted", cut(text, TEXT))


def _facts(facts: Facts, language: str) -> list[Block]:
    blocks: list[Block] = []
    elements: list[Block] = []
    room = TEXT
    for label, value in facts.rows:
        name, said = cut(say(label, language), 200), cut(say_value(value, language), TEXT - 300) or "–"
        if elements and units_of(name) + units_of(said) > room:
            blocks.append(_section_of(elements))
            elements, room = [], TEXT
        room -= units_of(name) + units_of(said) + 4
        elements += [
            {"type": "text", "text": f"{name}  ", "style": {"bold": True}},
            {"type": "text", "text": f"{said}\n"},
        ]
    return [*blocks, _section_of(elements)] if elements else blocks


def _section_of(elements: list[Block]) -> Block:
    last = elements[-1]
    closed = [*elements[:-1], {**last, "text": last["text"].rstrip("\n") or "–"}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": closed}]}


def _pictures(part: Pictures, language: str, uploads: Mapping[tuple[str, str], str]) -> list[Block]:
    if part.originals:
        return [soft(say(Line("slack.originals_below", {"n": len(part.pictures)}), language))]
    blocks: list[Block] = []
    for one in part.pictures:
        file, alt = uploads.get((one.image, "preview")), cut(say(one.alt, language), ALT)
        if file is None:
            blocks.append(soft(alt))
            continue
        block: Block = {"type": "image", "slack_file": {"id": file}, "alt_text": alt or "–"}
        if one.number and len(part.pictures) > 1:
            block["title"] = plain(str(one.number))
        blocks.append(block)
    return blocks


def _meter(meter: Meter) -> str:
    total = max(meter.total, 1)
    done = min(max(meter.done, 0), total)
    full = METER * done // total
    return f"{'▓' * full}{'░' * (METER - full)}  {done}/{meter.total}"


def _item(item: Item, language: str, uploads: Mapping[tuple[str, str], str]) -> list[Block]:
    said = [one.text if isinstance(one, Quote) else say(one, language) for one in item.lines]
    picture = item.picture
    file = uploads.get((picture.image, "thumb")) if picture is not None else None
    if picture is not None and file is None:
        said.append(say(picture.alt, language))
    block = section("\n".join(one for one in said if one))
    if picture is not None and file is not None:
        block["accessory"] = {
            "type": "image",
            "slack_file": {"id": file},
            "alt_text": cut(say(picture.alt, language), ALT) or "–",
        }
    row = [{**block, "alone": True}, *actions(item.buttons, language)]
    return [{**one, "about": item.about} for one in row] if item.about else row


def _button(button: Button | LinkButton, language: str) -> Block:
    label = plain(say(button.label, language), BUTTON)
    if isinstance(button, LinkButton):
        return {"type": "button", "action_id": "link", "text": label, "url": button.url}
    drawn: Block = {"type": "button", "action_id": "press", "text": label, "value": button.press}
    return drawn if button.style == "plain" else {**drawn, "style": button.style}


def _fitted(groups: Sequence[Sequence[Block]], tail: Sequence[Block], most: int, language: str) -> list[Block]:
    """As many whole parts as there is room for; how many more there are is said in words."""
    every = [block for group in groups for block in group]
    heaviest = MOST_WEIGHT - weight_of(tail) if most <= MOST_BLOCKS else sum(map(weight_of, groups))
    if len(every) + len(tail) <= most and weight_of(every) <= heaviest:
        return every
    more = soft(say(Line("slack.more", {"n": len(groups)}), language))
    room, heaviest = most - len(tail) - 1, heaviest - weight_of([more])
    kept: list[Block] = []
    for number, group in enumerate(groups):
        if len(kept) + len(group) > room or weight_of([*kept, *group]) > heaviest:
            return [*kept, soft(say(Line("slack.more", {"n": len(groups) - number}), language))]
        kept += group
    return kept


def _fallback(reply: Reply, language: str) -> str:
    said = [say(part, language) for part in reply.parts if isinstance(part, Line)]
    if not said:
        said = [
            say(one, language)
            for part in reply.parts
            if isinstance(part, Item)
            for one in part.lines
            if isinstance(one, Line)
        ]
    return escaped(cut("\n".join(said) or say(Line("slack.title"), language), FALLBACK))
