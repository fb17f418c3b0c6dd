"""The ways to say something on Slack: a message, an edit, a whisper, a direct message, a response_url; and which one is left when one is shut."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from adapters.slack.blocks import MOST_BLOCKS, SHORT, cut, shortened, soft, weight_of
from adapters.slack.files import Files
from adapters.slack.people import People
from adapters.slack.render import Drawn, documents_of, draw, originals_of, pictures_of
from adapters.slack.web import LIMITED, SlackSaidNo, Web
from core.errors import DeliveryTrouble, Undeliverable
from core.replies import Reply
from core.requests import Line, Place
from core.texts import say

log = structlog.get_logger(__name__)

AWAY = {
    "not_in_channel",
    "channel_not_found",
    "is_archived",
    "user_not_in_channel",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "no_permission",
    "no_channel",
    "team_access_not_granted",
}
"""Why a channel takes nothing from us, while the member can still be reached directly."""

UNSCOPED = {"missing_scope"}
"""We may not post at all; a response_url needs no scope."""

UNINVITED = {"not_in_channel", "channel_not_found", "no_channel"}
TOO_LONG = {"msg_too_long", "msg_blocks_too_long"}
LOST_THREAD = {"thread_not_found", "invalid_thread_ts", "cannot_reply_to_message"}
UNPROCESSED = "invalid slack file"
PROCESSING = (1.0, 2.0, 4.0, 8.0)
"""Waits while Slack still processes an upload, in units of one look."""


Spot = tuple[str, str]
"""Channel and ts of a message."""


@dataclass(frozen=True, slots=True)
class Stands:
    """What an answer left on Slack: its message (None for what only its reader sees, which vanishes by itself and nobody can delete) and its files."""

    spot: Spot | None = None
    files: tuple[str, ...] = ()


@contextmanager
def border() -> Iterator[None]:
    """Slack's clear no becomes `Undeliverable` on its way out to the core."""
    try:
        yield
    except SlackSaidNo as no:
        raise Undeliverable(no.code) from no


def root(place: Place) -> str:
    """The thread in which a place is answered: its own, or one under the message that asked; direct messages stay flat."""
    return place.thread or ("" if place.private else place.message)


def uninvited(place: Place) -> str:
    """The sentence that says how to have us where we are no member: nobody can be invited into a direct channel of two people."""
    return "slack.not_between" if place.channel.startswith("D") else "slack.invite"


