"""How well each key does for each capability: cool-downs, lowered limits, quarantine, and the turn of the next submit."""

import random
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.alerts import alert
from core.jimeng.errors import JimengError, Kind
from core.records import DATABASE_CLOCK, Row, Tx
from core.records.tables import credentials, health
from core.replies import Button
from core.requests import Line

COOL_FIRST = 2.0
COOL_MOST = 60.0
LOWERED_FOR = timedelta(minutes=10)
REST = timedelta(seconds=COOL_FIRST)
"""After a limit was lowered: what comes back of the same burst must not be sent again at once, nor lower it again."""

RETEST_FIRST = timedelta(minutes=10)
RETEST_MOST = timedelta(hours=6)
SEALED = "sealed"
"""The cause of a quarantine that no Jimeng ordered: we cannot open the secret ourselves."""

SEALED_AGAIN = timedelta(minutes=2)
SEALED_ALERT = 24 * 3600.0
"""Seconds between two alerts about a secret that cannot be opened."""

SPEED = 0.9
"""Of a published rate only so much is used: sleeps are not exact, and the window of the other side is not ours."""

RECOVER = sa.update(health).where(
    health.c.credential_id == sa.bindparam("the_key"),
    health.c.req_key == sa.bindparam("the_model"),
    health.c.state != "exhausted",
    ~sa.and_(health.c.state == "cooling", health.c.until > sa.bindparam("the_now")),
)
RECOVER_PROVEN = RECOVER.where(sa.or_(health.c.state != "ok", health.c.strikes > 0))
RECOVER_TRIED = RECOVER.where(health.c.state != "ok")
TURN = {
    postgres: sa.update(credentials)
    .where(credentials.c.id == sa.bindparam("the_key"))
    .values(tat=later(credentials.c.tat, now) + 1.0 / (credentials.c.per_second * SPEED))
    .returning((credentials.c.tat - 1.0 / (credentials.c.per_second * SPEED) - now).label("wait"))
    for postgres, now, later in (
        (True, DATABASE_CLOCK[True], sa.func.greatest),
        (False, DATABASE_CLOCK[False], sa.func.max),
    )
}
EXHAUSTED = re.compile(
    r"overdue|quota\s*exceeded|setlimitexceeded|exhausted|insufficient\s*balance|欠费|余额不足|额度", re.IGNORECASE
)
"""Jimeng's page names no code for a spent quota; the words of the message are all there is."""


async def react(tx: Tx, credential_id: int, req_key: str, error: JimengError) -> None:
    """Note what a failed submit (or test) says about this key for this capability, and alert the admins where they must act.

    QPS and a door that cannot be reached: a short cool-down with back-off and jitter. Concurrency: the limit lowered by one for ten minutes and a
    moment's rest, at 1 a cool-down. What is refused while a key cools off left in the same moment and counts once. Credential: quarantine until a
    re-test succeeds; a spent quota: off until an admin says otherwise. Busy models say nothing about a key.
    """
    match error.kind:
        case Kind.RATE | Kind.NETWORK:
            await _cool(tx, await _locked(tx, credential_id, req_key), error)
        case Kind.CONCURRENCY:
            await _lower(tx, await _locked(tx, credential_id, req_key), error)
        case Kind.CREDENTIAL:
            await _quarantine(tx, await _locked(tx, credential_id, req_key), error)
        case Kind.FINAL | Kind.RESUBMIT_ONCE | Kind.BUSY_MODEL | Kind.GONE | Kind.NETWORK_UNKNOWN:
            return
    tx.wake("tasks")


async def sealed(tx: Tx, credential_id: int, req_key: str) -> None:
    """The secret was sealed with a `bot.secret_key` that is not here: nobody is asked with it until it opens; the admins hear it once a day."""
    row = await _locked(tx, credential_id, req_key)
    if row["state"] == "exhausted":
        return
    await _set(tx, row, state="quarantined", cause=SEALED, code="", until=tx.now + SEALED_AGAIN, alerted=tx.now)
    there = Button(Line("admin.button_open"), "admin.keys.one", str(credential_id))
    told = Line("keys.alert_sealed", {"alias": row["alias"]})
    await alert(tx, f"key:{credential_id}:{SEALED}", told, button=there, seconds=SEALED_ALERT)
    tx.wake("tasks")


async def sealed_keys(tx: Tx) -> Sequence[int]:
    """The keys (ids) out of use because nobody could open their secret."""
    rows = await tx.all(sa.select(health.c.credential_id).where(health.c.cause == SEALED).distinct())
    return [row["credential_id"] for row in rows]


async def opened(tx: Tx, shut: Collection[int]) -> bool:
    """What was out of use over its secret is in use again, but for keys that are `shut` still (ids); whether any is."""
    ours = sa.delete(health).where(health.c.state == "quarantined", health.c.cause == SEALED)
    if not await tx.change(ours.where(health.c.credential_id.not_in(list(shut)))):
        return False
    tx.wake("tasks")
    return True


async def recovered(tx: Tx, credential_id: int, req_key: str, *, proven: bool = True) -> None:
    """A call worked: a quarantine ends, and once no cool-down runs the back-off starts again from nothing. Exhausted ones stay off.

    `proven` false (a test, which paints nothing) keeps the strikes, so that a key failing again soon is re-tested more slowly.
    """
    where = {"the_key": credential_id, "the_model": req_key, "the_now": tx.now}
    well = {"state": "ok", "cause": "", "code": "", "until": None, "changed": tx.now}
    if proven:
        changed = await tx.change(RECOVER_PROVEN, {**where, **well, "strikes": 0})
    else:
        changed = await tx.change(RECOVER_TRIED, {**where, **well})
    if changed:
        tx.wake("tasks")


