"""The chat's history with everybody who is looking at it: what is said is stored first, then told to every open page."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from adapters.page.keep import encode
from core.replies import ChatStore, Item, Reply, Said, row_gone

Listener = Callable[["Change"], None]


@dataclass(frozen=True, slots=True)
class Change:
    """Something in a channel is new or different: `author` said it, `only` is the one account that may read it ("" for all),
    `asker` whom the bot answers with it. With `gone` it is a painting that was deleted, wherever it was shown."""

    channel: str
    thread: int
    author: str
    only: str = ""
    new: bool = False
    asker: str = ""
    gone: str = ""


def line_body(name: str, text: str, files: Sequence[Mapping[str, str]] = (), only: str = "") -> dict[str, Any]:
    """What a member typed: `files` are their references as {handle, name}."""
    return {"kind": "line", "name": name, "text": text, "files": [dict(file) for file in files], "only": only}


def reply_body(reply: Reply, asker: str, *, only: str = "", slot: str = "") -> dict[str, Any]:
    """What the bot said to `asker`; a painting's message carries its `slot`."""
    return {"kind": "reply", "reply": encode(reply), "asker": asker, "only": only, "slot": slot}


def struck(reply: Reply, painting: str) -> Reply:
    """The same, its rows about a deleted painting struck out."""
    parts = tuple(
        row_gone(painting) if isinstance(part, Item) and part.about == painting else part for part in reply.parts
    )
    return replace(reply, parts=parts)


class Talk:
    """The chat store, and listeners inside this process; pages of other replicas see a change when they look again."""

    def __init__(self, store: ChatStore) -> None:
        self.store = store
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> AbstractContextManager[None]:
        """Be told of every change until the context ends; the listener must not block."""

        @contextmanager
        def listening() -> Any:
            self._listeners.append(listener)
            try:
                yield
            finally:
                self._listeners.remove(listener)

        return listening()

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)

    async def add(self, channel: str, thread: int, author: str, body: Mapping[str, Any]) -> int:
        """Say something new; gives the message's id."""
        message = await self.store.add(channel, thread, author, body)
        self._tell(Change(channel, thread, author, str(body.get("only", "")), True, str(body.get("asker", ""))))
        return message

    async def change(self, channel: str, thread: int, message: int, body: Mapping[str, Any]) -> None:
        """Make a message look different."""
        await self.store.change(message, body)
        self._tell(Change(channel, thread, "", str(body.get("only", "")), asker=str(body.get("asker", ""))))

    async def remove(self, channel: str, thread: int, message: int) -> None:
        """Take a message away, and what hangs under it."""
        await self.store.remove(message)
        self._tell(Change(channel, thread, ""))

    def gone(self, painting: str) -> None:
        """A painting was deleted."""
        self._tell(Change("", 0, "", gone=painting))

    async def one(self, channel: str, thread: int, message: int) -> Said | None:
        """One message of a channel or thread, or None when it is gone."""
        found = await self.store.history(channel, thread, before=message + 1, most=1)
        return found[0] if found and found[0].id == message else None

    async def seen_by(
        self, account: str, channel: str, thread: int, *, before: int = 0, most: int = 50
    ) -> tuple[Sequence[Said], bool]:
        """The newest messages this account may read, oldest first, and whether there are older ones."""
        found = await self.store.history(channel, thread, before=before, most=most)
        return [said for said in found if said.body.get("only", "") in ("", account)], len(found) == most
