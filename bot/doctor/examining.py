"""The examination in its order: what is configured, what it stands on, whether the keys sign, and a trial painting."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from zoneinfo import ZoneInfo

from bot import wiring
from bot.clock import now
from bot.database import known_account, opened, seeds
from bot.doctor.platforms import look_at_platforms, look_at_web
from bot.doctor.saying import Finding, Tell
from bot.doctor.trial import Trial
from bot.settings import Settings
from bot.wiring import Open, can_link, open_house
from core import keypools, ledger, members, rules
from core.commands import volume
from core.errors import PaintbotError
from core.jimeng.models import roles_of
from core.keypools import CredentialView, WrongKey
from core.painting.accepting import midnight
from core.records import AlreadyRunning, Tx
from core.records.counting import living
from core.records.troubles import TROUBLES, reason
from core.requests import Line
from core.texts import use_timezone

PATIENCE = 30.0
"""Seconds for one look at something outside."""

SHOWN = 10
"""Names in one finding."""

WRITTEN = {"label": "images.label", "open_to_strangers": "access.open_to_strangers"}
"""Where a rule stands in the configuration, when it is not in `[points]`."""


async def examine(settings: Settings, *, paint: bool | None = None, tell: Tell) -> Sequence[Line]:
    """Tell each finding as it is made; the closing sentence, of tone "alert" when something is wrong.

    `paint` None paints with the simulator only: real Jimeng takes money for the picture. Works beside a running bot, which then paints.
    """
    use_timezone(settings.bot.timezone)
    find = Finding(tell)
    find.well("doctor.settings", language=settings.bot.language, zone=settings.bot.timezone, folder=_folder(settings))
    try:
        async with AsyncExitStack() as stack:
            await _examine(settings, stack, find, paint)
    except PaintbotError as error:
        find.bad("doctor.cannot_open", reason=str(error))
    except TROUBLES as error:
        find.bad("doctor.cannot_open", reason=f"database.url: {reason(error)}")
    if find.wrong:
        return [Line("doctor.some_wrong", {"n": find.wrong}, tone="alert")]
    return [Line("doctor.all_well", tone="title")]


def _folder(settings: Settings) -> str:
    return str(settings.bot.data_dir)


async def _examine(settings: Settings, stack: AsyncExitStack, find: Finding, wanted: bool | None) -> None:
    paint = settings.jimeng.simulator if wanted is None else wanted
    beside = await _running(settings)
    house = await open_house(settings, stack, beside=beside)
    find.well("doctor.postgres" if settings.database.postgres else "doctor.sqlite")
    find.well("doctor.beside" if beside else "doctor.alone")
    await _store(house, find)
    await _keys(house, find)
    await look_at_platforms(settings, find)
    await _people(house, find)
    await _books(house, find)
    await _differences(house, find)
    if not beside and paint:
        await wiring.begin(house, {}, stack)
    _references(settings, find)
    if settings.web.public_url and (beside or paint):
        await look_at_web(settings.web.public_url, find)
    if paint:
        await Trial(house, find).paint()
    elif wanted is None:
        find.note("doctor.not_painted")


async def _running(settings: Settings) -> bool:
    """Whether a bot paints on this database now."""
    async with opened(settings, now) as records:
        try:
            records.hold_file()
        except AlreadyRunning:
            return True
        async with records.read() as tx:
            return records.postgres and await living(tx) > 0


async def _store(house: Open, find: Finding) -> None:
    where = house.settings.images_url
    try:
        async with asyncio.timeout(PATIENCE):
            await house.images.store.probe()
    except (PaintbotError, TimeoutError) as error:
        cause = error.__cause__ or error
        find.bad("doctor.store_wrong", where=where, reason=(str(cause) or type(cause).__name__).splitlines()[0])
    else:
        find.well("doctor.store", where=where)


async def _keys(house: Open, find: Finding) -> None:
    async with house.records.read() as tx:
        team = await rules.read(tx)
        pool = team.pool
        found = await keypools.views(tx, midnight(tx.now, ZoneInfo(house.settings.bot.timezone)))
        small = await volume.too_small(tx, team, [key for key in found if key.pool == pool])
    for key in found:
        if not key.enabled:
            find.note("doctor.key_off", alias=key.alias, why=key.disabled_why or "-")
        elif key.pool != pool:
            find.note("doctor.key_elsewhere", alias=key.alias, pool=key.pool)
    usable = [key for key in found if key.enabled and key.pool == pool]
    if not usable:
        find.bad("doctor.no_key", pool=pool)
    for key in usable:
        await _key(house, key, find)
    if small is not None:
        find.note(small.key, **small.values)


async def _key(house: Open, key: CredentialView, find: Finding) -> None:
    """One signed call that costs nothing, for each capability that is in use."""
    capabilities = sorted(set(roles_of(house.tools.models.rows).values()))
    tests = (keypools.test(house.records, house.vault, house.client, key.id, one) for one in capabilities)
    try:
        seen = await asyncio.gather(*tests)
    except WrongKey:
        find.bad("doctor.key_sealed", alias=key.alias)
        return
    works = [capability for capability, one in zip(capabilities, seen, strict=True) if one.works]
    if works:
        find.well("doctor.key", alias=key.alias, access_key=key.access_key, pool=key.pool, works=tuple(works))
    for one in seen:
        if not one.works:
            find.bad("doctor.key_wrong", what=one.line)


def _references(settings: Settings, find: Finding) -> None:
    """How reference pictures travel to Jimeng."""
    if can_link(settings):
        find.well("doctor.several_references")
    else:
        find.note("doctor.one_reference")


async def _people(house: Open, find: Finding) -> None:
    async with house.records.read() as tx:
        admins = [one for name in _platforms(house.settings) for one in await members.admins(tx, name)]
        unnamed = [name for name in house.settings.bot.admins if not await _is_admin(tx, name)]
    if admins:
        find.well("doctor.admins", accounts=tuple(account for _, account in admins))
    elif house.settings.slack.on or house.settings.telegram.on:
        find.bad("cli.no_admin")
    else:
        find.note("cli.no_admin")
    for name in unnamed:
        find.note("doctor.admin_differs", account=name)


async def _books(house: Open, find: Finding) -> None:
    """Every wallet against its ledger: what an accountant asks first."""
    async with house.records.read() as tx:
        crooked = await ledger.crooked(tx)
    if crooked:
        find.bad("doctor.books_wrong", names=tuple(crooked[:SHOWN]), n=len(crooked))
    else:
        find.well("doctor.books")


def _platforms(settings: Settings) -> Sequence[str]:
    """The platforms on which people can be heard."""
    on = {"slack": settings.slack.on, "telegram": settings.telegram.on, "page": settings.page.enabled}
    return [name for name, there in on.items() if there]


async def _is_admin(tx: Tx, name: str) -> bool:
    member = await members.find(tx, str(await known_account(tx, name)))
    return member is not None and member.admin


async def _differences(house: Open, find: Finding) -> None:
    """The configuration seeded the first start only; since then the database rules."""
    async with house.records.read() as tx:
        team = await rules.read(tx)
    for key, seed in seeds(house.settings).items():
        ruling = getattr(team, key)
        if ruling != seed:
            where = WRITTEN.get(key, f"points.{key}")
            find.note("doctor.differs", key=where, configured=_shown(seed), rules=_shown(ruling))
    if team.paused is not None:
        find.note("doctor.paused", text=team.paused or "-")


def _shown(value: object) -> str:
    """As it is written in TOML."""
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
