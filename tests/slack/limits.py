"""Slack's published limits and slack_sdk's own models, held against every payload the bot makes."""

import json
import re
from typing import Any

from slack_sdk.models.blocks import Block

SURFACE = {"message": 50, "modal": 100, "home": 100}
KNOWN = {
    "section": {"text", "fields", "accessory"},
    "header": {"text"},
    "context": {"elements"},
    "divider": set(),
    "actions": {"elements"},
    "image": {"slack_file", "alt_text", "title"},
    "rich_text": {"elements"},
    "input": {"label", "element", "optional", "hint", "dispatch_action"},
}
ONLY_IN_VIEWS = {"input"}
TEXT_MOST = {"header": 150, "section": 3000}
ELEMENTS_MOST = {"actions": 25, "context": 10}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_text(text: dict[str, Any], most: int) -> None:
    assert text["type"] in ("plain_text", "mrkdwn")
    assert 1 <= units(text["text"]) <= most, (units(text["text"]), most)


def check_blocks(blocks: list[dict[str, Any]], surface: str) -> None:
    """AssertionError or slack_sdk's own error when Slack would answer invalid_blocks."""
    assert 1 <= len(blocks) <= SURFACE[surface], len(blocks)
    ids = [one["block_id"] for one in blocks if "block_id" in one]
    assert len(ids) == len(set(ids)) and all(1 <= len(one) <= 255 for one in ids)
    for block in blocks:
        kind = block["type"]
        assert set(block) - {"type", "block_id"} <= KNOWN[kind], block
        assert surface != "message" or kind not in ONLY_IN_VIEWS
        if "text" in block:
            check_text(block["text"], TEXT_MOST[kind])
        elements = block.get("elements", [])
        if kind in ELEMENTS_MOST:
            assert 1 <= len(elements) <= ELEMENTS_MOST[kind]
        if kind == "actions":
            actions = [one["action_id"] for one in elements]
            assert len(actions) == len(set(actions))
            for one in elements:
                check_button(one)
        if kind == "context":
            for one in elements:
                check_text(one, 3000)
        if kind == "rich_text":
            check_rich(elements)
        if kind == "image":
            check_image(block)
            check_text(block.get("title", {"type": "plain_text", "text": "x"}), 2000)
        if kind == "section" and "accessory" in block:
            check_image(block["accessory"])
        if kind == "input":
            check_input(block)
        parsed = Block.parse(json.loads(json.dumps(block)))
        assert parsed is not None, block
        parsed.to_dict()


def check_button(one: dict[str, Any]) -> None:
    check_text(one["text"], 75)
    assert 1 <= len(one["action_id"]) <= 255 and len(one.get("value", "")) <= 2000 and len(one.get("url", "")) <= 3000
    assert one.get("style") in (None, "primary", "danger")


def check_image(one: dict[str, Any]) -> None:
    assert set(one) <= {"type", "block_id", "slack_file", "alt_text", "title"} and set(one["slack_file"]) == {"id"}, one
    assert re.fullmatch(r"F[A-Z0-9]{8,}", one["slack_file"]["id"])
    assert 1 <= units(one["alt_text"]) <= 2000


def check_rich(elements: list[dict[str, Any]]) -> None:
    assert elements
    for element in elements:
        assert element["type"] in ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
        texts = [one["text"] for one in element["elements"]]
        assert all(texts) and sum(map(units, texts)) <= 4000


def check_input(block: dict[str, Any]) -> None:
    check_text(block["label"], 2000)
    element = block["element"]
    if "hint" in block:
        check_text(block["hint"], 2000)
    match element["type"]:
        case "plain_text_input":
            assert 1 <= element["max_length"] <= 3000
            assert units(element.get("initial_value", "x")) <= element["max_length"]
        case "number_input":
            assert int(element["min_value"]) <= int(element.get("initial_value", element["min_value"]))
            assert int(element.get("initial_value", element["max_value"])) <= int(element["max_value"])
        case "static_select" | "multi_static_select":
            assert 1 <= len(element["options"]) <= 100
            for one in element["options"]:
                check_text(one["text"], 75)
                assert 1 <= len(one["value"]) <= 150
            initial = element.get("initial_options") or [element.get("initial_option", element["options"][0])]
            assert all(one in element["options"] for one in initial)
        case "file_input":
            assert 1 <= element["max_files"] <= 10
        case other:
            raise AssertionError(other)


def check_view(view: dict[str, Any]) -> None:
    assert view["type"] in ("modal", "home") and len(json.dumps(view).encode()) < 250_000
    assert len(view.get("private_metadata", "")) <= 3000
    known = {"type", "callback_id", "private_metadata", "blocks", "title", "submit", "close"}
    assert set(view) <= known, set(view) - known
    if view["type"] == "modal":
        for part in ("title", "submit", "close"):
            if part in view:
                check_text(view[part], 24)
        assert "title" in view
        assert "submit" in view or not any(block["type"] == "input" for block in view["blocks"])
    check_blocks(view["blocks"], view["type"])


def check_message(body: dict[str, Any], most_text: int) -> None:
    assert body.get("text"), "a message with blocks needs a text for notifications"
    assert units(body["text"]) <= most_text
    check_blocks(body["blocks"], "message")
    assert weight(body["blocks"]) < 13_200, "msg_blocks_too_long"


def weight(value: Any) -> int:
    """As bots have measured Slack's own count of blocks: all text, and about 100 for each block (an object with a type)."""
    if isinstance(value, list):
        return sum(map(weight, value)) + 100 * sum(one["type"] in KNOWN for one in value)
    if not isinstance(value, dict):
        return 0
    own = sum(units(inner) for name, inner in value.items() if name in ("text", "alt_text") and isinstance(inner, str))
    return own + sum(map(weight, value.values()))
