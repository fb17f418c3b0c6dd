"""One transaction: statements, row counts, and the wake-ups that go out with its commit."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

Row = sa.RowMapping
Statement = sa.Executable
Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Result = sa.CursorResult[Any]
T = TypeVar("T")

INSERTS: Mapping[bool, Callable[[sa.Table], PostgresInsert]] = {
    True: postgres_insert,
    False: cast("Callable[[sa.Table], PostgresInsert]", sqlite_insert),
}
"""An INSERT that knows ON CONFLICT (both dialects spell it alike), by `Tx.postgres`."""

DATABASE_CLOCK = {
    True: sa.literal_column("extract(epoch from clock_timestamp())::double precision", sa.Double),
    False: sa.literal_column("((julianday('now') - 2440587.5) * 86400.0)", sa.Double),
}


class Run(Protocol):
    """Runs a statement on a connection and takes what is wanted from its result before the next one runs."""

    def __call__(self, statement: Statement, values: Values, take: Callable[[Result], T]) -> Awaitable[T]:
        """What `take` found."""
        ...


class Tx:
    """A transaction under way. `now` is the clock's time when it began; `database_now` an SQL expression of the database's own clock."""

    def __init__(self, run: Run, *, postgres: bool, now: datetime) -> None:
        self._run = run
        self.postgres = postgres
        self.now = now
        self.woken: set[str] = set()

    @property
    def database_now(self) -> sa.ColumnElement[float]:
        """Epoch seconds by the database's clock, the same for every replica."""
        return DATABASE_CLOCK[self.postgres]

    async def all(self, statement: Statement, values: Mapping[str, Any] | None = None) -> Sequence[Row]:
        """Every row, as mappings."""
        return await self._run(statement, values, _rows)

    async def first(self, statement: Statement, values: Mapping[str, Any] | None = None) -> Row | None:
        """The first row, or None."""
        return await self._run(statement, values, _first)

    async def scalar(self, statement: Statement, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        return await self._run(statement, values, _scalar)

    async def change(self, statement: Statement, values: Values = None) -> int:
        """Run an INSERT, UPDATE or DELETE; how many rows it changed."""
        return await self._run(statement, values, _count)

    async def add(self, table: sa.Table, **values: Any) -> Any:
        """Insert one row; its primary key (the first column of it)."""
        return await self._run(table.insert().values(**values), None, _key)

    def insert(self, table: sa.Table) -> PostgresInsert:
        """An INSERT that knows ON CONFLICT."""
        return INSERTS[self.postgres](table)

    def wake(self, topic: str) -> None:
        """Wake whoever waits for `topic` ("tasks", "views", "alerts") once this transaction has committed."""
        self.woken.add(topic)


def _rows(result: Result) -> Sequence[Row]:
    return result.mappings().all()


def _first(result: Result) -> Row | None:
    return result.mappings().first()


def _scalar(result: Result) -> Any:
    return result.scalar()


def _count(result: Result) -> int:
    return result.rowcount


def _key(result: Result) -> Any:
    key = result.inserted_primary_key
    return key[0] if key else None
