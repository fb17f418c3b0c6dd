"""A clock that was set back: what was to wait for seconds would wait for hours, so moments further ahead than anything waits become now."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from core.keypools import SPEED
from core.records import Tx
from core.records.tables import credentials, generations, ghosts, health, tasks
from core.studio.lease import ACTIVE

TASKS = timedelta(minutes=10)
"""Retries, outages and sealed secrets wait a minute at most; the clocks of replicas may be apart."""
KEYS = timedelta(hours=7)
"""A quarantine is re-tested after six hours at the latest."""
FLOODED = timedelta(days=1)
"""A platform that is flooded says for how long, hours even: it is left alone so long, a day at most."""
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
        _shows(now),
        _turns(tx),
    ]
    return sum([await tx.change(statement) for statement in far]) > 0


def _shows(now: datetime) -> sa.Update:
    """Between two edits lie seconds; what a platform did not take (`delivery_tries`) may wait as long as it says."""
    edit = sa.and_(generations.c.delivery_tries == 0, generations.c.tell_after > now + TASKS)
    far = sa.or_(edit, generations.c.tell_after > now + FLOODED + TASKS)
    return sa.update(generations).where(generations.c.shown < generations.c.revision, far).values(tell_after=now)


def _turns(tx: Tx) -> sa.Update:
    """Turns are counted by the database's own clock."""
    waiting = CAPABILITIES * credentials.c.at_once / (credentials.c.per_second * SPEED)
    ahead = credentials.c.tat > tx.database_now + TURNS + waiting
    return sa.update(credentials).where(ahead).values(tat=tx.database_now)
