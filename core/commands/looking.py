"""What the page shows admins to look at: the records table, the wall of pictures, keys, charts and status, as frozen data."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from core import cards, figures, gallery, generations, keypools, rules
from core.commands.admin.filters import filter_of
from core.commands.admin.records import status as status_of
from core.commands.admin.records import thumb
from core.commands.admin.status import ill
from core.commands.volume import too_small
from core.errors import Cause, Refusal
from core.generations import GenerationView
from core.keypools import CredentialView, HealthView, Today
from core.looks import (
    Capability,
    ChartsLook,
    DayFigures,
    Entry,
    GalleryLook,
    KeyRow,
    KeysLook,
    Look,
    RecordRow,
    RecordsLook,
    StatusLook,
    Tile,
    WallLook,
)
from core.painting import House
from core.painting.accepting import midnight
from core.requests import Line

ROWS = 50
TILES = 48
SPANS = (7, 30, 90)
Values = Mapping[str, str]


async def look(house: House, what: str, values: Values) -> Look:
    """One look. Refusal `admin.no_look` for an unknown one, those of the filter at their fields."""
    found = LOOKS.get(what)
    if found is None:
        raise Refusal("admin.no_look", {"what": what, "known": " ".join(LOOKS)})
    return await found(house, values)


def _number(values: Values, name: str, default: int) -> int:
    typed = values.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else default


async def _records(house: House, values: Values) -> RecordsLook:
    wanted = filter_of(values, house.records.clock(), house.zone)
    offset, most = _number(values, "offset", 0), min(200, max(1, _number(values, "most", ROWS)))
    async with house.records.read() as tx:
        total = await generations.count(tx, wanted)
        views = await generations.listed(tx, wanted, offset=offset, most=most)
    return RecordsLook(tuple(_row(view) for view in views), total, offset, most)


def _row(view: GenerationView) -> RecordRow:
    picture, line = thumb(view), status_of(view)
    return RecordRow(
        thumb=picture.image if picture else "",
        alt=picture.alt if picture else Line("admin_records.private" if view.private else "admin_records.no_picture"),
        id=view.id,
        member=view.member,
        prompt=cards.redacted(view.prompt_typed) or Line("details.none"),
        status=line.key.rpartition("_")[2],
        status_line=line,
        pictures=len(view.kept),
        count=view.count,
        points=view.charged,
        at=view.created,
        label=view.label,
        private=view.private,
    )


async def _wall(house: House, values: Values) -> WallLook:
    """Pictures of paintings nobody asked to keep private."""
    offset = _number(values, "offset", 0)
    wanted = replace(filter_of(values, house.records.clock(), house.zone), kept=True, private=False)
    async with house.records.read() as tx:
        views = await generations.listed(tx, wanted, offset=offset, most=TILES)
    tiles = tuple(tile for view in views for tile in _tiles(view))
    return WallLook(tiles, offset + TILES if len(views) == TILES else 0)


def _tiles(view: GenerationView) -> list[Tile]:
    return [
        Tile(
            image=task.image.id,
            alt=Line("card.alt_private", {"id": view.id, "n": task.number}),
            id=view.id,
            number=task.number,
            member=view.member,
            at=view.created,
            width=task.image.width,
            height=task.image.height,
            label=view.label,
            adopted=view.adopted == task.number,
        )
        for task in view.kept
        if task.image is not None
    ]


async def _gallery(house: House, values: Values) -> GalleryLook:
    offset = _number(values, "offset", 0)
    async with house.records.read() as tx:
        found, total = await gallery.listed(
            tx, values.get("words", "").strip(), offset=offset, most=TILES, disabled=True
        )
    entries = tuple(
        Entry(
            id=one.id,
            title=one.title,
            line=one.line,
            image=one.image.id if one.image else "",
            alt=Line("gallery.alt", {"title": one.title}),
            width=one.image.width if one.image else 0,
            height=one.image.height if one.image else 0,
            enabled=one.enabled,
            uses=one.uses,
        )
        for one in found
    )
    return GalleryLook(entries, total, offset + TILES if offset + TILES < total else 0)


async def _keys(house: House, values: Values) -> KeysLook:
    async with house.records.read() as tx:
        pool = (await rules.read(tx)).pool
        found = await keypools.views(tx, midnight(tx.now, house.zone))
    return KeysLook(pool, tuple(_key(key, pool) for key in found))


TONES = {"ok": "ok", "lowered": "waiting", "cooling": "waiting", "quarantined": "bad", "exhausted": "bad"}


def _key(key: CredentialView, pool: str) -> KeyRow:
    health = {one.req_key: one for one in key.health}
    today = {one.req_key: one for one in key.today}
    capabilities = tuple(
        _capability(key, name, health.get(name), today.get(name)) for name in sorted({*health, *today})
    )
    waiting = any(one.tone == "waiting" for one in capabilities)
    tone = "off" if not key.enabled else "bad" if ill(key) else "waiting" if waiting else "ok"
    return KeyRow(
        id=key.id,
        pool=key.pool,
        bound=key.pool == pool,
        alias=key.alias,
        access_key=key.access_key,
        tone=tone,
        state=key.line,
        capabilities=capabilities,
        at_once=key.at_once,
        in_flight=sum(one.in_flight for one in key.today),
        submits=sum(one.submits for one in key.today),
        kept=sum(one.kept for one in key.today),
        failed=sum(one.failed for one in key.today),
    )


def _capability(key: CredentialView, req_key: str, health: HealthView | None, today: Today | None) -> Capability:
    fine = Line("keys.state_ok", {"req_key": req_key, "limit": key.at_once})
    return Capability(
        req_key=req_key,
        tone=TONES[health.state] if health else "ok",
        line=health.line if health else fine,
        in_flight=today.in_flight if today else 0,
        submits=today.submits if today else 0,
        kept=today.kept if today else 0,
        failed=today.failed if today else 0,
    )


async def _charts(house: House, values: Values) -> ChartsLook:
    days = _number(values, "days", 30)
    async with house.records.read() as tx:
        found = await figures.per_day(tx, days if days in SPANS else 30, house.zone)
    present = {cause for day in found for cause in day.failures}
    causes = tuple(str(cause) for cause in Cause if cause in present)
    rows = tuple(
        DayFigures(day.day, day.pictures, day.points, tuple(day.failures.get(cause, 0) for cause in causes))
        for day in found
    )
    return ChartsLook(
        rows,
        tuple(Line(f"paint.cause_{cause}") for cause in causes),
        sum(day.pictures for day in rows),
        sum(day.points for day in rows),
        sum(sum(day.failures) for day in rows),
    )


async def _status(house: House, values: Values) -> StatusLook:
    async with house.records.read() as tx:
        team, since = await rules.read(tx), midnight(tx.now, house.zone)
        now = await figures.now(tx, since)
        on = [key for key in await keypools.views(tx, since, pool=team.pool) if key.enabled]
        small = await too_small(tx, team, on)
    return StatusLook(
        queued=now.queued,
        in_flight=now.in_flight,
        success=now.success,
        pictures=now.kept,
        failed=now.failed,
        points=now.points,
        paintings=now.paintings,
        undelivered=now.undelivered,
        at_the_door=now.at_the_door,
        keys_ok=sum(not ill(key) for key in on),
        keys_on=len(on),
        pool=team.pool,
        paused=team.paused,
        too_small=small,
    )


LOOKS: Mapping[str, Callable[[House, Values], Awaitable[Look]]] = {
    "records": _records,
    "wall": _wall,
    "gallery": _gallery,
    "keys": _keys,
    "charts": _charts,
    "status": _status,
}
