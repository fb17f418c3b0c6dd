"""The first page of `/paint-admin`, and the words that lead straight to a section."""

import dataclasses
from collections.abc import Mapping

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
from core.commands.admin.templates import templates
from core.commands.asking import Ask, Command
from core.errors import Refusal
from core.replies import Answer, Button, Part, Reply
from core.requests import Line

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
    "access": (access, ("权限", "谁能用", "准入")),
    "audit": (audit, ("log", "日志", "操作日志", "审计")),
    "pause": (pause, ("resume", "暂停", "恢复")),
    "link": (link, ("login", "page", "网页", "登录")),
}
WORDS = {word: name for name, (_, also) in SECTIONS.items() for word in (name, *also)}


async def admin(ask: Ask) -> Answer | None:
    """The menu; with a section's word (and perhaps more words for it) that section at once. Refusal `admin.no_section`."""
    typed = " ".join(ask.request.text.split())
    if not typed:
        return _menu(ask)
    for word in sorted(WORDS, key=len, reverse=True):
        if typed.lower() == word or typed.lower().startswith(f"{word} "):
            command, _ = SECTIONS[WORDS[word]]
            request = dataclasses.replace(ask.request, text=typed[len(word) :].strip())
            return await command(dataclasses.replace(ask, request=request))
    raise Refusal("admin.no_section", {"word": typed[:40], "known": " ".join(SECTIONS)})


def _menu(ask: Ask) -> Reply:
    parts: list[Part] = [Line("admin.title", tone="title"), Line("admin.intro", tone="fact")]
    if ask.team.paused is not None:
        parts.append(Line("admin.paused_now", tone="alert"))
    there = [name for name in SECTIONS if name != "link" or ask.tools.page_url]
    buttons = tuple(Button(Line(f"admin.section_{name}"), f"admin.{name}") for name in there)
    return Reply(tuple(parts), buttons, private=True, instead=True)


VERBS: Mapping[str, Command] = {"admin": admin}
