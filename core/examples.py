"""Sample lines for `/random`, in each language: the library of the first start, then whatever admins make of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import Refusal
from core.records import Row, Tx
from core.records.tables import examples, ticks
from core.requests import Line
from core.texts.library import SCENES, load_examples

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Example:
    """A paint line (prompt with flags) of one of `SCENES`, for readers of one language ("zh", "en")."""

    id: int
    scene: str
    language: str
    line: str
    enabled: bool
    revision: int


def _example(row: Row) -> Example:
    return Example(**{name: row[name] for name in Example.__slots__})


async def seed_examples(tx: Tx) -> int:
    """Write the library into the table, once in the life of a database: what admins delete stays deleted. How many were written."""
    claim = tx.insert(ticks).values(name="seed.examples", period="first", at=tx.now).on_conflict_do_nothing()
    if not await tx.change(claim):
        return 0
    rows = [
        {"scene": one.scene, "language": language, "line": line, "created": tx.now}
        for one in load_examples()
        for language, line in (("zh", one.zh), ("en", one.en))
    ]
    await tx.change(tx.insert(examples).on_conflict_do_nothing(), rows)
    return len(rows)


async def drawn(tx: Tx, language: str, most: int, *, scene: str = "", but: Sequence[int] = ()) -> Sequence[Example]:
    """At random up to `most` enabled examples of a language, of one scene or any; those in `but` only when there are no others."""
    last = sa.case((examples.c.id.in_(list(but)), 1), else_=0)
    query = sa.select(examples).where(examples.c.language == language, examples.c.enabled)
    if scene:
        query = query.where(examples.c.scene == scene)
    return [_example(row) for row in await tx.all(query.order_by(last, sa.func.random()).limit(most))]


async def get(tx: Tx, example_id: int) -> Example | None:
    """An example by id, or None."""
    row = await tx.first(sa.select(examples).where(examples.c.id == example_id))
    return _example(row) if row else None


async def listed(
    tx: Tx, *, words: str = "", language: str = "", offset: int = 0, most: int = 5
) -> tuple[Sequence[Example], int]:
    """A page of all examples, disabled ones too, newest first, and how many match."""
    where = [examples.c.line.icontains(words, autoescape=True)] if words else []
    if language:
        where.append(examples.c.language == language)
    total = await tx.scalar(sa.select(sa.func.count()).select_from(examples).where(*where)) or 0
    rows = await tx.all(sa.select(examples).where(*where).order_by(examples.c.id.desc()).offset(offset).limit(most))
    return [_example(row) for row in rows], total


async def add(tx: Tx, scene: str, language: str, line: str) -> int | None:
    """A new example; its id, or None when this very line is there already. Refusal `random.scene`, `random.line`."""
    clean = line.strip()
    if scene not in SCENES:
        raise Refusal(
            "random.scene",
            {"scene": scene[:40], "known": tuple(Line(f"random.scene_{one}") for one in SCENES)},
            field="scene",
        )
    if not clean or len(clean) > LONGEST:
        raise Refusal("random.line", {"most": LONGEST}, field="line")
    insert = tx.insert(examples).values(scene=scene, language=language, line=clean, created=tx.now)
    made: int | None = await tx.scalar(insert.on_conflict_do_nothing().returning(examples.c.id))
    return made


async def change(tx: Tx, example_id: int, **values: object) -> bool:
    """Set columns (scene, language, line, enabled); False when it is gone."""
    here = examples.c.id == example_id
    return await tx.change(sa.update(examples).where(here).values(revision=examples.c.revision + 1, **values)) == 1


async def remove(tx: Tx, example_id: int) -> bool:
    """Delete it; False when it was gone."""
    return await tx.change(sa.delete(examples).where(examples.c.id == example_id)) == 1
