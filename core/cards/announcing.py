"""The thread as a view of the record: receipt, progress and ending of a painting from its present state."""

from dataclasses import dataclass

from core.cards import facts
from core.cards.failures import failure
from core.cards.results import result
from core.generations import GenerationView
from core.replies import Button, Meter, Part, Reply
from core.requests import Line, Value

STARTED = ("claimed", "submitting", "submitted", "ready", "kept", "failed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where a painting stands in the queue: how many before it, and about how many seconds (None: not known)."""

    ahead: int
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What stands in the thread now: the receipt always, the result once there are pictures, a private word for the asker after a failure."""

    receipt: Reply
    result: Reply | None = None
    private: Reply | None = None


def announce(view: GenerationView, waiting: Waiting | None = None) -> Announcement:
    """Everything a painting shows in its present state."""
    if view.deleted is not None:
        return Announcement(Reply((Line("card.deleted", {"id": view.id}),), private=view.private))
    if not view.settled:
        return Announcement(_under_way(view, waiting))
    if view.kept:
        return Announcement(_ended(view), result(view))
    if view.outcome == "cancelled":
        parts: tuple[Part, ...] = (Line("card.cancelled", {"id": view.id}, tone="title"), facts.money(view))
        return Announcement(Reply(parts, _again(view), private=view.private))
    card = failure(view)
    if view.place.private or view.private:
        return Announcement(Reply(card.parts, card.buttons, private=view.private))
    public = Reply((Line("card.failed_public", {"id": view.id}, tone="title"), facts.money(view)))
    return Announcement(public, private=Reply(card.parts, card.buttons, private=True))


def _again(view: GenerationView) -> tuple[Button, ...]:
    return (Button(Line("card.button_again"), "again", view.id),)


def _under_way(view: GenerationView, waiting: Waiting | None) -> Reply:
    started = any(task.status in STARTED for task in view.tasks)
    held: Value = (
        Line("card.held", {"held": view.held, "left": view.points_left}) if view.held else Line("card.free_plain")
    )
    parts: list[Part] = []
    if started:
        done = len(view.kept)
        parts.append(Line("card.painting", {"id": view.id, "done": done, "total": view.count}, tone="title"))
        parts.append(Line("card.facts", {"facts": facts.what(view)}, tone="fact"))
        parts.append(Meter(done, view.count))
    else:
        parts.append(Line("card.accepted", {"id": view.id, "facts": facts.what(view)}, tone="title"))
        if waiting is not None:
            parts.append(_position(waiting))
    parts.append(Line("card.facts", {"facts": held}, tone="fact"))
    parts.extend(view.notes)
    if view.cancelling:
        parts.append(Line("card.cancelling", tone="fact"))
    open_tasks = any(task.status in ("queued", "claimed") for task in view.tasks)
    buttons = (Button(Line("card.button_cancel"), "cancel", view.id),) if open_tasks and not view.cancelling else ()
    return Reply(tuple(parts), buttons, private=view.private)


def _position(waiting: Waiting) -> Line:
    if not waiting.ahead:
        return Line("card.next", tone="fact")
    if waiting.seconds is None:
        return Line("card.ahead", {"n": waiting.ahead}, tone="fact")
    return Line("card.ahead_about", {"n": waiting.ahead, "minutes": max(1, round(waiting.seconds / 60))}, tone="fact")


def _ended(view: GenerationView) -> Reply:
    key = "card.done" if view.outcome == "done" else "card.partial"
    head = Line(key, {"id": view.id, "kept": len(view.kept), "total": view.count}, tone="title")
    summary: tuple[Value, ...] = (*facts.what(view), *facts.seed(view), Line("card.seconds", {"n": view.seconds}))
    return Reply((head, Line("card.facts", {"facts": summary}, tone="fact"), facts.money(view)), private=view.private)
