"""Slack as the core's Messenger: a painting's messages posted once, edited ever after, found again after a crash, and deleted."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import structlog

from adapters.slack.blocks import soft
from adapters.slack.post import AWAY, UNINVITED, Poster, border, root, uninvited
from adapters.slack.render import Drawn, pictures_of, struck
from adapters.slack.web import LIMITED, SlackSaidNo
from core.errors import DeliveryTrouble
from core.replies import PlatformStore, Posted, Reply, row_gone
from core.requests import Account, Line, Offered, Place
from core.texts import say

log = structlog.get_logger(__name__)

A_YEAR = 365 * 86_400.0
VANISHED = {"message_not_found", "cant_update_message", "edit_window_closed"}
DELETED = {"message_not_found", "channel_not_found"}
LOOK_BACK = 200
MOST_REMEMBERED = 5_000


class SlackMessenger:
    """The outgoing side. `edit_every` is the least time between two edits of one message, in seconds."""

    platform = "slack"

    def __init__(self, poster: Poster, store: PlatformStore, edit_every: float = 3.0) -> None:
        self._poster = poster
        self._store = store
        self._edit_every = edit_every
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._touched: dict[tuple[str, str], float] = {}

    async def show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        """Make the slot's message look like `reply`. Raises Undeliverable and DeliveryTrouble."""
        lock = self._locks.setdefault(slot, asyncio.Lock())
        async with lock:
            with border():
                await self._show(slot, account, place, reply, language)

    async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
        """Say something to one account alone; with `once`, at most once under that key."""
        if once:
            if await self._store.recall("told", once) is not None:
                return
            await self._store.keep("told", once, {}, A_YEAR)
        private = replace(reply, private=True)
        language = reply.language or language
        try:
            with border():
                user, where = Account.parse(account).id, await self._beside(place or Place("slack", "", ""), once)
                stands = await self._poster.answer(user, where, private, language)
        except DeliveryTrouble:
            if once:
                await self._store.drop("told", once)
            raise
        if stands.spot is not None and "/" in once:
            channel, ts = stands.spot
            await self._store.note_posted(Posted(once, channel, "", (ts,), "", {"account": account}))

    async def _beside(self, place: Place, once: str) -> Place:
        """The same, in the thread of the painting this is about: its receipt made one of it where it was no more than a message."""
        receipt = await self._store.posted(f"{once.partition('/')[0]}/receipt") if "/" in once else None
        if receipt is None or receipt.channel != place.channel:
            return place
        return replace(place, thread=place.thread or receipt.thread)

    async def hide(self, generation: str) -> bool:
        """Delete what stands under a generation's slots, uploads included; True when Slack let us delete all of it."""
        all_gone = True
        for posted in await self._store.posted_of(generation):
            gone = True
            for message in posted.messages:
                gone &= await self._deleted(posted.channel, message)
            if posted.extra.get("list"):
                gone &= await self._struck(generation, posted, str(posted.extra["list"]))
            for file in posted.extra.get("files", ()):
                gone &= await self._poster.files.delete(str(file))
            for image in posted.extra.get("images", ()):
                gone &= await self._poster.files.forget(str(image))
            if gone:
                await self._store.forget_posted(posted.slot)
            all_gone &= gone
        return all_gone

    async def fetch(self, offered: Offered, most: int) -> bytes:
        """A member's file; Refusal when it is too large, not readable or gone."""
        return await self._poster.files.fetch(offered, most)

    # -- showing --------------------------------------------------------------------------------------------------

    async def _show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        posted = await self._store.posted(slot)
        language = reply.language or language
        fingerprint = hashlib.sha256(f"{language} {reply!r}".encode()).hexdigest()[:32]
        if posted is not None and (posted.fingerprint == fingerprint or posted.extra.get("gone")):
            return
        try:
            drawn = await self._poster.drawn(_with_moved(reply, posted.extra if posted else {}), language)
            if posted is not None and not posted.messages:
                posted = await self._found(posted)
            if posted is not None and posted.messages:
                posted = await self._edited(posted, drawn)
            if posted is None or not posted.messages:
                posted = await self._posted(slot, account, place, reply, language, drawn)
        except DeliveryTrouble as trouble:
            await self._poster.doubt(trouble, reply)
            raise
        if not posted.extra.get("gone"):
            await self._finished(posted, reply, language, fingerprint)

    async def _edited(self, posted: Posted, drawn: Drawn) -> Posted:
        """The message edited; an empty Posted when it vanished before it was all there.

        Later it is left alone, as a receipt is: who takes a picture out of a channel does not want it back with the next press.
        """
        ts = posted.messages[0]
        await self._turn(posted.channel, ts)
        try:
            await self._poster.edit(posted.channel, ts, drawn)
        except SlackSaidNo as no:
            if no.code not in VANISHED | AWAY:
                raise
            log.info("slack.message_vanished", slot=posted.slot, code=no.code)
            if posted.slot.endswith("/receipt") or posted.fingerprint:
                posted = replace(posted, extra={**posted.extra, "gone": True})
                await self._store.note_posted(posted)
                return posted
            return replace(posted, messages=())
        return posted

    async def _posted(self, slot: str, account: str, place: Place, reply: Reply, language: str, drawn: Drawn) -> Posted:
        """Post it: an empty row first (so that a crash in between is noticed), then the message, then its id."""
        user = Account.parse(account).id
        channel, thread = await self._target(slot, user, place, reply)
        called_in = bool(thread) and thread == place.thread and not place.private
        try:
            return await self._post(slot, account, channel, thread, drawn, reply, {"theirs": called_in})
        except SlackSaidNo as no:
            if no.code not in AWAY or channel == await self._poster.people.direct(user):
                raise
            log.info("slack.moved_to_direct", slot=slot, code=no.code)
            told = await self._invited(slot, place, language, no.code)
        extra: dict[str, Any] = {} if told else {"moved": True}
        drawn = await self._poster.drawn(_with_moved(reply, extra), language)
        return await self._post(slot, account, await self._poster.people.direct(user), "", drawn, reply, extra)

    async def _post(
        self,
        slot: str,
        account: str,
        channel: str,
        thread: str,
        drawn: Drawn,
        reply: Reply,
        more: Mapping[str, Any] | None = None,
    ) -> Posted:
        extra: dict[str, Any] = {
            **(more or {}),
            "account": account,
            "images": [one.image for one in pictures_of(reply) if one.size == "preview"],
        }
        await self._store.note_posted(Posted(slot, channel, thread, (), "", extra))
        try:
            at, ts = await self._poster.message(channel, thread, drawn, slot)
        except DeliveryTrouble as trouble:
            if trouble.reason in LIMITED:  # nothing was posted: nothing to search for before the next try
                await self._store.forget_posted(slot)
            raise
        posted = Posted(slot, at, thread, (ts,), "", extra)
        await self._store.note_posted(posted)
        self._touch(at, ts)
        await self._remember_thread(posted, account)
        return posted

    async def _target(self, slot: str, user: str, place: Place, reply: Reply) -> tuple[str, str]:
        if not slot.endswith("/receipt"):
            receipt = await self._store.posted(f"{slot.partition('/')[0]}/receipt")
            if receipt is not None and receipt.messages and (not reply.private or receipt.channel.startswith("D")):
                # under a message that is gone a thread cannot be opened: the pictures stand by themselves then
                own = "" if receipt.extra.get("gone") else receipt.messages[0]
                return receipt.channel, receipt.thread or own
        if not place.channel or (reply.private and not place.private):
            return await self._poster.people.direct(user), ""
        return place.channel, root(place)

    async def _found(self, posted: Posted) -> Posted:
        """We may have posted this and died before noting it: look once for our own mark on Slack."""
        args = {"channel": posted.channel, "limit": LOOK_BACK, "include_all_metadata": "true"}
        try:
            if posted.thread:
                answer = await self._poster.web.call("conversations.replies", {**args, "ts": posted.thread})
            else:
                answer = await self._poster.web.call("conversations.history", args)
        except SlackSaidNo as no:
            log.warning("slack.search_refused", slot=posted.slot, code=no.code)
            return posted
        for message in answer.get("messages", ()):
            mark = message.get("metadata") or {}
            if (mark.get("event_payload") or {}).get("slot") == posted.slot:
                found = replace(posted, messages=(str(message["ts"]),))
                await self._store.note_posted(found)
                await self._remember_thread(found, str(posted.extra.get("account", "")))
                return found
        return posted

    async def _finished(self, posted: Posted, reply: Reply, language: str, fingerprint: str) -> None:
        extra: Mapping[str, Any] = posted.extra
        if "files" not in extra:
            thread = posted.thread or posted.messages[0]
            files = await self._poster.attach(reply, language, posted.channel, thread)
            extra = {**extra, "files": files} if files else extra
        images = [*dict.fromkeys([*extra.get("images", ()), *(one.image for one in pictures_of(reply))])]
        await self._store.note_posted(replace(posted, fingerprint=fingerprint, extra={**extra, "images": images}))

    async def _remember_thread(self, posted: Posted, account: str) -> None:
        """So that a reply in this thread finds the painting above it."""
        thread = posted.thread or posted.messages[0]
        key = f"{posted.channel}:{thread}"
        note = await self._store.recall("thread", key)
        if note is None:
            theirs = bool(posted.extra.get("theirs")) and await self._store.slot_of(posted.channel, thread) is None
            note = {"talk": "heard", "theirs": True} if theirs else {}
        generation = posted.slot.partition("/")[0]
        by = {**note.get("by", {}), account: generation}
        await self._store.keep("thread", key, {**note, "latest": generation, "by": by}, A_YEAR)

    async def _invited(self, slot: str, place: Place, language: str, code: str) -> bool:
        """Where a command was typed in a channel without the bot: say there how to invite it, to the asker alone; True when said."""
        if not place.hook or not slot.endswith("/receipt"):
            return False
        words = say(Line("slack.sent_to_direct"), language)
        blocks = [soft(words)] + ([soft(say(Line(uninvited(place)), language))] if code in UNINVITED else [])
        return await self._poster.hook(place.hook, Drawn(words, blocks), private=True, thread=place.thread)

    async def _deleted(self, channel: str, ts: str) -> bool:
        try:
            await self._poster.web.call("chat.delete", {"channel": channel, "ts": ts})
        except SlackSaidNo as no:
            return no.code in DELETED
        return True

    async def _struck(self, generation: str, posted: Posted, ts: str) -> bool:
        """A list loses its row about the painting; one that cannot be read or drawn anew goes as a whole."""
        message = await self._poster.files.message_at(posted.channel, ts, posted.thread)
        if message:
            words = say(row_gone(generation), str(posted.extra["language"]))
            blocks = struck(message.get("blocks", ()), generation, words)
            if blocks is None:
                return True
            try:
                await self._poster.edit(posted.channel, ts, Drawn(str(message.get("text", "")), blocks))
            except SlackSaidNo as no:
                log.info("slack.list_not_struck", code=no.code)
            else:
                return True
        return await self._deleted(posted.channel, ts)

    async def _turn(self, channel: str, ts: str) -> None:
        """Wait until this message may be edited again."""
        before = self._touched.get((channel, ts))
        if before is not None:
            await asyncio.sleep(max(0.0, before + self._edit_every - asyncio.get_running_loop().time()))
        self._touch(channel, ts)

    def _touch(self, channel: str, ts: str) -> None:
        if len(self._touched) >= MOST_REMEMBERED:
            self._touched.clear()
        self._touched[channel, ts] = asyncio.get_running_loop().time()


def _with_moved(reply: Reply, extra: Mapping[str, Any]) -> Reply:
    """What came to the asker because its channel takes nothing any more says so, also after an edit."""
    return replace(reply, parts=(Line("slack.moved", tone="fact"), *reply.parts)) if extra.get("moved") else reply
