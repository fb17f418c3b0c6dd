"""The record counted for the metrics, and the shortest question a living database answers."""

from bot.metrics import Counted
from core.records import Tx
from core.records.counting import counts


async def counted(tx: Tx) -> Counted:
    """What Prometheus is told of the record."""
    found = await counts(tx)
    return Counted(found.paintings, found.tasks, found.points, found.held, found.keys, found.undelivered)


async def alive(tx: Tx) -> None:
    """Returns when the database answers; raises what its driver raises."""
    await counts(tx)
