"""One painting as everything that shows it reads it: frozen, with its tasks, pictures and references."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.images import StoredImage
from core.records import Row, Tx
from core.records.lines import line_of
from core.records.tables import credentials, generations, images, members, references, tasks
from core.requests import Line, Place

UNFINISHED = ("queued", "claimed", "submitting", "submitted", "ready")
ENDED = ("kept", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class TaskView:
    """One picture's task; `image` once kept, `cause`/`error` once failed (`error_text` is Jimeng's own words, for support)."""

    id: int
    number: int
    status: str
    seed: int | None
    req_key: str
    credential: str
    task_id: str | None
    request_ids: tuple[str, ...]
    submits: int
    resubmits: int
    failures: int
    submitted: datetime | None
    finished: datetime | None
    cause: str
    error: str
    error_code: str
    error_text: str
    image: StoredImage | None

    @property
    def retries(self) -> int:
        """How often it was tried again because Jimeng stumbled; waiting for a free place is no try."""
        return self.resubmits + self.failures


@dataclass(frozen=True, slots=True)
class GenerationView:
    """A painting with all it was asked, what it cost and what became of it; `points_left` is None for a reader whose balance it is not."""

    id: str
    member_id: int
    member: str
    points_left: int | None
    account: str
    place: Place
    language: str
    prompt_typed: str
    prompt_sent: str
    avoid: str
    label: str
    source: str
    private: bool
    ratio: str
    width: int
    height: int
    tier: str
    count: int
    seed: int | None
    seed_typed: bool
    weight: float | None
    watermark: bool
    format: str
    model: str
    notes: tuple[Line, ...]
    price: int
    held: int
    charged: int
    released: int
    parent_id: str | None
    parent_kind: str
    parent_picture: int
    template_id: int | None
    state: str
    outcome: str
    cause: str
    error: str
    cancelling: bool
    created: datetime
    started: datetime | None
    ended: datetime | None
    revision: int
    delivery: str
    delivery_note: str
    downloads: int
    adopted: int
    reviewer: int | None
    adopted_for: str
    adopted_channel: str
    adopted_at: datetime | None
    deleted: datetime | None
    tasks: tuple[TaskView, ...]
    references: tuple[StoredImage, ...]

    @property
    def kept(self) -> tuple[TaskView, ...]:
        """Tasks whose picture is stored."""
        return tuple(task for task in self.tasks if task.image is not None)

    @property
    def failed(self) -> tuple[TaskView, ...]:
        """Tasks that ended without a picture, cancelled ones apart."""
        return tuple(task for task in self.tasks if task.status == "failed")

    @property
    def retries(self) -> int:
        """How often any of its pictures was tried again."""
        return sum(task.retries for task in self.tasks)

    @property
    def settled(self) -> bool:
        """Whether it has ended."""
        return self.state == "settled"

    @property
    def seconds(self) -> int:
        """How long it took from acceptance to its end, whole seconds; 0 while under way."""
        return round((self.ended - self.created).total_seconds()) if self.ended else 0

    def picture(self, number: int) -> TaskView | None:
        """The kept task of picture `number`; with 0 the adopted, else the first one."""
        wanted = number or self.adopted
        if wanted:
            return next((task for task in self.kept if task.number == wanted), None)
        return self.kept[0] if self.kept else None


FIELDS = [name for name in GenerationView.__slots__ if name in generations.c and name not in ("place", "notes")]


PAINTINGS = (
    sa.select(*(generations.c[name] for name in (*FIELDS, "place", "notes")))
    .add_columns(members.c.name.label("member"), members.c.points.label("points_left"))
    .join(members, members.c.id == generations.c.member_id)
    .where(generations.c.id.in_(sa.bindparam("ids", expanding=True)))
)
TASKS = (
    sa.select(
        tasks.c.generation_id,
        *(tasks.c[name] for name in TaskView.__slots__ if name not in ("image", "credential")),
        tasks.c.image_id,
        credentials.c.alias,
        *(images.c[name] for name in StoredImage.__slots__[1:]),
    )
    .select_from(
        tasks.outerjoin(images, images.c.id == tasks.c.image_id).outerjoin(
            credentials, credentials.c.id == tasks.c.credential_id
        )
    )
    .where(tasks.c.generation_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(tasks.c.generation_id, tasks.c.number)
)
OFFERED = (
    sa.select(references.c.generation_id, images)
    .join(images, images.c.id == references.c.image_id)
    .where(references.c.generation_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(references.c.generation_id, references.c.position)
)
"""Built once: these are the most often asked questions of all."""


async def load(tx: Tx, generation_id: str) -> GenerationView | None:
    """One painting by id, or None. Deleted ones come back as tombstones (`deleted` set, no words, no pictures)."""
    found = await load_many(tx, [generation_id])
    return found[0] if found else None


async def load_many(tx: Tx, ids: Sequence[str]) -> Sequence[GenerationView]:
    """Paintings by id, in the order given, unknown ones left out: three statements however many."""
    if not ids:
        return []
    rows = await tx.all(PAINTINGS, {"ids": list(ids)})
    parts = await _tasks(tx, ids)
    offered = await _references(tx, ids)
    views = {row["id"]: _view(row, parts[row["id"]], offered[row["id"]]) for row in rows}
    return [views[one] for one in ids if one in views]


async def _tasks(tx: Tx, ids: Sequence[str]) -> Mapping[str, list[TaskView]]:
    found: dict[str, list[TaskView]] = defaultdict(list)
    for row in await tx.all(TASKS, {"ids": list(ids)}):
        found[row["generation_id"]].append(_task(row))
    return found


def _task(row: Row) -> TaskView:
    image = StoredImage(row["image_id"], *(row[name] for name in StoredImage.__slots__[1:])) if row["key"] else None
    plain = {name: row[name] for name in TaskView.__slots__ if name not in ("image", "credential", "request_ids")}
    return TaskView(**plain, credential=row["alias"] or "", request_ids=tuple(row["request_ids"]), image=image)


async def _references(tx: Tx, ids: Sequence[str]) -> Mapping[str, list[StoredImage]]:
    found: dict[str, list[StoredImage]] = defaultdict(list)
    for row in await tx.all(OFFERED, {"ids": list(ids)}):
        found[row["generation_id"]].append(StoredImage(*(row[name] for name in StoredImage.__slots__)))
    return found


def _view(row: Row, parts: list[TaskView], offered: list[StoredImage]) -> GenerationView:
    plain: dict[str, Any] = {name: row[name] for name in FIELDS}
    return GenerationView(
        **plain,
        member=row["member"],
        points_left=row["points_left"],
        place=Place(**row["place"]),
        notes=tuple(line_of(note, "fact") for note in row["notes"]),
        tasks=tuple(parts),
        references=tuple(offered),
    )
