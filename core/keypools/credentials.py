"""Credentials as admins write them: complete or refused, the secret sealed at once and never shown again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from core.errors import Refusal
from core.jimeng.client import Credential
from core.keypools.health import usable
from core.keypools.vault import Vault
from core.records import Row, Tx
from core.records.tables import credentials, health
from core.requests import Line

URL = "https://visual.volcengineapi.com"
LONGEST = 200
MOST_AT_ONCE = 100
MOST_A_SECOND = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCredential:
    """What an admin types for a new key. `at_once` tasks in flight for each capability, `per_second` submits a second."""

    alias: str
    access_key_id: str
    secret_access_key: str
    api_url: str = URL
    pool: str = "default"
    region: str = "cn-north-1"
    at_once: int = 1
    per_second: float = 1.0

    def __repr__(self) -> str:
        return f"NewCredential({self.alias!r}, …{self.access_key_id[-4:]})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an admin changes of a key; None and an empty secret leave it as it is."""

    alias: str | None = None
    access_key_id: str | None = None
    secret_access_key: str = ""
    api_url: str | None = None
    pool: str | None = None
    region: str | None = None
    at_once: int | None = None
    per_second: float | None = None

    def __repr__(self) -> str:
        return f"Changes({self.alias!r})"


async def add(tx: Tx, vault: Vault, new: NewCredential) -> int:
    """A new key; its id.

    Refusals, each with its field: keys.no_alias, keys.no_access_key, keys.no_secret, keys.no_url, keys.bad_url, keys.alias_taken, keys.bad_limit,
    keys.bad_rate, keys.too_long.
    """
    if not new.secret_access_key.strip():
        raise Refusal("keys.no_secret", field="secret_access_key")
    _spelt(new.secret_access_key, "secret_access_key")
    values = _checked({name: getattr(new, name) for name in NewCredential.__slots__ if name != "secret_access_key"})
    await _free(tx, values["alias"], 0)
    secret = vault.seal(new.secret_access_key.strip())
    made: int = await tx.add(credentials, **values, secret=secret, created=tx.now)
    tx.wake("tasks")
    return made


async def edit(tx: Tx, vault: Vault, credential_id: int, changes: Changes) -> None:
    """Change a key. A new secret, id or address clears its health: old complaints were about old words.

    Refusals as `add`, keys.gone for a removed one.
    """
    await _row(tx, credential_id)
    given = {
        name: value
        for name in Changes.__slots__
        if name != "secret_access_key" and (value := getattr(changes, name)) is not None
    }
    values = _checked(given)
    if "alias" in values:
        await _free(tx, values["alias"], credential_id)
    if changes.secret_access_key.strip():
        _spelt(changes.secret_access_key, "secret_access_key")
        values["secret"] = vault.seal(changes.secret_access_key.strip())
    change = sa.update(credentials).where(credentials.c.id == credential_id)
    await tx.change(change.values(**values, revision=credentials.c.revision + 1))
    if {"secret", "access_key_id", "api_url", "region"} & set(values):
        await tx.change(sa.delete(health).where(health.c.credential_id == credential_id))
    tx.wake("tasks")


async def enable(tx: Tx, credential_id: int, on: bool, *, why: str = "") -> None:
    """Switch a key on (which also clears its health: the admin vouches for it) or off. Refusal keys.gone."""
    await _row(tx, credential_id)
    await tx.change(
        sa.update(credentials)
        .where(credentials.c.id == credential_id)
        .values(enabled=on, disabled_why="" if on else why, revision=credentials.c.revision + 1)
    )
    if on:
        await tx.change(sa.delete(health).where(health.c.credential_id == credential_id))
    tx.wake("tasks")


async def remove(tx: Tx, credential_id: int) -> None:
    """Take a key out for ever; what it paints now is finished with it, and records keep its alias. Refusal keys.gone."""
    row = await _row(tx, credential_id)
    await tx.change(
        sa.update(credentials)
        .where(credentials.c.id == credential_id)
        .values(
            removed=tx.now, enabled=False, alias=f"{row['alias']} #{credential_id}", revision=credentials.c.revision + 1
        )
    )
    tx.wake("tasks")


async def require(tx: Tx, pool: str, req_key: str) -> None:
    """Before points are held: Refusal keys.nothing_usable unless some key of the pool can paint this capability now or after a cool-down."""
    if not await usable(tx, pool, req_key):
        raise Refusal("keys.nothing_usable")


async def open_credential(tx: Tx, vault: Vault, credential_id: int) -> Credential:
    """The key with its secret in the clear, for a call and nothing else; removed ones too (their tasks are finished).

    LookupError for an unknown id, WrongKey when the vault cannot open it.
    """
    row = await tx.first(sa.select(credentials).where(credentials.c.id == credential_id))
    if row is None:
        raise LookupError(credential_id)
    return Credential(row["alias"], row["access_key_id"], vault.open(row["secret"]), row["api_url"], row["region"])


async def unopened(tx: Tx, vault: Vault, *, on: bool = False) -> Mapping[int, str]:
    """The keys (id -> alias) whose secret this vault does not open; removed ones left out, and with `on` those switched off."""
    query = sa.select(credentials.c.id, credentials.c.alias, credentials.c.secret).where(
        credentials.c.removed.is_(None)
    )
    rows = await tx.all(query.where(credentials.c.enabled) if on else query)
    return {row["id"]: row["alias"] for row in rows if not vault.opens(row["secret"])}


async def _row(tx: Tx, credential_id: int) -> Row:
    query = sa.select(credentials).where(credentials.c.id == credential_id, credentials.c.removed.is_(None))
    row = await tx.first(query.with_for_update(key_share=True))
    if row is None:
        raise Refusal("keys.gone")
    return row


async def _free(tx: Tx, alias: str, besides: int) -> None:
    taken = sa.select(credentials.c.id).where(credentials.c.alias == alias, credentials.c.id != besides)
    if await tx.scalar(taken) is not None:
        raise Refusal("keys.alias_taken", {"alias": alias}, field="alias")


MISSING = {
    "alias": "keys.no_alias",
    "access_key_id": "keys.no_access_key",
    "api_url": "keys.no_url",
    "pool": "keys.no_pool",
    "region": "keys.no_region",
}


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The same values trimmed; the first thing wrong as a Refusal at its field."""
    found: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    for name, key in MISSING.items():
        if name not in found:
            continue
        if not found[name]:
            raise Refusal(key, field=name)
        if len(found[name]) > LONGEST:
            raise Refusal("keys.too_long", {"most": LONGEST}, field=name)
    for name in ("access_key_id", "region"):
        _spelt(found.get(name, ""), name)
    if "api_url" in found:
        found["api_url"] = _address(found["api_url"])
    if not 1 <= found.get("at_once", 1) <= MOST_AT_ONCE:
        raise Refusal("keys.bad_limit", {"most": MOST_AT_ONCE}, field="at_once")
    if not 0 < found.get("per_second", 1) <= MOST_A_SECOND:
        raise Refusal("keys.bad_rate", {"most": int(MOST_A_SECOND)}, field="per_second")
    return found


def _spelt(value: str, field: str) -> None:
    """What goes into a signature is of plain signs: a blank, a line break or a full-width letter was copied along."""
    if not value.strip().isascii() or any(sign.isspace() or not sign.isprintable() for sign in value.strip()):
        raise Refusal("keys.bad_signs", {"field": Line(f"admin_keys.{field}")}, field=field)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or parts.username or parts.path.strip("/"):
        raise Refusal("keys.bad_url", field="api_url")
    return url.rstrip("/")
