"""The migrations make exactly the tables the code knows, on both databases, however many start at once."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from core.migrations import configuration, migrate
from core.records.tables import metadata


def driven(url: str) -> sa.URL:
    """The address with the driver the house uses."""
    address = sa.make_url(url)
    driver = "postgresql+asyncpg" if address.get_backend_name() == "postgresql" else "sqlite+aiosqlite"
    return address.set(drivername=driver)


async def differences(url: str) -> list[object]:
    """What Alembic would still change in a migrated database."""
    engine = create_async_engine(driven(url))

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


async def test_acts_from_before_learn_their_kind(database_url: str) -> None:
    engine = create_async_engine(driven(database_url))
    async with engine.begin() as connection:
        await connection.run_sync(lambda one: command.downgrade(configuration(one), "0003"))
        for act in ("keys.add", "pause"):
            await connection.execute(sa.text("INSERT INTO audit (at, act) VALUES (0, :act)"), {"act": act})
        await connection.run_sync(lambda one: command.upgrade(configuration(one), "head"))
        kinds = (await connection.execute(sa.text("SELECT kind FROM audit ORDER BY id"))).scalars().all()
    await engine.dispose()
    assert kinds == ["keys", "pause"]
