"""Words for one person alone: into the private chat, or kept for `/start` where the bot may not write there yet."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from adapters.telegram.deliver.posting import Posting
from adapters.telegram.deliver.sent import Note, Sent, Spot
from adapters.telegram.gate import Refused, Wire
from adapters.telegram.gate.troubles import UNREACHABLE
from adapters.telegram.render import Drawn, Page, Rows, keyboard, sentence
from core.errors import Refusal
from core.replies import PlatformStore, Posted
from core.requests import Line, Place
from core.texts import say

log = logging.getLogger(__name__)
WEEK = 7 * 86400.0
KEPT_MOST = 20
MAILBOX = "inbox"
"""The deep link's payload that fetches what is kept."""


class PrivateChats:
    """The private chat of an account is the chat with its own id."""

    def __init__(self, wire: Wire, posting: Posting, store: PlatformStore) -> None:
        self._wire = wire
        self._posting = posting
        self._store = store
        self._keeping = asyncio.Lock()
        """Receipt and result of one painting are kept at the same moment, and neither may push the other out."""

    async def say(self, person: str, drawn: Drawn, sent: Sent, note: Note, slot: str = "") -> bool:
        """Write to a person; False when that is not possible yet and the words are kept for `/start` (of a slot the newest alone)."""
        try:
            await self._posting.send(Spot(int(person)), drawn, sent, note)
        except Refused as refused:
            if refused.reason not in UNREACHABLE:
                raise
            await self._keep(person, drawn, slot)
            return False
        return True

    async def _keep(self, person: str, drawn: Drawn, slot: str) -> None:
        async with self._keeping:
            kept = [one for one in await self._kept(person) if not slot or one["slot"] != slot]
            kept.append({"slot": slot, "drawn": drawn.to_json()})
            await self._store.keep("kept", person, {"kept": kept[-KEPT_MOST:]}, WEEK)
        if slot:
            await self._store.keep("kept-for", slot.partition("/")[0], {"person": person}, WEEK)

    async def _kept(self, person: str) -> list[dict[str, Any]]:
        note = await self._store.recall("kept", person)
        return list(note["kept"]) if note else []

    async def forget(self, generation: str) -> None:
        """What is kept about a painting is not said any more."""
        note = await self._store.recall("kept-for", generation)
        if note is None or not await self._store.drop("kept-for", generation):
            return
        person = str(note["person"])
        async with self._keeping:
            left = [one for one in await self._kept(person) if one["slot"].partition("/")[0] != generation]
            await self._store.keep("kept", person, {"kept": left}, WEEK)

    def noting(self, slot: str, spot: Spot, drawn: Drawn) -> Note:
        """What writes down, step by step, what of a slot stands in the chat; the fingerprint comes with the last step."""

        async def note(sent: Sent) -> None:
            fingerprint = drawn.fingerprint if sent.holds(drawn) else ""
            thread = str(spot.thread or "")
            await self._store.note_posted(
                Posted(slot, str(spot.chat), thread, sent.messages, fingerprint, asdict(sent))
            )

        return note

    async def deliver_kept(self, person: str) -> int:
        """Send what was kept for a person; how many messages that were. What cannot be sent now stays kept; what can never be is left out."""
        async with self._keeping:
            left = await self._kept(person)
            if not await self._store.drop("kept", person):
                return 0
        many = len(left)
        try:
            while left:
                await self._deliver(person, left[0])
                left.pop(0)
        except BaseException:
            async with self._keeping:
                await self._store.keep("kept", person, {"kept": [*left, *await self._kept(person)]}, WEEK)
            raise
        return many

    async def _deliver(self, person: str, one: Mapping[str, Any]) -> None:
        spot, drawn = Spot(int(person)), Drawn.from_json(one["drawn"])
        note = self.noting(one["slot"], spot, drawn) if one["slot"] else nowhere
        try:
            await self._posting.send(spot, drawn, Sent(), note)
        except Refusal as refusal:
            log.warning("telegram: what was kept for %s cannot be sent any more: %s", person, refusal.key)
        except Refused as refused:
            if refused.reason in UNREACHABLE:
                raise
            log.warning("telegram: what was kept for %s is refused: %s", person, refused.description)

    async def note_origin(self, message: str, place: Place) -> None:
        """A private answer (`chat:message`) to something asked in a group: what its buttons start belongs into that group."""
        await self._store.keep("origin", message, asdict(place), WEEK)

    async def origin(self, message: str) -> Place | None:
        """Where the request behind a private message was made, None for the private chat itself."""
        note = await self._store.recall("origin", message)
        return Place(**note) if note else None

    async def hint(self, place: Place, language: str, once: str = "") -> None:
        """Tell a group, in one sentence with a link, that something waits in the private chat."""
        if once and await self._store.recall("hinted", once) is not None:
            return
        if once:
            await self._store.keep("hinted", once, {}, WEEK)
        page, rows = self.door(Line("telegram.open_private"), language)
        await self._posting.text(spot_of(place), page, rows)

    def door(self, line: Line, language: str) -> tuple[Page, Rows]:
        """A sentence with a button that opens the private chat."""
        key = {"text": say(Line("telegram.open_button"), language), "url": self._wire.me.link(MAILBOX)}
        return sentence(line, language), keyboard([key])


def spot_of(place: Place) -> Spot:
    """Where an answer to a message belongs: its chat, its topic, as a reply to it."""
    return Spot(int(place.channel), int(place.thread) if place.thread else None, int(place.message or 0))


async def nowhere(sent: Sent) -> None:
    """For messages nobody has to find again."""
