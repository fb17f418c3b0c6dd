"""A Refusal, and anything unexpected, as words for the member."""

from dataclasses import replace

from core.errors import Refusal
from core.replies import Button, Reply
from core.requests import Line

NEXT_STEP = {
    "points.not_enough": (("desk.button_points", "points", ""), ("desk.button_ask_points", "points.ask", "")),
    **{
        f"budget.used_up_{scope}": (("desk.button_ask_budget", "points.ask", "budget"),)
        for scope in ("member", "channel", "label", "team")
    },
    "access.waiting": (("desk.button_ask_access", "access.ask", ""), ("desk.button_have_account", "link.enter", "")),
    "line.unknown_flag": (("desk.button_params", "help", "params"),),
    "line.strange_flag": (("desk.button_params", "help", "params"),),
    "paint.gone": (("desk.button_works", "works", ""),),
}

TO_AN_ADMIN = {
    "access.waiting",
    "access.blocked",
    "access.workspace",
    "access.at_once_none",
    "desk.admins_only",
    "start.invite_gone",
    *(key for key in NEXT_STEP if key.startswith(("points.", "budget."))),
}
"""Refusals that send the member to an admin: there it helps to know to whom."""


def why(error: Refusal) -> Line:
    """The sentence; what is wrong with a typed line also says that nothing was charged (a line an admin puts on a shelf never would be)."""
    said = Line(error.key, error.values)
    return Line("line.not_charged", {"why": said}) if error.key.startswith("line.") else said


def refusal(error: Refusal, in_charge: str = "") -> Reply:
    """The sentence, and a button where there is an obvious next step; always private. `in_charge` is named where an admin is to be asked."""
    buttons = tuple(Button(Line(label), verb, subject) for label, verb, subject in NEXT_STEP.get(error.key, ()))
    said = replace(why(error), tone="alert")
    if not in_charge or error.key not in TO_AN_ADMIN:
        return Reply((said,), buttons, private=True)
    return Reply((said, Line("desk.in_charge", {"name": in_charge}, tone="fact")), buttons, private=True)


def unexpected(reference: str) -> Reply:
    """Our own fault: `reference` finds its traceback in the log."""
    return Reply((Line("error.unexpected", {"reference": reference}, tone="alert"),), private=True)
