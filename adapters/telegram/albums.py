"""Albums that come in: every item is an update of its own, and only together they are what somebody said."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.telegram.read import Heard
from core.errors import DeliveryTrouble
from core.replies import PlatformStore
from core.requests import Line, Offered, Reference

QUIET, LONGEST = 0.7, 4.0
"""Seconds without a new item after which an album is complete; seconds after which it is in any case."""
REMEMBERED = 86400.0


@dataclass(slots=True)
class Gathering:
    """An album being collected: its items by message id, whether something came just now, and whether it has been answered."""

    parts: dict[int, Heard] = field(default_factory=dict)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    failed: DeliveryTrouble | None = None


class Albums:
    """Collects the items of an album into one Heard and remembers its pictures for a day, for replies to one of them."""

    def __init__(self, store: PlatformStore, quiet: float = QUIET, longest: float = LONGEST) -> None:
        self._store = store
        self._quiet = quiet
        self._longest = longest
        self._open: dict[str, Gathering] = {}

    async def gather(self, part: Heard) -> Heard | None:
        """The whole album for the item that came first, once it is complete; None for the others, once it has been answered (or for one that came too late).

        DeliveryTrouble for the others when it could not be answered now.
        """
        key = _key(part.chat, part.album)
        gathering = self._open.get(key)
        if gathering is not None:
            gathering.parts[part.message] = part
            gathering.more.set()
            await gathering.answered.wait()
            if gathering.failed:  # all wait equally long, so that the album comes together again
                raise DeliveryTrouble("album", gathering.failed.retry_after)
            return None
        gathering = self._open[key] = Gathering({part.message: part})
        known = await self._store.recall("album", key)
        if known is not None:
            await self._late(key, known, gathering)
            return None
        await self._complete(gathering, asyncio.get_running_loop().time() + self._longest)
        return merge([gathering.parts[message] for message in sorted(gathering.parts)])

    async def _complete(self, gathering: Gathering, end: float) -> None:
        while True:
            gathering.more.clear()
            left = min(self._quiet, end - asyncio.get_running_loop().time())
            try:
                async with asyncio.timeout(left):
                    await gathering.more.wait()
            except TimeoutError:
                return

    async def _late(self, key: str, known: Any, gathering: Gathering) -> None:
        """The album was answered before this item came: it is remembered with its siblings and starts nothing."""
        references = [*_files(known), *(one for part in gathering.parts.values() for one in part.request.references)]
        await self._keep(key, references)
        self._close(key)

    async def _keep(self, key: str, references: list[Reference]) -> None:
        files = {
            one.handle: [one.handle, one.name, one.mime, one.size] for one in references if isinstance(one, Offered)
        }
        await self._store.keep("album", key, {"files": list(files.values())}, REMEMBERED)

    async def answered(self, whole: Heard) -> None:
        """The album has been dealt with: only now is it remembered, so that a crash before this starts it again."""
        key = _key(whole.chat, whole.album)
        try:
            await self._keep(key, list(whole.request.references))
        finally:
            self._close(key)

    def unanswered(self, whole: Heard, trouble: DeliveryTrouble) -> None:
        """Telegram did not take the answer: nothing is remembered, and no item counts as dealt with."""
        self._close(_key(whole.chat, whole.album), trouble)

    def _close(self, key: str, failed: DeliveryTrouble | None = None) -> None:
        gathering = self._open.pop(key, None)
        if gathering is not None:
            gathering.failed = failed
            gathering.answered.set()

    async def siblings(self, chat: int, album: str) -> tuple[Offered, ...]:
        """All pictures we saw of an album, in their order; () when we saw none."""
        known = await self._store.recall("album", _key(chat, album))
        return tuple(_files(known)) if known else ()


def merge(parts: list[Heard]) -> Heard:
    """Items in their order as one: the words of whichever has some, all pictures, and the first thing that is wrong."""
    speaker = next((part for part in parts if part.kind == "command"), None)
    speaker = speaker or next((part for part in parts if part.request.text), parts[0])
    pictures = tuple(one for part in parts for one in part.request.references)
    problem = next((part.problem for part in parts if part.problem), None)
    if problem and problem.key == "telegram.video":
        problem = Line("telegram.album_video")
    return replace(speaker.with_references(pictures), problem=problem)


def _key(chat: int, album: str) -> str:
    return f"{chat}:{album}"


def _files(known: Any) -> list[Offered]:
    return [Offered(*file) for file in known["files"]]
