"""One transaction: statements, row counts, and the wake-ups that go out with its commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

Row = sa.RowMapping
Statement = sa.Executable

DATABASE_CLOCK = {
    True: sa.literal_column("extract(epoch from clock_timestamp())::double precision", sa.Double),
    False: sa.literal_column("((julianday('now') - 2440587.5) * 86400.0)", sa.Double),
}


class Tx:
    """A transaction under way. `now` is the clock's time when it began; `database_now` an SQL expression of the database's own clock."""

    def __init__(self, connection: AsyncConnection, *, postgres: bool, now: datetime) -> None:
        self.connection = connection
        self.postgres = postgres
        self.now = now
        self.woken: set[str] = set()

    @property
    def database_now(self) -> sa.ColumnElement[float]:
        """Epoch seconds by the database's clock, the same for every replica."""
        return DATABASE_CLOCK[self.postgres]

    async def all(self, statement: Statement, values: Mapping[str, Any] | None = None) -> Sequence[Row]:
        """Every row, as mappings."""
        return (await self.connection.execute(statement, values)).mappings().all()

    async def first(self, statement: Statement, values: Mapping[str, Any] | None = None) -> Row | None:
        """The first row, or None."""
        return (await self.connection.execute(statement, values)).mappings().first()

    async def scalar(self, statement: Statement, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        return (await self.connection.execute(statement, values)).scalar()

    async def change(
        self, statement: Statement, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> int:
        """Run an INSERT, UPDATE or DELETE; how many rows it changed."""
        return (await self.connection.execute(statement, values)).rowcount

    async def add(self, table: sa.Table, **values: Any) -> Any:
        """Insert one row; its primary key (the first column of it)."""
        key = (await self.connection.execute(table.insert().values(**values))).inserted_primary_key
        return key[0] if key else None

    def insert(self, table: sa.Table) -> PostgresInsert:
        """An INSERT that knows ON CONFLICT (both dialects spell it alike)."""
        return cast("PostgresInsert", postgres_insert(table) if self.postgres else sqlite_insert(table))

    def wake(self, topic: str) -> None:
        """Wake whoever waits for `topic` ("tasks", "views") once this transaction has committed."""
        self.woken.add(topic)
