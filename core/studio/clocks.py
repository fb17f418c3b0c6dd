"""A clock that was set back: what was to wait for seconds would wait for hours, so moments further ahead than anything waits become now."""

from datetime import timedelta

import sqlalchemy as sa

from core.keypools import SPEED
from core.records import Tx
from core.records.tables import credentials, generations, ghosts, health, tasks
from core.studio.lease import ACTIVE

TASKS = timedelta(minutes=10)
"""Retries, outages and sealed secrets wait a minute at most; the clocks of replicas may be apart."""
KEYS = timedelta(hours=7)
"""A quarantine is re-tested after six hours at the latest."""
SHOWS = timedelta(hours=2)
"""A platform that is flooded says for how long."""
TURNS = 60.0
"""Seconds a key's next turn may lie ahead, beside those of all tasks that could be waiting for one."""
CAPABILITIES = 10


async def set_right(tx: Tx) -> bool:
    """Bring back to now what lies too far ahead; whether anything did."""
    now = tx.now
    far = [
        sa.update(tasks)
        .where(tasks.c.status.in_(("queued", *ACTIVE)), tasks.c.not_before > now + TASKS)
        .values(not_before=now),
        sa.delete(ghosts).where(ghosts.c.until > now + TASKS),
        sa.update(health).where(health.c.state == "cooling", health.c.until > now + TASKS).values(until=now),
        sa.update(health).where(health.c.until > now + KEYS).values(until=now),
        sa.update(health).where(health.c.lowered_until > now + 2 * TASKS).values(lowered_until=now),
        sa.update(generations)
        .where(generations.c.shown < generations.c.revision, generations.c.tell_after > now + SHOWS)
        .values(tell_after=now),
        _turns(tx),
    ]
    return sum([await tx.change(statement) for statement in far]) > 0


def _turns(tx: Tx) -> sa.Update:
    """Turns are counted by the database's own clock."""
    waiting = CAPABILITIES * credentials.c.at_once / (credentials.c.per_second * SPEED)
    ahead = credentials.c.tat > tx.database_now + TURNS + waiting
    return sa.update(credentials).where(ahead).values(tat=tx.database_now)
