"""However much a team has painted, no list reads a whole table or asks row by row."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from core.commands.discarding import sweep_pictures
from core.records.tables import accounts, audit, images, inspirations, ledger, tasks
from core.records.tables import generations as paintings
from core.records.tables import members as people
from tests.desk.stage import ADMIN, Stage

MANY = 10_000
SHELVES = (
    "examples",
    "inspirations",
    "templates",
    "budgets",
    "rules",
    "credentials",
    "credential_health",
    "members",
    "accounts",
)
"""What people put there by hand stays small, and of `members` the team is the bound."""
READ = re.compile(r"(?:SCAN|SEARCH) (\w+)")
SCAN = re.compile(r"SCAN (\w+)")
FEW = (
    "generations.state = ? ORDER BY",
    "generations.delivery = ? ORDER BY",
    "generations.parent_id = ?",
    "GROUP BY tasks.credential_id",
)
"""Sorted, but of few: what is under way, what was not delivered, what one painting led to, a row for each key."""

Said = tuple[str, Any]


async def crowded(stage: Stage) -> None:
    """Ten thousand of everything that grows by itself, a tenth of it ann's."""
    await stage.admin()
    view = await stage.painted("a cat --n 2 --for sale")
    ann, now = (await stage.member()).id, stage.records.clock()
    steps = range(MANY)

    def at(step: int) -> Any:
        return now - timedelta(minutes=step)

    def whose(step: int) -> int:
        return ann if step % 10 == 0 else 100 + step % 500

    async with stage.records.write() as tx:
        await tx.change(people.insert(), [{"id": 100 + n, "name": f"m{n}", "created": now} for n in range(500)])
        await tx.change(
            accounts.insert(),
            [{"account": f"page:m{n}", "platform": "page", "member_id": 100 + n, "created": now} for n in range(500)],
        )
        one = dict((await tx.all(sa.select(paintings).where(paintings.c.id == view.id)))[0])
        outcomes = ("done", "done", "done", "partial", "failed", "cancelled")
        rows = [
            {
                **one,
                "id": f"Z{n:05d}",
                "event_key": f"z{n}",
                "member_id": whose(n),
                "created": at(n),
                "outcome": outcomes[n % 6],
                "label": f"l{n % 20}",
                "parent_id": None,
                "delivery": "undeliverable" if n % 500 == 0 else "delivered",
                "shown": one["revision"],
            }
            for n in steps
        ]
        await tx.change(paintings.insert(), rows)
        task = dict((await tx.all(sa.select(tasks)))[0])
        del task["id"]
        ended = {"status": "kept", "number": 1}
        await tx.change(
            tasks.insert(),
            [{**task, **ended, "generation_id": f"Z{n:05d}", "created": at(n), "finished": at(n)} for n in steps],
        )
        moved = {"kind": "charge", "points": 0, "held": -100, "points_after": 5, "reason": "x"}
        await tx.change(
            ledger.insert(),
            [{**moved, "member_id": whose(n), "generation_id": f"Z{n:05d}", "at": at(n)} for n in steps],
        )
        kinds = ("records.reveal", "points.grant", "rules.prices")
        await tx.change(
            audit.insert(),
            [
                {
                    "at": at(n),
                    "member_id": 1,
                    "act": kinds[n % 3],
                    "subject": "x",
                    "before": {"sd": 1},
                    "after": {"sd": 2},
                }
                for n in steps
            ],
        )
        await tx.change(
            images.insert(),
            [
                {
                    "id": f"i{n}",
                    "key": f"k{n}",
                    "mime": "image/png",
                    "sha256": f"s{n}",
                    "kind": "result",
                    "created": at(n),
                }
                for n in steps
            ],
        )
        await tx.change(
            inspirations.insert(), [{"title": f"t{n}", "line": "a cat", "created": now} for n in range(200)]
        )


@contextmanager
def listening() -> Iterator[list[Said]]:
    """Every SELECT that is asked meanwhile."""
    heard: list[Said] = []

    def hear(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")) and not many:
            heard.append((statement, values))

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", hear)


def slow(stage: Stage, heard: list[Said]) -> list[str]:
    """The statements that read a whole table that grows, or sort what they found of one."""
    found = []
    with closing(sqlite3.connect(str(stage.records.url.database))) as connection:
        for statement, values in heard:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            tables = {one[1] for step in plan if (one := READ.match(step))} - {*SHELVES, "CONSTANT"}
            scanned = any((one := SCAN.match(step)) and one[1] in tables for step in plan)
            if scanned or (tables and any("TEMP B-TREE FOR ORDER BY" in step for step in plan)):
                found.append(f"{statement} -> {plan}")
    return found


LINES = {
    "works": ("", "cat", "status:done", "status:failed until:today", "since:7d", "for:l1", "page:90"),
    "admin.records": ("", "status:failed", "status:running", "since:7d", "for:l1", "cat status:done"),
    "points": ("",),
    "gallery": ("", "cat"),
    "admin.status": ("",),
    "admin.prices": ("",),
    "admin.access.people": ("",),
    "admin.points": ("", "m12"),
    "cancel": ("",),
}
LOOKS = ("records", "wall", "charts", "status")


async def test_no_list_reads_a_whole_table_or_sorts_it(stage: Stage) -> None:
    await crowded(stage)
    with listening() as heard:
        for verb, texts in LINES.items():
            for text in texts:
                await stage.ask(verb, text, who=ADMIN if verb.startswith("admin") else "page:ann")
        for what in LOOKS:
            await stage.desk.look(ADMIN, what, {})
        await stage.ask("delete.sure", subject="Z00010")
        await sweep_pictures(stage.records, stage.images)
    found = [one for one in slow(stage, heard) if not any(kept in one for kept in FEW)]
    assert not found, "\n".join(found)


async def test_a_list_asks_as_often_for_one_row_as_for_a_page_of_them(stage: Stage) -> None:
    await stage.admin()
    asked: dict[int, list[int]] = {}
    for many in (1, 5):
        while len((await stage.reply("works")).parts) < many + 2:
            await stage.painted("a cat", who="page:ann")
        asked[many] = []
        for verb in ("works", "admin.records", "templates", "gallery", "points", "admin.examples", "admin.audit"):
            with listening() as heard:
                await stage.ask(verb, who=ADMIN if verb.startswith("admin") else "page:ann")
            asked[many].append(len(heard))
    assert asked[1] == asked[5]
