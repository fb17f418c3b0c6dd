"""Small JSON under a short id, for buttons to carry: what waits for a word of its member goes after a month, what a list is narrowed to stays."""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import Any

import sqlalchemy as sa

from core.records import Tx
from core.records.tables import notes

PLATFORM = "desk"
KEPT = timedelta(days=30)
"""Prompts stand in them: what nobody came back to within a month goes."""

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


async def put(tx: Tx, kind: str, value: Mapping[str, Any]) -> str:
    """Keep a draft for 30 days; its id (10 characters)."""
    draft = secrets.token_hex(5)
    await tx.change(
        notes.insert().values(platform=PLATFORM, kind=kind, key=draft, value=dict(value), until=tx.now + KEPT)
    )
    return draft


async def keep(tx: Tx, kind: str, value: Mapping[str, Any]) -> str:
    """Keep what a list is narrowed to, for ever: its buttons work as long as they are seen. One id (10 characters) for one value, however often it is asked."""
    key = blake2s(json.dumps(value, sort_keys=True).encode(), digest_size=5).hexdigest()
    row = tx.insert(notes).values(platform=PLATFORM, kind=kind, key=key, value=dict(value), until=FOREVER)
    await tx.change(row.on_conflict_do_nothing())
    return key


async def get(tx: Tx, kind: str, draft: str) -> Mapping[str, Any] | None:
    """What was put or kept, or None when it is unknown or too old."""
    here = (notes.c.platform == PLATFORM, notes.c.kind == kind, notes.c.key == draft, notes.c.until > tx.now)
    found: Mapping[str, Any] | None = await tx.scalar(sa.select(notes.c.value).where(*here))
    return found


async def under(tx: Tx, kind: str, begins: str) -> Mapping[str, Mapping[str, Any]]:
    """What is kept of a kind of which there are few, by keys that begin so."""
    here = (notes.c.platform == PLATFORM, notes.c.kind == kind, notes.c.key.startswith(begins))
    return {row["key"]: row["value"] for row in await tx.all(sa.select(notes.c.key, notes.c.value).where(*here))}


async def replace(tx: Tx, kind: str, draft: str, value: Mapping[str, Any]) -> None:
    """Keep something else under a draft's id: what became of it, say."""
    here = (notes.c.platform == PLATFORM, notes.c.kind == kind, notes.c.key == draft)
    await tx.change(sa.update(notes).where(*here).values(value=dict(value)))


async def claim(tx: Tx, kind: str, key: str, seconds: float) -> bool:
    """Whether nobody claimed this within the last `seconds`: a double click is one press."""
    mine = tx.insert(notes).values(
        platform=PLATFORM, kind=kind, key=key, value={}, until=tx.now + timedelta(seconds=seconds)
    )
    keys = [notes.c.platform, notes.c.kind, notes.c.key]
    mine = mine.on_conflict_do_update(
        index_elements=keys, set_={"until": mine.excluded.until}, where=notes.c.until <= tx.now
    )
    return await tx.change(mine) == 1


async def shorten(tx: Tx) -> int:
    """Let drafts that an earlier version meant to keep longer go with those of today; how many."""
    longer = (notes.c.platform == PLATFORM, notes.c.until > tx.now + KEPT, notes.c.until < FOREVER)
    return await tx.change(sa.update(notes).where(*longer).values(until=tx.now + KEPT))


async def drop(tx: Tx, kind: str, draft: str) -> bool:
    """Forget a draft; False when it was gone already."""
    here = (notes.c.platform == PLATFORM, notes.c.kind == kind, notes.c.key == draft)
    return await tx.change(sa.delete(notes).where(*here)) == 1
