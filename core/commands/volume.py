"""How many pictures a day the team expects: admins hear of a day that goes well above it, and of a pool too small for it."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from core import figures, rules
from core.alerts import alert
from core.keypools import CredentialView
from core.painting.accepting import midnight
from core.records import Records, Tx
from core.replies import Button, Facts
from core.requests import Line, Value
from core.rules import Rules

WELL_ABOVE = 1.5
"""Times what is expected: a busy day is no news."""
HOURS = 8
"""Of a day in which a team paints."""
SECONDS = 30
"""A picture takes, as long as none was measured."""
MEASURED = timedelta(days=7)
DAY = 86_400.0


async def watch(records: Records, zone: tzinfo) -> bool:
    """Tell the admins, once a day, that today's pictures go well above what the team expects; whether they were told now."""
    async with records.read() as tx:
        team, today = await rules.read(tx), midnight(tx.now, zone)
        if team.expected is None:
            return False
        asked = await figures.asked(tx, today)
        if asked <= WELL_ABOVE * team.expected:
            return False
        busiest = await figures.busiest(tx, today)
    rows = tuple((Line("volume.member", {"name": name}), number) for name, number, _ in busiest)
    said = Line("volume.above", {"n": asked, "expected": team.expected})
    async with records.write() as tx:
        return await alert(
            tx,
            f"volume:{today:%Y-%m-%d}",
            said,
            facts=Facts(rows) if rows else None,
            button=Button(Line("admin.button_open"), "admin.status"),
            seconds=DAY,
        )


async def too_small(tx: Tx, team: Rules, keys: Sequence[CredentialView]) -> Line | None:
    """That the keys in use (`keys` that are on) cannot paint what the team expects in a working day; None where they can, or nothing is expected."""
    slots = sum(key.at_once for key in keys if key.enabled)
    if team.expected is None or not slots:
        return None
    seconds = max(1, round(await figures.seconds_a_picture(tx, tx.now - MEASURED) or SECONDS))
    able = slots * HOURS * 3600 // seconds
    if able >= team.expected:
        return None
    values: dict[str, Value] = {"pool": team.pool, "n": slots, "seconds": seconds, "hours": HOURS, "able": able}
    return Line("volume.too_small", {**values, "expected": team.expected}, tone="alert")
