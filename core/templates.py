"""Templates: a line with `{gaps}` and flags, its references, personal or the whole team's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.errors import Refusal
from core.records import Row, Tx
from core.records.tables import members, templates


@dataclass(frozen=True, slots=True)
class Template:
    """`line` is a paint line, `references` image ids in order, `owner` None for the team's."""

    id: int
    name: str
    owner: int | None
    owner_name: str
    line: str
    references: tuple[str, ...]
    generation_id: str | None
    uses: int
    enabled: bool
    revision: int
    created: datetime


def _template(row: Row) -> Template:
    plain = {name: row[name] for name in Template.__slots__ if name not in ("references", "owner_name")}
    return Template(**plain, references=tuple(row["references"]), owner_name=row["owner_name"] or "")


def _query() -> sa.Select[tuple[object, ...]]:
    return sa.select(templates, members.c.name.label("owner_name")).select_from(
        templates.outerjoin(members, members.c.id == templates.c.owner)
    )


def _visible(member_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(templates.c.owner.is_(None), templates.c.owner == member_id)


async def find(tx: Tx, member_id: int, name: str) -> Template | None:
    """An enabled template by name (any case), one's own before the team's, or None."""
    wanted = sa.func.lower(templates.c.name) == name.strip().lower()
    query = _query().where(wanted, _visible(member_id), templates.c.enabled).order_by(templates.c.owner.is_(None))
    row = await tx.first(query.limit(1))
    return _template(row) if row else None


async def get(tx: Tx, template_id: int) -> Template | None:
    """A template by id, or None."""
    row = await tx.first(_query().where(templates.c.id == template_id))
    return _template(row) if row else None


async def listed(
    tx: Tx, member_id: int | None, words: str = "", *, offset: int = 0, most: int = 5, disabled: bool = False
) -> tuple[Sequence[Template], int]:
    """A page of what a member may use with these words in name or line, most used first, and how many in all.

    None for the member: every one there is, by words of the name alone, for the lines of personal ones are their owners'.
    """
    where = [] if member_id is None else [_visible(member_id)]
    if not disabled:
        where.append(templates.c.enabled)
    for word in words.split():
        named = templates.c.name.icontains(word, autoescape=True)
        where.append(named if member_id is None else named | templates.c.line.icontains(word, autoescape=True))
    total = await tx.scalar(sa.select(sa.func.count()).select_from(templates).where(*where)) or 0
    rows = await tx.all(
        _query().where(*where).order_by(templates.c.uses.desc(), templates.c.id).offset(offset).limit(most)
    )
    return [_template(row) for row in rows], total


OF_THE_TEAM = (
    sa.select(templates.c.id, templates.c.name, templates.c.line, templates.c.references)
    .where(templates.c.owner.is_(None), templates.c.enabled)
    .order_by(templates.c.uses.desc(), templates.c.id)
    .limit(200)
)


async def of_the_team(tx: Tx) -> Sequence[tuple[int, str, str, tuple[str, ...]]]:
    """(id, name, line, references) of the team's templates, most used first, at most 200: to be compared with what somebody paints."""
    return [(row["id"], row["name"], row["line"], tuple(row["references"])) for row in await tx.all(OF_THE_TEAM)]


async def personal(tx: Tx, uses: int, most: int = 3) -> Sequence[Template]:
    """Members' own templates used at least so often, most used first: candidates for the team."""
    query = _query().where(templates.c.owner.is_not(None), templates.c.enabled, templates.c.uses >= uses)
    return [_template(row) for row in await tx.all(query.order_by(templates.c.uses.desc(), templates.c.id).limit(most))]


async def names(tx: Tx, member_id: int) -> Sequence[str]:
    """Names a member may type after --tpl."""
    rows = await tx.all(
        sa.select(templates.c.name).where(_visible(member_id), templates.c.enabled).order_by(templates.c.name)
    )
    return [row["name"] for row in rows]


async def add(
    tx: Tx, name: str, line: str, *, owner: int | None, references: Sequence[str] = (), generation_id: str | None = None
) -> int:
    """A new template; its id. Refusal `template.name` (empty, blanks, over 40 characters), `template.taken`."""
    clean = await free_name(tx, name, owner)
    found: int = await tx.add(
        templates,
        name=clean,
        owner=owner,
        line=line,
        references=list(references),
        generation_id=generation_id,
        created=tx.now,
    )
    return found


async def free_name(tx: Tx, name: str, owner: int | None, *, but: int = 0) -> str:
    """The name as it may be kept among the owner's (None: the team's); `but` is the template that has it now. Refusals as `add`."""
    clean = name.strip()
    if not clean or len(clean) > 40 or any(letter.isspace() for letter in clean):
        raise Refusal("template.name", field="name")
    same = sa.func.lower(templates.c.name) == clean.lower()
    mine = templates.c.owner.is_(None) if owner is None else templates.c.owner == owner
    taken = sa.select(templates.c.id).where(same, mine, templates.c.id != but)
    if await tx.scalar(taken.limit(1)) is not None:
        raise Refusal("template.taken", {"name": clean}, field="name")
    return clean


async def hand_over(tx: Tx, member_id: int, to: int) -> None:
    """All templates of a member become another's (two accounts joined); names both have keep apart by a mark."""
    theirs = sa.select(sa.func.lower(templates.c.name)).where(templates.c.owner == to).scalar_subquery()
    double = sa.func.lower(templates.c.name).in_(theirs)
    mine = sa.update(templates).where(templates.c.owner == member_id)
    await tx.change(mine.where(double).values(name=templates.c.name + "-2"))
    await tx.change(mine.values(owner=to))


async def change(tx: Tx, template_id: int, **values: object) -> bool:
    """Set columns (name, line, owner, enabled); False when it is gone."""
    here = templates.c.id == template_id
    return await tx.change(sa.update(templates).where(here).values(revision=templates.c.revision + 1, **values)) == 1


async def used(tx: Tx, template_id: int) -> None:
    """One more painting was made from it."""
    await tx.change(sa.update(templates).where(templates.c.id == template_id).values(uses=templates.c.uses + 1))


async def remove(tx: Tx, template_id: int) -> bool:
    """Delete it; False when it was gone."""
    return await tx.change(sa.delete(templates).where(templates.c.id == template_id)) == 1
