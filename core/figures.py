"""Numbers of the whole team: how things stand now, what became of today, and every day of a span by the team's calendar."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

import sqlalchemy as sa

from core.records import Tx
from core.records.tables import alerts, generations, ledger, members, tasks

IN_FLIGHT = ("claimed", "submitting", "submitted", "ready")
DAY = 86_400
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Now:
    """The queue (pictures and paintings), pictures being painted, undelivered results, people at the door; and since midnight:
    pictures kept, pictures failed, paintings accepted, points charged."""

    queued: int
    waiting_paintings: int
    in_flight: int
    undelivered: int
    at_the_door: int
    kept: int
    failed: int
    paintings: int
    points: int

    @property
    def success(self) -> int | None:
        """Pictures kept of those that ended since midnight, in percent; None when none has ended."""
        ended = self.kept + self.failed
        return round(100 * self.kept / ended) if ended else None


@dataclass(frozen=True, slots=True)
class Day:
    """One day: pictures kept, points charged, pictures failed by cause."""

    day: date
    pictures: int = 0
    points: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)


async def now(tx: Tx, since: datetime) -> Now:
    """How things stand; `since` is the midnight that began today."""
    return Now(
        queued=await _count(tx, tasks, tasks.c.status == "queued"),
        waiting_paintings=await _count(tx, generations, generations.c.state == "accepted"),
        in_flight=await _count(tx, tasks, tasks.c.status.in_(IN_FLIGHT)),
        undelivered=await _count(
            tx,
            generations,
            generations.c.delivery == "undeliverable",
            generations.c.state == "settled",
            generations.c.deleted.is_(None),
        ),
        at_the_door=await _count(tx, members, members.c.standing == "waiting"),
        kept=await _count(tx, tasks, tasks.c.status == "kept", tasks.c.finished >= since),
        failed=await _count(tx, tasks, tasks.c.status == "failed", tasks.c.finished >= since),
        paintings=await _count(tx, generations, generations.c.created >= since),
        points=await charged(tx, since),
    )


async def _count(tx: Tx, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return await tx.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0


async def asked(tx: Tx, since: datetime) -> int:
    """Pictures of paintings accepted since a moment, without those that failed or were cancelled."""
    mine = sa.and_(generations.c.id == tasks.c.generation_id, generations.c.created >= since)
    query = sa.select(sa.func.count()).select_from(tasks).join(generations, mine)
    return await tx.scalar(query.where(tasks.c.status.not_in(("failed", "cancelled")))) or 0


async def seconds_a_picture(tx: Tx, since: datetime) -> float | None:
    """How long Jimeng took for a picture kept since a moment, on average; None where none was."""
    took = sa.type_coerce(tasks.c.finished, sa.Double) - sa.type_coerce(tasks.c.submitted, sa.Double)
    kept = (tasks.c.status == "kept", tasks.c.submitted.is_not(None), tasks.c.finished >= since)
    found: float | None = await tx.scalar(sa.select(sa.func.avg(took)).where(*kept))
    return found


async def charged(tx: Tx, since: datetime, member_id: int | None = None) -> int:
    """Points charged for pictures since a moment, by everybody or one member."""
    query = sa.select(-sa.func.coalesce(sa.func.sum(ledger.c.held), 0)).where(
        ledger.c.kind == "charge", ledger.c.at >= since
    )
    if member_id is not None:
        query = query.where(ledger.c.member_id == member_id)
    return int(await tx.scalar(query) or 0)


async def repeated(tx: Tx, since: datetime) -> int:
    """Paintings asked for once more as they were, since a moment."""
    return await _count(tx, generations, generations.c.parent_kind == "again", generations.c.created >= since)


async def helped(tx: Tx, since: datetime) -> int:
    """Paintings for which a member asked the admins for help, since a moment."""
    return await _count(tx, alerts, alerts.c.key.startswith("support:"), alerts.c.at >= since)


async def approved(tx: Tx) -> int:
    """Members who may paint."""
    return await _count(tx, members, members.c.standing == "approved")


async def short_of(tx: Tx, points: int) -> int:
    """Approved members whose free points are fewer than that."""
    return await _count(tx, members, members.c.standing == "approved", members.c.points < points)


async def busiest(tx: Tx, since: datetime, most: int = 3) -> Sequence[tuple[str, int, int]]:
    """(name, pictures, points) of the members with most pictures since a moment."""
    pictures = sa.func.count()
    query = (
        sa.select(members.c.id, members.c.name, pictures.label("pictures"))
        .join(members, members.c.id == tasks.c.member_id)
        .where(tasks.c.status == "kept", tasks.c.finished >= since)
        .group_by(members.c.id, members.c.name)
        .order_by(pictures.desc(), members.c.id)
        .limit(most)
    )
    return [(row["name"], row["pictures"], await charged(tx, since, row["id"])) for row in await tx.all(query)]


async def per_day(tx: Tx, days: int, zone: tzinfo) -> Sequence[Day]:
    """The last `days` days by the team's calendar, oldest first, today included: three grouped statements."""
    today = tx.now.astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=zone)
    steps = offsets(since, tx.now + timedelta(days=1), zone)
    pictures = await _by_day(tx, tasks.c.finished, since, steps, sa.func.count(), tasks.c.status == "kept")
    points = await _by_day(tx, ledger.c.at, since, steps, -sa.func.sum(ledger.c.held), ledger.c.kind == "charge")
    failures: dict[date, dict[str, int]] = defaultdict(dict)
    for day, cause, number in await _failures(tx, since, steps):
        failures[day][cause] = number
    span = [first + timedelta(days=step) for step in range(days)]
    return [Day(day, pictures.get(day, 0), points.get(day, 0), dict(failures.get(day, {}))) for day in span]


