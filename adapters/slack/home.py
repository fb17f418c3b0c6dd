"""App Home: balance, works, gallery and templates of one member, each the desk's own answer, put under one another."""

import asyncio
from typing import Any

from adapters.slack.payload import Meta
from adapters.slack.people import People
from adapters.slack.post import Poster
from adapters.slack.render import Block, Drawn, draw
from adapters.slack.views import home_view
from adapters.slack.web import SlackSaidNo
from core.replies import Door, Reply
from core.requests import Request

SHARES = (("points", 12), ("works", 44), ("gallery", 24), ("templates", 16))
"""What stands on the page, and how many of its 100 blocks each may take."""

PATIENCE = 1.5
"""Seconds a member looks at an old page before it comes without thumbnails first."""


class Home:
    """Draws and publishes the Home tab."""

    def __init__(self, door: Door, poster: Poster, people: People) -> None:
        self._door = door
        self._poster = poster
        self._people = people

    async def publish(self, request: Request) -> None:
        """Publish the page of the request's account; `request.name` and `.language` are known, its place is none yet."""
        user = request.account.id
        place = self._at(request, await self._people.direct(user))
        replies = [(await self._ask(place, verb), share) for verb, share in SHARES]
        said = [(reply, share) for reply, share in replies if reply is not None]
        full = asyncio.create_task(self._drawn(said, request.language))
        done, _ = await asyncio.wait({full}, timeout=PATIENCE)
        if not done:
            await self._put(user, [draw(reply, request.language, most=share) for reply, share in said], request)
        await self._put(user, await full, request)

    def _at(self, request: Request, channel: str) -> Request:
        place = request.place.__class__("slack", request.place.workspace, channel, private=True)
        return Request(
            request.account, place, "", event_key=request.event_key, language=request.language, name=request.name
        )

    async def _ask(self, base: Request, verb: str) -> Reply | None:
        asked = Request(
            base.account, base.place, verb, event_key=f"{base.event_key}:{verb}", language=base.language, name=base.name
        )
        answer = await self._door.answer(asked)
        return answer if isinstance(answer, Reply) else None

    async def _drawn(self, said: list[tuple[Reply, int]], language: str) -> list[Drawn]:
        return [await self._poster.drawn(reply, language, share) for reply, share in said]

    async def _put(self, user: str, drawn: list[Drawn], request: Request) -> None:
        blocks: list[Block] = []
        for one in drawn:
            blocks += ([{"type": "divider"}] if blocks else []) + one.blocks
        meta = Meta(channel=await self._people.direct(user), private=True)
        view: dict[str, Any] = home_view(blocks, request.language, meta)
        try:
            await self._poster.settled("views.publish", {"user_id": user, "view": view})
        except SlackSaidNo as no:
            if no.code not in ("not_enabled", "hash_conflict"):
                raise
