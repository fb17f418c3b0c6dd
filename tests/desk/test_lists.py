"""However much a team has painted, no list reads a whole table or asks row by row."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import sqlalchemy as sa

from core import gallery, templates
from core.commands.discarding import sweep_pictures
from tests.desk.crowd import crowded
from tests.desk.stage import ADMIN, Stage, words

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
    "members.id = audit.member_id ORDER BY audit.id DESC",
)
"""Sorted, but of few: what is under way, what was not delivered, what one painting led to, a row for each key. The whole audit is read from its end."""

Said = tuple[str, Any]


@contextmanager
def listening() -> Iterator[list[Said]]:
    """Every SELECT that is asked meanwhile."""
    heard: list[Said] = []

    def hear(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "WITH", "DELETE", "UPDATE")) and not many:
            heard.append((statement, values))

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", hear)


def plans(stage: Stage, heard: list[Said]) -> Iterator[tuple[str, list[str]]]:
    """How the database goes about each statement."""
    with closing(sqlite3.connect(str(stage.records.url.database))) as connection:
        for statement, values in heard:
            yield statement, [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


def slow(stage: Stage, heard: list[Said]) -> list[str]:
    """The statements that read a whole table that grows, or sort what they found of one."""
    found = []
    for statement, plan in plans(stage, heard):
        tables = {one[1] for step in plan if (one := READ.match(step))} - {*SHELVES, "few", "CONSTANT"}
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
    "admin.keys": ("",),
    "admin.prices": ("",),
    "admin.access.people": ("",),
    "admin.points": ("", "m1"),
    "admin.audit": ("", "积分", "rules"),
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


async def test_a_key_counts_today_without_walking_through_its_years(stage: Stage) -> None:
    key = await crowded(stage)
    with listening() as heard:
        shown = words(await stage.ask("admin.keys.one", subject=str(key), who=ADMIN), "zh")
    assert "提交 601" in shown, shown
    of_tasks = {step for statement, plan in plans(stage, heard) for step in plan if " tasks " in step}
    assert of_tasks == {
        "SEARCH tasks USING INDEX ix_tasks_submitted (submitted>?)",
        "SEARCH tasks USING INDEX ix_tasks_credential_id_status (credential_id=? AND status=?)",
    }


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


async def test_a_list_of_one_page_speaks_of_no_pages(stage: Stage) -> None:
    """It said 第 1/1 页, which told nobody anything."""
    await stage.painted("a cat")
    async with stage.records.write() as tx:
        await gallery.add(tx, "cat", "a cat")
        await templates.add(tx, "cat", "a cat", owner=None)
    for verb in ("works", "gallery", "templates"):
        answer = await stage.ask(verb)
        assert "共 1 " in words(answer, "zh") and "页" not in words(answer, "zh").replace("网页", "")
        assert "page" not in words(answer)
    await stage.admin()
    records = await stage.ask("admin.records", who=ADMIN)
    assert "共 1 条" in words(records, "zh") and "第 1 到" not in words(records, "zh")
