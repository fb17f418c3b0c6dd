"""Telegram's scene for each test."""

from collections.abc import AsyncIterator

import pytest

from core.records import Records
from tests.conftest import Clock
from tests.telegram.scene import Scene
from tests.telegram.stand_in import StandIn


@pytest.fixture
async def scene(sqlite_records: Records, clock: Clock) -> AsyncIterator[Scene]:
    server = StandIn()
    await server.start()
    opened = Scene(server, sqlite_records, clock)
    yield opened
    await opened.close()
    await server.stop()
