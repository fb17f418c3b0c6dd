"""Replies, requests and their elements as plain JSON and back, exactly: what the chat's history and the inbox hold."""

import base64
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core import replies, requests

KIND = "$"
"""The key that names what an object was: a class of ours, or `tuple`, `decimal`, `time`, `bytes`."""

OURS = {
    kind.__name__: kind
    for kind in (
        requests.Line,
        requests.Account,
        requests.Place,
        requests.Offered,
        requests.Painted,
        requests.Request,
        replies.Quote,
        replies.Facts,
        replies.Picture,
        replies.Pictures,
        replies.Document,
        replies.Meter,
        replies.Button,
        replies.LinkButton,
        replies.Item,
        replies.Reply,
    )
}


def encode(value: Any) -> Any:
    """A value of the house as JSON; fields that stand at their default are left out. TypeError for anything foreign."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case tuple() | list():
            return [encode(part) for part in value]
        case Decimal():
            return {KIND: "decimal", "is": str(value)}
        case datetime():
            return {KIND: "time", "is": value.isoformat()}
        case bytes():
            return {KIND: "bytes", "is": base64.b64encode(value).decode()}
        case Mapping():
            return {str(key): encode(part) for key, part in value.items()}
        case _ if is_dataclass(value) and type(value).__name__ in OURS:
            return {KIND: type(value).__name__} | {
                one.name: encode(held)
                for one in fields(value)
                if (held := getattr(value, one.name)) != one.default or one.default is MISSING
            }
    raise TypeError(f"the chat's history cannot hold a {type(value).__name__}")


def decode(value: Any) -> Any:
    """What `encode` was given; a list comes back as a tuple. KeyError for a kind of a later version."""
    match value:
        case list() | tuple():
            return tuple(decode(part) for part in value)
        case {"$": "decimal", "is": text}:
            return Decimal(text)
        case {"$": "time", "is": text}:
            return datetime.fromisoformat(text)
        case {"$": "bytes", "is": text}:
            return base64.b64decode(text)
        case {"$": str(kind)}:
            return OURS[kind](**{str(name): decode(part) for name, part in value.items() if name != KIND})
        case Mapping():
            return {key: decode(part) for key, part in value.items()}
        case _:
            return value


def reply_of(body: Mapping[str, Any]) -> replies.Reply:
    """The Reply in a stored message's `reply`."""
    found = decode(body["reply"])
    if not isinstance(found, replies.Reply):
        raise KeyError("reply")
    return found


def request_of(payload: Mapping[str, Any]) -> requests.Request:
    """The Request in an inbox row's `request`."""
    found = decode(payload["request"])
    if not isinstance(found, requests.Request):
        raise KeyError("request")
    return found
