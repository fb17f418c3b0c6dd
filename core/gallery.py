"""The inspiration gallery: a picture, a title, and the line that paints something like it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import Refusal
from core.images import StoredImage
from core.records import Row, Tx
from core.records.tables import images, inspirations

LONGEST_TITLE = 60
LONGEST_LINE = 1000


@dataclass(frozen=True, slots=True)
class Inspiration:
    """An entry of the gallery; `line` is a paint line, `image` None for an entry without a picture."""

    id: int
    title: str
    line: str
    generation_id: str | None
    enabled: bool
    uses: int
    revision: int
    image: StoredImage | None


def _inspiration(row: Row) -> Inspiration:
    plain = {name: row[name] for name in Inspiration.__slots__ if name != "image"}
    image = StoredImage(row["image_id"], *(row[name] for name in StoredImage.__slots__[1:])) if row["key"] else None
    return Inspiration(**plain, image=image)


def _query() -> sa.Select[tuple[object, ...]]:
    columns = [images.c[name] for name in StoredImage.__slots__[1:]]
    return sa.select(inspirations, *columns).select_from(
        inspirations.outerjoin(images, images.c.id == inspirations.c.image_id)
    )


async def get(tx: Tx, inspiration_id: int) -> Inspiration | None:
    """An entry by id, or None."""
    row = await tx.first(_query().where(inspirations.c.id == inspiration_id))
    return _inspiration(row) if row else None


async def listed(
    tx: Tx, words: str = "", *, offset: int = 0, most: int = 5, disabled: bool = False
) -> tuple[Sequence[Inspiration], int]:
    """A page of the gallery, newest first, narrowed to words of title or line, and how many match."""
    where: list[sa.ColumnElement[bool]] = [] if disabled else [inspirations.c.enabled.is_(True)]
    if words:
        named = inspirations.c.title.icontains(words, autoescape=True)
        where.append(named | inspirations.c.line.icontains(words, autoescape=True))
    total = await tx.scalar(sa.select(sa.func.count()).select_from(inspirations).where(*where)) or 0
    rows = await tx.all(_query().where(*where).order_by(inspirations.c.id.desc()).offset(offset).limit(most))
    return [_inspiration(row) for row in rows], total


async def add(tx: Tx, title: str, line: str, *, image_id: str | None = None, generation_id: str | None = None) -> int:
    """A new entry; its id. Refusal `gallery.title`, `gallery.line` (empty or too long)."""
    check(title, line)
    values = {"title": title.strip(), "line": line.strip(), "image_id": image_id, "generation_id": generation_id}
    found: int = await tx.add(inspirations, **values, created=tx.now)
    return found


def check(title: str, line: str) -> None:
    """Refusal `gallery.title` or `gallery.line` where one is empty or too long."""
    if not 0 < len(title.strip()) <= LONGEST_TITLE:
        raise Refusal("gallery.title", {"most": LONGEST_TITLE}, field="title")
    if not 0 < len(line.strip()) <= LONGEST_LINE:
        raise Refusal("gallery.line", {"most": LONGEST_LINE}, field="line")


async def change(tx: Tx, inspiration_id: int, **values: object) -> bool:
    """Set columns (title, line, image_id, enabled); False when it is gone."""
    here = inspirations.c.id == inspiration_id
    update = sa.update(inspirations).where(here)
    return await tx.change(update.values(revision=inspirations.c.revision + 1, **values)) == 1


async def used(tx: Tx, inspiration_id: int) -> None:
    """One more member painted from it."""
    change = sa.update(inspirations).where(inspirations.c.id == inspiration_id)
    await tx.change(change.values(uses=inspirations.c.uses + 1))


async def made_from(tx: Tx, generations: Sequence[str]) -> int:
    """How many entries were made from these paintings."""
    if not generations:
        return 0
    return (
        await tx.scalar(
            sa.select(sa.func.count()).where(inspirations.c.generation_id.in_(list(dict.fromkeys(generations))))
        )
        or 0
    )


async def withdraw(tx: Tx, generation_id: str) -> Sequence[tuple[int, str]]:
    """Delete every entry made from a painting that is deleted: (id, image id or "") of each."""
    gone = sa.delete(inspirations).where(inspirations.c.generation_id == generation_id)
    rows = await tx.all(gone.returning(inspirations.c.id, inspirations.c.image_id))
    return [(row["id"], row["image_id"] or "") for row in rows]


async def remove(tx: Tx, inspiration_id: int) -> str | None:
    """Delete it; the image id it had ("" for none; its file goes when `generations.unused_images` says so), None when it was gone."""
    gone = await tx.first(
        sa.delete(inspirations).where(inspirations.c.id == inspiration_id).returning(inspirations.c.image_id)
    )
    return None if gone is None else gone["image_id"] or ""
