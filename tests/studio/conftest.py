"""A scene on each kind of database."""

from collections.abc import AsyncIterator

import pytest

from core.records import Records
from tests.studio.scene import Scene


@pytest.fixture
async def scene(records: Records) -> AsyncIterator[Scene]:
    """A team around one database, SQLite and PostgreSQL in turn."""
    made = Scene(records)
    yield made
    await made.http.aclose()


@pytest.fixture
async def sqlite_scene(sqlite_records: Records) -> AsyncIterator[Scene]:
    """The same on SQLite alone, for what is not about the database."""
    made = Scene(sqlite_records)
    yield made
    await made.http.aclose()
