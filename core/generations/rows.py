"""Writing paintings and images: new rows, visible changes, and what deletion leaves."""

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.records import Tx
from core.records.lines import written
from core.records.tables import generations, references, tasks
from core.requests import Line, Place

TAKEN = sa.select(generations.c.id).where(generations.c.id == sa.bindparam("the_id"))
PAINT = generations.insert()
TASK = tasks.insert()
TOUCH = (
    sa.update(generations).where(generations.c.id == sa.bindparam("the_id")).values(revision=generations.c.revision + 1)
)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """What `insert` writes: a painting with one task for each seed, and its references in order."""

    id: str
    member_id: int
    account: str
    event_key: str | None
    place: Place
    language: str
    values: Mapping[str, Any]
    notes: tuple[Line, ...]
    seeds: tuple[int | None, ...]
    pool: str
    references: tuple[str, ...] = ()


async def new_id(tx: Tx) -> str:
    """A free random id: Crockford base32, 4 characters, longer once short ones grow scarce."""
    length = SHORTEST
    while True:
        for _ in range(3):
            candidate = "".join(secrets.choice(CROCKFORD) for _ in range(length))
            if await tx.scalar(TAKEN, {"the_id": candidate}) is None:
                return candidate
        length += 1


async def insert(tx: Tx, new: NewGeneration) -> None:
    """Write the painting, its tasks (queued now) and its references; wake the engine and the announcer."""
    painting = {
        "id": new.id,
        "member_id": new.member_id,
        "account": new.account,
        "event_key": new.event_key,
        "place": dataclasses.asdict(new.place),
        "platform": new.place.platform,
        "channel": f"{new.place.platform}:{new.place.channel}",
        "language": new.language,
        "notes": [written(note) for note in new.notes],
        "created": tx.now,
        **new.values,
    }
    task = {
        "generation_id": new.id,
        "member_id": new.member_id,
        "priority": new.values.get("priority", 0),
        "req_key": new.values["model"],
        "pool": new.pool,
        "request_ids": [],
        "not_before": tx.now,
        "created": tx.now,
    }
    await tx.change(PAINT, painting)
    await tx.change(TASK, [{**task, "number": number, "seed": seed} for number, seed in enumerate(new.seeds, 1)])
    if new.references:
        rows = [
            {"generation_id": new.id, "position": at, "image_id": image} for at, image in enumerate(new.references, 1)
        ]
        await tx.change(references.insert(), rows)
    tx.wake("tasks")
    tx.wake("views")


async def standing(tx: Tx, generation_id: str) -> bool:
    """Whether it is there and not deleted; nobody deletes it before this transaction ends."""
    here = sa.select(generations.c.deleted).where(generations.c.id == generation_id).with_for_update(key_share=True)
    row = await tx.first(here)
    return row is not None and row["deleted"] is None


async def touch(tx: Tx, generation_id: str, **values: Any) -> None:
    """A visible change: set columns, count the revision, wake the announcer."""
    await tx.change(TOUCH, {"the_id": generation_id, **values})
    tx.wake("views")


async def note_shown(tx: Tx, generation_id: str) -> None:
    """All of it has been seen by whoever asked: for paintings of no chat, which no messenger shows."""
    change = sa.update(generations).where(generations.c.id == generation_id)
    await tx.change(change.values(shown=generations.c.revision, delivery="delivered"))


async def children(tx: Tx, generation_id: str, most: int = 20) -> tuple[str, ...]:
    """Ids of the paintings made from this one, oldest first."""
    query = sa.select(generations.c.id).where(generations.c.parent_id == generation_id, generations.c.deleted.is_(None))
    return tuple(row["id"] for row in await tx.all(query.order_by(generations.c.created).limit(most)))


async def note_download(tx: Tx, generation_id: str) -> None:
    """Its originals were handed out once more (the record's download status)."""
    await tx.change(
        sa.update(generations).where(generations.c.id == generation_id).values(downloads=generations.c.downloads + 1)
    )


async def adopt(tx: Tx, generation_id: str, number: int, *, by: int, use: str, channel: str) -> bool:
    """Picture `number` is the one that is used (0: none after all): by whom it was chosen, for which use and channel; False for a deleted one."""
    if not await standing(tx, generation_id):
        return False
    chosen = {"adopted": number, "adopted_for": use, "adopted_channel": channel}
    await touch(tx, generation_id, **chosen, adopted_at=tx.now, reviewer=by)
    return True


async def hand_over(tx: Tx, member_id: int, to: int) -> None:
    """All paintings of a member become another's: two accounts of one person were joined."""
    await tx.change(sa.update(generations).where(generations.c.member_id == member_id).values(member_id=to))
    await tx.change(sa.update(tasks).where(tasks.c.member_id == member_id).values(member_id=to))


async def drop_generation(tx: Tx, generation_id: str) -> Sequence[str]:
    """Turn an ended painting into a tombstone: words, pictures and references leave it; the image ids it had.

    Ids, member, time and amounts stay, and so does the ledger. Who still uses an image is told by `unused_images`.
    """
    kept = await tx.all(
        sa.select(tasks.c.image_id).where(tasks.c.generation_id == generation_id, tasks.c.image_id.is_not(None))
    )
    offered = await tx.all(sa.select(references.c.image_id).where(references.c.generation_id == generation_id))
    await tx.change(sa.delete(references).where(references.c.generation_id == generation_id))
    await tx.change(
        sa.update(tasks)
        .where(tasks.c.generation_id == generation_id)
        .values(image_id=None, seed=None, task_id=None, request_ids=[], error_text="")
    )
    words = dict.fromkeys(
        ("prompt_typed", "prompt_sent", "avoid", "label", "source", "adopted_for", "adopted_channel"), ""
    )
    await touch(tx, generation_id, deleted=tx.now, notes=[], seed=None, **words)
    return [row["image_id"] for row in [*kept, *offered]]
