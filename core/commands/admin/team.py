"""What the team has agreed on: who is in charge of changes."""

from collections.abc import Mapping

from core.commands.admin.frame import change_rules, done, one_line, page, rules_shown
from core.commands.asking import Ask, Command
from core.commands.forming import formed
from core.replies import Answer, Button, Facts, Form, TextField
from core.requests import Line

LONGEST = 60
NOBODY = ("无", "没有", "none", "nobody")
KEYS = ("in_charge",)


async def team(ask: Ask) -> Answer:
    """What is agreed, and the form that changes it."""
    rows = ((Line("admin_team.in_charge"), ask.team.in_charge or Line("admin_team.nobody")),)
    change = Button(Line("admin.button_edit"), "admin.team.edit", style="primary")
    return page((Line("admin_team.title", tone="title"), Facts(rows)), (change,))


async def _form(ask: Ask) -> Form:
    hint = Line("admin_team.hint_in_charge")
    fields = (
        TextField("in_charge", Line("admin_team.in_charge"), ask.team.in_charge, hint, required=False, longest=LONGEST),
    )
    return Form("admin.team.edit", Line("admin_team.form_title"), fields, rules_shown(ask, "team", KEYS))


async def _save(ask: Ask) -> Answer:
    """Who is in charge is named where members are told to ask an admin."""
    name = one_line(ask, "in_charge", LONGEST)
    wanted = {"in_charge": "" if name.lower() in NOBODY else name}
    await change_rules(ask, "rules.team", wanted, form=ask.request.subject)
    return done(Line("admin_team.saved"), back="admin.team")


VERBS: Mapping[str, Command] = {"admin.team": team, "admin.team.edit": formed(_form, _save)}