async def reset(tx: Tx, credential_id: int, req_key: str | None = None) -> None:
    """An admin says it is fine again (for one capability, or all)."""
    gone = sa.delete(health).where(health.c.credential_id == credential_id)
    await tx.change(gone if req_key is None else gone.where(health.c.req_key == req_key))
    tx.wake("tasks")


async def usable(tx: Tx, pool: str, req_key: str) -> bool:
    """Whether a key of this pool can paint this capability now, or once it has cooled down: enabled, neither quarantined nor exhausted."""
    out = sa.select(health.c.credential_id).where(
        health.c.credential_id == credentials.c.id,
        health.c.req_key == req_key,
        health.c.state.in_(("quarantined", "exhausted")),
    )
    found = sa.select(credentials.c.id).where(
        credentials.c.pool == pool, credentials.c.enabled, credentials.c.removed.is_(None), ~out.exists()
    )
    return await tx.scalar(found.limit(1)) is not None


async def worth_waiting(tx: Tx, pool: str, req_key: str) -> bool:
    """Whether what is accepted already may hope: a key is usable, or one that is on works as soon as its secret opens again."""
    waits = (
        sa.select(health.c.credential_id)
        .join(credentials, credentials.c.id == health.c.credential_id)
        .where(health.c.req_key == req_key, health.c.state == "quarantined", health.c.cause == SEALED)
        .where(credentials.c.pool == pool, credentials.c.enabled, credentials.c.removed.is_(None))
    )
    return await usable(tx, pool, req_key) or await tx.scalar(waits.limit(1)) is not None


async def take_turn(tx: Tx, credential_id: int) -> float:
    """Take the next submit's turn of this key (GCRA, all replicas together); seconds to wait until it comes."""
    return max(0.0, float(await tx.scalar(TURN[tx.postgres], {"the_key": credential_id}) or 0.0))


def limit_of(at_once: int, row: Row | None, now: datetime) -> int:
    """Tasks in flight a key takes for a capability now: its own limit, lowered for a while, at least 1. `row` is its health or None."""
    if row is None or row["lowered_to"] is None or row["lowered_until"] is None or row["lowered_until"] <= now:
        return at_once
    return max(1, min(at_once, int(row["lowered_to"])))


async def _locked(tx: Tx, credential_id: int, req_key: str) -> Row:
    """The health row (made when missing) with its key's limit, after locking the key: one complaint at a time, in the order claims lock."""
    lock = sa.select(credentials.c.at_once).where(credentials.c.id == credential_id).with_for_update(key_share=True)
    await tx.scalar(lock)
    fresh = tx.insert(health).values(credential_id=credential_id, req_key=req_key, changed=tx.now)
    await tx.change(fresh.on_conflict_do_nothing())
    row = await tx.first(
        sa.select(health, credentials.c.at_once, credentials.c.alias)
        .join(credentials, credentials.c.id == health.c.credential_id)
        .where(health.c.credential_id == credential_id, health.c.req_key == req_key)
    )
    if row is None:
        raise LookupError(credential_id)
    return row


async def _set(tx: Tx, row: Row, **values: Any) -> None:
    where = (health.c.credential_id == row["credential_id"], health.c.req_key == row["req_key"])
    await tx.change(sa.update(health).where(*where).values(**values, changed=tx.now))


def _out(row: Row, now: datetime) -> bool:
    """Whether nobody is asked with it now: what is still refused was sent before."""
    if row["state"] == "cooling":
        return row["until"] is not None and row["until"] > now
    return row["state"] in ("quarantined", "exhausted")


async def _cool(tx: Tx, row: Row, error: JimengError) -> None:
    if _out(row, tx.now):
        return
    seconds = min(COOL_MOST, COOL_FIRST * 2.0 ** min(row["strikes"], 8)) * random.uniform(0.75, 1.25)
    until = tx.now + timedelta(seconds=seconds)
    cause = {Kind.RATE: "rate", Kind.CONCURRENCY: "concurrency"}.get(error.kind, "network")
    await _set(tx, row, state="cooling", cause=cause, code=_code(error), until=until, strikes=row["strikes"] + 1)


async def _lower(tx: Tx, row: Row, error: JimengError) -> None:
    limit = limit_of(row["at_once"], row, tx.now)
    if limit == 1:
        await _cool(tx, row, error)
    elif not _out(row, tx.now):
        rest = {"state": "cooling", "cause": "concurrency", "code": _code(error), "until": tx.now + REST}
        await _set(tx, row, **rest, lowered_to=limit - 1, lowered_until=tx.now + LOWERED_FOR)


async def _quarantine(tx: Tx, row: Row, error: JimengError) -> None:
    if row["state"] == "exhausted":
        return
    spent = EXHAUSTED.search(error.message) is not None
    slow = min(RETEST_MOST, RETEST_FIRST * 2.0 ** min(row["strikes"], 8))
    await _set(
        tx,
        row,
        state="exhausted" if spent else "quarantined",
        cause="spent" if spent else "credential",
        code=_code(error),
        until=None if spent else tx.now + slow,
        strikes=row["strikes"] + 1,
        alerted=tx.now,
    )
    code = _code(error) or f"HTTP {error.http}"
    values = {"alias": row["alias"], "req_key": row["req_key"], "code": code, "message": error.told}
    key = "keys.alert_spent" if spent else "keys.alert_quarantined"
    there = Button(Line("admin.button_open"), "admin.keys.one", str(row["credential_id"]))
    await alert(tx, f"key:{row['credential_id']}:{_code(error)}", Line(key, values), button=there)


def _code(error: JimengError) -> str:
    return str(error.code) if error.code else ""
