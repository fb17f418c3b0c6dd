"""What the team has agreed on: who is in charge, how many pictures a day are expected, what the painting form asks, whether finals are reviewed."""

from collections.abc import Mapping

from core.commands.admin.frame import (
    NO_LIMIT_WORDS,
    amount,
    change_rules,
    done,
    maybe,
    one_line,
    page,
    rules_shown,
    text,
)
from core.commands.asking import Ask, Command
from core.commands.forming import formed
from core.commands.paint_form import OPTIONAL
from core.replies import Answer, Button, Choice, ChoiceField, Facts, Form, TextField
from core.requests import Line, Value

LONGEST = 60
MOST_EXPECTED = 100_000
NOBODY = ("无", "没有", "none", "nobody")
KEYS = ("in_charge", "expected", "final_review")
SWITCH = {"no": False, "yes": True}


async def team(ask: Ask) -> Answer:
    """What is agreed, and the forms that change it."""
    off = tuple(_field(name) for name in OPTIONAL if name in ask.team.form_off)
    rows: tuple[tuple[Line, Value], ...] = (
        (Line("admin_team.in_charge"), ask.team.in_charge or Line("admin_team.nobody")),
        (Line("admin_team.expected"), amount(ask.team.expected, "admin_team.no_number")),
        (Line("admin_team.final_review"), Line(f"admin_team.review_{_switch(ask.team.final_review)}")),
        (Line("admin_team.form_off"), off or Line("admin_team.form_whole")),
    )
    buttons = (
        Button(Line("admin.button_edit"), "admin.team.edit", style="primary"),
        Button(Line("admin_team.button_form"), "admin.team.form"),
    )
    return page((Line("admin_team.title", tone="title"), Facts(rows)), buttons)


def _switch(on: bool) -> str:
    return "yes" if on else "no"


def _field(name: str) -> Line:
    return Line(f"paint.field_{name}")


async def _form(ask: Ask) -> Form:
    expected = "" if ask.team.expected is None else str(ask.team.expected)
    ways = tuple(Choice(name, Line(f"admin_team.review_{name}")) for name in SWITCH)
    review = ChoiceField("final_review", Line("admin_team.final_review"), ways, _switch(ask.team.final_review))
    fields = (_text("in_charge", ask.team.in_charge, LONGEST), _text("expected", expected, 20), review)
    return Form("admin.team.edit", Line("admin_team.form_title"), fields, rules_shown(ask, "team", KEYS))


def _text(name: str, value: str, longest: int) -> TextField:
    hint = Line(f"admin_team.hint_{name}")
    return TextField(name, Line(f"admin_team.{name}"), value, hint, required=False, longest=longest)


async def _save(ask: Ask) -> Answer:
    """Who is in charge is named where members are told to ask an admin; what is expected is compared with every day and with the pool."""
    name = one_line(ask, "in_charge", LONGEST)
    wanted = {
        "in_charge": "" if name.lower() in NOBODY else name,
        "expected": maybe(ask, "expected", NO_LIMIT_WORDS, high=MOST_EXPECTED),
        "final_review": SWITCH.get(text(ask, "final_review"), ask.team.final_review),
    }
    await change_rules(ask, "rules.team", wanted, form=ask.request.subject)
    return done(Line("admin_team.saved"), back="admin.team")


async def _asks_form(ask: Ask) -> Form:
    shown = tuple(name for name in OPTIONAL if name not in ask.team.form_off)
    options = tuple(Choice(name, _field(name)) for name in OPTIONAL)
    hint = Line("admin_team.hint_form")
    field = ChoiceField("shown", Line("admin_team.field_shown"), options, shown, hint, required=False, several=True)
    return Form("admin.team.form", Line("admin_team.asks_title"), (field,), rules_shown(ask, "form", ("form_off",)))


async def _asks(ask: Ask) -> Answer:
    """A field that is off is shown nowhere, and its default holds; flags among the words say it all the same."""
    shown = ask.request.values.get("shown")
    chosen = shown if isinstance(shown, tuple) else (shown,)
    off = tuple(name for name in OPTIONAL if name not in chosen)
    await change_rules(ask, "rules.form", {"form_off": off}, form=ask.request.subject)
    return done(Line("admin_team.saved"), back="admin.team")


VERBS: Mapping[str, Command] = {
    "admin.team": team,
    "admin.team.edit": formed(_form, _save),
    "admin.team.form": formed(_asks_form, _asks),
}
