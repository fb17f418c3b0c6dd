"""Who paints next: fair between members, priority first, and never more on a key than it takes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

import sqlalchemy as sa

from core.cards import Waiting
from core.keypools import limit_of, worth_waiting
from core.records import Row, Tx
from core.records.tables import credentials, ghosts, health, tasks
from core.studio.lease import ACTIVE
from core.studio.work import COLUMNS, SLOTTED, Work, work_of

LATELY = timedelta(minutes=30)
"""Who was served before that counts as never."""

Group = tuple[str, str]
"""(pool, req_key): tasks of one group compete for the same slots, and with nobody else."""

NOW: sa.BindParameter[Any] = sa.bindparam("now")
QUEUED = (tasks.c.status == "queued", tasks.c.not_before <= NOW)
ANYTHING = (
    sa.select(tasks.c.id)
    .where(tasks.c.not_before <= NOW)
    .where(sa.or_(tasks.c.status == "queued", sa.and_(tasks.c.status.in_(ACTIVE), tasks.c.owner.is_(None))))
    .limit(1)
)
ORPHANS = (
    sa.select(tasks.c.id)
    .where(tasks.c.status.in_(ACTIVE), tasks.c.owner.is_(None), tasks.c.not_before <= NOW)
    .where(tasks.c.credential_id.not_in(sa.bindparam("left", expanding=True)))
    .order_by(tasks.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(key_share=True, skip_locked=True)
)
DEMAND = sa.select(tasks.c.pool, tasks.c.req_key).where(*QUEUED).distinct()
TAKE = (
    sa.update(tasks)
    .where(tasks.c.id == sa.bindparam("the_task"), tasks.c.status == "queued")
    .values(status="claimed", owner=sa.bindparam("the_owner"), credential_id=sa.bindparam("the_key"))
    .returning(*COLUMNS)
)
KEYS = (
    sa.select(*(credentials.c[name] for name in ("id", "pool", "at_once", "tat")))
    .where(credentials.c.enabled, credentials.c.removed.is_(None))
    .order_by(credentials.c.id)
)
KEYS_LOCKED = KEYS.with_for_update(key_share=True)
ILL = sa.select(health)
TAKEN = tuple(
    sa.select(table.c.credential_id, table.c.req_key, sa.func.count().label("n"))
    .where(where)
    .group_by(table.c.credential_id, table.c.req_key)
    for table, where in ((tasks, tasks.c.status.in_(SLOTTED)), (ghosts, ghosts.c.until > NOW))
)
"""Built once: they are asked in every round."""


@dataclass(slots=True)
class Opening:
    """A key for one capability: how many tasks it takes and has."""

    credential_id: int
    limit: int
    taken: int
    turn: float

    @property
    def free(self) -> int:
        """Tasks it would take now."""
        return max(0, self.limit - self.taken)


async def anything(tx: Tx) -> bool:
    """Whether there is something to claim (a cheap look before a transaction that writes)."""
    return await tx.scalar(ANYTHING, {"now": tx.now}) is not None


async def claim(tx: Tx, owner: str, most: int, left: Set[int] = frozenset()) -> Sequence[Work]:
    """At most `most` tasks for this lease: orphans first (they own slots already), then new ones as slots are free.

    Keys of `left` (ids) are left to other replicas, with their tasks.
    """
    found = await _orphans(tx, owner, most, left)
    if len(found) >= most:
        return found
    groups = await _demand(tx)
    if not groups:
        return found
    open_now = {
        group: [one for one in found if one.credential_id not in left]
        for group, found in (await openings(tx, groups, lock=True)).items()
    }
    room = {group: sum(opening.free for opening in open_now[group]) for group in groups}
    for row in await in_order(tx, [group for group in groups if room[group]], most=max(room.values())):
        if len(found) >= most:
            break
        opening = pick(open_now[row["pool"], row["req_key"]], row["credential_id"])
        if opening is not None and (work := await _take(tx, row["id"], owner, opening.credential_id)):
            opening.taken += 1
            found.append(work)
    return found


async def _orphans(tx: Tx, owner: str, most: int, left: Set[int]) -> list[Work]:
    rows = await tx.all(ORPHANS, {"now": tx.now, "most": most, "left": list(left)})
    if not rows:
        return []
    ours = sa.update(tasks).where(tasks.c.id.in_([row["id"] for row in rows]), tasks.c.owner.is_(None))
    return [work_of(row) for row in await tx.all(ours.values(owner=owner).returning(*COLUMNS))]


async def _take(tx: Tx, task: int, owner: str, credential_id: int) -> Work | None:
    row = await tx.first(TAKE, {"the_task": task, "the_owner": owner, "the_key": credential_id})
    return work_of(row) if row else None


async def _demand(tx: Tx) -> list[Group]:
    rows = await tx.all(DEMAND, {"now": tx.now})
    return [(row["pool"], row["req_key"]) for row in rows]


async def hopeless(tx: Tx) -> Sequence[Group]:
    """Groups with waiting tasks whose every key that is on is quarantined or exhausted: only an admin can help, so nobody should wait.

    Where no key is on at all an admin is at work: those wait, and so do those whose key only waits for its secret to be opened.
    """
    found = []
    for pool, req_key in await _demand(tx):
        on = sa.select(credentials.c.id).where(
            credentials.c.pool == pool, credentials.c.enabled, credentials.c.removed.is_(None)
        )
        if await tx.scalar(on.limit(1)) is not None and not await worth_waiting(tx, pool, req_key):
            found.append((pool, req_key))
    return found


async def openings(tx: Tx, groups: Iterable[Group], *, lock: bool = False) -> Mapping[Group, list[Opening]]:
    """The keys of each group that may be used now. `lock` makes slots exact: replicas hand them out one after the other.

    The lock is FOR NO KEY UPDATE, so it does not stop the foreign keys of tasks under way; what is counted is read after it.
    """
    keys = await tx.all(KEYS_LOCKED if lock else KEYS)
    taken = await _taken(tx)
    ill = {(row["credential_id"], row["req_key"]): row for row in await tx.all(ILL)}
    found: dict[Group, list[Opening]] = {group: [] for group in groups}
    for pool, req_key in found:
        for key in keys:
            complaint = ill.get((key["id"], req_key))
            if key["pool"] == pool and not _out(complaint, tx):
                limit = limit_of(key["at_once"], complaint, tx.now)
                found[pool, req_key].append(Opening(key["id"], limit, taken[key["id"], req_key], key["tat"]))
    return found


def _out(complaint: Row | None, tx: Tx) -> bool:
    if complaint is None or complaint["state"] == "ok":
        return False
    if complaint["state"] == "cooling":
        return complaint["until"] is not None and complaint["until"] > tx.now
    return True


async def _taken(tx: Tx) -> Mapping[tuple[int, str], int]:
    """Slots in use, counted from rows: tasks with Jimeng or on the way to it, and ghosts of lost answers."""
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for counting in TAKEN:
        for row in await tx.all(counting, {"now": tx.now}):
            counts[row["credential_id"], row["req_key"]] += row["n"]
    return counts


def pick(open_now: Sequence[Opening], last: int | None) -> Opening | None:
    """The least busy key with a free slot; the one that failed this task last only when there is no other."""
    free = [opening for opening in open_now if opening.free]
    return min(
        free,
        key=lambda one: (one.credential_id == last, one.taken / one.limit, one.turn, one.credential_id),
        default=None,
    )


async def in_order(tx: Tx, groups: Sequence[Group], *, most: int | None = None, later: bool = False) -> Sequence[Row]:
    """Waiting tasks in the order they will be taken, `most` of each group, with their `place` (1 is next).

    Priority first (smaller is sooner); inside it a member's n-th task, what is under way counted in, stands with everybody's n-th, and there
    whoever was served longest ago goes first: with a single slot nothing else is fair. `later` also takes those that must wait a moment.
    """
    if not groups:
        return []
    values = {"now": tx.now, "lately": tx.now - LATELY, "groups": list(groups), "most": most or 2**31 - 1}
    return await tx.all(IN_ORDER_LATER if later else IN_ORDER, values)


def _in_order(later: bool) -> sa.Select[Any]:
    queue, running, served = _queue(later), _running(), _served()
    joined = queue.outerjoin(running, _same(queue, running)).outerjoin(served, _same(queue, served))
    turn = (
        queue.c.priority,
        queue.c.nth + sa.func.coalesce(running.c.n, 0),
        sa.func.coalesce(served.c.at, 0.0),
        queue.c.created,
        queue.c.id,
    )
    place = sa.func.row_number().over(partition_by=(queue.c.pool, queue.c.req_key), order_by=turn).label("place")
    ranked = sa.select(*(queue.c[name] for name in TOLD), place).select_from(joined).subquery("ranked")
    return sa.select(ranked).where(ranked.c.place <= sa.bindparam("most")).order_by(ranked.c.place, ranked.c.id)


TOLD = ("id", "generation_id", "pool", "req_key", "credential_id")
MEMBER = (tasks.c.pool, tasks.c.req_key, tasks.c.member_id)


def _queue(later: bool) -> sa.Subquery:
    """Waiting tasks, each with its number among its member's."""
    turn = (tasks.c.created, tasks.c.id)
    nth = sa.func.row_number().over(partition_by=(*MEMBER, tasks.c.priority), order_by=turn).label("nth")
    columns = (tasks.c[name] for name in (*TOLD, "member_id", "priority", "created"))
    mine = sa.tuple_(tasks.c.pool, tasks.c.req_key).in_(sa.bindparam("groups", expanding=True))
    waiting = sa.select(*columns, nth).where(tasks.c.status == "queued", mine)
    return (waiting if later else waiting.where(tasks.c.not_before <= NOW)).subquery("queue")


