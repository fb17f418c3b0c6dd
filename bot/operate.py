"""What an operator does from the command line, beside a running bot: each opens the database, acts, and says what it did."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.clock import now
from bot.database import arrived, known_account, name_admin, opened, upgrade, upgrade_at
from bot.settings import Settings
from core import access, audit, keypools, ledger, members
from core.commands.link import unite
from core.errors import Refusal
from core.migrations import moving
from core.migrations.moving import CannotMove
from core.records import AlreadyRunning, Tx, open_records
from core.records.troubles import TROUBLES, reason
from core.requests import Line, Value

Said = Sequence[Line]


async def migrate(settings: Settings) -> Said:
    """Bring the database to the newest schema."""
    await upgrade(settings)
    return [Line("cli.migrated")]


async def move(settings: Settings, source: str) -> Said:
    """Bring everything that stands in another database into the configured, empty one. Raises CannotOpen, CannotMove; Refusal `cli.move_sealed`."""
    if _place(source) == _place(settings.database_url):
        raise CannotMove("--from names the database of the settings itself; let `database.url` name the new one")
    await upgrade_at(source, "--from")
    await upgrade(settings)
    held = [open_records(url, now) for url in (source, settings.database_url)]
    try:
        for records in held:
            records.hold_file()
        async with held[0].read() as tx:
            sealed = await keypools.unopened(tx, keypools.Vault(settings.secret_keys))
        if sealed:
            raise Refusal("cli.move_sealed", {"aliases": ", ".join(sealed.values())})
        moved = await moving.move(source, settings.database_url)
        if not any(moved.values()):
            raise CannotMove("nothing stands in the database of --from; is it the right one?")
    except AlreadyRunning as error:
        raise CannotMove(f"a bot is running on {error}; stop it first") from error
    except TROUBLES as error:
        raise CannotMove(f"nothing was moved: {reason(error)}") from error
    finally:
        for records in held:
            await records.close()
    return [
        Line("cli.moved", {"n": sum(moved.values()), "paintings": moved["generations"], "members": moved["members"]})
    ]


def _place(url: str) -> str:
    """An address, however the path of a SQLite file is written."""
    return str(Path(url.partition(":///")[2]).resolve()) if url.startswith("sqlite") else url


async def admins_add(settings: Settings, account: str) -> Said:
    """Make an account's member an admin; one that was never seen is made, approved and welcomed."""
    async with opened(settings, now) as records, records.write() as tx:
        await name_admin(tx, account, settings.bot.language)
    return [Line("cli.admin_added", {"account": account})]


async def admins_list(settings: Settings) -> Said:
    """All admins with their accounts."""
    async with opened(settings, now) as records, records.read() as tx:
        found = await members.admins(tx)
    lines = [Line("cli.admin", {"account": account, "name": member.name}) for member, account in found]
    return lines or [Line("cli.no_admin")]


async def admins_remove(settings: Settings, account: str) -> Said:
    """Make an admin an ordinary member again. Refusal `cli.no_member` for an unknown account, `cli.not_admin`."""
    async with opened(settings, now) as records, records.write() as tx:
        member = await _member(tx, account)
        if not member.admin:
            raise Refusal("cli.not_admin", {"account": account})
        await members.change(tx, member.id, role="member")
        await audit.note(tx, None, "admins.remove", account, before="admin", after="member")
    return [Line("cli.admin_removed", {"account": account})]


async def grant(settings: Settings, account: str, points: int, reason: str) -> Said:
    """Give points to a member, or take them (negative); needs a reason. Refusals of the ledger."""
    async with opened(settings, now) as records, records.write() as tx:
        member = await arrived(tx, account, settings.bot.language)
        move = ledger.take if points < 0 else ledger.grant
        after = await move(tx, member.id, abs(points), reason=reason) or 0
        act = "points.take" if points < 0 else "points.grant"
        await audit.note(tx, None, act, account, before=after - points, after=after)
    told: dict[str, Value] = {"account": account, "points": abs(points), "left": after, "reason": reason}
    return [Line("cli.taken" if points < 0 else "cli.granted", told)]


async def link_login(settings: Settings, account: str, minutes: int) -> Said:
    """A one-time address that logs this account into the page. Refusals `cli.page_off`, and `cli.login_needless` where nobody has to log in."""
    if not settings.page.enabled:
        raise Refusal("cli.page_off")
    if settings.web.loopback:
        raise Refusal("cli.login_needless", {"url": settings.web.address})
    async with opened(settings, now) as records, records.write() as tx:
        member = await arrived(tx, account, settings.bot.language)
        token = await access.make_pass(tx, "login", seconds=minutes * 60, account=account, member_id=member.id)
        await audit.note(tx, None, "access.login", account, after={"minutes": minutes})
    return [Line("cli.login", {"url": f"{settings.web.address}/page/login?token={token}", "minutes": minutes})]


async def link_invite(settings: Settings, uses: int, days: int) -> Said:
    """An invitation for people no admin knows yet: what they send to the bot on Telegram."""
    async with opened(settings, now) as records, records.write() as tx:
        token = await access.make_pass(tx, "invite", seconds=timedelta(days=days).total_seconds(), uses=uses)
        await audit.note(tx, None, "access.invite", after={"uses": uses, "days": days})
    return [Line("cli.invite", {"token": token, "n": uses, "days": days})]


async def link_join(settings: Settings, account: str, owner: str) -> Said:
    """Let one account paint with another one's points from now on; what it had comes along. Refusals `cli.no_member`, `cli.one_account`, `unite`'s."""
    if account == owner:
        raise Refusal("cli.one_account")
    async with opened(settings, now) as records, records.write() as tx:
        await members.lock(tx, (await _member(tx, account)).id)  # a painting just being placed counts as under way
        member = await _member(tx, owner)
        moved = await unite(tx, str(await known_account(tx, account)), member, settings.bot.language)
        await audit.note(tx, None, "members.link", account, after=owner)
    told: dict[str, Value] = {"account": account, "owner": owner, "moved": moved, "points": member.points + moved}
    return [Line("cli.joined_moved" if moved else "cli.joined", told)]


async def _member(tx: Tx, account: str) -> members.Member:
    member = await members.find(tx, str(await known_account(tx, account)))
    if member is None:
        raise Refusal("cli.no_member", {"account": account})
    return member
