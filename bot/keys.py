"""Key pools from the command line: credentials added, shown, tried, and switched on and off."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx

from bot.clock import now
from bot.database import opened
from bot.settings import Settings
from core import audit, keypools
from core.errors import Refusal
from core.jimeng.client import JimengClient
from core.jimeng.models import roles_of, table
from core.records import Tx
from core.requests import Line

TEST_SECONDS = 30


async def add(settings: Settings, new: keypools.NewCredential) -> Sequence[Line]:
    """A new credential, sealed at once. Refusals of `keypools.add`."""
    async with opened(settings, now) as records, records.write() as tx:
        await keypools.add(tx, keypools.Vault(settings.secret_keys), new)
        after = {"pool": new.pool, "access_key": f"…{new.access_key_id[-4:]}", "api_url": new.api_url}
        await audit.note(tx, None, "keys.add", new.alias, after=after)
    return [Line("cli.key_added", {"alias": new.alias, "pool": new.pool})]


async def listed(settings: Settings) -> Sequence[Line]:
    """All credentials with how they are; never a secret."""
    async with opened(settings, now) as records, records.read() as tx:
        found = await keypools.views(tx, _midnight(settings))
    lines = [
        Line(
            "cli.key",
            {
                "alias": key.alias,
                "pool": key.pool,
                "access_key": key.access_key,
                "state": key.line,
                "limit": key.at_once,
                "rate": key.per_second,
            },
        )
        for key in found
    ]
    return lines or [Line("cli.no_key")]


async def test(settings: Settings, alias: str) -> Sequence[Line]:
    """One signed call that costs nothing for each capability in use."""
    vault = keypools.Vault(settings.secret_keys)
    capabilities = sorted(set(roles_of(table(settings.jimeng.models).rows).values()))
    async with opened(settings, now) as records, httpx.AsyncClient(timeout=TEST_SECONDS) as http:
        async with records.read() as tx:
            key = await _named(tx, settings, alias)
        client = JimengClient(http, now)
        try:
            return [(await keypools.test(records, vault, client, key.id, one)).line for one in capabilities]
        except keypools.WrongKey as error:
            raise Refusal("admin_keys.wrong_key", {"alias": alias}) from error


async def switch(settings: Settings, alias: str, on: bool) -> Sequence[Line]:
    """A credential on or off; on also forgives what it was blamed for."""
    async with opened(settings, now) as records, records.write() as tx:
        key = await _named(tx, settings, alias)
        await keypools.enable(tx, key.id, on, why="" if on else "paintbot keys disable")
        await audit.note(tx, None, "keys.enable" if on else "keys.disable", alias, before=key.enabled, after=on)
    return [Line("cli.key_on" if on else "cli.key_off", {"alias": alias})]


async def _named(tx: Tx, settings: Settings, alias: str) -> keypools.CredentialView:
    for key in await keypools.views(tx, _midnight(settings)):
        if key.alias == alias:
            return key
    raise Refusal("cli.key_unknown", {"alias": alias})


def _midnight(settings: Settings) -> datetime:
    """When the team's day began."""
    return now().astimezone(ZoneInfo(settings.bot.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
