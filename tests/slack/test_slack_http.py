"""HTTP mode: the same journeys through /slack/events, signed."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from aiohttp import ClientSession
from starlette.applications import Starlette
from starlette.routing import Mount

from core.errors import PaintbotError
from core.replies import Reply
from core.requests import Line
from tests.slack.conftest import World, make
from tests.slack.fakes import MemoryStore, ScriptedDoor
from tests.slack.stand_in import StandIn, payload

HELLO = Line("slack.more", {"n": 1})


@pytest.fixture
async def served(slack: StandIn) -> AsyncIterator[tuple[World, str]]:
    world = World(slack, MemoryStore(), ScriptedDoor(), make(slack, MemoryStore(), ScriptedDoor()))
    world.app = world.another(mode="http", app_token="")
    await world.app.start()
    config = uvicorn.Config(
        Starlette(routes=[Mount("/slack/events", world.app.routes)]), port=0, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await slack.until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield world, f"http://127.0.0.1:{port}/slack/events"
    server.should_exit = True
    await serving
    await world.app.stop()


async def test_signed_payloads_are_answered_and_forged_ones_are_not(served: tuple[World, str]) -> None:
    world, url = served
    world.door.answers = {"points": Reply((HELLO,), private=True), "paint": None, "again": None}
    points = payload("command", command="/paint-points")
    async with ClientSession() as session:
        post = world.slack.post
        assert await post(session, url, {"type": "url_verification", "challenge": "c1"}) == (200, '{"challenge": "c1"}')
        assert await post(session, url, points) == (200, "")
        assert await post(session, url, points) == (200, "")
        assert (await post(session, url, points | {"trigger_id": "9"}, secret="forged"))[0] == 401
        for body in (payload("mention"), payload("mention_message"), payload("press")):
            assert (await post(session, url, body))[0] == 200
        status, ack = await post(session, url, payload("submission"))
        assert status == 200 and json.loads(ack)["response_action"] == "update"
    await world.app.inbox.idle()
    assert {one.verb for one in world.door.asked} >= {"points", "paint", "again"} and len(world.door.asked) == 4
    assert len(world.slack.whispers) == 1 and world.app.healthy()


async def test_strangers_are_turned_away_whatever_they_send(served: tuple[World, str]) -> None:
    world, url = served
    now = str(int(time.time()))
    async with ClientSession() as session:
        for mark, stamp in (
            ("v0=é", now),
            ("v0=a", "soon"),
            ("", ""),
            ("v0=a", "²"),
            ("v0=a", "9" * 30),
            ("v0=a", "1"),
        ):
            headers = {"X-Slack-Signature": mark, "X-Slack-Request-Timestamp": stamp}
            async with session.post(url, data=b"{}", headers=headers) as answer:
                assert answer.status == 401, (mark, stamp)
    assert not world.door.asked


async def test_before_slack_is_reached_events_are_asked_for_again(slack: StandIn) -> None:
    app = make(slack, MemoryStore(), ScriptedDoor(), mode="http", app_token="")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app.routes), base_url="http://bot") as client:
        assert (await client.post("/slack/events", content=b"{}")).status_code == 503


async def test_wrong_tokens_are_told_at_the_start(slack: StandIn) -> None:
    store, door = MemoryStore(), ScriptedDoor()
    with pytest.raises(PaintbotError, match="bot_token: invalid_auth"):
        await make(slack, store, door, bot_token="xoxb-wrong").start()
    slack.refused["apps.connections.open"] = "invalid_auth"
    with pytest.raises(PaintbotError, match="app_token: invalid_auth"):
        await make(slack, store, door).start()