def _running() -> sa.Subquery:
    """How many slots each member has."""
    under_way = sa.select(*MEMBER, sa.func.count().label("n")).where(tasks.c.status.in_(SLOTTED))
    return under_way.group_by(*MEMBER).subquery("running")


def _served() -> sa.Subquery:
    """When each member was served last."""
    at = sa.func.max(sa.type_coerce(tasks.c.submitted, sa.Double)).label("at")
    lately = sa.select(*MEMBER, at).where(tasks.c.submitted > sa.bindparam("lately"))
    return lately.group_by(*MEMBER).subquery("served")


def _same(queue: sa.Subquery, other: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.and_(*(queue.c[column.name] == other.c[column.name] for column in MEMBER))


IN_ORDER, IN_ORDER_LATER = _in_order(False), _in_order(True)


async def positions(tx: Tx) -> Mapping[str, Waiting]:
    """How every waiting painting stands: paintings ahead (the one whose end it waits for counted in) and seconds until its turn."""
    rows = await tx.all(sa.select(tasks.c.pool, tasks.c.req_key).where(tasks.c.status == "queued").distinct())
    groups = [(row["pool"], row["req_key"]) for row in rows]
    if not groups:
        return {}
    open_now = await openings(tx, groups)
    spans = {req_key: await span(tx, req_key) for req_key in {group[1] for group in groups}}
    seen: dict[Group, dict[str, Any]] = {group: {} for group in groups}
    found: dict[str, Waiting] = {}
    for row in await in_order(tx, groups, later=True):
        group = (row["pool"], row["req_key"])
        if row["generation_id"] in seen[group]:
            continue
        free = sum(opening.free for opening in open_now[group])
        slots = sum(opening.limit for opening in open_now[group])
        next_up = row["place"] <= free
        ahead = 0 if next_up else len(seen[group]) + 1
        typical = spans[group[1]]
        seconds = None if not slots or typical is None else ceil(max(0, row["place"] - free) / slots * typical)
        seen[group][row["generation_id"]] = ahead
        found[row["generation_id"]] = Waiting(ahead, seconds)
    return found


def _span() -> sa.Select[Any]:
    seconds = sa.type_coerce(tasks.c.finished, sa.Double) - sa.type_coerce(tasks.c.submitted, sa.Double)
    kept = (tasks.c.status == "kept", tasks.c.req_key == sa.bindparam("the_model"))
    recent = sa.select(seconds.label("seconds")).where(*kept).order_by(tasks.c.id.desc()).limit(20).subquery()
    return sa.select(sa.func.avg(recent.c.seconds))


SPAN = _span()


async def span(tx: Tx, req_key: str) -> float | None:
    """Seconds Jimeng takes for one picture of this capability, from the last ones; None before the first."""
    mean = await tx.scalar(SPAN, {"the_model": req_key})
    return None if mean is None else float(mean)
