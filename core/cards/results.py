"""The result card: all pictures, at most six lines, and what can be done with them."""

from core.cards import facts
from core.generations import GenerationView
from core.replies import Button, Part, Pictures, Quote, Reply
from core.requests import Line, Value


def result(view: GenerationView, *, reasons: bool, final: int) -> Reply:
    """All pictures of an ended painting and its card; also what `show` answers with.

    `reasons`: say why pictures are missing, which others need not know; `final`: points a final in HD costs now."""
    return Reply((Pictures(facts.pictures(view)), *_card(view, reasons)), buttons(view, final), private=view.private)


def _card(view: GenerationView, reasons: bool) -> tuple[Part, ...]:
    """Who, what, words, money: at most six lines."""
    head: tuple[Value, ...] = (
        view.member,
        facts.tier_and_count(view),
        facts.size(view),
        *facts.seed(view),
        *facts.reference_names(view),
        *facts.taken_back(view),
        Line("card.seconds", {"n": view.seconds}),
    )
    parts: list[Part] = [Line("card.head", {"id": view.id, "facts": head}, tone="fact")]
    if view.parent_id and view.parent_kind:
        parts.append(
            Line(f"card.from_{view.parent_kind}", {"id": view.parent_id, "n": view.parent_picture}, tone="fact")
        )
    if view.prompt_typed:
        words = view.prompt_typed
        parts.append(Quote(words if len(words) <= facts.PROMPT_SHOWN else f"{words[: facts.PROMPT_SHOWN]}…"))
    if view.adopted:
        told = (Line("card.adopted", {"n": view.adopted}), view.adopted_for, view.adopted_channel)
        parts.append(Line("card.facts", {"facts": told}, tone="title"))
    if notes := tuple(note for note in view.notes if not note.key.startswith("card.hint_")):  # by now the picture tells
        parts.append(Line("card.facts", {"facts": notes}, tone="fact"))
    if view.failed:
        parts.append(missing(view) if reasons else Line("card.missing_plain", {"n": len(view.failed)}, tone="alert"))
    parts.append(facts.money(view))
    return tuple(parts)


def missing(view: GenerationView) -> Line:
    """How many pictures failed, and why."""
    why = Line(view.error) if view.error else Line("card.why_unknown")
    return Line("card.missing", {"id": view.id, "n": len(view.failed), "why": why}, tone="alert")


def owed(view: GenerationView) -> tuple[Button, ...]:
    """The free repaint of pictures that failed and were not charged."""
    if not view.failed or not (view.price or view.parent_kind == "repaint"):
        return ()
    return (Button(Line("card.button_repaint", {"n": len(view.failed)}), "repaint", view.id, "primary"),)


def buttons(view: GenerationView, final: int) -> tuple[Button, ...]:
    """Choose one, finish it in HD for `final` points, again, edit, keep as template, details, adopt, delete; the free repaint first where one is owed."""
    found: list[Button] = list(owed(view))
    kept = view.kept
    if len(kept) > 1:
        found += [Button(Line("card.number", {"n": one.number}), "choose", f"{view.id}.{one.number}") for one in kept]
    if kept and view.parent_kind != "final":
        which = kept[0].number if len(kept) == 1 else 0  # 0: the desk asks which
        style = "plain" if found and found[0].verb == "repaint" else "primary"
        found.append(Button(Line("card.button_final", {"points": final}), "final", f"{view.id}.{which}", style))
    found += [
        facts.again(view),
        Button(Line("card.button_edit"), "edit", view.id),
        Button(Line("card.button_template"), "template.save", view.id),
        Button(Line("card.button_details"), "details", view.id),
    ]
    found += [
        Button(
            Line("card.button_team_template", {"name": note.values["name"]}),
            "template.use",
            str(note.values["template"]),
        )
        for note in view.notes
        if note.key == "card.team_template"
    ]
    if len(kept) == 1:
        found.append(Button(Line("card.button_adopt"), "adopt", f"{view.id}.{kept[0].number}"))
    found.append(Button(Line("card.button_delete"), "delete", view.id, "danger"))
    return tuple(found)
