"""Who did what, when, with the values before and after: read page by page, never changed."""

import json
from collections.abc import Mapping
from typing import Any

from core import audit as subject
from core.audit import Act
from core.commands.admin.frame import page
from core.commands.asking import Ask, Command
from core.replies import Answer, Button, Item, Part
from core.requests import Line, Value

MOST = 8
LONGEST = 160
KINDS = ("rules", "keys", "points", "records", "access", "examples", "inspirations", "templates", "budgets", "pause")


async def audit(ask: Ask) -> Answer:
    """The newest acts; the subject is `KIND.BEFORE`, a typed word is a kind."""
    kind, _, tail = ask.request.subject.partition(".")
    kind = kind or ask.request.text.strip().lower()
    before = int(tail) if tail.isdigit() else 0
    async with ask.tools.house.records.read() as tx:
        found = await subject.latest(tx, act=kind, before=before, most=MOST + 1)
    parts: list[Part] = [Line("admin_audit.title", tone="title"), *(_item(one) for one in found[:MOST])]
    if not found:
        parts.append(Line("admin_audit.none"))
    buttons = []
    if len(found) > MOST:
        buttons.append(Button(Line("admin.button_older"), "admin.audit", f"{kind}.{found[MOST - 1].id}"))
    if kind:
        buttons.append(Button(Line("admin_audit.button_all"), "admin.audit"))
    else:
        buttons += [Button(Line(f"admin_audit.kind_{one}"), "admin.audit", f"{one}.") for one in KINDS]
    return page(parts, buttons)


def _item(one: Act) -> Item:
    group, _, what = one.act.partition(".")
    known = group in KINDS
    name: Value = (
        Line("admin_audit.act", {"kind": Line(f"admin_audit.kind_{group}"), "what": _verb(what)}) if known else one.act
    )
    values: dict[str, Value] = {
        "at": one.at,
        "who": one.who or Line("admin_audit.itself" if what == "auto" else "admin.operator"),
        "act": name,
        "subject": one.subject,
    }
    lines = [Line("admin_audit.row", values)]
    if one.before is not None or one.after is not None:
        lines.append(Line("admin_audit.change", {"before": _short(one.before), "after": _short(one.after)}, "fact"))
    return Item(tuple(lines))


VERBS_SAID = (
    "add",
    "edit",
    "delete",
    "remove",
    "enable",
    "disable",
    "reset",
    "test",
    "grant",
    "take",
    "limits",
    "reveal",
    "export",
    "batch",
    "import",
    "share",
    "approve",
    "deny",
    "role",
    "invite",
    "login",
    "places",
    "words",
    "strangers",
    "label",
    "prices",
    "pool",
    "on",
    "off",
    "auto",
    "set",
)


def _verb(what: str) -> Value:
    return Line(f"admin_audit.verb_{what}") if what in VERBS_SAID else what


def _short(value: Any) -> str:
    if value is None:
        return "-"
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


VERBS: Mapping[str, Command] = {"admin.audit": audit}
