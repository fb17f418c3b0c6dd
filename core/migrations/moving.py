"""Moving all that one database knows into another, empty one: in batches, in one transaction, counted and compared."""

import json
from collections.abc import AsyncIterator, Mapping
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import PaintbotError
from core.migrations import open_engine
from core.records import DATABASE_CLOCK
from core.records.tables import Moment, json_text, leases, metadata

BATCH = 500
LEFT = (leases.name,)
"""Of processes, not of the team: whoever starts writes its own."""


class CannotMove(PaintbotError):
    """Nothing was moved: one line that says why."""


def _plain(table: sa.Table) -> sa.Table:
    """The same table with its values as they are stored: moments as numbers, and NULL told from a JSON null where both may stand."""
    columns = []
    for column in table.columns:
        kind: sa.types.TypeEngine[Any] = column.type
        if isinstance(kind, Moment):
            kind = sa.Double()
        elif isinstance(kind, sa.JSON) and column.nullable:
            kind = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
        columns.append(sa.Column(column.name, kind, primary_key=column.primary_key, autoincrement=False))
    return sa.Table(table.name, sa.MetaData(), *columns)


TABLES = tuple(_plain(table) for table in metadata.sorted_tables if table.name not in LEFT)
"""Those that others refer to come first."""


async def move(source: str, target: str) -> Mapping[str, int]:
    """Copy every row from one address to the other, both at the newest schema; how many of each table.

    The source is only read, and nobody writes there meanwhile. CannotMove, with nothing written, where a bot runs on either (PostgreSQL; of a
    SQLite file the caller holds the lock), the target has rows, or not all arrived as it left; and what the drivers raise.
    """
    engines = open_engine(source), open_engine(target)
    try:
        async with engines[0].connect() as old, engines[1].connect() as new:
            if old.dialect.name == "postgresql":
                await old.execution_options(isolation_level="REPEATABLE READ")
            async with old.begin(), new.begin():
                await _alone(old)
                await _alone(new)
                await _check_empty(new)
                return {table.name: await _copied(old, new, table) for table in TABLES}
    finally:
        for engine in engines:
            await engine.dispose()


async def _alone(connection: AsyncConnection) -> None:
    """No bot runs here, and none can start until we are done."""
    if connection.dialect.name != "postgresql":
        return
    await connection.execute(sa.text(f"LOCK TABLE {leases.name} IN EXCLUSIVE MODE"))
    alive = sa.select(sa.func.count()).where(leases.c.until > DATABASE_CLOCK[True])
    if await connection.scalar(alive):
        raise CannotMove(
            "a bot is running on one of the two databases; stop it first (killed just now: wait 15 seconds)"
        )


async def _check_empty(connection: AsyncConnection) -> None:
    for table in TABLES:
        if await connection.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)):
            raise CannotMove(
                f"the database to move to is not empty: there are rows in `{table.name}`. Give it an empty one; nothing was moved"
            )


async def _copied(old: AsyncConnection, new: AsyncConnection, table: sa.Table) -> int:
    left, arrived, number = 0, 0, 0
    async for found in _batches(old, table):
        batch = [json.loads(json_text(row)) for row in found]  # an older SQLite may hold signs PostgreSQL refuses
        left += sum(map(_print_of, batch))
        number += len(batch)
        await new.execute(table.insert(), batch)
    async for batch in _batches(new, table):
        arrived += sum(map(_print_of, batch))
        number -= len(batch)
    if number or left != arrived:
        raise CannotMove(f"`{table.name}` did not arrive as it left; nothing was moved")
    counted = metadata.tables[table.name].autoincrement_column
    if counted is not None and new.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, counted.name)
        highest = sa.select(sa.func.max(table.c[counted.name])).scalar_subquery()
        await new.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))))
    return int(await new.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


async def _batches(connection: AsyncConnection, table: sa.Table) -> AsyncIterator[list[dict[str, Any]]]:
    async with connection.stream(table.select()) as found:
        async for rows in found.mappings().partitions(BATCH):
            yield [dict(row) for row in rows]


def _print_of(row: Mapping[str, Any]) -> int:
    """A fingerprint of one row; summed up they compare two tables whatever order their rows come in."""
    written = json.dumps(row, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=16).digest())
