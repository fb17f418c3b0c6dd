"""The thread as a view of the record: receipt, progress and ending of a painting from its present state."""

from dataclasses import dataclass

from core.cards import facts
from core.cards.failures import failure
from core.cards.results import missing, owed, result
from core.generations import UNFINISHED, GenerationView
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
    """What stands in the thread now: the receipt always, the result once there are pictures, and privately to the asker why pictures failed."""

    receipt: Reply
    result: Reply | None = None
    private: Reply | None = None


def announce(
    view: GenerationView, waiting: Waiting | None = None, *, final: int, alone: bool | None = None
) -> Announcement:
    """Everything a painting shows in its present state; `alone`: only its owner and admins read it (None: as its place is).

    `final`: points a final in HD costs now."""
    if alone is None:
        alone = view.place.private or view.private
    if view.deleted is not None:
        return Announcement(Reply((Line("card.deleted", {"id": view.id}),), private=view.private))
    if not view.settled:
        return Announcement(_under_way(view, waiting))
    if view.kept:
        why = None if alone or not view.failed else _why(view)
        return Announcement(_ended(view), result(view, reasons=alone, final=final), why)
    if view.outcome == "cancelled":
        parts: tuple[Part, ...] = (Line("card.cancelled", {"id": view.id}, tone="title"), facts.money(view))
        return Announcement(Reply(parts, _again(view), private=view.private))
    card = failure(view)
    if alone:
        return Announcement(Reply(card.parts, card.buttons, private=view.private))
    # what is whispered in a channel is gone with the next start of the app, or never seen: the reason can be asked for again
    why_button = Button(Line("card.button_why"), "show", view.id)
    parts = (Line("card.failed_public", {"id": view.id}, tone="title"), Line("card.not_charged", tone="money"))
    public = Reply(parts, (why_button,))
    return Announcement(public, private=Reply(card.parts, card.buttons, private=True))


def _why(view: GenerationView) -> Reply:
    """Why some pictures are missing, what was charged, and the way to have them free."""
    return Reply((missing(view), facts.money(view)), owed(view), private=True)


def _again(view: GenerationView) -> tuple[Button, ...]:
    return (facts.again(view),)


def _under_way(view: GenerationView, waiting: Waiting | None) -> Reply:
    typed = facts.seed(view) if view.seed_typed else ()
    started = any(task.status in STARTED for task in view.tasks)
    parts: list[Part] = []
    if started:
        done = len(view.kept)
        parts.append(Line("card.painting", {"id": view.id, "done": done, "total": view.count}, tone="title"))
        parts.append(Line("card.facts", {"facts": (*facts.what(view), *typed)}, tone="fact"))
        parts.append(Meter(done, view.count))
    else:
        parts.append(Line("card.accepted", {"id": view.id, "facts": (*facts.what(view), *typed)}, tone="title"))
        if waiting is not None:
            parts.append(_position(waiting))
    parts.append(Line("card.facts", {"facts": facts.held(view)}, tone="fact"))
    parts.extend(view.notes)
    if any(task.retries and task.status in UNFINISHED for task in view.tasks):
        parts.append(Line("card.trying_again", tone="fact"))
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
