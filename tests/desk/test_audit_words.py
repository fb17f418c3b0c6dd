"""The audit as people read it: a sentence for every act in both languages, never a code."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core import audit
from core.audit import Act
from core.commands.admin.acts import DONE, NAMED, STANDING, changed, did
from core.requests import Line
from core.rules import NAMES
from core.texts import LANGUAGES, catalogue, say_value
from tests.desk.stage import ADMIN, Stage, words

ROOT = Path(__file__).parents[2]
ACTS = {f"{kind}.{what}" for kind, acts in DONE.items() for what in acts}
AT = datetime(2026, 11, 30, tzinfo=UTC)


def act_of(call: ast.Call) -> ast.expr | None:
    """What a call writes into the audit as its act; None for any other call."""
    match call.func:
        case ast.Name("note") | ast.Attribute(ast.Name("audit"), "note"):
            return call.args[2]
        case ast.Name("change_rules"):
            return call.args[1]
        case _:
            return None


def patterns(said: ast.expr, tree: ast.Module) -> Iterator[str]:
    """Regular expressions of the acts an expression may stand for; none for a parameter, whose callers are looked at."""
    match said:
        case ast.Constant(str(text)):
            yield re.escape(text)
        case ast.IfExp():
            yield from patterns(said.body, tree)
            yield from patterns(said.orelse, tree)
        case ast.JoinedStr():
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z]+" for part in said.values
            )
        case ast.Name(name):
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                    yield from patterns(node.value, tree)
        case _:
            raise AssertionError(ast.dump(said))


def written() -> set[str]:
    found = set()
    for path in [one for room in ("core", "bot") for one in (ROOT / room).rglob("*.py")]:
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (said := act_of(node)) is not None:
                found |= set(patterns(said, tree))
    return found


def test_every_act_written_anywhere_has_a_sentence_in_both_languages() -> None:
    found = written()
    assert len(found) > 40
    unsaid = [one for one in found if not any(re.fullmatch(one, act) for act in ACTS)]
    assert not unsaid
    never = [act for act in ACTS if not any(re.fullmatch(one, act) for one in found)]
    assert not never
    for language in LANGUAGES:
        said = {act: say_value(did(Act(1, AT, "x", act, "A1", None, None), {}), language) for act in ACTS}
        assert not [act for act, sentence in said.items() if act in sentence]
        known = catalogue(language)
        assert all(f"admin_audit.of_{name}" in known for name in NAMED)
        assert all(f"admin_audit.value_{one}" in known for one in STANDING)


def test_every_rule_an_admin_may_change_has_a_name_in_the_audit() -> None:
    assert set(NAMES) - {"label"} <= set(NAMED)


@pytest.mark.parametrize(
    ("act", "subject", "before", "after", "zh", "en"),
    [
        ("admins.add", "slack:T/U", "member", "admin", "把 slack:T/U 设为管理员 · 成员 → 管理员", "member → admin"),
        ("rules.prices", "", {"sd": 100}, {"sd": 1200}, "标清一张：100 → 1,200", "One picture in SD: 100 → 1,200"),
        ("pause.on", "", {"paused": None}, {"paused": "三点恢复"}, "公告：无 → 三点恢复", "Notice: none → 三点恢复"),
        ("keys.disable", "main", True, False, "停用了密钥 main", "disabled key main"),
        ("points.grant", "周舟", 100, 300, "积分：100 → 300", "Points: 100 → 300"),
        ("budgets.set", "member:7:month", None, 500, "设了成员 周舟每月的预算 · 积分：500", "Points: 500"),
        ("budgets.set", "team::day", 100, 500, "设了整个团队每天的预算", "Points: 100 → 500"),
        (
            "templates.share",
            "商品图",
            {"owner": "周舟"},
            {"owner": None},
            "归谁：周舟 → 团队",
            "Whose: 周舟 → the team",
        ),
        ("keys.test", "main", None, {"jimeng_t2i_v40": True}, "jimeng_t2i_v40：是", "jimeng_t2i_v40: yes"),
        (
            "records.export",
            "csv",
            None,
            {"rows": 3, "filter": {"since": "7d", "status": "failed"}},
            "筛选：最近 7 天 · 没画成",
            "Filter: last 7 days · failed",
        ),
        (
            "records.reveal",
            "K7Q2",
            None,
            {"member": "周舟", "for": "inspiration"},
            "用于：灵感广场",
            "For: the gallery",
        ),
        ("later.act", "A1", None, None, "later.act A1", "later.act A1"),
    ],
)
def test_what_an_act_changed_is_said_in_words(
    act: str, subject: str, before: Any, after: Any, zh: str, en: str
) -> None:
    one = Act(1, AT, "x", act, subject, before, after)
    parts = (did(one, {"7": "周舟"}), *changed(one))
    assert zh in say_value(parts, "zh")
    assert en in say_value(parts, "en")


def test_a_time_filter_reads_as_the_last_days_and_not_as_its_code() -> None:
    """It said "从 7d 起"."""
    from core.commands.filters import since_said, until_said

    said: dict[str, tuple[Line, str, str]] = {
        "7d": (since_said("7d"), "最近 7 天", "last 7 days"),
        "24小时": (since_said("24小时"), "最近 24 小时", "last 24 hours"),
        "3个月": (since_said("3个月"), "最近 3 个月", "last 3 months"),
        "1d": (since_said("1d"), "最近 1 天", "last 1 day"),
        "today": (since_said("today"), "从 今天 起", "since today"),
        "2026-11-30": (since_said("2026-11-30"), "从 2026-11-30 起", "since 2026-11-30"),
        "2w": (until_said("2w"), "到 2 周前", "until 2 weeks ago"),
    }
    for line, zh, en in said.values():
        assert (say_value(line, "zh"), say_value(line, "en")) == (zh, en)


@pytest.mark.parametrize("typed", ["points", "积分", "Points"])
async def test_a_kind_of_act_is_asked_for_in_either_language(stage: Stage, typed: str) -> None:
    """`/paint-admin audit 积分` found nothing."""
    await stage.admin()
    async with stage.records.write() as tx:
        await audit.note(tx, None, "points.grant", "page:ann", before=1, after=2)
        await audit.note(tx, None, "pause.on", "", before=None, after=None)
    said = words(await stage.ask("admin.audit", typed, who=ADMIN))
    assert "page:ann" in said and "paused" not in said
    assert "paused" in words(await stage.ask("admin.audit", "", who=ADMIN))


async def test_the_kinds_of_the_audit_read_as_filters_and_not_as_acts(stage: Stage) -> None:
    """A bare 积分 stood beside 下一页 like something to do, and the narrowed list did not say that it was narrowed."""
    await stage.admin()
    everything = await stage.ask("admin.audit", who=ADMIN)
    assert "[只看：积分]" in words(everything, "zh") and "[Only: Points]" in words(everything)
    narrowed = await stage.press(everything, "admin.audit:points.", who=ADMIN)
    assert "只看：积分" in words(narrowed, "zh") and "[只看：" not in words(narrowed, "zh")