def offsets(since: datetime, until: datetime, zone: tzinfo) -> Sequence[tuple[float, float]]:
    """(from when, seconds east of UTC) for each stretch of one offset between two moments; mostly one, two or three where clocks are put forward."""
    start, end = since.timestamp(), until.timestamp()
    found = [(start, _offset(start, zone))]
    at = start
    while at < end:
        ahead = min(at + DAY, end)
        if _offset(ahead, zone) != found[-1][1]:
            low, high = at, ahead
            while high - low > 1:
                middle = (low + high) / 2
                low, high = (middle, high) if _offset(middle, zone) == found[-1][1] else (low, middle)
            found.append((float(round(high / 60) * 60), _offset(ahead, zone)))
        at = ahead
    return found


def _offset(at: float, zone: tzinfo) -> float:
    there = datetime.fromtimestamp(at, zone).utcoffset()
    return there.total_seconds() if there else 0.0


def _day_of(tx: Tx, column: sa.ColumnElement[datetime], steps: Sequence[tuple[float, float]]) -> sa.ColumnElement[int]:
    """Local days since 1970 of a moment, in the database's own words."""
    at = sa.type_coerce(column, sa.Double)
    # written into the statement: PostgreSQL does not see that two parameters in SELECT and GROUP BY are the same
    east: sa.ColumnElement[float] = sa.literal_column(repr(steps[0][1]), sa.Double)
    for since, offset in steps[1:]:
        east = sa.case(
            (at >= sa.literal_column(repr(since), sa.Double), sa.literal_column(repr(offset), sa.Double)), else_=east
        )
    days = (at + east) / sa.literal_column(f"{DAY}.0", sa.Double)
    return sa.cast(sa.func.floor(days) if tx.postgres else days, sa.Integer)


async def _by_day(
    tx: Tx,
    column: sa.ColumnElement[datetime],
    since: datetime,
    steps: Sequence[tuple[float, float]],
    value: sa.ColumnElement[int],
    where: sa.ColumnElement[bool],
) -> Mapping[date, int]:
    day = _day_of(tx, column, steps)
    query = sa.select(day.label("day"), value.label("number")).where(where, column >= since).group_by(day)
    return {EPOCH + timedelta(days=row["day"]): int(row["number"] or 0) for row in await tx.all(query)}


async def _failures(tx: Tx, since: datetime, steps: Sequence[tuple[float, float]]) -> Sequence[tuple[date, str, int]]:
    day = _day_of(tx, tasks.c.finished, steps)
    query = (
        sa.select(day.label("day"), tasks.c.cause, sa.func.count().label("number"))
        .where(tasks.c.status == "failed", tasks.c.finished >= since)
        .group_by(day, tasks.c.cause)
    )
    return [(EPOCH + timedelta(days=row["day"]), row["cause"] or "model", row["number"]) for row in await tx.all(query)]