class Poster:
    """Says drawn replies where they belong."""

    def __init__(self, web: Web, people: People, files: Files, look: float = 0.4) -> None:
        self.web = web
        self.people = people
        self.files = files
        self._look = look

    async def drawn(self, reply: Reply, language: str, most: int = MOST_BLOCKS) -> Drawn:
        """The reply with its pictures uploaded; a thumbnail that cannot be uploaded is left out, a picture of a result is trouble."""
        uploads: dict[tuple[str, str], str] = {}
        for needed in pictures_of(reply):
            try:
                uploads[needed.image, needed.size] = await self.files.picture(
                    needed.image, needed.size, say(needed.alt, language)
                )
            except (DeliveryTrouble, SlackSaidNo) as error:
                if needed.size == "preview":
                    raise
                log.warning("slack.thumb_missing", image=needed.image, error=str(error))
        return draw(reply, language, uploads, most)

    async def message(self, channel: str, thread: str, drawn: Drawn, slot: str = "") -> Spot:
        """Post a message; gives (channel id, ts). With `slot`, the message can be found again by it."""
        args: dict[str, Any] = {"channel": channel, "thread_ts": thread, "text": drawn.text, "blocks": drawn.blocks}
        args |= {"unfurl_links": False, "unfurl_media": False}
        if slot:
            args["metadata"] = {"event_type": "paintbot_slot", "event_payload": {"slot": slot}}
        answer = await self._threaded("chat.postMessage", args)
        return str(answer.get("channel") or channel), str(answer.get("ts", ""))

    async def edit(self, channel: str, ts: str, drawn: Drawn) -> None:
        """Make a message of ours look so."""
        await self.settled("chat.update", {"channel": channel, "ts": ts, "text": drawn.text, "blocks": drawn.blocks})

    async def whisper(self, channel: str, user: str, thread: str, drawn: Drawn) -> None:
        """Say it in the channel to one member only."""
        args = {"channel": channel, "user": user, "thread_ts": thread, "text": drawn.text, "blocks": drawn.blocks}
        await self._threaded("chat.postEphemeral", args)

    async def _threaded(self, method: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """A new message; outside its thread where that is no more."""
        try:
            return await self.settled(method, args, again=False)
        except SlackSaidNo as no:
            if no.code not in LOST_THREAD or not args["thread_ts"]:
                raise
        return await self.settled(method, {**args, "thread_ts": ""}, again=False)

    async def settled(self, method: str, args: Mapping[str, Any], *, again: bool = True) -> dict[str, Any]:
        """A call with blocks; a message Slack finds too long is said again with every text in it cut short."""
        try:
            return await self._processed(method, args, again=again)
        except SlackSaidNo as no:
            if no.code not in TOO_LONG or "blocks" not in args:
                raise
            log.error("slack.too_long", method=method, code=no.code, weight=weight_of(args["blocks"]))
            short = {**args, "text": cut(args["text"], SHORT), "blocks": shortened(args["blocks"])}
            return await self._processed(method, short, again=again)

    async def _processed(self, method: str, args: Mapping[str, Any], *, again: bool) -> dict[str, Any]:
        """A call with blocks, repeated while Slack still processes a picture in them (on exactly that error)."""
        for wait in (*PROCESSING, None):
            try:
                return await self.web.call(method, args, again=again)
            except SlackSaidNo as no:
                if not any(UNPROCESSED in detail for detail in no.details):
                    raise
                if wait is None:
                    raise DeliveryTrouble("slack_file") from no
                await asyncio.sleep(wait * self._look)
        raise DeliveryTrouble("slack_file")

    async def doubt(self, trouble: DeliveryTrouble, *replies: Reply) -> None:
        """Where Slack did not show an upload (its files are deleted there, by retention too), forget those of the replies: the next try uploads anew."""
        if trouble.reason == "slack_file":
            for needed in (needed for reply in replies for needed in pictures_of(reply)):
                await self.files.stale(needed.image)

    async def hook(self, url: str, drawn: Drawn, *, private: bool, thread: str = "", replace: bool = False) -> bool:
        """Answer through a response_url (5 uses, 30 minutes); False when it is spent."""
        body: dict[str, Any] = {
            "text": drawn.text,
            "blocks": drawn.blocks,
            "response_type": "ephemeral" if private else "in_channel",
        }
        body |= {"replace_original": replace} | ({"thread_ts": thread} if thread else {})
        try:
            async with self.web.session.post(url, json=body) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("slack.hook_failed", error=type(error).__name__)
            return False

    async def direct(self, user: str, reply: Reply, language: str) -> Stands:
        """Say it where only this member reads."""
        channel = await self.people.direct(user)
        spot = await self.message(channel, "", await self.drawn(reply, language))
        return Stands(spot, await self._along(reply, language, channel, ""))

    async def answer(self, user: str, place: Place, reply: Reply, language: str) -> Stands:
        """Say an answer where it was asked; privately when it is private; through what is left where the bot is no member."""
        if not place.channel:
            return await self.direct(user, reply, language)
        drawn, secret = await self.drawn(reply, language), reply.private and not place.private
        # a whisper under a message without replies is shown to nobody: it stands in the channel then
        thread = place.thread if secret else root(place)
        spot: Spot | None = None
        try:
            if secret:
                await self.whisper(place.channel, user, thread, drawn)
            else:
                spot = await self.message(place.channel, thread, drawn)
        except DeliveryTrouble as trouble:
            # a response_url has no rate limit of its own
            if not (
                trouble.reason in LIMITED
                and place.hook
                and await self.hook(place.hook, drawn, private=reply.private, thread=thread)
            ):
                raise
        except SlackSaidNo as no:
            if no.code not in AWAY | UNSCOPED:
                raise
            return await self._elsewhere(user, place, reply, language, no.code)
        if secret:
            return Stands(None, await self._along(reply, language, "", "", user))
        return Stands(spot, await self._along(reply, language, place.channel, thread))

    async def _elsewhere(self, user: str, place: Place, reply: Reply, language: str, code: str) -> Stands:
        drawn = await self.drawn(reply, language, MOST_BLOCKS - 1)
        if place.hook:
            words = [soft(say(Line(uninvited(place)), language))] if code in UNINVITED else []
            if await self.hook(
                place.hook, Drawn(drawn.text, [*drawn.blocks, *words]), private=reply.private, thread=place.thread
            ):
                return Stands(None, await self._along(reply, language, "", "", user))
        return await self.direct(user, reply, language)

    async def _along(self, reply: Reply, language: str, channel: str, thread: str, user: str = "") -> tuple[str, ...]:
        """The files of an answer that stands already: where they do not go up now, that is said; tried again, the answer would stand there twice."""
        try:
            return await self.attach(reply, language, channel, thread, user)
        except DeliveryTrouble as trouble:
            log.warning("slack.file_missing", reason=trouble.reason)
            words = say(Line("slack.file_missing"), language)
            where = channel or await self.people.direct(user)
            await self.message(where, thread, Drawn(words, [soft(words)]))
            return ()

    async def attach(self, reply: Reply, language: str, channel: str, thread: str, user: str = "") -> tuple[str, ...]:
        """Share the originals and documents of a reply as files; without a channel, in the member's direct one. Gives file ids."""
        documents, originals = documents_of(reply), originals_of(reply)
        if not documents and not originals:
            return ()
        where = channel or await self.people.direct(user)
        named = [(one.image, say(one.alt, language)) for one in originals]
        return (
            *await self.files.originals(named, where, thread),
            *await self.files.documents(documents, where, thread),
        )
