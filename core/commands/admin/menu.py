"""The first page of `/paint-admin`, and the words that lead straight to a section."""

import dataclasses
from collections.abc import Mapping
from unicodedata import normalize

from core.commands.admin.access import access
from core.commands.admin.audit import audit
from core.commands.admin.budgets import budgets
from core.commands.admin.examples import examples
from core.commands.admin.inspirations import inspirations
from core.commands.admin.keys import keys
from core.commands.admin.links import link
from core.commands.admin.pause import pause
from core.commands.admin.points import points
from core.commands.admin.prices import prices
from core.commands.admin.records import records
from core.commands.admin.status import status
from core.commands.admin.team import team
from core.commands.admin.templates import templates
from core.commands.asking import Ask, Command
from core.replies import Answer, Button, Part, Reply
from core.requests import Line
from core.texts import LANGUAGES, say

SECTIONS: Mapping[str, tuple[Command, tuple[str, ...]]] = {
    "status": (status, ("状态", "运行状况", "运行")),
    "prices": (prices, ("price", "价格", "定价")),
    "keys": (keys, ("key", "pool", "pools", "key pools", "密钥", "密钥池")),
    "points": (points, ("point", "积分", "成员", "members")),
    "budgets": (budgets, ("budget", "预算")),
    "records": (records, ("record", "记录", "作品")),
    "inspirations": (inspirations, ("gallery", "inspiration", "灵感", "灵感库")),
    "examples": (examples, ("example", "random", "范例", "示例", "例句")),
    "templates": (templates, ("template", "模板")),
    "team": (team, ("owner", "约定", "团队", "负责人")),
    "access": (access, ("权限", "谁能用", "准入")),
    "audit": (audit, ("log", "日志", "操作日志", "审计")),
    "pause": (pause, ("resume", "暂停", "恢复")),
    "link": (link, ("login", "page", "网页", "登录")),
}
SEARCHED = frozenset({"points", "records", "inspirations", "examples", "templates", "audit"})
"""Sections that take words of their own."""


def _words() -> Mapping[str, str]:
    """What may be typed for a section: its name, what stands on its button in either language, and more; the longest first."""
    found = {
        word.lower(): name
        for name, (_, also) in SECTIONS.items()
        for word in (name, *also, *(say(_title(name), language) for language in LANGUAGES))
    }
    return dict(sorted(found.items(), key=lambda one: -len(one[0])))


def _title(name: str) -> Line:
    return Line(f"admin.section_{name}")


async def admin(ask: Ask) -> Answer | None:
    """The menu; with a section's word (and perhaps more words for it) that section at once."""
    typed = " ".join(ask.request.text.split())
    if not typed:
        return _menu(ask)
    folded = normalize("NFKC", typed).lower()
    for word, name in _words().items():
        if len(folded) == len(typed) and (folded == word or folded.startswith(f"{word} ")):
            return await _section(ask, name, typed[len(word) :].strip())
    unknown = Line("admin.no_section", {"word": typed[:40]}, tone="alert")
    menu = _menu(ask)
    return dataclasses.replace(menu, parts=(unknown, *menu.parts))


async def _section(ask: Ask, name: str, rest: str) -> Answer | None:
    command, _ = SECTIONS[name]
    answer = await command(dataclasses.replace(ask, request=dataclasses.replace(ask.request, text=rest)))
    if not rest or name in SEARCHED or not isinstance(answer, Reply):
        return answer
    unused = Line("admin.words_unused", {"words": rest[:40]}, tone="alert")
    return dataclasses.replace(answer, parts=(unused, *answer.parts))


def _menu(ask: Ask) -> Reply:
    parts: list[Part] = [Line("admin.title", tone="title"), Line("admin.intro", tone="fact")]
    if ask.team.in_charge:
        parts.append(Line("admin_team.in_charge_is", {"name": ask.team.in_charge}, tone="fact"))
    if ask.team.paused is not None:
        parts.append(Line("admin.paused_now", tone="alert"))
    there = [name for name in SECTIONS if name != "link" or ask.tools.page_url]
    buttons = tuple(Button(_title(name), f"admin.{name}") for name in there)
    return Reply(tuple(parts), buttons, private=True, instead=True)


VERBS: Mapping[str, Command] = {"admin": admin}
