"""The database made ready: newest schema, first rules and first admins from the configuration."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import datetime
from typing import Any

from bot.settings import Settings
from core import audit, examples, members, rules
from core.commands.arriving import welcome
from core.errors import PaintbotError
from core.members import Member
from core.migrations import migrate
from core.records import Records, Tx, open_records
from core.records.troubles import TROUBLES, reason
from core.requests import Account

Clock = Callable[[], datetime]
PAGE_ADMIN = "page:admin"


class CannotOpen(PaintbotError):
    """The database cannot be reached, brought to the newest schema, or written: one line that says why."""


def seeds(settings: Settings) -> dict[str, Any]:
    """The rules the configuration gives a database that has none."""
    points = settings.points
    return {
        "sd": points.sd,
        "hd": points.hd,
        "final": points.final,
        "confirm_above": points.confirm_above,
        "welcome": points.welcome,
        "allowance": points.allowance,
        "label": settings.images.label,
        "open_to_strangers": settings.access.open_to_strangers,
    }


async def upgrade(settings: Settings) -> None:
    """Apply missing migrations; CannotOpen with one line when the database cannot be reached."""
    await upgrade_at(settings.database_url, "database.url")


async def upgrade_at(url: str, where: str) -> None:
    """The same for any database; `where` is what an operator calls it."""
    try:
        if url.startswith("sqlite"):
            await asyncio.to_thread(_probe, url.partition(":///")[2], where)
        await asyncio.to_thread(migrate, url)
    except OSError as error:  # asyncpg's way to a server that is not there
        raise CannotOpen(f"{where}: no database answers there: {reason(error)}") from error
    except CannotOpen:
        raise
    except Exception as error:  # drivers raise what they like; all of it means the same to an operator
        raise CannotOpen(f"{where}: {reason(error)}") from error


def _probe(file: str, where: str) -> None:
    """Open a SQLite file once by itself: aiosqlite's thread complains on standard error when it cannot. Raises CannotOpen."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        raise CannotOpen(f"{where}: {file}: {reason(error)}") from error


async def open_database(settings: Settings, clock: Clock) -> Records:
    """Records on the newest schema, with the first rules and admins written. Raises CannotOpen."""
    await upgrade(settings)
    records = open_records(settings.database_url, clock)
    try:
        async with records.write() as tx:
            if await rules.seed(tx, seeds(settings)):
                for name in settings.bot.admins:
                    await name_admin(tx, name, settings.bot.language)
            await examples.seed_examples(tx)
    except TROUBLES as error:
        await records.close()
        raise CannotOpen(f"database.url: {reason(error)}") from error
    return records


async def welcome_page_admin(records: Records, settings: Settings) -> None:
    """The page's own admin on first sight: who is at this machine, or who has `page.token`."""
    async with records.write() as tx:
        if await members.find(tx, PAGE_ADMIN) is None:
            await name_admin(tx, PAGE_ADMIN, settings.bot.language)


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[Records]:
    """The same for the length of a command, beside a running bot; CannotOpen too when the database fails on the way."""
    records = await open_database(settings, clock)
    try:
        yield records
    except TROUBLES as error:
        raise CannotOpen(f"database.url: {reason(error)}") from error
    finally:
        await records.close()


async def known_account(tx: Tx, name: str) -> Account:
    """An account as written on the command line; a bare `slack:USER` is looked up among the Slack accounts seen."""
    account = Account.parse(name)
    if account.platform != "slack" or account.workspace:
        return account
    found, _ = await members.search(tx, f"/{account.id}")
    for member in found:
        for known in await members.accounts_of(tx, member.id):
            if known.startswith("slack:") and known.endswith(f"/{account.id}"):
                return Account.parse(known)
    return account


async def arrived(tx: Tx, name: str, language: str) -> Member:
    """The member of an account, approved and welcomed when this is the first anyone hears of it."""
    member, new = await members.arrive(tx, await known_account(tx, name), "", "approved")
    if new:
        await welcome(tx, member.id, (await rules.read(tx)).welcome, language)
    return member


async def name_admin(tx: Tx, name: str, language: str) -> Member:
    """Make the member of an account an admin, with a trace in the audit."""
    member = await arrived(tx, name, language)
    await members.change(tx, member.id, role="admin", standing="approved")
    await audit.note(tx, None, "admins.add", name, before=member.role, after="admin")
    return member
