"""The migrations make exactly the tables the code knows, on both databases, however many start at once."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from core.migrations import migrate
from core.records.tables import metadata


async def differences(url: str) -> list[object]:
    """What Alembic would still change in a migrated database."""
    address = sa.make_url(url)
    driver = "postgresql+asyncpg" if address.get_backend_name() == "postgresql" else "sqlite+aiosqlite"
    engine = create_async_engine(address.set(drivername=driver))

    def compare(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata))

    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


async def test_a_migrated_database_is_what_the_code_expects(database_url: str) -> None:
    assert await differences(database_url) == []


async def test_two_starts_at_once_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    await asyncio.gather(*(asyncio.to_thread(migrate, url) for _ in range(3)))
    assert await differences(url) == []
