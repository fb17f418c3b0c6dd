"""What each verb is called on each platform: the one place that knows `works` is `/paint-works` in Slack and `/works` elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command as typed on each platform."""

    slack: str
    telegram: str
    page: str


COMMANDS: Mapping[str, Spoken] = {
    "paint": Spoken("/paint", "/paint", "/paint"),
    "random": Spoken("/random", "/random", "/random"),
    "works": Spoken("/paint-works", "/works", "/works"),
    "show": Spoken("/paint-show", "/show", "/show"),
    "cancel": Spoken("/paint-cancel", "/cancel", "/cancel"),
    "points": Spoken("/paint-points", "/points", "/points"),
    "gallery": Spoken("/paint-gallery", "/gallery", "/gallery"),
    "templates": Spoken("/paint-templates", "/templates", "/templates"),
    "defaults": Spoken("/paint defaults", "/defaults", "/defaults"),
    "language": Spoken("/paint language", "/language", "/language"),
    "link": Spoken("/paint link", "/link", "/link"),
    "help": Spoken("/paint help", "/help", "/help"),
    "admin": Spoken("/paint-admin", "/paint_admin", "/paint-admin"),
}
"""Verbs in the order people meet them."""


def spoken(verb: str, platform: str) -> str:
    """`spoken("works", "slack")` -> `/paint-works`; KeyError for a verb that is no command. An unknown platform speaks like the page."""
    command = COMMANDS[verb]
    match platform:
        case "slack":
            return command.slack
        case "telegram":
            return command.telegram
        case _:
            return command.page


ASIDE = {
    "defaults": re.compile(r"(?:none|clear|reset|[-—–－].*)?", re.IGNORECASE | re.DOTALL),
    "language": re.compile(r"(?:zh|en|chinese|english|中文|英文)?", re.IGNORECASE),
    "link": re.compile(r"(?:[A-Za-z0-9]{16,60})?"),
}
"""What may follow the name of a command that is typed after `/paint`; anything else is a prompt: `/paint link to the past`."""


def aside(text: str, platform: str) -> tuple[str, str] | None:
    """(verb, rest) of words after `/paint` that are a command of their own there (`/paint language en` in Slack); None for a prompt."""
    word, _, rest = text.strip().partition(" ")
    verb, rest = word.lower(), rest.strip()
    if verb not in ASIDE or spoken(verb, platform) != f"/paint {verb}" or not ASIDE[verb].fullmatch(rest):
        return None
    return verb, rest
