"""Lists of paintings: filtered and paged in SQL, and how many wait ahead of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.generations.view import GenerationView, load_many
from core.records import Tx
from core.records.tables import generations, members


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of paintings is narrowed to; empty fields do not narrow. `status` is an outcome, "running", "undelivered" or "adopted".

    Each of the `words` is looked for in the prompt as typed, `label` is exact, `since`/`until` bound `created`; None for `private` means either.
    """

    member_id: int | None = None
    words: str = ""
    status: str = ""
    label: str = ""
    channel: str = ""
    member: str = ""
    since: datetime | None = None
    until: datetime | None = None
    deleted: bool = False
    adopted: bool = False
    kept: bool = False
    """Only those with a picture."""
    private: bool | None = None


def _where(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if not wanted.deleted and wanted.status != "running":  # none is deleted while under way, and few are
        found.append(generations.c.deleted.is_(None))
    if wanted.member_id is not None:
        found.append(generations.c.member_id == wanted.member_id)
    found += [generations.c.prompt_typed.icontains(word, autoescape=True) for word in wanted.words.split()]
    if wanted.status == "running":
        found.append(generations.c.state == "accepted")
    elif wanted.status == "adopted":
        found.append(generations.c.adopted > 0)
    elif wanted.status == "undelivered":
        found += [generations.c.state == "settled", generations.c.delivery == "undeliverable"]
    elif wanted.status:
        # of one member's it narrows their list; its own index would lead through everybody's
        outcome = generations.c.outcome if wanted.member_id is None else generations.c.outcome.concat("")
        found.append(outcome == wanted.status)
    if wanted.label:
        found.append(generations.c.label == wanted.label)
    if wanted.channel:
        found.append(generations.c.channel == wanted.channel)
    if wanted.adopted:
        found.append(generations.c.adopted > 0)
    if wanted.kept:
        # nearly all of them: said so that the list is read in its order, not gathered by outcome and sorted
        found.append(generations.c.outcome.not_in(("", "failed", "cancelled")))
    if wanted.private is not None:
        found.append(generations.c.private.is_(wanted.private))
    if wanted.member:
        named = sa.select(members.c.id).where(members.c.name.icontains(wanted.member, autoescape=True))
        found.append(generations.c.member_id.in_(named))
    if wanted.since is not None:
        found.append(generations.c.created >= wanted.since)
    if wanted.until is not None:
        found.append(generations.c.created < wanted.until)
    return found


async def count(tx: Tx, wanted: Filter) -> int:
    """How many paintings match."""
    return await tx.scalar(sa.select(sa.func.count()).select_from(generations).where(*_where(wanted))) or 0


async def listed(tx: Tx, wanted: Filter, *, offset: int = 0, most: int = 5) -> Sequence[GenerationView]:
    """One page of matching paintings, newest first."""
    query = sa.select(generations.c.id).where(*_where(wanted)).order_by(generations.c.created.desc(), generations.c.id)
    rows = await tx.all(query.offset(offset).limit(most))
    return await load_many(tx, [row["id"] for row in rows])
