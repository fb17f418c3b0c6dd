"""What an update says, before anything is looked up: the Request as far as the update alone tells it."""

import re
from dataclasses import dataclass, replace

from core.requests import Line, Offered, Reference, Request

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself: its user id and its name without @."""

    id: int
    username: str

    def link(self, payload: str) -> str:
        """The address that opens a private chat with the bot and sends `/start payload`. ValueError beyond 64 of A-Z a-z 0-9 _ -."""
        if not PAYLOAD.fullmatch(payload):
            raise ValueError(f"no deep link carries {payload!r}")
        return f"https://t.me/{self.username}?start={payload}"


@dataclass(frozen=True, slots=True)
class Replied:
    """The message that was replied to: its id, whether it is the bot's, its album, its pictures, what is wrong with them, somebody's words in
    it (those that were quoted, or all), and, once looked up, who asked for our painting.
    """

    message: str
    ours: bool = False
    album: str = ""
    files: tuple[Offered, ...] = ()
    problem: Line | None = None
    words: str = ""
    asker: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: the callback's id, its raw data, and what kind of message it stands under ("text", "caption", "gone": nothing to edit)."""

    id: str
    data: str
    under: str = "text"


@dataclass(frozen=True, slots=True)
class Heard:
    """One update understood. `request.verb` is "" where only words or a picture came; `request.references` are its own pictures.

    `kind`: "command", "words" (meant for us, no command), "part" (of an album, perhaps not for us), "forwarded" (a `/paint` said elsewhere;
    `text` is its prompt), "edited" (a `/paint` as it reads now), "press", "joined" (a group took us in), "moved" (a group became the supergroup `moved`).
    `problem` is the sentence for what cannot be used; `file` any document, for forms.
    """

    kind: str
    key: str
    request: Request
    album: str = ""
    replied: Replied | None = None
    press: Press | None = None
    problem: Line | None = None
    file: Offered | None = None
    moved: int = 0

    @property
    def chat(self) -> int:
        """The chat it was said in."""
        return int(self.request.place.channel)

    @property
    def message(self) -> int:
        """The message that said it, 0 for none."""
        return int(self.request.place.message or 0)

    def with_references(self, references: tuple[Reference, ...], reply_to: str = "") -> "Heard":
        """The same with these references, and a reply to one of our paintings."""
        return replace(
            self, request=replace(self.request, references=references, reply_to=reply_to or self.request.reply_to)
        )

    def asking(self, verb: str, text: str) -> "Heard":
        """The same as a command."""
        return replace(self, kind="command", request=replace(self.request, verb=verb, text=text))
