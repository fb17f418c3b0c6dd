"""Bringing a database to the newest schema, one process at a time."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.errors import PaintbotError
from core.records.address import database_address

HERE = Path(__file__).parent
LOCK = 7_246_825_001
"""PostgreSQL advisory lock: two replicas starting at once migrate one after the other."""


class TooNew(PaintbotError):
    """A newer version of the program has brought this database to a schema that this one does not know."""


def migrate(url: str) -> None:
    """Apply every missing migration to `sqlite:///…` or `postgresql://…`. Raises TooNew, and what the driver raises.

    Runs its own event loop: call it from a thread when one is running.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(_migrate(url))
        return
    failure: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(_migrate(url))
        except BaseException as error:  # handed to the caller's thread below
            failure.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


def open_engine(url: str) -> AsyncEngine:
    """An engine for one long piece of work; on SQLite its transactions begin as writers."""
    engine = create_async_engine(database_address(url))
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine.sync_engine, "connect", _connected)
        sa.event.listen(engine.sync_engine, "begin", _begun)
    return engine


async def _migrate(url: str) -> None:
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # pysqlite would begin too late, and commit before every CREATE
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()


def _begun(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # whoever starts at the same moment waits, and finds it done


def _upgrade(connection: sa.Connection) -> None:
    config = configuration(connection)
    schema = MigrationContext.configure(connection).get_current_revision()
    if schema and schema not in {known.revision for known in ScriptDirectory.from_config(config).walk_revisions()}:
        raise TooNew(f"its schema {schema} is newer than this program; start the newer one, or restore a backup")
    command.upgrade(config, "head")


def configuration(connection: Any) -> Config:
    """Alembic's configuration, bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
