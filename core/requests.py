"""What is asked: who, where, which verb, with which words and references. Pure data, no platform's types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence not yet in a language: a key of `core/texts` with the values that fill it.

    `tone` says what the sentence is: "" plain, "title", "fact" (soft), "money" (what it cost or what came back), "alert".
    """

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict)
    tone: str = ""


Value = str | int | float | Decimal | datetime | Line | tuple["Value", ...]
"""What may fill a text: numbers and times are formatted for the reader, a Line is said in the reader's language, a tuple is said joined by ' · '."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person's face on one platform, written `slack:TEAM/USER`, `telegram:ID` or `page:NAME`."""

    platform: str
    workspace: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.workspace}/{self.id}" if self.workspace else f"{self.platform}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Account":
        """`slack:T1/U1` -> Account; ValueError when a part is missing."""
        platform, colon, rest = text.strip().partition(":")
        workspace, _, person = rest.rpartition("/")
        if not (platform and colon and person):
            raise ValueError(text)
        return cls(platform, workspace, person)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said. `thread` is the platform's thread id (Slack ts, Telegram topic), `message` the message asked in.

    `private` is true where only the asker reads (a DM, a private chat). `hook` is a short-lived way to answer where the bot is no member (Slack response_url).
    """

    platform: str
    workspace: str
    channel: str
    thread: str = ""
    message: str = ""
    private: bool = False
    hook: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A picture a member offers as a reference: `handle` is what the platform's `fetch` takes; size in bytes, 0 when unknown."""

    handle: str
    name: str = ""
    mime: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Painted:
    """A reference that is one of our own pictures: picture `number` (1-4) of a generation; 0 takes the adopted or first one."""

    generation: str
    number: int = 0


Reference = Offered | Painted


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked by one account.

    `verb` is a command's or button's name ("paint", "again", "admin.prices"), `text` what was typed after it, `subject` what a button is about
    ("K7Q2", "K7Q2.3"), `values` a submitted form's fields by name (files: tuple of Offered under their name). `event_key` is unique per platform event:
    asking twice with one key is asking once. `language` is "zh" or "en", the platform's guess. `reply_to` is the generation the member replied to, if any.
    """

    account: Account
    place: Place
    verb: str
    text: str = ""
    subject: str = ""
    references: tuple[Reference, ...] = ()
    values: Mapping[str, "FieldValue"] = field(default_factory=dict)
    event_key: str = ""
    language: str = "zh"
    name: str = ""
    reply_to: str = ""


FieldValue = str | int | float | bool | None | tuple[str, ...] | tuple[Offered, ...]
