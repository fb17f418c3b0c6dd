"""What admins must hear: written in the transaction that noticed it, at most once a while for each key, told by the announcer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core.records import Row, Tx
from core.records.lines import line_of, value_of, written, written_value
from core.records.tables import alerts
from core.replies import Button, Facts
from core.requests import Line

HOUR = 3600.0
WAITING = 5
"""How many of the newest wait where there is no admin yet."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence for every admin, what is known beside it, and the button that leads there."""

    id: int
    key: str
    line: Line
    facts: Facts | None = None
    button: Button | None = None


async def alert(
    tx: Tx, key: str, line: Line, *, facts: Facts | None = None, button: Button | None = None, seconds: float = HOUR
) -> bool:
    """Queue a sentence for the admins, unless one with this key was queued within `seconds`; True when queued."""
    since = tx.now - timedelta(seconds=seconds)
    if await tx.scalar(sa.select(alerts.c.id).where(alerts.c.key == key, alerts.c.at > since).limit(1)) is not None:
        return False
    rows = [[written(label), written_value(value)] for label, value in facts.rows] if facts else sa.null()
    press = [written(button.label), button.verb, button.subject, button.style] if button else sa.null()
    await tx.add(alerts, key=key, line=written(line), facts=rows, button=press, at=tx.now)
    tx.wake("alerts")
    return True


async def shorten(tx: Tx) -> int:
    """Of those untold only the newest few wait on, for whoever is the first admin; how many were given up."""
    newest = sa.select(alerts.c.id).where(alerts.c.told.is_(None)).order_by(alerts.c.id.desc()).limit(WAITING)
    older = (alerts.c.told.is_(None), alerts.c.id.not_in(newest.scalar_subquery()))
    return await tx.change(sa.update(alerts).where(*older).values(told=tx.now))


async def untold(tx: Tx, most: int = 20) -> Sequence[Alert]:
    """Alerts no admin has heard yet, oldest first."""
    rows = await tx.all(sa.select(alerts).where(alerts.c.told.is_(None)).order_by(alerts.c.id).limit(most))
    return [_alert(row) for row in rows]


def _alert(row: Row) -> Alert:
    facts = Facts(tuple((line_of(label), value_of(value)) for label, value in row["facts"])) if row["facts"] else None
    press = row["button"]
    button = Button(line_of(press[0]), press[1], press[2], press[3]) if press else None
    return Alert(row["id"], row["key"], line_of(row["line"], "alert"), facts, button)


async def told(tx: Tx, alert_id: int) -> bool:
    """Claim an alert for telling; False when another replica has it."""
    return (
        await tx.change(sa.update(alerts).where(alerts.c.id == alert_id, alerts.c.told.is_(None)).values(told=tx.now))
        == 1
    )
