"""Everything one database knows arrives in another as it left, both ways, or nothing does."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from core.migrations import moving, open_engine
from core.migrations.moving import TABLES, CannotMove, move
from core.records import open_records
from core.records.tables import alerts, leases, members, metadata, notes, rules
from tests.conftest import Clock

TRICKY: Mapping[str, Any] = {"说": "“猫”\n\\u0000? 🐱", "n": [1, 2.5, None, True], "": {}, "big": 9007199254740993}


def some_value(column: sa.Column[Any], turn: int, table: sa.Table) -> Any:
    """A value of this column's kind; the second row has nothing where nothing may stand."""
    if column.foreign_keys and not column.nullable:
        return value_of_key(next(iter(column.foreign_keys)).column, turn)
    if column.foreign_keys or (turn == 2 and column.nullable):
        return None
    if column.primary_key or any(column.name in key.columns for key in unique(table)):
        return value_of_key(column, turn)
    match column.type:
        case sa.JSON():
            return TRICKY
        case sa.Boolean():
            return turn == 1
        case sa.Double():
            return 1796004183.1234567 + turn
        case sa.Text():
            return f"猫’ {turn}"
        case _:
            return 3 if column.type.python_type is int else 1796004183.25


def unique(table: sa.Table) -> list[sa.UniqueConstraint]:
    return [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]


def value_of_key(column: sa.Column[Any], turn: int) -> Any:
    return turn * 7 if isinstance(column.type, sa.Integer) or column.type.python_type is int else f"k{turn}"


async def fill(url: str) -> dict[str, list[Any]]:
    """Two rows in every table that is moved; what then stands in them."""
    engine = open_engine(url)
    async with engine.begin() as connection:
        for table in TABLES:
            real = metadata.tables[table.name]
            for turn in (1, 2):
                await connection.execute(
                    table.insert().values({one.name: some_value(one, turn, real) for one in real.columns})
                )
        await connection.execute(leases.insert().values(id="a dead one", until=1.0))
    await engine.dispose()
    return await everything(url)


async def everything(url: str) -> dict[str, list[Any]]:
    engine = open_engine(url)
    async with engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in await connection.execute(table.select())), key=repr)
            for table in TABLES
        }
    await engine.dispose()
    return found


@pytest.fixture(params=["up", "down"])
def way(request: pytest.FixtureRequest, sqlite_url: str, postgres_url: str) -> tuple[str, str]:
    """(from, to): SQLite to PostgreSQL, and back."""
    return (sqlite_url, postgres_url) if request.param == "up" else (postgres_url, sqlite_url)


async def test_every_row_of_every_table_arrives_as_it_left_and_new_ones_go_on_counting(
    way: tuple[str, str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH", 1)
    source, target = way
    before = await fill(source)
    moved = await move(source, target)
    assert moved == {table.name: 2 for table in TABLES}
    assert await everything(target) == before == await everything(source)
    assert {table.name for table in metadata.sorted_tables} - set(moved) == {"leases"}
    records = open_records(target, clock)
    async with records.write() as tx:
        assert await tx.add(members, name="new", created=tx.now) == 15
        assert await tx.scalar(sa.select(sa.func.count()).select_from(leases)) == 0
        assert await tx.scalar(sa.select(sa.func.count()).where(alerts.c.facts.is_(None))) == 1
    await records.close()


async def test_signs_postgresql_takes_for_no_text_keep_no_record_from_moving(
    sqlite_url: str, postgres_url: str
) -> None:
    """Versions before left NUL and halves of surrogate pairs of forged presses in SQLite; nothing of it could be moved then."""
    engine = open_engine(sqlite_url)
    async with engine.begin() as connection:
        for at, said in enumerate(("\0a cat", "a \ud83d cat")):
            row = notes.insert().values(
                platform="x", kind="y\0", key=f"{at}", value={said: [said]}, until=sa.literal(1.5)
            )
            await connection.execute(row)
    await engine.dispose()
    assert (await move(sqlite_url, postgres_url))["notes"] == 2
    arrived = {(row[1], json.dumps(row[3])) for row in (await everything(postgres_url))["notes"]}
    assert arrived == {("y", '{"a cat": ["a cat"]}'), ("y", '{"a  cat": ["a  cat"]}')}


async def test_an_empty_database_moves_as_well_and_counts_from_one(sqlite_url: str, postgres_url: str) -> None:
    assert set((await move(sqlite_url, postgres_url)).values()) == {0}
    records = open_records(postgres_url, Clock())
    async with records.write() as tx:
        assert await tx.add(members, name="first", created=tx.now) == 1
    await records.close()


async def test_nothing_is_moved_into_a_database_that_knows_something(way: tuple[str, str]) -> None:
    source, target = way
    await fill(source)
    engine = open_engine(target)
    async with engine.begin() as connection:
        await connection.execute(rules.insert().values(key="sd", value=1, changed=0.0))
    await engine.dispose()
    before = await everything(target)
    with pytest.raises(CannotMove, match="not empty: there are rows in `rules`"):
        await move(source, target)
    assert await everything(target) == before


async def test_what_does_not_arrive_as_it_left_is_not_moved_at_all(
    way: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = way
    await fill(source)
    prints = iter(range(10**6))
    monkeypatch.setattr(moving, "_print_of", lambda _row: next(prints))
    with pytest.raises(CannotMove, match="did not arrive as it left"):
        await move(source, target)
    assert not any((await everything(target)).values())


@pytest.mark.parametrize("busy", ["from", "to"])
async def test_nothing_is_moved_beside_a_living_bot(sqlite_url: str, postgres_url: str, busy: str) -> None:
    records = open_records(postgres_url, Clock())
    async with records.write() as tx:
        await tx.change(leases.insert().values(id="alive", until=tx.database_now + 60))
    await records.close()
    way = (postgres_url, sqlite_url) if busy == "from" else (sqlite_url, postgres_url)
    with pytest.raises(CannotMove, match="stop it first"):
        await move(*way)
