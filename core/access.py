"""Who may paint, where, how much, and with which words; invitations and one-time passes."""

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.errors import Refusal
from core.records import Tx
from core.records.tables import generations, passes, tasks
from core.requests import Place

UNDER_WAY = sa.select(sa.func.count()).where(
    generations.c.member_id == sa.bindparam("the_member"), generations.c.state == "accepted"
)
BLANKS = re.compile(r"[\s·•_\-*]+")
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Signs that are no format signs by their kind, and are not seen either: variation selectors, fillers."""


def check_place(place: Place, *, channels: tuple[str, ...], workspaces: tuple[str, ...]) -> None:
    """Refusal `access.channel` or `access.workspace` where painting is not allowed; private places are always allowed."""
    if workspaces and place.workspace and f"{place.platform}:{place.workspace}" not in workspaces:
        raise Refusal("access.workspace")
    if channels and not place.private and f"{place.platform}:{place.channel}" not in channels:
        raise Refusal("access.channel")


def check_standing(standing: str) -> None:
    """Refusal `access.waiting` or `access.blocked` unless approved."""
    if standing != "approved":
        raise Refusal(f"access.{standing}")


def banned_word(text: str, banned: tuple[str, ...]) -> str:
    """The first banned word in a text, "" when there is none. Width, case, invisible signs, and blanks between CJK characters do not hide a word;
    Latin words match whole."""
    folded = _seen(text)
    squeezed = BLANKS.sub("", folded)
    for word in banned:
        wanted = _seen(word).strip()
        if not wanted:
            continue
        if wanted.isascii():
            if re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", folded):
                return word
        elif BLANKS.sub("", wanted) in squeezed:
            return word
    return ""


def _seen(text: str) -> str:
    """A text as it is read: of one width and case, without what nobody sees."""
    seen = "".join(sign for sign in UNSEEN.sub("", text) if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", seen).casefold()


async def check_limits(
    tx: Tx, member_id: int, pictures: int, *, daily: int | None, at_once: int | None, today: datetime
) -> None:
    """Refusal `access.at_once` or `access.daily` (left, most) beyond a member's limits.

    Call it after the wallet is locked. `today` is midnight of the team's day.
    """
    if at_once is not None:
        under_way = await tx.scalar(UNDER_WAY, {"the_member": member_id})
        if (under_way or 0) >= at_once:
            raise Refusal("access.at_once" if at_once else "access.at_once_none", {"n": at_once})
    if daily is not None:
        painted = await tx.scalar(
            sa.select(sa.func.count())
            .select_from(tasks)
            .join(generations, generations.c.id == tasks.c.generation_id)
            .where(
                generations.c.member_id == member_id,
                generations.c.created >= today,
                tasks.c.status.not_in(("failed", "cancelled")),
            )
        )
        if (painted or 0) + pictures > daily:
            raise Refusal("access.daily", {"most": daily, "left": max(0, daily - (painted or 0))})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def make_pass(
    tx: Tx, kind: str, *, seconds: float, uses: int = 1, account: str = "", member_id: int | None = None
) -> str:
    """A new random token for a login ("login"), an invitation ("invite") or a joined wallet ("link"); only its hash is stored."""
    token = secrets.token_urlsafe(16).replace("-", "x").replace("_", "y")
    until = tx.now + timedelta(seconds=seconds)
    row = {
        "token_hash": _hash(token),
        "kind": kind,
        "account": account,
        "member_id": member_id,
        "until": until,
        "left": uses,
    }
    await tx.change(passes.insert().values(**row, created=tx.now))
    return token


async def use_pass(tx: Tx, kind: str, token: str) -> tuple[str, int | None] | None:
    """Spend one use of a token: its account and member, or None when it is unknown, spent or too old."""
    use = (
        sa.update(passes)
        .where(passes.c.token_hash == _hash(token), passes.c.kind == kind, passes.c.left > 0, passes.c.until > tx.now)
        .values(left=passes.c.left - 1)
        .returning(passes.c.account, passes.c.member_id)
    )
    row = await tx.first(use)
    return (row["account"], row["member_id"]) if row else None
