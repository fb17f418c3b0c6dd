"""What the Bot API refuses, in its own words: lengths in UTF-16 units, entities, keyboards, commands, pictures."""

import io
import re
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

STYLES = {"danger", "success", "primary"}
ENTITIES = {"bold", "italic", "code", "pre", "blockquote", "expandable_blockquote", "text_link"}
KINDS = ("url", "callback_data", "copy_text")
PHOTO_MOST = 10 * 1024 * 1024


class Refuse(Exception):
    """A refusal: status, description, parameters."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refuse:
    return Refuse(400, f"Bad Request: {description}")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def text(said: str, entities: list[dict[str, Any]], most: int, *, empty: bool = False) -> None:
    if len(said.encode()) > 32768:
        raise bad("text is too long")
    if not said.strip() and not empty:
        raise bad("message text is empty")
    if units(said) > most:
        raise bad("message is too long" if most == 4096 else "message caption is too long")
    wide = said.encode("utf-16-le")
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] not in ENTITIES or entity["length"] <= 0 or end > units(said):
            raise bad(f"entity {entity} does not fit the text")
        try:
            part = wide[start * 2 : end * 2].decode("utf-16-le")
        except UnicodeDecodeError as error:
            raise bad("entity cuts a surrogate pair") from error
        if not part.strip():
            raise bad("entity holds white space only")


def keyboard(markup: dict[str, Any]) -> None:
    for key in (key for row in markup["inline_keyboard"] for key in row):
        kinds = [kind for kind in KINDS if kind in key]
        if not key.get("text") or len(kinds) != 1:
            raise bad("inline keyboard button type is invalid")
        if key.get("style") and key["style"] not in STYLES:
            raise bad("button style is invalid")
        if kinds == ["callback_data"] and not 1 <= len(key["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
        if kinds == ["copy_text"] and not 1 <= units(key["copy_text"]["text"]) <= 256:
            raise bad("BUTTON_COPY_TEXT_INVALID")
        if kinds == ["url"] and "." not in (urlsplit(key["url"]).hostname or ""):
            raise bad("inline keyboard button URL is invalid: Wrong HTTP URL")


def commands(found: list[dict[str, str]]) -> None:
    if len(found) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in found:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def photo(data: bytes) -> tuple[int, int]:
    if len(data) > PHOTO_MOST:
        raise bad(f"file of size {len(data)} bytes is too big for a photo; the maximum size is {PHOTO_MOST} bytes")
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
    except OSError as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    if width + height > 10000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height
