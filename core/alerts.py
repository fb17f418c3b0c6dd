"""What admins must hear: written in the transaction that noticed it, at most once a while for each key, told by the announcer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core.records import Tx
from core.records.lines import line_of, written
from core.records.tables import alerts
from core.requests import Line

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence for every admin."""

    id: int
    key: str
    line: Line


async def alert(tx: Tx, key: str, line: Line, *, seconds: float = HOUR) -> bool:
    """Queue a sentence for the admins, unless one with this key was queued within `seconds`; True when queued."""
    since = tx.now - timedelta(seconds=seconds)
    if await tx.scalar(sa.select(alerts.c.id).where(alerts.c.key == key, alerts.c.at > since).limit(1)) is not None:
        return False
    await tx.add(alerts, key=key, line=written(line), at=tx.now)
    tx.wake("alerts")
    return True


async def untold(tx: Tx, most: int = 20) -> Sequence[Alert]:
    """Alerts no admin has heard yet, oldest first."""
    rows = await tx.all(sa.select(alerts).where(alerts.c.told.is_(None)).order_by(alerts.c.id).limit(most))
    return [Alert(row["id"], row["key"], line_of(row["line"], "alert")) for row in rows]


async def told(tx: Tx, alert_id: int) -> bool:
    """Claim an alert for telling; False when another replica has it."""
    return (
        await tx.change(sa.update(alerts).where(alerts.c.id == alert_id, alerts.c.told.is_(None)).values(told=tx.now))
        == 1
    )
