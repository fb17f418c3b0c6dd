"""App Home: where to begin, then balance, works, gallery and templates of one member, each the desk's own answer, put under one another."""

import asyncio
from dataclasses import replace
from typing import Any

import structlog

from adapters.slack.blocks import Block
from adapters.slack.inbox import ended
from adapters.slack.payload import Meta
from adapters.slack.people import People
from adapters.slack.post import Poster
from adapters.slack.render import Drawn, draw
from adapters.slack.views import home_view
from adapters.slack.web import SlackSaidNo
from core.errors import DeliveryTrouble
from core.replies import Button, Door, Reply
from core.requests import Line, Request

log = structlog.get_logger(__name__)

SHARES = (("points", 12), ("works", 42), ("gallery", 24), ("templates", 16))
"""What stands on the page, and how many of its 100 blocks each may take."""

DOORS = (("paint", "primary"), ("random", "plain"), ("start", "plain"), ("help", "plain"))
"""What a member may press first, by verb; admins also have theirs."""

FEWER = ("delete.sure", "works.delete.sure")
"""Presses after which works are gone that may stand on the page."""

PATIENCE = 1.5
"""Seconds a member looks at an old page before it comes without thumbnails first."""


class Home:
    """Draws and publishes the Home tab."""

    def __init__(self, door: Door, poster: Poster, people: People) -> None:
        self._door = door
        self._poster = poster
        self._people = people
        self._looked: set[str] = set()

    async def after(self, request: Request) -> None:
        """Somebody deleted works: what they have before them, under a modal perhaps, shows them no more. Anybody's page is drawn anew when it is opened."""
        if request.verb not in FEWER or request.account.id not in self._looked:
            return
        place = replace(request.place, thread="", message="", hook="", private=True)
        plain = Request(request.account, place, "home", "", event_key=request.event_key, language=request.language)
        try:
            await self.publish(replace(plain, name=request.name))
        except (DeliveryTrouble, SlackSaidNo) as error:
            log.info("slack.home_not_drawn", error=str(error))

    async def publish(self, request: Request) -> None:
        """Publish the page of the request's account; `request.name` and `.language` are known, its place is none yet."""
        user = request.account.id
        self._looked.add(user)
        direct = await self._people.direct(user)
        request = replace(request, place=replace(request.place, channel=direct))
        replies = [(await self._ask(request, verb), share) for verb, share in SHARES]
        said = [(reply, share) for reply, share in replies if reply is not None]
        request = replace(request, language=next((one.language for one, _ in said if one.language), request.language))
        said = [(await self._doors(request), 2), *said]
        full = asyncio.create_task(self._drawn(said, request.language))
        try:
            done, _ = await asyncio.wait({full}, timeout=PATIENCE)
            if not done:
                await self._put(user, [draw(reply, request.language, most=share) for reply, share in said], request)
            await self._put(user, await full, request)
        except DeliveryTrouble as trouble:
            await self._poster.doubt(trouble, *(reply for reply, _ in said))
            raise
        finally:
            await ended(full)

    async def _doors(self, request: Request) -> Reply:
        admin = str(request.account) in await self._door.admins("slack")
        doors = (*DOORS, *([("admin", "plain")] if admin else []))
        return Reply((), tuple(Button(Line(f"slack.home_{verb}"), verb, style=style) for verb, style in doors))

    async def _ask(self, request: Request, verb: str) -> Reply | None:
        asked = replace(request, verb=verb, event_key=f"{request.event_key}:{verb}")
        answer = await self._door.answer(asked)
        if answer is not None:
            await self._people.chose(request.account.id, answer.language)
        return answer if isinstance(answer, Reply) else None

    async def _drawn(self, said: list[tuple[Reply, int]], language: str) -> list[Drawn]:
        return [await self._poster.drawn(reply, language, share) for reply, share in said]

    async def _put(self, user: str, drawn: list[Drawn], request: Request) -> None:
        blocks: list[Block] = []
        for one in drawn:
            blocks += ([{"type": "divider"}] if blocks else []) + one.blocks
        meta = Meta(channel=request.place.channel, private=True, language=request.language)
        view: dict[str, Any] = home_view(blocks, request.language, meta)
        try:
            await self._poster.settled("views.publish", {"user_id": user, "view": view})
        except SlackSaidNo as no:
            if no.code not in ("not_enabled", "hash_conflict"):
                raise
