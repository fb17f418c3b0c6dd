"""Budgets of a member, a channel, a label or the whole team: listed with what is used, set, removed."""

import re
from collections.abc import Mapping

from core import budgets as subject
from core import members
from core.budgets import PERIODS, SCOPES, Budget
from core.commands.admin.frame import LARGEST, PAGE, done, formed, id_of, note, offset_of, page, pager, text, whole
from core.commands.asking import Ask, Command
from core.errors import Refusal
from core.records import Tx
from core.replies import Answer, Button, Choice, ChoiceField, Form, Item, Meter, NumberField, Part, TextField
from core.requests import Line, Value

CHANNEL = re.compile(r"(slack|telegram|page):\S+")


async def budgets(ask: Ask) -> Answer:
    """All budgets with what their present period has used."""
    offset = offset_of(ask.request.subject)
    async with ask.tools.house.records.read() as tx:
        every = await subject.listed(tx, ask.tools.house.zone)
        items: list[Part] = []
        for one in every[offset : offset + PAGE]:
            items += [await _item(tx, one), Meter(min(one.used, one.points), max(1, one.points))]
    parts: list[Part] = [Line("admin_budgets.title", tone="title"), Line("admin_budgets.intro", tone="fact")]
    parts += items or [Line("admin_budgets.none")]
    add = Button(Line("admin_budgets.button_set"), "admin.budgets.set", style="primary")
    return page(parts, (add, *pager("admin.budgets", offset, len(every))))


async def _item(tx: Tx, one: Budget) -> Item:
    values: dict[str, Value] = {
        "what": await _name(tx, one),
        "period": Line(f"admin_budgets.period_{one.period}"),
        "used": one.used,
        "most": one.points,
    }
    button = Button(Line("admin.button_remove"), "admin.budgets.remove", str(one.id), "danger")
    return Item((Line("admin_budgets.row", values),), buttons=(button,))


async def _name(tx: Tx, one: Budget) -> Line:
    known = await members.get(tx, int(one.subject)) if one.scope == "member" else None
    return Line(f"admin_budgets.scope_{one.scope}_of", {"subject": known.name if known else one.subject})


async def _form(ask: Ask) -> Form:
    return Form(
        "admin.budgets.set",
        Line("admin_budgets.set_title"),
        (
            ChoiceField(
                "scope",
                Line("admin_budgets.field_scope"),
                tuple(Choice(one, Line(f"admin_budgets.scope_{one}")) for one in SCOPES),
                "team",
            ),
            TextField(
                "subject",
                Line("admin_budgets.field_subject"),
                "",
                Line("admin_budgets.hint_subject"),
                required=False,
                longest=100,
            ),
            ChoiceField(
                "period",
                Line("admin_budgets.field_period"),
                tuple(Choice(one, Line(f"admin_budgets.period_{one}")) for one in PERIODS),
                "month",
            ),
            NumberField("points", Line("admin_budgets.field_points"), None, 0, LARGEST),
        ),
        submit=Line("admin_budgets.button_set"),
    )


async def _set(ask: Ask) -> Answer:
    """A hard stop with notices at 50, 80 and 100 %; setting it again replaces it."""
    scope, period, points = text(ask, "scope"), text(ask, "period"), whole(ask, "points")
    if scope not in SCOPES:
        raise Refusal("admin_budgets.no_scope", field="scope")
    if period not in PERIODS:
        raise Refusal("admin_budgets.no_period", field="period")
    async with ask.tools.house.records.write() as tx:
        about = await _about(tx, scope, text(ask, "subject"))
        before = await subject.put(tx, scope, about, period, points)
        await note(ask, tx, "budgets.set", f"{scope}:{about}:{period}", before=before, after=points)
        name = await _name(tx, Budget(0, scope, about, period, points))
    values: dict[str, Value] = {"what": name, "period": Line(f"admin_budgets.period_{period}"), "points": points}
    return done(Line("admin_budgets.set_done", values), back="admin.budgets")


async def _about(tx: Tx, scope: str, typed: str) -> str:
    """What a budget is about as it is stored. Refusals at the subject's field."""
    match scope:
        case "team":
            return ""
        case "member":
            found, total = await members.search(tx, typed, most=2) if typed else ((), 0)
            if total != 1:
                key = "admin_budgets.many_members" if total else "admin_budgets.no_member"
                raise Refusal(key, {"words": typed, "n": total}, field="subject")
            return str(found[0].id)
        case "channel":
            if not CHANNEL.fullmatch(typed):
                raise Refusal("admin_budgets.bad_channel", field="subject")
            return typed
        case _:
            if not typed:
                raise Refusal("admin_budgets.no_label", field="subject")
            return typed


async def remove(ask: Ask) -> Answer:
    """No budget any more."""
    budget_id = id_of(ask.request.subject)
    async with ask.tools.house.records.write() as tx:
        every = {one.id: one for one in await subject.listed(tx, ask.tools.house.zone)}
        one = every.get(budget_id)
        if one is None:
            raise Refusal("admin.gone")
        await subject.remove(tx, budget_id)
        await note(ask, tx, "budgets.remove", f"{one.scope}:{one.subject}:{one.period}", before=one.points)
    return done(Line("admin_budgets.removed"), back="admin.budgets")


VERBS: Mapping[str, Command] = {
    "admin.budgets": budgets,
    "admin.budgets.set": formed(_form, _set),
    "admin.budgets.remove": remove,
}
