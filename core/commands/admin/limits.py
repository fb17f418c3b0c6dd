"""Monthly allowance and limits: of one member, and the team's own that hold for everybody else."""

from collections.abc import Mapping
from typing import Any

from core import members
from core.commands.admin.frame import (
    LARGEST,
    NO_LIMIT_WORDS,
    TEAM_WORDS,
    change_rules,
    done,
    maybe,
    note,
    rules_shown,
    whole,
)
from core.commands.admin.points import who
from core.commands.asking import Ask, Command
from core.commands.forming import formed, saving, shown, stands
from core.members import Member
from core.replies import Answer, Field, Form, NumberField, TextField
from core.requests import Line

OWN = {"allowance": LARGEST, "daily_pictures": 10_000, "at_once": 1000}
TEAM = ("welcome", "allowance", "daily_pictures", "at_once")


async def _own_form(ask: Ask) -> Form:
    async with ask.tools.house.records.read() as tx:
        found = await who(ask, tx)
    values = _limits(found)
    fields = tuple(_text(name, values[name], "admin_points.hint_own") for name in OWN)
    title = Line("admin_points.limits_title", {"name": found.name})
    return Form("admin.points.limits", title, fields, shown(found.id, values))


def _limits(found: Member) -> dict[str, Any]:
    return {name: getattr(found, name) for name in OWN}


def _text(name: str, value: int | None, hint: str) -> Field:
    shown = "" if value is None else str(value)
    return TextField(name, Line(f"admin_points.field_{name}"), shown, Line(hint), required=False, longest=20)


async def _own(ask: Ask) -> Answer:
    """What one member gets a month and may paint; empty: as the team."""
    wanted: dict[str, Any] = {name: maybe(ask, name, TEAM_WORDS, high=high) for name, high in OWN.items()}
    async with saving(ask) as tx:
        found = await who(ask, tx)
        before = _limits(found)
        if before != wanted:
            await stands(tx, ask.request.subject, before, "points", found.name)
            await members.change(tx, found.id, **wanted)
            await note(ask, tx, "points.limits", found.name, before=before, after=wanted)
    return done(Line("admin_points.limits_done", {"name": found.name}), back=f"admin.points.member:{found.id}")


async def _team_form(ask: Ask) -> Form:
    team = ask.team
    fields = (
        NumberField("welcome", Line("admin_points.field_welcome"), team.welcome, 0, LARGEST),
        NumberField("allowance", Line("admin_points.field_allowance"), team.allowance, 0, LARGEST),
        _text("daily_pictures", team.daily_pictures, "admin_points.hint_team"),
        _text("at_once", team.at_once, "admin_points.hint_team"),
    )
    return Form("admin.points.team", Line("admin_points.team_title"), fields, rules_shown(ask, "team", TEAM))


async def _team(ask: Ask) -> Answer:
    """What holds for everybody without a number of their own; an allowance counts from the next month on."""
    wanted: dict[str, Any] = {
        "welcome": whole(ask, "welcome"),
        "allowance": whole(ask, "allowance"),
        "daily_pictures": maybe(ask, "daily_pictures", NO_LIMIT_WORDS, high=OWN["daily_pictures"]),
        "at_once": maybe(ask, "at_once", NO_LIMIT_WORDS, high=OWN["at_once"]),
    }
    await change_rules(ask, "rules.limits", wanted, form=ask.request.subject)
    return done(Line("admin_points.team_done"), back="admin.points")


VERBS: Mapping[str, Command] = {
    "admin.points.limits": formed(_own_form, _own),
    "admin.points.team": formed(_team_form, _team),
}
