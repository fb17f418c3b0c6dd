"""Slack's blocks, made of plain text, and what fits into one message: pure."""

from collections.abc import Iterable, Iterator
from typing import Any

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_IN_VIEW = 100
TEXT = 3000
TITLE = 150

MOST_WEIGHT = 11_000
"""What one message may weigh. Slack tells no number: all its text, and about 100 for each block, were taken below 13 200 (msg_blocks_too_long)."""

BLOCK_WEIGHT = 100
SHORT = 150
"""Characters left of each text in a message Slack found too long all the same."""


def plain(text: str, most: int = TEXT) -> Block:
    """A plain_text object: nothing in it is interpreted."""
    return {"type": "plain_text", "text": cut(text, most) or "–", "emoji": False}


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": plain(text)}


def soft(text: str) -> Block:
    """A line in small grey."""
    return {"type": "context", "elements": [plain(text)]}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, TITLE)}


def units_of(text: str) -> int:
    """Length as Slack's servers may count it: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """The text, at most `most` units long, with an ellipsis where it was cut."""
    if units_of(text) <= most:
        return text
    kept = text[: most - 1]
    while units_of(kept) > most - 1:
        kept = kept[: len(kept) - max(1, (units_of(kept) - most + 1) // 2)]
    return kept + "…"


def pieces(text: str, most: int) -> list[str]:
    """The whole text in pieces of at most `most` units."""
    step = most if text.isascii() else most // 2
    return [text[start : start + step] for start in range(0, len(text), step)] or ["–"]


def merged(blocks: Iterable[Block]) -> list[Block]:
    """Neighbouring plain paragraphs, and neighbouring grey lines, stand in one block each."""
    merged: list[Block] = []
    for block in blocks:
        alone = block.pop("alone", False)
        before = merged[-1] if merged and not alone else None
        joined = _joined(before, block) if before is not None else None
        if joined is not None:
            merged[-1] = joined
        else:
            merged.append({**block, "alone": True} if alone else block)
    for block in merged:
        block.pop("alone", None)
    return merged


def _joined(before: Block, block: Block) -> Block | None:
    if before.get("alone") or before["type"] != block["type"]:
        return None
    if block["type"] == "section":
        text = f"{before['text']['text']}\n{block['text']['text']}"
        return section(text) if units_of(text) <= TEXT else None
    if block["type"] == "context":
        text = f"{before['elements'][0]['text']}\n{block['elements'][0]['text']}"
        return soft(text) if units_of(text) <= TEXT else None
    return None


def weight_of(blocks: Iterable[Block]) -> int:
    """What blocks weigh in a message; see MOST_WEIGHT."""
    return sum(BLOCK_WEIGHT + sum(units_of(text) for text in _texts(block)) for block in blocks)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and name in ("text", "alt_text"):
                yield inner
            else:
                yield from _texts(inner)


def shortened(value: Any) -> Any:
    """The same blocks, every text in them cut short."""
    if isinstance(value, list):
        return [shortened(one) for one in value]
    if not isinstance(value, dict):
        return value
    cuts = {name: cut(inner, SHORT) for name, inner in value.items() if name == "text" and isinstance(inner, str)}
    return {name: cuts.get(name) or shortened(inner) for name, inner in value.items()}
