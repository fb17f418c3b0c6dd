"""The page's Messenger: what the bot says goes into the chat's history, posted once under its slot and edited ever after."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.page.files import Uploads
from adapters.page.keep import encode, reply_of
from adapters.page.people import BOT, PLATFORM, direct
from adapters.page.talk import Talk, reply_body, struck
from core.replies import Pictures, PlatformStore, Posted, Reply
from core.requests import Offered, Place

RECEIPT, RESULT = "/receipt", "/result"


def fingerprint(body: Mapping[str, Any]) -> str:
    """Equal for messages that look the same."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]


def strip_of(reply: Reply) -> list[Any]:
    """The pictures of a result, to be shown small under its receipt in the channel."""
    shown = [picture for part in reply.parts if isinstance(part, Pictures) for picture in part.pictures]
    return [encode(picture) for picture in shown]


class PageMessenger:
    """Implements `core.replies.Messenger` over the chat store; every open page is told at once."""

    platform = PLATFORM

    def __init__(self, talk: Talk, store: PlatformStore, uploads: Uploads) -> None:
        self._talk = talk
        self._store = store
        self._uploads = uploads
        self._one = asyncio.Lock()

    async def show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        """The message of this slot looks like `reply`; a result stands under its receipt and lends it its pictures."""
        only = account if reply.private else ""
        body = reply_body(reply, account, only=only, slot=slot)
        async with self._one:
            posted = await self._store.posted(slot)
            if posted is None:
                await self._post(slot, account, place, body)
            else:
                await self._edit(posted, body)
            if slot.endswith(RESULT) and not reply.private:
                await self._lend(slot.removesuffix(RESULT) + RECEIPT, strip_of(reply))

    async def _post(self, slot: str, account: str, place: Place, body: dict[str, Any]) -> None:
        thread = int(place.thread or 0)
        extra: dict[str, Any] = {"body": body}
        if slot.endswith(RECEIPT):
            extra["asked"] = {"by": account, "message": place.message}
        else:
            above = await self._store.posted(slot.partition("/")[0] + RECEIPT)
            thread = int(above.thread or above.messages[0]) if above else thread
        message = await self._talk.add(place.channel, thread, BOT, body)
        await self._store.note_posted(
            Posted(slot, place.channel, str(thread) if thread else "", (str(message),), fingerprint(body), extra)
        )

    async def _edit(self, posted: Posted, body: dict[str, Any]) -> None:
        if strip := posted.extra.get("body", {}).get("strip"):
            body = body | {"strip": strip}
        if fingerprint(body) == posted.fingerprint:
            return
        await self._talk.change(posted.channel, int(posted.thread or 0), int(posted.messages[0]), body)
        await self._store.note_posted(
            replace(posted, fingerprint=fingerprint(body), extra={**posted.extra, "body": body})
        )

    async def _lend(self, receipt: str, strip: list[Any]) -> None:
        posted = await self._store.posted(receipt)
        if posted is None or posted.thread or not strip or posted.extra.get("body", {}).get("strip") == strip:
            return
        body = {**posted.extra["body"], "strip": strip}
        await self._edit(replace(posted, extra={**posted.extra, "body": body}), body)

    async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
        """Say something that only `account` sees, where they are or in their own channel; with `once`, once for ever."""
        if once and not await self._store.receive(f"page:once:{account}:{once}", {}):
            return
        channel, thread = (place.channel, int(place.thread or 0)) if place else (direct(account), 0)
        body = reply_body(reply, account, only=account, slot=once if "/" in once else "")
        message = await self._talk.add(channel, thread, BOT, body)
        if "/" in once:
            await self._store.note_posted(Posted(once, channel, str(thread or ""), (str(message),)))
        if once:
            await self._store.finish(f"page:once:{account}:{once}")

    async def hide(self, generation: str) -> bool:
        """Take away all messages of a painting and the words its member typed for it; the page can always do so."""
        async with self._one:
            for posted in sorted(await self._store.posted_of(generation), key=lambda one: one.slot.endswith(RECEIPT)):
                await self._forget_words(posted)
                await self._strike(generation, posted)
                for message in posted.messages:
                    await self._talk.remove(posted.channel, int(posted.thread or 0), int(message))
                await self._store.forget_posted(posted.slot)
        self._talk.gone(generation)
        return True

    async def _forget_words(self, posted: Posted) -> None:
        asked = posted.extra.get("asked", {})
        if not asked.get("message"):
            return
        thread = int(posted.thread or 0)
        said = await self._talk.one(posted.channel, thread, int(asked["message"]))
        if said is not None and said.author == asked["by"] and said.body.get("kind") == "line":
            for file in said.body.get("files", ()):
                await self._uploads.forget(file["handle"])
            gone = {**said.body, "text": "", "files": [], "gone": True}
            await self._talk.change(posted.channel, thread, said.id, gone)

    async def _strike(self, generation: str, posted: Posted) -> None:
        """A list keeps its other rows."""
        thread, message = int(posted.thread or 0), int(posted.extra.get("list", 0))
        said = await self._talk.one(posted.channel, thread, message) if message else None
        if said is None:
            return
        body = {**said.body, "reply": encode(struck(reply_of(said.body), generation))}
        await self._talk.change(posted.channel, thread, message, body)

    async def fetch(self, offered: Offered, most: int) -> bytes:
        """The bytes of a dropped file; Refusal when it is larger than `most` bytes or gone."""
        return await self._uploads.read(offered.handle, most)
