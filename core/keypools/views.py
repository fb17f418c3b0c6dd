"""Key pools as admins read them: each key with its health for every capability and what it did today, never with its secret."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.errors import Refusal
from core.keypools.health import SEALED, limit_of
from core.records import Row, Tx
from core.records.tables import credentials, health, tasks
from core.requests import Line

IN_FLIGHT = ("claimed", "submitting", "submitted")
NUMBERS = ("submits", "kept", "failed", "in_flight")


@dataclass(frozen=True, slots=True)
class HealthView:
    """A key for one capability. `state` is ok, lowered, cooling, quarantined or exhausted; `until` when it cools off or is re-tested; `limit` in force now."""

    req_key: str
    state: str
    cause: str
    code: str
    until: datetime | None
    limit: int
    line: Line


@dataclass(frozen=True, slots=True)
class Today:
    """What a key did for one capability since midnight: submits, pictures kept, tasks failed; `in_flight` now."""

    req_key: str
    submits: int
    kept: int
    failed: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A key as admins may see it; `access_key` is `…4F2A`."""

    id: int
    pool: str
    alias: str
    access_key: str
    api_url: str
    region: str
    at_once: int
    per_second: float
    enabled: bool
    disabled_why: str
    revision: int
    created: datetime
    health: tuple[HealthView, ...]
    today: tuple[Today, ...]

    @property
    def line(self) -> Line:
        """One word for the whole key: off, or the worst of its states."""
        if not self.enabled:
            return Line("keys.state_off")
        if any(one.cause == SEALED for one in self.health):
            return Line("keys.short_sealed")
        worst = ("exhausted", "quarantined", "cooling", "lowered", "ok")
        state = min((one.state for one in self.health), key=worst.index, default="ok")
        return Line(f"keys.short_{state}")


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool: its name, its keys, how many of them are on."""

    name: str
    credentials: tuple[CredentialView, ...]

    @property
    def on(self) -> int:
        """Keys switched on."""
        return sum(credential.enabled for credential in self.credentials)


async def pools(tx: Tx, since: datetime) -> Sequence[PoolView]:
    """All pools by name; `since` is the midnight that begins "today"."""
    found: dict[str, list[CredentialView]] = defaultdict(list)
    for credential in await views(tx, since):
        found[credential.pool].append(credential)
    return [PoolView(name, tuple(members)) for name, members in sorted(found.items())]


async def view(tx: Tx, credential_id: int, since: datetime) -> CredentialView:
    """One key; Refusal keys.gone when there is none."""
    found = await views(tx, since, credential_id=credential_id)
    if not found:
        raise Refusal("keys.gone")
    return found[0]


async def views(
    tx: Tx, since: datetime, *, pool: str | None = None, credential_id: int | None = None
) -> Sequence[CredentialView]:
    """The keys (of one pool), by pool and alias."""
    query = sa.select(credentials).where(credentials.c.removed.is_(None))
    if pool is not None:
        query = query.where(credentials.c.pool == pool)
    if credential_id is not None:
        query = query.where(credentials.c.id == credential_id)
    rows = await tx.all(query.order_by(credentials.c.pool, credentials.c.alias))
    ids = [row["id"] for row in rows]
    ill: dict[int, list[Row]] = defaultdict(list)
    for row in await tx.all(sa.select(health).where(health.c.credential_id.in_(ids)).order_by(health.c.req_key)):
        ill[row["credential_id"]].append(row)
    done = await _today(tx, ids, since)
    return [_view(row, ill[row["id"]], done[row["id"]], tx.now) for row in rows]


async def _today(tx: Tx, ids: Sequence[int], since: datetime) -> Mapping[int, list[Today]]:
    """By key; what was submitted today and what is in flight are small parts of a key's history, each found by an index of its own."""
    numbers: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(NUMBERS, 0))
    for query in (_done(since), _flying(ids)):
        for row in await tx.all(query):
            if row["credential_id"] is not None:  # None: given back since
                key = row["credential_id"], row["req_key"]
                numbers[key] |= {name: int(row[name]) for name in NUMBERS if name in row}
    found: dict[int, list[Today]] = defaultdict(list)
    for (credential_id, req_key), known in sorted(numbers.items()):
        found[credential_id].append(Today(req_key, **known))
    return found


def _done(since: datetime) -> sa.Select[Any]:
    """Of what was submitted since then. Its rows are found before they are grouped: SQLite would rather walk all there are in the order of the groups."""
    columns = (tasks.c[name] for name in ("credential_id", "req_key", "status", "submits"))
    few = sa.select(*columns).where(tasks.c.submitted >= since).cte("few").prefix_with("MATERIALIZED")

    def counted(status: str) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((few.c.status == status, 1), else_=0)).label(status)

    key = (few.c.credential_id, few.c.req_key)
    submits = sa.func.sum(few.c.submits).label("submits")
    return sa.select(*key, submits, counted("kept"), counted("failed")).group_by(*key)


def _flying(ids: Sequence[int]) -> sa.Select[Any]:
    key = (tasks.c.credential_id, tasks.c.req_key)
    now = sa.select(*key, sa.func.count().label("in_flight"))
    return now.where(tasks.c.credential_id.in_(ids), tasks.c.status.in_(IN_FLIGHT)).group_by(*key)


def _view(row: Row, ill: Sequence[Row], done: Sequence[Today], now: datetime) -> CredentialView:
    plain: dict[str, Any] = {name: row[name] for name in CredentialView.__slots__ if name in row}
    return CredentialView(
        **plain,
        access_key=f"…{row['access_key_id'][-4:]}",
        health=tuple(_health(one, row["at_once"], now) for one in ill),
        today=tuple(done),
    )


def _health(row: Row, at_once: int, now: datetime) -> HealthView:
    limit = limit_of(at_once, row, now)
    state, until = row["state"], row["until"]
    if state == "cooling" and (until is None or until <= now):
        state = "ok"
    if state == "ok" and limit < at_once:
        state, until = "lowered", row["lowered_until"]
    values = {"req_key": row["req_key"], "limit": limit, "until": until or now, "code": row["code"] or "-"}
    cause = row["cause"] if state in ("cooling", "quarantined", "exhausted") else ""
    word = SEALED if cause == SEALED else state
    return HealthView(row["req_key"], state, cause, row["code"], until, limit, Line(f"keys.state_{word}", values))
