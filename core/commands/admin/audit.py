"""Who did what, when, with the values before and after: read page by page, never changed."""

from collections.abc import Mapping, Sequence

from core import audit as subject
from core import members
from core.audit import Act
from core.commands.admin.acts import KINDS, changed, did, owners
from core.commands.admin.frame import page
from core.commands.asking import Ask, Command, number_of
from core.errors import Refusal
from core.records import Tx
from core.replies import Answer, Button, Item, Part
from core.requests import Line, Value
from core.texts import LANGUAGES, say

MOST = 8


async def audit(ask: Ask) -> Answer:
    """The newest acts; the subject is `KIND.BEFORE`, a typed word is a kind. Refusal `admin_audit.no_kind`."""
    kind, _, tail = ask.request.subject.partition(".")
    kind = kind or _kind(ask.request.text.strip().lower())
    before = number_of(tail) or 0
    async with ask.tools.house.records.read() as tx:
        found = await subject.latest(tx, act=kind, before=before, most=MOST + 1)
        names = await _names(tx, found)
    parts: list[Part] = [Line("admin_audit.title", tone="title")]
    if kind in KINDS:
        parts.append(Line("admin_audit.only", {"kind": _kind_line(kind)}, tone="fact"))
    parts += [_item(one, names) for one in found[:MOST]]
    if not found:
        parts.append(Line("admin_audit.none"))
    buttons = []
    if len(found) > MOST:
        buttons.append(Button(Line("admin.button_older"), "admin.audit", f"{kind}.{found[MOST - 1].id}"))
    if kind:
        buttons.append(Button(Line("admin_audit.button_all"), "admin.audit"))
    else:
        buttons += [
            Button(Line("admin_audit.button_only", {"kind": _kind_line(one)}), "admin.audit", f"{one}.")
            for one in KINDS
        ]
    return page(parts, buttons)


async def _names(tx: Tx, acts: Sequence[Act]) -> Mapping[str, str]:
    """Names of the members some acts are about, by id."""
    found = await members.names_of(tx, set[int]().union(*map(owners, acts)))
    return {str(member): name for member, name in found.items()}


def _kind(typed: str) -> str:
    """A kind as it is written in either language, "" for none typed."""
    for kind in KINDS:
        if typed in (kind, *(say(Line(f"admin_audit.kind_{kind}"), language).lower() for language in LANGUAGES)):
            return kind
    if typed:
        raise Refusal("admin_audit.no_kind", {"word": typed[:40], "known": tuple(map(_kind_line, KINDS))})
    return ""


def _kind_line(kind: str) -> Line:
    return Line(f"admin_audit.kind_{kind}")


def _item(one: Act, names: Mapping[str, str]) -> Item:
    values: dict[str, Value] = {
        "at": one.at,
        "who": one.who or Line("admin_audit.itself" if one.act.endswith(".auto") else "admin.operator"),
        "did": did(one, names),
    }
    lines = [Line("admin_audit.row", values)]
    if steps := changed(one):
        lines.append(Line("admin_audit.changes", {"steps": steps}, "fact"))
    return Item(tuple(lines))


VERBS: Mapping[str, Command] = {"admin.audit": audit}
