"""What each verb is called on each platform: the one place that knows `works` is `/paint-works` in Slack and `/works` elsewhere."""

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
