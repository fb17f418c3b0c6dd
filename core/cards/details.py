"""Everything the record says of a painting, for its owner: enough to paint it again exactly."""

from collections.abc import Iterator

from core.cards import facts
from core.generations import GenerationView
from core.replies import Button, Facts, Part, Quote, Reply
from core.requests import Line, Value

Row = tuple[Line, Value]


def details(view: GenerationView, children: tuple[str, ...] = (), *, reviewer: str = "", words: bool = True) -> Reply:
    """The details card; `children` are ids of paintings made from it, `reviewer` adopted a picture. Without `words` what was typed is told by its length."""
    rows = (*_always(view, words), *_where_there(view, children, reviewer))
    parts: list[Part] = [Line("details.title", {"id": view.id}, tone="title"), Facts(rows)]
    parts += _words(view) if words else [redacted(view.prompt_typed) or Line("details.none")]
    return Reply(tuple(parts), _buttons(view), private=True, about=view.id)


def _always(view: GenerationView, words: bool) -> tuple[Row, ...]:
    return (
        (Line("details.member"), view.member),
        (Line("details.asked"), view.created),
        (Line("details.state"), _state(view)),
        (Line("details.size"), facts.size(view)),
        (Line("details.count"), facts.tier_and_count(view)),
        (Line("details.model"), view.model),
        (Line("details.seed"), _seeds(view)),
        (Line("details.label"), view.label or Line("details.none")),
        (Line("details.watermark"), Line("details.yes" if view.watermark else "details.no")),
        (Line("details.format"), view.format or Line("details.as_is")),
        (Line("details.references"), len(view.references)),
        (Line("details.source"), (view.source if words else redacted(view.source)) or Line("details.none")),
        (Line("details.points"), Line("details.points_value", _points(view))),
        (Line("details.seconds"), view.seconds),
        *(((Line("details.retries"), view.retries),) if view.retries else ()),
        (Line("details.task_ids"), " ".join(task.task_id for task in view.tasks if task.task_id) or "-"),
        (Line("details.delivery"), Line(f"details.delivery_{view.delivery}")),
        (Line("details.downloads"), view.downloads),
    )


def _where_there(view: GenerationView, children: tuple[str, ...], reviewer: str) -> Iterator[Row]:
    """What only some paintings have: a weight, where they come from, what was made of them, an adopted picture."""
    if view.weight is not None:
        sent = {"weight": facts.reference_weight(view), "scale": f"{view.weight:g}"}
        yield Line("details.scale"), Line("details.scale_value", sent)
    if view.parent_id:
        yield Line("details.parent"), f"#{view.parent_id}"
    if children:
        yield Line("details.children"), " ".join(f"#{child}" for child in children)
    if view.adopted:
        chosen: dict[str, Value] = {
            "n": view.adopted,
            "use": view.adopted_for or "-",
            "channel": view.adopted_channel or "-",
            "by": reviewer or "-",
            "at": view.adopted_at or "-",
        }
        yield Line("details.adopted"), Line("details.adopted_value", chosen)


def redacted(text: str) -> Line | None:
    """How long a text is, instead of the text; None for an empty one."""
    return Line("details.redacted", {"n": len(text)}, tone="fact") if text else None


def _points(view: GenerationView) -> dict[str, Value]:
    return {"price": view.price, "held": view.held, "used": view.charged, "back": view.released}


def _words(view: GenerationView) -> list[Part]:
    words: list[Part] = [Line("details.typed", tone="fact"), Quote(view.prompt_typed)]
    if view.prompt_sent != view.prompt_typed:
        words += [Line("details.sent", tone="fact"), Quote(view.prompt_sent)]
    return words


def _state(view: GenerationView) -> Line:
    return Line(f"details.state_{view.outcome or 'running'}")


def _seeds(view: GenerationView) -> Value:
    found = [f"{task.number}:\u00a0{task.seed}" for task in view.tasks if task.seed is not None]
    return " · ".join(found) if found else Line("details.no_seed")


def _buttons(view: GenerationView) -> tuple[Button, ...]:
    found = []
    if view.kept:
        found.append(Button(Line("details.button_originals"), "originals", view.id))
        if view.seed is not None:
            found.append(Button(Line("details.button_same_seed"), "same", f"{view.id}.0"))
    if view.delivery == "undeliverable" and view.kept:
        found.append(Button(Line("details.button_resend"), "resend", view.id, "primary"))
    found.append(Button(Line("details.button_evidence"), "evidence", view.id))
    return tuple(found)
