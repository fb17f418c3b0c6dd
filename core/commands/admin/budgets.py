"""Budgets of a member, a channel, a label or the whole team: listed with what is used, set, removed."""

import dataclasses
import re
from collections.abc import Mapping
from contextlib import suppress

from core import budgets as subject
from core import members
from core.budgets import PERIODS, SCOPES, Budget
from core.commands.admin.frame import (
    LARGEST,
    PAGE,
    done,
    id_of,
    note,
    offset_of,
    one_line,
    page,
    pager,
    text,
    whole,
)
from core.commands.asking import Ask, Command
from core.commands.forming import Meanwhile, formed, saving, shown, stands
from core.commands.paging import within
from core.errors import Refusal
from core.records import Tx
from core.replies import Answer, Button, Choice, ChoiceField, Form, Item, Meter, NumberField, Part, Reply, TextField
from core.requests import Line, Value

LONGEST_SUBJECT = 100
CHANNEL = re.compile(r"(slack|telegram|page):\S+")


async def budgets(ask: Ask) -> Answer:
    """All budgets with what their present period has used."""
    offset = offset_of(ask.request.subject)
    async with ask.tools.house.records.read() as tx:
        every = await subject.listed(tx, ask.tools.house.zone)
        offset = within(offset, len(every), PAGE)
        items: list[Part] = []
        for one in every[offset : offset + PAGE]:
            items += [await _item(tx, one), Meter(min(one.used, one.points), max(1, one.points))]
    intro = Line("admin_budgets.intro", tone="fact")
    parts = [
        Line("admin_budgets.title", tone="title"),
        *([intro, *items] if items else [Line("admin_budgets.none"), intro]),
    ]
    add = Button(Line("admin_budgets.button_set"), "admin.budgets.set", style="primary")
    return page(parts, (add, *pager("admin.budgets", offset, len(every))))


async def _item(tx: Tx, one: Budget) -> Item:
    values: dict[str, Value] = {
        "what": await _name(tx, one),
        "period": Line(f"admin_budgets.period_{one.period}"),
        "used": one.used,
        "most": one.points,
    }
    buttons = (
        Button(Line("admin.button_edit"), "admin.budgets.change", str(one.id)),
        Button(Line("admin.button_remove"), "admin.budgets.remove", str(one.id), "danger"),
    )
    return Item((Line("admin_budgets.row", values),), buttons=buttons)


async def _name(tx: Tx, one: Budget) -> Line:
    known = await members.get(tx, int(one.subject)) if one.scope == "member" else None
    return Line(f"admin_budgets.scope_{one.scope}_of", {"subject": known.name if known else one.subject})


async def _form(ask: Ask) -> Form:
    """Of a new budget; where what was typed has one already, the form knows it."""
    typed = {name: one_line(ask, name) for name in ("scope", "subject", "period")}
    points = None
    if typed["scope"] in SCOPES and typed["period"] in PERIODS:
        async with ask.tools.house.records.read() as tx:
            with suppress(Refusal):  # of the subject, which is refused where the form is saved
                about = await _about(tx, typed["scope"], typed["subject"])
                points = await subject.points(tx, typed["scope"], about, typed["period"])
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
                longest=LONGEST_SUBJECT,
            ),
            ChoiceField(
                "period",
                Line("admin_budgets.field_period"),
                tuple(Choice(one, Line(f"admin_budgets.period_{one}")) for one in PERIODS),
                "month",
            ),
            NumberField("points", Line("admin_budgets.field_points"), None, 0, LARGEST),
        ),
        shown("new", {"points": points}),
        Line("admin_budgets.button_set"),
    )


async def _set(ask: Ask) -> Answer:
    """A hard stop with notices at 50, 80 and 100 %; one that is there already is replaced once the admin has seen it."""
    scope, period, points = text(ask, "scope"), text(ask, "period"), whole(ask, "points")
    if scope not in SCOPES:
        raise Refusal("admin_budgets.no_scope", field="scope")
    if period not in PERIODS:
        raise Refusal("admin_budgets.no_period", field="period")
    async with saving(ask) as tx:
        about = await _about(tx, scope, one_line(ask, "subject", LONGEST_SUBJECT))
        before = await subject.points(tx, scope, about, period)
        if ask.request.subject != shown("new", {"points": before}):
            what = await _name(tx, Budget(0, scope, about, period, 0))
            key = "admin_budgets.not_there" if before is None else "admin_budgets.there"
            raise Meanwhile(key, {"what": what, "points": before or 0})
        return await _saved(ask, tx, Budget(0, scope, about, period, points), before)


async def _saved(ask: Ask, tx: Tx, one: Budget, before: int | None) -> Reply:
    await subject.put(tx, one.scope, one.subject, one.period, one.points)
    await note(ask, tx, "budgets.set", _traced(one), before=before, after=one.points)
    values: dict[str, Value] = {
        "what": await _name(tx, one),
        "period": Line(f"admin_budgets.period_{one.period}"),
        "points": one.points,
    }
    return done(Line("admin_budgets.set_done", values), back="admin.budgets")


def _traced(one: Budget) -> str:
    return f"{one.scope}:{one.subject}:{one.period}"


async def _one(ask: Ask, tx: Tx) -> Budget:
    """The budget a request is about. Refusal `admin.gone`."""
    budget_id = id_of(ask.request.subject)
    found = next((one for one in await subject.listed(tx, ask.tools.house.zone) if one.id == budget_id), None)
    if found is None:
        raise Refusal("admin.gone")
    return found


async def _change_form(ask: Ask) -> Form:
    async with ask.tools.house.records.read() as tx:
        one = await _one(ask, tx)
        values: dict[str, Value] = {"what": await _name(tx, one), "period": Line(f"admin_budgets.period_{one.period}")}
    return Form(
        "admin.budgets.change",
        Line("admin_budgets.change_title"),
        (NumberField("points", Line("admin_budgets.field_points"), one.points, 0, LARGEST),),
        shown(one.id, {"points": one.points}),
        intro=(Line("admin_budgets.change_what", values | {"used": one.used}),),
    )


async def _change(ask: Ask) -> Answer:
    """Another number for the same budget; what is used stays counted."""
    points = whole(ask, "points")
    async with saving(ask) as tx:
        one = await _one(ask, tx)
        await stands(tx, ask.request.subject, {"points": one.points}, "budgets", _traced(one))
        return await _saved(ask, tx, dataclasses.replace(one, points=points), one.points)


async def _about(tx: Tx, scope: str, typed: str) -> str:
    """What a budget is about as it is stored. Refusals at the subject's field."""
    match scope:
        case "team":
            return ""
        case "member":
            found, total = await members.meant(tx, typed)
            if found is None:
                key = "admin_budgets.many_members" if total else "admin_budgets.no_member"
                raise Refusal(key, {"words": typed, "n": total}, field="subject")
            return str(found.id)
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
    async with ask.tools.house.records.write() as tx:
        one = await _one(ask, tx)
        await subject.remove(tx, one.id)
        await note(ask, tx, "budgets.remove", _traced(one), before=one.points)
    return done(Line("admin_budgets.removed"), back="admin.budgets")


VERBS: Mapping[str, Command] = {
    "admin.budgets": budgets,
    "admin.budgets.set": formed(_form, _set),
    "admin.budgets.change": formed(_change_form, _change),
    "admin.budgets.remove": remove,
}
