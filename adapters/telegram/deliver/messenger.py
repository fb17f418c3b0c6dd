"""The Messenger of core on Telegram: one message a slot, posted once, edited ever after, as seldom as Telegram's limits ask."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from weakref import WeakValueDictionary

from aiogram.methods import DeleteMessage, SendChatAction, SetMessageReaction
from aiogram.types import ReactionTypeEmoji

from adapters.telegram.deliver.posting import Posting
from adapters.telegram.deliver.private import PrivateChats, nowhere, spot_of
from adapters.telegram.deliver.quiet import Quiet
from adapters.telegram.deliver.sent import Sent, Spot
from adapters.telegram.gate import Refused, Unsure, Wire
from adapters.telegram.gate.troubles import UNREACHABLE
from adapters.telegram.render import Drawn, Page, draw, sentence
from core.errors import DeliveryTrouble, PaintbotError, Refusal, Undeliverable
from core.replies import Button, Meter, PlatformStore, Posted, Reply
from core.requests import Account, Line, Offered, Place

log = logging.getLogger(__name__)
DAY = 86400.0
YEAR = 365 * DAY
EDIT_EVERY, ACTION_EVERY = 3.0, 5.0
SEEN, DONE = "👀", "🎉"


class TelegramMessenger:
    """See `core.replies.Messenger`. In groups a receipt is edited once, at its end; between, a reaction and chat actions show that work goes on."""

    platform = "telegram"

    def __init__(
        self, wire: Wire, posting: Posting, private: PrivateChats, store: PlatformStore, language: str
    ) -> None:
        self._language = language
        self._wire = wire
        self._posting = posting
        self._private = private
        self._store = store
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._edits = Quiet(EDIT_EVERY)
        self._actions = Quiet(ACTION_EVERY)
        self._asides: set[asyncio.Task[None]] = set()
        self._latest: WeakValueDictionary[tuple[int, int], asyncio.Task[None]] = WeakValueDictionary()
        self._unsure: set[str] = set()
        self._happy: deque[tuple[int, int]] = deque(maxlen=200)

    async def show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        """Post or edit the message of a slot. Raises `Undeliverable`, `DeliveryTrouble`."""
        self._edits.forget(slot)
        async with self._lock(slot):
            posts = {post.slot: post for post in await self._store.posted_of(slot.partition("/")[0])}
            drawn = draw(reply, language)
            post = posts.get(slot)
            if post and post.fingerprint == drawn.fingerprint:
                return
            sent = _sent(post, posts)
            sent.asker = person(account)
            alone = reply.private and not place.private
            spot = Spot(int(person(account))) if alone else spot_of(place)
            if post is None or not sent.card:
                if spot.group and any(_aside(other) for other in posts.values()):
                    spot = Spot(int(person(account)))  # begun in the private chat, because the group is closed to us
                await self._post(slot, account, spot, drawn, sent, language, place if alone else None)
                self._greet(slot, spot, drawn)
                return
            spot = replace(spot, chat=int(post.channel))
            if not (slot.endswith("/receipt") and working(reply)):
                await self._edit(post, spot, drawn, sent)
                self._settle(slot, spot)
            elif spot.group:
                self._action(spot)
            elif wait := self._edits.wait(slot):
                self._edits.later(slot, wait, lambda: self.show(slot, account, place, reply, language))
            else:
                await self._edit(post, spot, drawn, sent)

    async def _post(
        self, slot: str, account: str, spot: Spot, drawn: Drawn, sent: Sent, language: str, outside: Place | None
    ) -> None:
        """`outside`: where to say that something waits, when it is private and the private chat is not open yet.

        A kill after Telegram took a message and before its id is noted posts it again after the start. A row written before the send would cure nothing:
        it would say that the outcome is unknown, and the Bot API has no key that makes a send happen once, no way to read a chat, and no way to look a
        message up. Twice is then better than never; presses under either work, for they are answered from the record.
        """
        note = self._private.noting(slot, spot, drawn)
        if slot in self._unsure:
            await self._wire.meet()  # the one further try is not spent on a Telegram that does not answer
            self._unsure.discard(slot)
        try:
            if outside is None:
                await self._send(slot, account, spot, drawn, sent, language)
            elif not await self._private.say(str(spot.chat), drawn, sent, note, slot):
                await self._private.hint(outside, language, once=f"{spot.chat}:{slot.partition('/')[0]}")
        except Unsure as unsure:
            if await self._store.recall("unsure", slot) is not None:
                raise Undeliverable("unsure") from unsure
            self._unsure.add(slot)
            await self._store.keep("unsure", slot, {}, DAY)
            raise
        except Refusal as refusal:
            raise Undeliverable("picture") from refusal

    async def _send(self, slot: str, account: str, spot: Spot, drawn: Drawn, sent: Sent, language: str) -> None:
        """Into the chat; what a group does not take goes to the asker alone, or waits for `/start`. Raises what `Posting.send` raises."""
        try:
            await self._posting.send(spot, drawn, sent, self._private.noting(slot, spot, drawn))
        except Refused as refused:
            shut = refused.reason in (*UNREACHABLE, "topic")
            if not (shut and spot.group) or sent.messages:
                raise
            log.info("telegram: %s goes to the private chat: %s", slot, refused.description)
            asker, aside = person(account), slot.partition("/")[0] + "/aside"
            why = Drawn((sentence(Line("telegram.moved"), language),))
            alone = Spot(int(asker))
            await self._private.say(asker, why, Sent(), self._private.noting(aside, alone, why), aside)
            await self._private.say(asker, drawn, sent, self._private.noting(slot, alone, drawn), slot)

    async def _edit(self, post: Posted, spot: Spot, drawn: Drawn, sent: Sent) -> None:
        """What came to it is sent, the card is edited; a card that people deleted stays deleted."""
        try:
            if not sent.holds(drawn):
                await self._posting.send(spot, drawn, sent, nowhere)
            await self._posting.edit(spot.chat, drawn, sent)
        except Refused as refused:
            if refused.reason in UNREACHABLE or refused.reason == "token":
                raise
            log.info("telegram: %s stays as it is: %s", post.slot, refused.description)
        except Refusal as refusal:
            raise Undeliverable("picture") from refusal
        await self._store.note_posted(
            replace(post, messages=sent.messages, fingerprint=drawn.fingerprint, extra=asdict(sent))
        )

    async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
        """Say something to one account alone. Raises `Undeliverable` when it cannot be reached and no group is there to say so."""
        async with self._lock(f"once {once or id(reply)}"):
            if once and await self._store.recall("once", once) is not None:
                return
            drawn, slot = draw(reply, language), once if "/" in once else ""
            private = bool(place and place.private)
            spot = replace(spot_of(place), reply=0) if place and private else Spot(int(person(account)))
            note = self._private.noting(slot, spot, drawn) if slot else nowhere
            if private:
                await self._posting.send(spot, drawn, Sent(), note)
            elif not await self._private.say(person(account), drawn, Sent(), note, slot):
                if place is None:
                    raise Undeliverable("closed")
                await self._private.hint(place, language)
            if once:
                await self._store.keep("once", once, {}, YEAR)

    async def hide(self, generation: str) -> bool:
        """Delete all messages of a painting; what is too old to delete loses its words and buttons. True when all are gone."""
        gone = True
        await self._private.forget(generation)
        for post in await self._store.posted_of(generation):
            sent = _sent(post, {})
            gone = gone and 0 not in sent.pictures.values()  # items of a partly failed album, whose ids nobody told us
            for message in post.messages:
                if not await self._delete(int(post.channel), int(message)):
                    gone = False
                    await self._empty(int(post.channel), int(message), int(message) in sent.pages and not sent.photo)
            await self._store.forget_posted(post.slot)
        return gone

    async def _delete(self, chat: int, message: int) -> bool:
        try:
            await self._wire.call(DeleteMessage(chat_id=chat, message_id=message))
        except Refused as refused:
            return refused.reason == "missing"
        except DeliveryTrouble as trouble:
            log.warning("telegram: message %s of %s was not deleted: %s", message, chat, trouble)
            return False
        return True

    async def _empty(self, chat: int, message: int, text: bool) -> None:
        page = sentence(Line("telegram.removed"), self._language) if text else Page("")
        with contextlib.suppress(Undeliverable, DeliveryTrouble):
            await self._posting.change(chat, message, not text, page, ())

    async def fetch(self, offered: Offered, most: int) -> bytes:
        """The bytes of a file sent to the bot; `Refusal` when it is too large, gone, or cannot be read now."""
        try:
            return await self._wire.download(offered.handle, offered.size, most)
        except (DeliveryTrouble, Undeliverable) as trouble:
            raise Refusal("telegram.file_trouble") from trouble

    def _greet(self, slot: str, spot: Spot, drawn: Drawn) -> None:
        """In groups the asker's message shows that it was seen, and that its pictures came."""
        if spot.group and spot.reply and (slot.endswith("/receipt") or drawn.pictures):
            self._reaction(spot, SEEN if slot.endswith("/receipt") else DONE)

    def _settle(self, slot: str, spot: Spot) -> None:
        """At its end a receipt takes the eyes away, unless pictures have put something better there."""
        if spot.group and spot.reply and slot.endswith("/receipt") and (spot.chat, spot.reply) not in self._happy:
            self._reaction(spot, "")

    def _reaction(self, spot: Spot, emoji: str) -> None:
        if emoji == DONE:
            self._happy.append((spot.chat, spot.reply))
        reaction = [ReactionTypeEmoji(emoji=emoji)] if emoji else []
        self._aside(SetMessageReaction(chat_id=spot.chat, message_id=spot.reply, reaction=reaction))  # type: ignore[arg-type]

    def _action(self, spot: Spot) -> None:
        if not self._actions.wait(f"{spot.chat}:{spot.thread}"):
            self._aside(SendChatAction(chat_id=spot.chat, action="upload_photo", message_thread_id=spot.thread))

    def _aside(self, method: Any) -> None:
        """Nice to have: nobody waits for it, and nobody is told when it fails (a group may have switched reactions off)."""

        key = (method.chat_id, getattr(method, "message_id", 0))
        before = self._latest.get(key)

        async def say() -> None:
            if before is not None:
                await asyncio.wait({before})
            try:
                await self._wire.call(method)
            except PaintbotError as trouble:
                log.debug("telegram: %s did not work: %s", type(method).__name__, trouble)

        task = self._latest[key] = asyncio.create_task(say())
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def close(self) -> None:
        """Stop what nobody waits for; a receipt not edited now is edited after the next start."""
        await self._edits.close()
        for task in self._asides:
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)

    def _lock(self, key: str) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())


def working(reply: Reply) -> bool:
    """Whether a receipt will change again: it can still be cancelled, or shows how far it is."""
    cancel = any(isinstance(one, Button) and one.verb == "cancel" for one in reply.buttons)
    return cancel or any(isinstance(part, Meter) for part in reply.parts)


def _aside(post: Posted) -> bool:
    """Whether this stands in the private chat although it belongs into a group."""
    return post.slot.endswith(("/receipt", "/result")) and bool(post.messages) and int(post.channel) > 0


def person(account: str) -> str:
    """`telegram:42` -> "42"."""
    return Account.parse(account).id if ":" in account else account


def _sent(post: Posted | None, posts: Mapping[str, Posted]) -> Sent:
    """What stands there, and the file ids of all pictures of this painting."""
    sent = Sent(**post.extra) if post else Sent(fresh=True)
    for other in posts.values():
        sent.file_ids.update(other.extra.get("file_ids", {}))
    return sent
