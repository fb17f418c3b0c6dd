"""People of the team and their accounts: one member, one wallet, maybe several faces."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.errors import Refusal
from core.records import Row, Tx
from core.records.tables import accounts, members
from core.requests import Account

ROLES = ("member", "reviewer", "admin")
BEHIND = (
    sa.select(members)
    .select_from(members.join(accounts, accounts.c.member_id == members.c.id))
    .where(accounts.c.account == sa.bindparam("the_account"))
)
ADMIN = (members.c.role == "admin", members.c.standing == "approved")
LOCK = sa.update(members).where(members.c.id == sa.bindparam("the_id")).values(held=members.c.held)


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team. `standing` is approved, waiting or blocked; `language` is the chosen one, "" while none was chosen.

    `defaults` is what their lines mean without flags: some of ratio ("16:9"), tier, count and format.
    """

    id: int
    name: str
    language: str
    role: str
    standing: str
    points: int
    held: int
    allowance: int | None
    daily_pictures: int | None
    at_once: int | None
    defaults: Mapping[str, Any]
    created: datetime

    @property
    def admin(self) -> bool:
        """May change how the team paints; nobody who was turned away, whatever they were before."""
        return self.role == "admin" and self.standing == "approved"

    @property
    def reviewer(self) -> bool:
        """May adopt any picture (admins too)."""
        return self.role in ("reviewer", "admin") and self.standing == "approved"


def _member(row: Row) -> Member:
    return Member(
        **{name: row[name] for name in Member.__slots__ if name != "defaults"}, defaults=row["defaults"] or {}
    )


async def find(tx: Tx, account: str) -> Member | None:
    """The member behind an account, or None."""
    row = await tx.first(BEHIND, {"the_account": account})
    return _member(row) if row else None


async def get(tx: Tx, member_id: int) -> Member | None:
    """A member by id, or None."""
    row = await tx.first(sa.select(members).where(members.c.id == member_id))
    return _member(row) if row else None


async def names_of(tx: Tx, ids: Collection[int]) -> Mapping[int, str]:
    """Names by member id; ids nobody has are left out."""
    if not ids:
        return {}
    rows = await tx.all(sa.select(members.c.id, members.c.name).where(members.c.id.in_(ids)))
    return {row["id"]: row["name"] for row in rows}


async def arrive(tx: Tx, account: Account, name: str, standing: str) -> tuple[Member, bool]:
    """The member behind an account, made on first sight with this standing; True when new. A changed name is noted."""
    known = await find(tx, str(account))
    if known is not None:
        if name and name != known.name:
            await tx.change(sa.update(members).where(members.c.id == known.id).values(name=name))
        return known, False
    member_id = await tx.add(members, name=name or account.id, standing=standing, created=tx.now)
    claim = tx.insert(accounts).values(
        account=str(account), platform=account.platform, member_id=member_id, name=name, created=tx.now
    )
    if await tx.change(claim.on_conflict_do_nothing()) == 0:  # another replica was first
        await tx.change(sa.delete(members).where(members.c.id == member_id))
        raced = await find(tx, str(account))
        assert raced is not None
        return raced, False
    made = await get(tx, member_id)
    assert made is not None
    return made, True


async def change(tx: Tx, member_id: int, **values: object) -> None:
    """Set columns of a member (role, standing, language, allowance, daily_pictures, at_once, defaults, name)."""
    if "role" in values and values["role"] not in ROLES:
        raise ValueError(str(values["role"]))
    await tx.change(sa.update(members).where(members.c.id == member_id).values(**values))


async def lock(tx: Tx, member_id: int) -> None:
    """One command of a member at a time from here to the end of the transaction: an UPDATE that changes nothing locks the row on either database."""
    await tx.change(LOCK, {"the_id": member_id})


async def set_role(tx: Tx, member_id: int, role: str) -> bool:
    """Give a member another role; False (and nothing changed) when the team would be without an admin. ValueError for an unknown role."""
    held = await tx.all(sa.select(members.c.id).where(*ADMIN).order_by(members.c.id).with_for_update())
    if role != "admin" and [row["id"] for row in held] == [member_id]:
        return False
    await change(tx, member_id, role=role)
    return True


async def accounts_of(tx: Tx, member_id: int) -> Sequence[str]:
    """All accounts of a member, oldest first."""
    rows = await tx.all(
        sa.select(accounts.c.account).where(accounts.c.member_id == member_id).order_by(accounts.c.created)
    )
    return [row["account"] for row in rows]


async def admins(tx: Tx, platform: str = "") -> Sequence[tuple[Member, str]]:
    """Admins with each of their accounts (on one platform)."""
    join = members.join(accounts, accounts.c.member_id == members.c.id)
    query = sa.select(members, accounts.c.account).select_from(join).where(*ADMIN).order_by(members.c.id)
    if platform:
        query = query.where(accounts.c.platform == platform)
    return [(_member(row), row["account"]) for row in await tx.all(query)]


async def search(
    tx: Tx, words: str = "", *, standing: str = "", roles: Sequence[str] = (), offset: int = 0, most: int = 10
) -> tuple[Sequence[Member], int]:
    """A page of members by name or account (of these roles), and how many there are in all."""
    query = sa.select(members)
    if roles:
        query = query.where(members.c.role.in_(roles))
    if standing:
        query = query.where(members.c.standing == standing)
    if words:
        by_account = sa.select(accounts.c.member_id).where(accounts.c.account.icontains(words, autoescape=True))
        query = query.where(members.c.name.icontains(words, autoescape=True) | members.c.id.in_(by_account))
    total = await tx.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = await tx.all(query.order_by(members.c.id).offset(offset).limit(most))
    return [_member(row) for row in rows], total


async def meant(tx: Tx, words: str) -> tuple[Member | None, int]:
    """The one member these words can only mean: a whole name or account, else a part of just one; with how many it could be."""
    found, total = await search(tx, words, most=2) if words else ((), 0)
    if total > 1:
        by_account = sa.select(accounts.c.member_id).where(accounts.c.account == words)
        whole = sa.func.lower(members.c.name) == words.lower()
        rows = await tx.all(sa.select(members).where(whole | members.c.id.in_(by_account)).limit(2))
        return (_member(rows[0]), 1) if len(rows) == 1 else (None, total)
    return (found[0] if found else None), total


async def link(tx: Tx, account: str, member_id: int) -> None:
    """Let an account share another member's wallet (Slack and Telegram, one person). Refusal `points.linked_busy` while the old wallet is in use."""
    old = await find(tx, account)
    if old is None:
        raise Refusal("points.no_member")
    if old.id == member_id:
        return
    if old.held:
        raise Refusal("points.linked_busy")
    await tx.change(sa.update(accounts).where(accounts.c.account == account).values(member_id=member_id))
