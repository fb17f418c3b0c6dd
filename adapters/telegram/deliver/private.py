"""Words for one person alone: into the private chat, or kept for `/start` where the bot may not write there yet."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any
from weakref import WeakValueDictionary

from adapters.telegram.deliver.posting import Posting
from adapters.telegram.deliver.sent import Note, Sent, Spot
from adapters.telegram.gate import Refused, Wire
from adapters.telegram.gate.troubles import UNREACHABLE
from adapters.telegram.render import Drawn, Page, Rows, keyboard, sentence
from core.errors import DeliveryTrouble, Refusal
from core.replies import PlatformStore, Posted
from core.requests import Line, Place
from core.texts import say

log = logging.getLogger(__name__)
WEEK = 7 * 86400.0
KEPT_MOST = 20
TURN, TURN_MOST, TURNS_MOST = 0.05, 60.0, 4
"""Seconds between looks whether another replica is done with what is kept for a person, and how long we wait for that; how many
turns there are at once, for each holds a connection and asks for another."""
MAILBOX = "inbox"
"""The deep link's payload that fetches what is kept."""


class PrivateChats:
    """The private chat of an account is the chat with its own id."""

    def __init__(self, wire: Wire, posting: Posting, store: PlatformStore) -> None:
        self._wire = wire
        self._posting = posting
        self._store = store
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._few = asyncio.Semaphore(TURNS_MOST)

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
        async with self._turn(person):
            if slot:
                await self._store.keep("kept-for", slot.partition("/")[0], {"person": person}, WEEK)
            kept = [one for one in await self._kept(person) if not slot or one["slot"] != slot]
            await self._put(person, [*kept, {"slot": slot, "drawn": drawn.to_json()}][-KEPT_MOST:])

    @asynccontextmanager
    async def _turn(self, person: str) -> AsyncIterator[None]:
        """Nobody else, in this replica or another, changes what is kept for this person: receipt and result of one painting are kept at the same moment,
        perhaps by two replicas, and neither may push the other out. Raises `DeliveryTrouble` when another takes too long.
        """
        end = asyncio.get_running_loop().time() + TURN_MOST
        async with self._turns.setdefault(person, asyncio.Lock()), self._few:
            while asyncio.get_running_loop().time() < end:
                async with self._store.lock(f"kept:{person}") as ours:
                    if ours:
                        yield
                        return
                await asyncio.sleep(TURN)
        raise DeliveryTrouble("kept")

    async def _kept(self, person: str) -> list[dict[str, Any]]:
        note = await self._store.recall("kept", person)
        return list(note["kept"]) if note else []

    async def _put(self, person: str, kept: list[dict[str, Any]]) -> None:
        if kept:
            await self._store.keep("kept", person, {"kept": kept}, WEEK)
        else:
            await self._store.drop("kept", person)

    async def forget(self, generation: str) -> None:
        """What is kept about a painting is not said any more."""
        note = await self._store.recall("kept-for", generation)
        if note is None:
            return
        person = str(note["person"])
        async with self._turn(person):
            left = [one for one in await self._kept(person) if one["slot"].partition("/")[0] != generation]
            await self._put(person, left)
            await self._store.drop("kept-for", generation)

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
        """Send what was kept for a person; how many messages that were. What cannot be sent now stays kept; what can never be is left out.

        Each leaves the note once it has been sent: after a kill one may be said twice, none is lost.
        """
        if not await self._kept(person):
            return 0
        many = 0
        async with self._turn(person):
            while kept := await self._kept(person):
                await self._deliver(person, kept[0])
                await self._put(person, kept[1:])
                many += 1
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
