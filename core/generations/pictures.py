"""Rows of stored images: written before their files, kept as long as any record uses them, and until their files are gone."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert

from core.images import StoredImage, expected
from core.records import INSERTS, Row, Tx
from core.records.tables import images, inspirations, references, tasks, templates


def _adding(insert: Insert) -> Insert:
    told = {column.name: insert.excluded[column.name] for column in images.c if column.name != "id"}
    return insert.on_conflict_do_update(index_elements=[images.c.id], set_=told)


GONE = "gone"
"""The kind of an image nobody uses any more, whose files may still be there."""
COMING = "coming"
"""The kind of an image whose file is on its way into the store, or got there and nobody lived to write it down."""
NOWHERE = (GONE, COMING)
LOST = timedelta(days=2)
"""No file is on its way for so long: Jimeng forgets a task after half a day."""
ADD = {postgres: _adding(insert(images)) for postgres, insert in INSERTS.items()}
STORED = sa.select(images).where(images.c.id == sa.bindparam("the_id"), images.c.kind.not_in(NOWHERE))


async def expect_image(tx: Tx) -> str:
    """The id of an image about to be put into the store: its row stands before its file, so no file is ever unknown."""
    return await add_image(tx, expected(), COMING)


async def add_image(tx: Tx, stored: StoredImage, kind: str) -> str:
    """The row of an image in the store ("result" or "reference"), expected or not; its id."""
    values = {name: getattr(stored, name) for name in StoredImage.__slots__}
    await tx.change(ADD[tx.postgres], {**values, "kind": kind, "created": tx.now})
    return stored.id


async def stored_image(tx: Tx, image_id: str) -> StoredImage | None:
    """An image's row, or None when it is unknown or given up."""
    row = await tx.first(STORED, {"the_id": image_id})
    return _stored(row) if row else None


async def all_there(tx: Tx, ids: Sequence[str]) -> bool:
    """Whether none of these images was deleted meanwhile."""
    if not ids:
        return True
    wanted = set(ids)
    found = sa.select(sa.func.count()).where(images.c.id.in_(wanted), images.c.kind.not_in(NOWHERE))
    return bool(await tx.scalar(found) == len(wanted))


async def known_reference(tx: Tx, sha256: str) -> str | None:
    """The id of a stored reference with exactly these bytes, or None: the same picture is kept once."""
    found: str | None = await tx.scalar(
        sa.select(images.c.id).where(images.c.sha256 == sha256, images.c.kind == "reference").limit(1)
    )
    return found


async def unused_images(tx: Tx, ids: Sequence[str]) -> Sequence[StoredImage]:
    """Give up those images that no record uses any more; their files are to be deleted after the commit, then `forget_image`."""
    gone = []
    for image_id in dict.fromkeys(ids):
        give_up = sa.update(images).where(images.c.id == image_id, _unused()).values(kind=GONE).returning(images)
        row = await tx.first(give_up)
        if row is not None:
            gone.append(_stored(row))
    return gone


async def idle_images(tx: Tx, older: timedelta, most: int = 500) -> Sequence[StoredImage]:
    """What was given up before but not forgotten; given up now: references that came with an order nobody placed within `older`, and what
    never arrived in the store (of those a part may lie there)."""
    old = sa.and_(images.c.kind == "reference", images.c.created < tx.now - older, _unused())
    lost = sa.and_(images.c.kind == COMING, images.c.created < tx.now - LOST)
    query = sa.select(images.c.id).where(sa.or_(images.c.kind == GONE, old, lost)).limit(most)
    return await unused_images(tx, [row["id"] for row in await tx.all(query)])


async def forget_image(tx: Tx, image_id: str) -> None:
    """Its files are gone: now its row goes too."""
    await tx.change(sa.delete(images).where(images.c.id == image_id, images.c.kind == GONE))


def _unused() -> sa.ColumnElement[bool]:
    used = (
        sa.select(tasks.c.id).where(tasks.c.image_id == images.c.id).exists(),
        sa.select(references.c.image_id).where(references.c.image_id == images.c.id).exists(),
        sa.select(inspirations.c.id).where(inspirations.c.image_id == images.c.id).exists(),
        sa.select(templates.c.id).where(sa.cast(templates.c.references, sa.Text).contains(images.c.id)).exists(),
    )
    return ~sa.or_(*used)


def _stored(row: Row) -> StoredImage:
    return StoredImage(*(row[name] for name in StoredImage.__slots__))
