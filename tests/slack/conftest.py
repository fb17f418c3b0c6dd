"""A bot connected to the stand-in: what every journey starts from."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.app import SlackApp
from core.replies import Door, PlatformStore
from tests.slack.fakes import Images, MemoryStore, ScriptedDoor
from tests.slack.stand_in import SECRET, TOKEN, StandIn


@dataclass
class World:
    """Slack, the bot, and what stands behind it."""

    slack: StandIn
    store: MemoryStore
    door: ScriptedDoor
    app: SlackApp

    def another(self, **changes: Any) -> SlackApp:
        """A bot on the same Slack and store: the next life of this one."""
        return make(self.slack, self.store, self.door, **changes)

    async def say(self, body: dict[str, Any]) -> dict[str, Any]:
        """Hand over a payload and wait until it is answered; gives what the ack carried."""
        ack = await self.slack.send(body)
        await self.app.inbox.idle()
        return ack


def make(slack: StandIn, store: PlatformStore, door: Door, **changes: Any) -> SlackApp:
    settings: dict[str, Any] = {
        "bot_token": TOKEN,
        "app_token": "xapp-1",
        "signing_secret": SECRET,
        "api_url": f"{slack.url}/api/",
        "door": door,
        "store": store,
        "images": Images(),
        "clock": lambda: datetime.now(UTC),
        "edit_every": 0.01,
        "grace": 5.0,
        "look": 0.01,
        "ping": 0.5,
    }
    return SlackApp(**(settings | changes))


@pytest.fixture
async def slack(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    stand_in = StandIn()
    await stand_in.start()
    yield stand_in
    await stand_in.stop()
    assert not stand_in.broken, stand_in.broken


@pytest.fixture
async def world(slack: StandIn) -> AsyncIterator[World]:
    store, door = MemoryStore(), ScriptedDoor()
    app = make(slack, store, door)
    await app.start()
    yield World(slack, store, door, app)
    await app.stop()
