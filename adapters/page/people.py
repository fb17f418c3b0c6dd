"""Who and what stands in the left column: the page's own members, its channels, and the sections beside them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from core.requests import Account, Line, Place

PLATFORM = "page"
BOT = "paintbot"
COLOURS = ("#0369a1", "#7c3aed", "#0f766e", "#be185d", "#a16207", "#4f46e5")
"""White letters can be read on each of them (WCAG AA, 4.5 to 1)."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member the page can name: their account, name and the colour of their face."""

    account: Account
    name: Line
    colour: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel all members of the page share."""

    id: str
    label: Line


@dataclass(frozen=True, slots=True)
class Section:
    """A view beside the chat: what the desk is asked for it, and where it stands (`mine` or `admin`)."""

    id: str
    label: Line
    verb: str
    text: str = ""
    icon: str = ""


PEOPLE = (
    Person(Account(PLATFORM, "", "xiaolin"), Line("page.xiaolin"), "#7c3aed"),
    Person(Account(PLATFORM, "", "zhouzhou"), Line("page.zhouzhou"), "#0369a1"),
    Person(Account(PLATFORM, "", "admin"), Line("page.admin"), "#0f766e"),
)
CHANNELS = (Channel("spring", Line("page.channel_spring")), Channel("articles", Line("page.channel_articles")))
MINE = (
    Section("works", Line("page.works"), "works", icon="o_photo_library"),
    Section("gallery", Line("page.gallery"), "gallery", icon="o_auto_awesome"),
    Section("templates", Line("page.templates"), "templates", icon="o_bookmark_border"),
    Section("defaults", Line("page.defaults"), "defaults", icon="o_tune"),
)
ADMIN = tuple(
    Section(f"admin-{name}", Line(f"page.admin_{name}"), "admin", name, icon)
    for name, icon in (
        ("status", "o_monitor_heart"),
        ("records", "o_receipt_long"),
        ("keys", "o_key"),
        ("prices", "o_sell"),
        ("points", "o_toll"),
        ("budgets", "o_savings"),
        ("gallery", "o_auto_awesome"),
        ("examples", "o_lightbulb"),
        ("templates", "o_bookmark_border"),
        ("team", "o_groups"),
        ("access", "o_lock_open"),
        ("audit", "o_history"),
        ("pause", "o_pause_circle"),
    )
)
SECTIONS = {section.id: section for section in (*MINE, *ADMIN)}


def direct(account: str) -> str:
    """The channel in which one account alone talks with the bot."""
    return f"dm:{account}"


def may_read(channel: str, account: str) -> bool:
    """Whether this account may open the channel."""
    return not channel.startswith("dm:") or channel == direct(account)


def place_in(channel: str, *, thread: int = 0, message: int = 0) -> Place:
    """A place of the page; message ids are the chat history's."""
    return Place(
        PLATFORM,
        "",
        channel,
        str(thread) if thread else "",
        str(message) if message else "",
        private=channel.startswith("dm:"),
    )


def colour_of(account: str, people: Sequence[Person]) -> str:
    """A person's own colour, or one that stays the same for an account the page does not know."""
    known = next((person.colour for person in people if str(person.account) == account), None)
    return known or COLOURS[zlib.crc32(account.encode()) % len(COLOURS)]
