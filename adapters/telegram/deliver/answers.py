"""The desk's answer to one update, said where it belongs: in place, instead of the message pressed, as a toast, or in the private chat."""

import logging
from dataclasses import replace

from aiogram.methods import AnswerCallbackQuery

from adapters.telegram.deliver.pictures import FileIds
from adapters.telegram.deliver.posting import Posting
from adapters.telegram.deliver.private import MAILBOX, PrivateChats, nowhere, spot_of
from adapters.telegram.deliver.sent import Sent, Spot
from adapters.telegram.gate import Refused, Wire
from adapters.telegram.gate.troubles import UNREACHABLE
from adapters.telegram.read import Heard
from adapters.telegram.render import Drawn, cut, draw, plain, sentence
from core.errors import DeliveryTrouble
from core.replies import Reply
from core.requests import Line
from core.texts import say

log = logging.getLogger(__name__)
TOAST = 200
NOT_INSTEAD = ("missing", "old", "caption", "text")
"""Why a pressed message cannot be changed: the answer is sent as a new one."""


class Answers:
    """What is said to people who asked something. Raises `DeliveryTrouble` only when it has been tried for a while."""

    def __init__(self, wire: Wire, posting: Posting, private: PrivateChats, ids: FileIds) -> None:
        self._wire = wire
        self._posting = posting
        self._private = private
        self._ids = ids
        self._toasted: set[str] = set()

    async def say(self, heard: Heard, reply: Reply) -> None:
        """Say a Reply to what was heard."""
        place = heard.request.place
        drawn = draw(reply, heard.request.language)
        slot = f"{reply.about}/shown-{heard.key}" if reply.about else ""
        if not place.private and (reply.private or is_admin(heard.request.verb)):
            return await self.alone(heard, drawn, slot)
        if heard.press:
            await self.toast(heard)
            if reply.instead and await self._instead(heard, drawn):
                return None
        spot = spot_of(place)
        try:
            await self._send(heard, replace(spot, reply=0) if place.private else spot, drawn, slot)
        except Refused as refused:
            if place.private or heard.kind == "joined" or refused.reason not in (*UNREACHABLE, "topic"):
                raise
            log.info("telegram: the answer to %s goes to the private chat: %s", heard.key, refused.description)
            await self._to_asker(heard, drawn, slot)
        return None

    async def _to_asker(self, heard: Heard, drawn: Drawn, slot: str) -> tuple[Sent, bool]:
        """Into the private chat; what stands there, and whether it does or is kept for `/start`."""
        asker = heard.request.account.id
        sent, spot = Sent(asker=asker), Spot(int(asker))
        note = self._private.noting(slot, spot, drawn) if slot else nowhere
        return sent, await self._wire.patience(lambda: self._private.say(asker, drawn, sent, note, slot))

    async def alone(self, heard: Heard, drawn: Drawn, slot: str = "") -> None:
        """In a group: to the asker alone. A short answer to a press is a window; anything else goes to the private chat and the group learns that."""
        if heard.press and (words := plain(drawn)) and heard.press.id not in self._toasted:
            return await self.toast(heard, words, alert=True)
        sent, arrived = await self._to_asker(heard, drawn, slot)
        if arrived and drawn.rows and not is_admin(heard.request.verb):
            await self._private.note_origin(f"{sent.asker}:{sent.card}", heard.request.place)
        await self.sent_to_you(heard, arrived)
        return None

    async def sent_to_you(self, heard: Heard, arrived: bool) -> None:
        """Tell the group that the answer is in the private chat, or waits for it to be opened."""
        language = heard.request.language
        if heard.press and heard.press.id not in self._toasted:
            if arrived:
                return await self.toast(heard, say(Line("telegram.sent_to_you"), language))
            return await self.toast(heard, link=self._wire.me.link(MAILBOX))
        if arrived:
            page = sentence(Line("telegram.sent_to_you"), language)
            await self._wire.patience(lambda: self._posting.text(spot_of(heard.request.place), page))
        else:
            await self._wire.patience(lambda: self._private.hint(heard.request.place, language))
        return None

    async def toast(self, heard: Heard, words: str = "", *, alert: bool = False, link: str = "") -> None:
        """Answer a press, once; a late answer is no trouble."""
        if heard.press is None or heard.press.id in self._toasted:
            return
        self._toasted.add(heard.press.id)
        method = AnswerCallbackQuery(
            callback_query_id=heard.press.id, text=cut(words, TOAST) or None, show_alert=alert or None, url=link or None
        )
        try:
            await self._wire.call(method)
        except Refused as refused:
            log.info("telegram: a press was answered too late: %s", refused.description)
        except DeliveryTrouble as trouble:
            log.info("telegram: a press was not answered: %s", trouble)

    def forget(self, heard: Heard) -> None:
        """This update has been answered."""
        if heard.press:
            self._toasted.discard(heard.press.id)

    async def _instead(self, heard: Heard, drawn: Drawn) -> bool:
        press = heard.press
        if press is None or press.under == "gone" or not drawn.words_only or len(drawn.pages) != 1:
            return False
        if drawn.thumbs and heard.request.place.private:
            return False  # the small pictures of the list before would stand above this one
        photo = press.under == "caption"
        if photo and len(drawn.pages[0].text.encode("utf-16-le")) > 2000:
            return False
        try:
            await self._wire.patience(
                lambda: self._posting.change(heard.chat, heard.message, photo, drawn.pages[0], drawn.rows)
            )
        except Refused as refused:
            if refused.reason in NOT_INSTEAD:
                return False
            if refused.reason != "unchanged":
                raise
        return True

    async def _send(self, heard: Heard, spot: Spot, drawn: Drawn, slot: str) -> None:
        sent = Sent(asker=heard.request.account.id)
        note = self._private.noting(slot, spot, drawn) if slot else nowhere
        await self._wire.patience(lambda: self._posting.send(spot, drawn, sent, note))
        for image, found in sent.file_ids.items():
            await self._ids.learn(image, "photo", found)


def is_admin(verb: str) -> bool:
    """Admin matters are never shown in a group."""
    return verb == "admin" or verb.startswith("admin.")
