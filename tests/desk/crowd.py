"""A team that has painted for years: ten thousand of everything that grows by itself, written straight into the tables."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.records import Tx
from core.records.tables import accounts, audit, images, inspirations, ledger, tasks
from core.records.tables import generations as paintings
from core.records.tables import members as people
from tests.desk.admin import add_key
from tests.desk.stage import Stage

MANY = 10_000
MEMBERS = 500
FIRST = 100
"""The id of the first of the other members."""

OUTCOMES = ("done", "done", "done", "partial", "failed", "cancelled")
ACTS = ("records.reveal", "points.grant", "rules.prices")
Rows = Iterator[Mapping[str, Any]]


def whose(step: int, ann: int) -> int:
    """A tenth of everything is ann's."""
    return ann if step % 10 == 0 else FIRST + step % MEMBERS


def moments(now: datetime) -> Iterator[tuple[int, datetime]]:
    """One thing a minute, the newest first."""
    return ((step, now - timedelta(minutes=step)) for step in range(MANY))


def _paintings(like: Mapping[str, Any], ann: int, now: datetime) -> Rows:
    for step, at in moments(now):
        yield {
            **like,
            "id": f"Z{step:05d}",
            "event_key": f"z{step}",
            "member_id": whose(step, ann),
            "created": at,
            "outcome": OUTCOMES[step % len(OUTCOMES)],
            "label": f"l{step % 20}",
            "parent_id": None,
            "delivery": "undeliverable" if step % 500 == 0 else "delivered",
            "shown": like["revision"],
        }


def _tasks(like: Mapping[str, Any], key: int, now: datetime) -> Rows:
    for step, at in moments(now):
        painted = {"generation_id": f"Z{step:05d}", "number": 1, "status": "kept", "credential_id": key, "submits": 1}
        yield {**like, **painted, "created": at, "submitted": at, "finished": at}


def _ledger(ann: int, now: datetime) -> Rows:
    for step, at in moments(now):
        moved = {"kind": "charge", "points": 0, "held": -100, "points_after": 5, "reason": "x", "at": at}
        yield {**moved, "member_id": whose(step, ann), "generation_id": f"Z{step:05d}"}


def _audit(now: datetime) -> Rows:
    for step, at in moments(now):
        act = ACTS[step % len(ACTS)]
        changed = {"before": {"sd": 1}, "after": {"sd": 2}}
        yield {"at": at, "member_id": 1, "act": act, "kind": act.partition(".")[0], "subject": "x", **changed}


def _images(now: datetime) -> Rows:
    for step, at in moments(now):
        stored = {"key": f"k{step}", "mime": "image/png", "sha256": f"s{step}", "kind": "result"}
        yield {"id": f"i{step}", "created": at, **stored}


async def _people(tx: Tx, now: datetime) -> None:
    names = [(FIRST + number, f"m{number}") for number in range(MEMBERS)]
    await tx.change(people.insert(), [{"id": id_, "name": name, "created": now} for id_, name in names])
    faces = [{"account": f"page:{name}", "platform": "page", "member_id": id_, "created": now} for id_, name in names]
    await tx.change(accounts.insert(), faces)


async def crowded(stage: Stage) -> int:
    """Fill the house; the id of the key that painted all of it."""
    await stage.admin()
    view = await stage.painted("a cat --n 2 --for sale")
    key, ann, now = await add_key(stage), (await stage.member()).id, stage.records.clock()
    async with stage.records.write() as tx:
        painting = dict((await tx.all(sa.select(paintings).where(paintings.c.id == view.id)))[0])
        task = {name: value for name, value in (await tx.all(sa.select(tasks)))[0].items() if name != "id"}
        await _people(tx, now)
        await tx.change(paintings.insert(), list(_paintings(painting, ann, now)))
        await tx.change(tasks.insert(), list(_tasks(task, key, now)))
        await tx.change(ledger.insert(), list(_ledger(ann, now)))
        await tx.change(audit.insert(), list(_audit(now)))
        await tx.change(images.insert(), list(_images(now)))
        walls = [{"title": f"t{number}", "line": "a cat", "created": now} for number in range(200)]
        await tx.change(inspirations.insert(), walls)
    return key
