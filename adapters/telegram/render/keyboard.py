"""Buttons as an inline keyboard: versioned callback data, rows that fit a phone, links only where Telegram takes them."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from adapters.telegram.render.cut import cut, units
from core.replies import Button, LinkButton
from core.texts import say

VERSION = "1~"
COPY_MOST = 256
"""Units a copy button can hold."""
ROW_WIDTH, ROW_MOST = 36, 8
"""Signs a row of a phone shows (a Chinese one counts twice), and keys it may have."""
LABEL_MOST = 60
KEYS_MOST = 100
"""Keys Telegram takes under one message."""
STYLES = {"primary": "primary", "danger": "danger"}

Key = Mapping[str, Any]
Rows = tuple[tuple[Key, ...], ...]


def button(one: Button | LinkButton, language: str, prefix: str = "") -> Key:
    """One button as the Bot API's object; a Button's data is `1~verb:subject`, at most 62 bytes."""
    label = cut(prefix + say(one.label, language), LABEL_MOST) or "·"
    match one:
        case LinkButton():
            return {"text": label, "url": one.url}
        case Button():
            key = {"text": label, "callback_data": VERSION + one.press}
            return key | {"style": STYLES[one.style]} if one.style in STYLES else key


def keyboard(keys: Iterable[Key]) -> Rows:
    """Keys in rows by the width of their labels; in a row all are as wide as the widest."""
    rows: list[list[Key]] = []
    widest = ROW_WIDTH
    for key in keys:
        width = 2 + sum(2 if ord(sign) > 0x2E80 else 1 for sign in key["text"])
        if not rows or len(rows[-1]) == ROW_MOST or (len(rows[-1]) + 1) * max(widest, width) > ROW_WIDTH:
            rows.append([])
            widest = 0
        rows[-1].append(key)
        widest = max(widest, width)
    return tuple(tuple(row) for row in rows)


def fitted(rows: Rows, last: Rows) -> tuple[Rows, int]:
    """As many whole rows as there is room for above the `last` ones, and how many keys had to stay away."""
    room = KEYS_MOST - sum(map(len, last))
    kept: list[tuple[Key, ...]] = []
    for row in rows:
        if len(row) > room:
            break
        kept.append(row)
        room -= len(row)
    return (*kept, *last), sum(map(len, rows[len(kept) :]))


def copy_key(text: str, label: str) -> Key | None:
    """A button that copies a text; None for one that is too long."""
    return {"text": label, "copy_text": {"text": text}} if 0 < units(text) <= COPY_MOST else None


def reachable(url: str) -> bool:
    """Whether Telegram takes this address under a button: http(s) on a public name or address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "tg":
        return True
    if parts.scheme not in ("http", "https") or "." not in host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return not host.endswith((".local", ".localhost", ".internal"))
