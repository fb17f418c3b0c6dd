"""What core asks of a platform, what a platform asks of core, and what it may keep: protocols, implemented elsewhere."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.replies.elements import Reply
from core.replies.forms import Answer
from core.requests import Line, Offered, Place, Request


@dataclass(frozen=True, slots=True)
class Posted:
    """What a platform remembers of a message it posted under a slot: where, and the platform's message ids in order."""

    slot: str
    channel: str
    thread: str
    messages: tuple[str, ...]
    fingerprint: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


class Messenger(Protocol):
    """A platform's outgoing side, as core knows it. Raises `Undeliverable` (never) and `DeliveryTrouble` (not now)."""

    platform: str

    async def show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        """Make the message of this slot (`K7Q2/receipt`, `K7Q2/result`) look like `reply`: posted once, edited ever after, skipped when nothing changed.

        `account` is the asker. Slots ending in `/receipt` stand where it was asked (`place`); `/result` and others go into the painting's thread
        (Slack: under the receipt; Telegram: as replies to the asker's message). `reply.private` is posted where the asker alone reads (DM, private chat).
        """
        ...

    async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
        """Say something to one account alone (ephemeral, DM, private chat); with `once`, at most once under that key.

        Keys `GENERATION/...` say what it is about: `hide` takes it away with the painting, where the platform lets it.
        """
        ...

    async def hide(self, generation: str) -> bool:
        """Delete every message posted under slots of this generation, and what was told under such keys; True when the platform let us delete all of them."""
        ...

    async def fetch(self, offered: Offered, most: int) -> bytes:
        """The bytes of an offered file, at most `most` bytes; `Refusal` when it is too large, not readable or gone."""
        ...


class Door(Protocol):
    """The desk, as adapters know it."""

    async def answer(self, request: Request) -> Answer | None:
        """What is said to this request; None when a painting was accepted (the announcer speaks in its thread). Never raises: errors come back as words."""
        ...

    async def admins(self, platform: str) -> Sequence[str]:
        """Accounts of this platform that may use `admin`."""
        ...

    async def turned_away(self, account: str) -> tuple[Line, str] | None:
        """What somebody who was turned away is told in place of everything, and the language they chose ("" for none); None for everybody else."""
        ...


class ImageSource(Protocol):
    """Where adapters get the bytes of a Picture."""

    async def preview(self, image: str) -> tuple[bytes, str]:
        """JPEG (or PNG) of at most 2 560 px and its mime type."""
        ...

    async def thumb(self, image: str) -> tuple[bytes, str]:
        """A small JPEG of at most 512 px and its mime type."""
        ...

    async def original(self, image: str) -> tuple[bytes, str, str]:
        """The stored bytes, their mime type, and a file name."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat whose history we keep ourselves (the page).

    `body` is the adapter's own JSON; `thread` is the id of the message it hangs under, 0 for none.
    """

    id: int
    channel: str
    thread: int
    author: str
    body: Mapping[str, Any]
    at: datetime


class ChatStore(Protocol):
    """The message history of a platform that has none of its own."""

    async def add(self, channel: str, thread: int, author: str, body: Mapping[str, Any]) -> int:
        """Store a message, give its id."""
        ...

    async def change(self, message: int, body: Mapping[str, Any]) -> None:
        """Replace a message's body."""
        ...

    async def remove(self, message: int) -> None:
        """Delete a message and what hangs under it."""
        ...

    async def history(self, channel: str, thread: int, before: int = 0, most: int = 50) -> Sequence[Said]:
        """The newest messages of a channel (or of a thread), oldest first; `before` an id pages back."""
        ...

    async def replies(self, messages: Sequence[int]) -> Mapping[int, int]:
        """How many messages hang under each of these."""
        ...


class PlatformStore(Protocol):
    """What an adapter keeps in the database: its inbox, its posted messages, small notes, and locks."""

    async def receive(self, event_key: str, payload: Mapping[str, Any]) -> bool:
        """One committed inbox row; False when this event was received before."""
        ...

    async def unfinished(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Inbox rows received and not finished, oldest first (replayed at start)."""
        ...

    async def finish(self, event_key: str, kept: Mapping[str, Any] | None = None) -> None:
        """This event has been answered; of what was said in it only `kept` stays."""
        ...

    async def received(self, event_key: str) -> Mapping[str, Any] | None:
        """What an event said; once it has been answered, what was kept of it. None for one that never came."""
        ...

    async def expire(self, seconds: float) -> int:
        """Finish events received longer ago than this, unanswered; how many there were."""
        ...

    async def posted(self, slot: str) -> Posted | None:
        """What was posted under a slot, or None."""
        ...

    async def note_posted(self, posted: Posted) -> None:
        """Remember (replace) what stands under a slot; its messages become findable by `slot_of`."""
        ...

    async def posted_of(self, generation: str) -> Sequence[Posted]:
        """All slots `GENERATION/...` posted on this platform."""
        ...

    async def forget_posted(self, slot: str) -> None:
        """This slot's messages are gone."""
        ...

    async def slot_of(self, channel: str, message: str) -> str | None:
        """The slot a message of ours was posted under: `K7Q2/result`; None for foreign messages."""
        ...

    async def keep(self, kind: str, key: str, value: Mapping[str, Any], seconds: float) -> None:
        """Keep a small JSON note for some seconds (album parts, a half-filled form, a cached name)."""
        ...

    async def recall(self, kind: str, key: str) -> Mapping[str, Any] | None:
        """A note kept and not expired, or None."""
        ...

    async def drop(self, kind: str, key: str) -> bool:
        """Forget a note; True when it was there (a claim)."""
        ...

    def lock(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Try a database-wide lock held while inside; yields whether we hold it (Telegram polling)."""
        ...
