"""What the Bot API refuses, in its own words: lengths in UTF-16 units, entities, keyboards, commands, pictures, webhooks."""

import io
import re
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

STYLES = {"danger", "success", "primary"}
ENTITIES = {"bold", "italic", "code", "pre", "blockquote", "expandable_blockquote", "text_link"}
KINDS = ("url", "callback_data", "copy_text")
PHOTO_MOST, FILE_MOST = 10 * 1024 * 1024, 50 * 1024 * 1024
ENTITIES_MOST, KEYS_MOST, ROW_MOST = 100, 100, 8
TEXT, CAPTION, TOAST = 4096, 1024, 200
REACTIONS = set(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)
"""Emoji a bot may react with."""
ACTIONS = {"typing", "upload_photo", "upload_document"}
WEBHOOK_PORTS = {None, 443, 80, 88, 8443}


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


def text(params: dict[str, Any], name: str = "text", *, editing: bool = False) -> dict[str, Any]:
    """The words of a call, `text` or `caption`, with their entities, as the message then holds them."""
    said, entities = params.get(name) or "", params.get("entities" if name == "text" else "caption_entities") or []
    if "parse_mode" in params:
        raise bad("no parse mode is parsed here")
    if len(said.encode()) > 32768:
        raise bad("text is too long")
    if not said.strip() and name == "text":
        raise bad("message text is empty")
    if name == "text" and units(said) > TEXT:
        raise bad("MESSAGE_TOO_LONG" if editing else "message is too long")
    if name == "caption" and units(said) > CAPTION:
        raise bad("MEDIA_CAPTION_TOO_LONG" if editing else "message caption is too long")
    _entities(said, entities)
    return {name: said, "entities" if name == "text" else "caption_entities": entities} if said else {}


def _entities(said: str, entities: list[dict[str, Any]]) -> None:
    wide = said.encode("utf-16-le")
    if len(entities) > ENTITIES_MOST:
        raise bad("more entities than a message keeps")
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] not in ENTITIES or start < 0 or entity["length"] <= 0 or end > units(said):
            raise bad(f"entity {entity} does not fit the text")
        try:
            part = wide[start * 2 : end * 2].decode("utf-16-le")
        except UnicodeDecodeError as error:
            raise bad("entity cuts a surrogate pair") from error
        if not part.strip():
            raise bad("entity holds white space only")


def keyboard(markup: dict[str, Any]) -> None:
    rows = markup["inline_keyboard"]
    if sum(map(len, rows)) > KEYS_MOST or any(len(row) > ROW_MOST for row in rows):
        raise bad("reply markup is too long")
    for key in (key for row in rows for key in row):
        kinds = [kind for kind in KINDS if kind in key]
        if not str(key.get("text", "")).strip() or len(kinds) != 1:
            raise bad("inline keyboard button type is invalid")
        if key.get("style") and key["style"] not in STYLES:
            raise bad("button style is invalid")
        if kinds == ["callback_data"] and not 1 <= len(key["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
        if kinds == ["copy_text"] and not 1 <= units(key["copy_text"]["text"]) <= 256:
            raise bad("BUTTON_COPY_TEXT_INVALID")
        if kinds == ["url"]:
            link(key["url"], "inline keyboard button URL is invalid: Wrong HTTP URL")


def link(url: str, refusal: str) -> None:
    """An address on a public name; a deep link's payload is 64 of A-Z a-z 0-9 _ - at most."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        raise bad(refusal)
    if parts.hostname == "t.me" and not re.fullmatch(r"(start=[A-Za-z0-9_-]{1,64})?", parts.query):
        raise bad(refusal)


def toast(params: dict[str, Any]) -> None:
    """The answer to a press."""
    if units(params.get("text", "")) > TOAST:
        raise bad("MESSAGE_TOO_LONG")
    if url := params.get("url"):
        if not url.startswith("https://t.me/paint_bot?start="):
            raise bad("URL_INVALID")
        link(url, "URL_INVALID")


def webhook(params: dict[str, Any]) -> None:
    parts = urlsplit(params["url"])
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in WEBHOOK_PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", params.get("secret_token", "")):
        raise bad("secret token contains unallowed characters")


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
