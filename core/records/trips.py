"""SQLite through aiosqlite with one trip to its thread for each statement: SQLAlchemy's own cursor makes four (open, execute, fetch, close)."""

import collections
from collections.abc import Sequence
from sqlite3 import Connection, Cursor
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util.concurrency import await_

DRIVER = "sqlite+onetrip"


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Runs a statement whole in aiosqlite's thread and keeps what it gave: rows, description, counts."""

    __slots__ = ("_given",)

    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: Any) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = None  # type: ignore[assignment]
        self._rows = collections.deque()
        self._soft_closed_memoized = {}  # type: ignore[assignment]
        self._given: tuple[Any, int, int] = (None, -1, 0)

    @property
    def description(self) -> Any:
        return self._given[0]

    @property
    def rowcount(self) -> int:
        return self._given[1]

    @property
    def lastrowid(self) -> int:
        return self._given[2]

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._trip("execute", operation, parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._trip("executemany", operation, seq_of_parameters)

    async def _trip(self, how: str, operation: str, parameters: Sequence[Any] | None) -> None:
        def work() -> tuple[list[Any], tuple[Any, int, int]]:
            raw: Connection = self._connection._conn  # type: ignore[attr-defined]
            cursor: Cursor = raw.cursor()
            try:
                getattr(cursor, how)(operation, () if parameters is None else parameters)
                rows = cursor.fetchall() if cursor.description else []
                return rows, (cursor.description, cursor.rowcount, cursor.lastrowid or 0)
            finally:
                cursor.close()

        rows, self._given = await self._connection._execute(work)  # type: ignore[attr-defined]
        self._rows = collections.deque(rows)

    async def _async_soft_close(self) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arguments: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        connection = self.aiosqlite.connect(*arguments, **options)
        connection._thread.daemon = True
        return _Connection(self, await_(connection))


class OneTrip(SQLiteDialect_aiosqlite):
    """The dialect behind `sqlite+onetrip://`."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """aiosqlite, with our cursor."""
        return _Driver(__import__("aiosqlite"), __import__("sqlite3"))


registry.register("sqlite.onetrip", __name__, "OneTrip")
