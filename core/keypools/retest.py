"""Asking Jimeng whether a key works, without painting: slowly for quarantined ones, at once when an admin presses the button."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core.jimeng.client import Credential, JimengClient
from core.jimeng.errors import JimengError, Kind
from core.keypools.credentials import open_credential, unopened
from core.keypools.health import react, recovered
from core.keypools.vault import Vault, WrongKey
from core.records import Records, Tx
from core.records.tables import credentials, health
from core.requests import Line, Value

PROBING = timedelta(minutes=2)
"""While one replica tests a key no other does."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test call said: `line` is the sentence for the admin."""

    works: bool
    line: Line


async def due_for_retest(tx: Tx, vault: Vault) -> list[tuple[int, str]]:
    """(credential id, req_key) of quarantines whose re-test time has come, claimed for the caller for two minutes; none it cannot open."""
    due = (health.c.state == "quarantined", health.c.until <= tx.now)
    alive = sa.select(credentials.c.id).where(credentials.c.enabled, credentials.c.removed.is_(None))
    shut = list(await unopened(tx, vault))
    claimed = (
        sa.update(health)
        .where(*due, health.c.credential_id.in_(alive), health.c.credential_id.not_in(shut))
        .values(until=tx.now + PROBING)
    )
    rows = await tx.all(claimed.returning(health.c.credential_id, health.c.req_key))
    return [(row["credential_id"], row["req_key"]) for row in rows]


async def retest(records: Records, vault: Vault, client: JimengClient) -> int:
    """Test every quarantined key whose time has come; how many work again. Call it every minute or so, on any replica."""
    async with records.write() as tx:
        due = await due_for_retest(tx, vault)
    again = 0
    for credential_id, req_key in due:
        with suppress(WrongKey):  # sealed anew since we looked; seen again in two minutes
            again += (await test(records, vault, client, credential_id, req_key)).works
    return again


async def test(records: Records, vault: Vault, client: JimengClient, credential_id: int, req_key: str) -> Tested:
    """One signed call that costs nothing; its result counts for the key's health. LookupError for an unknown id, WrongKey."""
    async with records.read() as tx:
        credential = await open_credential(tx, vault, credential_id)
    try:
        await client.probe(credential, req_key)
    except JimengError as error:
        if error.kind is Kind.CREDENTIAL:
            async with records.write() as tx:
                await react(tx, credential_id, req_key, error)
        return Tested(False, _trouble(credential, req_key, error))
    async with records.write() as tx:
        await recovered(tx, credential_id, req_key, proven=False)
    return Tested(True, Line("keys.test_works", {"alias": credential.alias, "req_key": req_key}))


def _trouble(credential: Credential, req_key: str, error: JimengError) -> Line:
    """What Jimeng said; where no answer came at all the way there is in doubt."""
    values: dict[str, Value] = {"alias": credential.alias, "req_key": req_key, "message": error.told}
    if not (error.code or error.http):
        return Line("keys.test_unreached", {**values, "url": credential.api_url})
    return Line("keys.test_failed", {**values, "code": str(error.code or f"HTTP {error.http}")})
