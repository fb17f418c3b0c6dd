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


def why(error: Refusal) -> Line:
    """The sentence; what is wrong with a typed line also says that nothing was charged (a line an admin puts on a shelf never would be)."""
    said = Line(error.key, error.values)
    return Line("line.not_charged", {"why": said}) if error.key.startswith("line.") else said


def refusal(error: Refusal) -> Reply:
    """The sentence, and a button where there is an obvious next step; always private."""
    buttons = tuple(Button(Line(label), verb, subject) for label, verb, subject in NEXT_STEP.get(error.key, ()))
    return Reply((replace(why(error), tone="alert"),), buttons, private=True)


def unexpected(reference: str) -> Reply:
    """Our own fault: `reference` finds its traceback in the log."""
    return Reply((Line("error.unexpected", {"reference": reference}, tone="alert"),), private=True)
