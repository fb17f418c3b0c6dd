"""The failure card: what happened in plain words, whether it was charged, and what to do next."""

from dataclasses import replace

from core.cards import facts
from core.generations import GenerationView
from core.replies import Button, Part, Quote, Reply
from core.requests import Line

CAN_EDIT = ("unsupported", "refused")


def failure(view: GenerationView) -> Reply:
    """The private card of a painting that came to nothing."""
    why = Line(view.error) if view.error else Line("card.why_unknown")
    # what was refused says itself what to change
    advice = () if view.error and view.cause in CAN_EDIT else (Line(f"cause.{view.cause or 'model'}", tone="fact"),)
    parts: tuple[Part, ...] = (
        Line("card.failed", {"id": view.id}, tone="title"),
        why,
        facts.money(view),
        *advice,
        Line("card.facts", {"facts": (*facts.what(view), *facts.retries(view))}, tone="fact"),
    )
    if view.prompt_typed:
        parts = (*parts, Quote(view.prompt_typed[: facts.PROMPT_SHOWN]))
    if view.parent_kind == "repaint" and view.parent_id:  # still owed
        owed = Button(Line("card.button_repaint", {"n": view.count}), "repaint", view.parent_id, "primary")
        return Reply(parts, (owed, Button(Line("card.button_help"), "support", view.id)))
    edit, again = Button(Line("card.button_edit"), "edit", view.id), facts.again(view)
    first, second = (edit, again) if view.cause in CAN_EDIT else (again, edit)
    return Reply(parts, (replace(first, style="primary"), second, Button(Line("card.button_help"), "support", view.id)))
