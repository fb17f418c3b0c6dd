"""What the tests of all platforms together ask for."""

from collections.abc import AsyncIterator

import pytest

from core.records import Records
from tests.adapters.town import Town, opened
from tests.conftest import Clock
from tests.telegram.conftest import scene

__all__ = ["scene"]


@pytest.fixture(params=["slack", "telegram", "page"])
async def town(request: pytest.FixtureRequest, sqlite_records: Records, clock: Clock) -> AsyncIterator[Town]:
    """A team on each platform in turn, reading Chinese."""
    async with opened(sqlite_records, clock, request.param) as made:
        yield made
