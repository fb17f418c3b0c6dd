"""Work of the team's calendar, done once however many replicas have a clock: allowances, the week's digest, old rows."""

from collections.abc import Mapping
from datetime import timedelta, tzinfo

from core import drafts, figures, ledger, members, rules, templates, upkeep
from core.records import Records, Tx
from core.replies import Facts, Part, Reply
from core.requests import Line, Value
from core.texts import say

EVERYBODY = 1_000_000
WEEK = 7
SHARED_FROM = 5
"""Uses from which a member's own template is worth sharing with the team."""


async def monthly_allowances(records: Records, zone: tzinfo, language: str = "zh") -> int:
    """Give every approved member, who was there when the month began, this month's allowance; how many got one.

    Call it as often as you like: the month is claimed and all are given in one transaction, and each entry has its once-key besides.
    """
    async with records.write() as tx:
        today = tx.now.astimezone(zone)
        month = today.strftime("%Y-%m")
        if not await upkeep.tick(tx, "allowances", month):
            return 0
        began = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        team = await rules.read(tx)
        # one look: pages shift when people come and go
        found, _ = await members.search(tx, standing="approved", most=EVERYBODY)
        given = 0
        for one in found:
            points = team.allowance if one.allowance is None else one.allowance
            if points and one.created < began:
                given += await _give(tx, one, points, month, language)
        return given


async def _give(tx: Tx, member: members.Member, points: int, month: str, language: str) -> bool:
    reason = say(Line("chores.allowance_reason", {"month": month}), member.language or language)
    once = f"allowance:{month}:{member.id}"
    return await ledger.grant(tx, member.id, points, kind="allowance", reason=reason, once=once) is not None


async def weekly_digest(records: Records, zone: tzinfo) -> Reply | None:
    """The last seven days for admins; None when this week's was asked for before (by any replica), or when nothing happened."""
    async with records.write() as tx:
        today = tx.now.astimezone(zone)
        if not await upkeep.tick(tx, "digest", today.strftime("%G-W%V")):
            return None
        days = await figures.per_day(tx, WEEK + 1, zone)
        since = today.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=WEEK)
        busiest = await figures.busiest(tx, since)
        repeated, helped = await figures.repeated(tx, since), await figures.helped(tx, since)
        popular = await templates.personal(tx, SHARED_FROM)
    whole = days[:WEEK]  # today has only begun
    failures: dict[str, int] = {}
    for day in whole:
        for cause, number in day.failures.items():
            failures[cause] = failures.get(cause, 0) + number
    pictures, points = sum(day.pictures for day in whole), sum(day.points for day in whole)
    if not pictures and not failures:
        return None
    rows: list[tuple[Line, Value]] = [
        (Line("chores.pictures"), pictures),
        (Line("chores.points"), points),
        (Line("chores.repeated"), repeated),
        (Line("chores.helped"), helped),
        (Line("chores.failed"), sum(failures.values())),
    ]
    rows += [
        (Line(f"paint.cause_{cause}"), number) for cause, number in sorted(failures.items(), key=lambda one: -one[1])
    ]
    span: dict[str, Value] = {"first": f"{whole[0].day:%m-%d}", "last": f"{whole[-1].day:%m-%d}"}
    parts: list[Part] = [Line("chores.digest", span, tone="title"), Facts(tuple(rows))]
    parts += [
        Line("chores.busiest", {"name": name, "pictures": number, "points": spent}, tone="fact")
        for name, number, spent in busiest
    ]
    parts += [
        Line("chores.popular", {"name": one.name, "member": one.owner_name, "n": one.uses}, tone="fact")
        for one in popular
    ]
    return Reply(tuple(parts), private=True)


async def tidy(records: Records, kept: upkeep.Kept | None = None) -> Mapping[str, int]:
    """Delete rows that have served their time; how many of each table. Any replica may, any time."""
    async with records.write() as tx:
        await drafts.shorten(tx)
        return await upkeep.prune(tx, kept)
