"""The evidence card: everything support needs to know of a painting, and no secret, as JSON."""

import dataclasses
import json
from datetime import datetime
from typing import Any

from core.cards import facts
from core.generations import GenerationView, TaskView
from core.replies import Facts
from core.requests import Line, Value

INSIDE = ("credential", "error_text")
"""What only admins read: the key's name and Jimeng's own words."""
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""How a formula begins; a spreadsheet set to Chinese or Japanese reads the wide signs as well."""


def evidence(view: GenerationView, *, words: bool, inside: bool = True) -> dict[str, Any]:
    """A painting as plain JSON values. Without `words` the prompt and everything typed is redacted to its length; `inside` is for admins."""
    record = {
        field.name: getattr(view, field.name)
        for field in dataclasses.fields(view)
        if field.name not in ("tasks", "references", "place", "notes", "points_left", "revision")
    }
    if not words:
        for name in ("prompt_typed", "prompt_sent", "avoid", "source"):
            record[name] = f"({len(record[name])} characters)" if record[name] else ""
    record["place"] = {"platform": view.place.platform, "channel": view.place.channel, "thread": view.place.thread}
    record["notes"] = [note.key for note in view.notes]
    record["references"] = [
        {"number": at, "sha256": one.sha256, "size": f"{one.width}x{one.height}"}
        for at, one in enumerate(view.references, 1)
    ]
    record["tasks"] = [_task(task, inside) for task in view.tasks]
    return {name: _plain(value) for name, value in record.items()}


def _task(task: TaskView, inside: bool) -> dict[str, Any]:
    hidden = ("image",) if inside else ("image", *INSIDE)
    found = {
        field.name: _plain(getattr(task, field.name)) for field in dataclasses.fields(task) if field.name not in hidden
    }
    if task.image is not None:
        found["picture"] = {
            "size": f"{task.image.width}x{task.image.height}",
            "bytes": task.image.size,
            "sha256": task.image.sha256,
        }
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def cell(value: Any) -> str:
    """A value of the card for a table: what is no plain value as JSON, and nothing a spreadsheet takes for a formula."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def at_a_glance(view: GenerationView) -> Facts:
    """What admins are told of a painting that needs a look: nothing its member typed, no picture, no secret."""
    rows: list[tuple[Line, Value]] = [
        (Line("details.asked"), view.created),
        (Line("details.state"), Line(f"details.state_{view.outcome or 'running'}")),
        (Line("details.size"), facts.size(view)),
        (Line("details.count"), facts.tier_and_count(view)),
        (Line("details.model"), view.model),
        (Line("details.references"), len(view.references)),
        (Line("details.delivery"), Line(f"details.delivery_{view.delivery}")),
    ]
    for task in view.failed:
        known = {"code": task.error_code, "task": task.task_id, "request": " ".join(task.request_ids[-1:])}
        told: dict[str, Value] = {name: value or "-" for name, value in known.items()}
        rows.append((Line("details.failed", {"n": task.number}), Line("details.failed_value", told)))
    return Facts(tuple(rows))


def as_json(view: GenerationView, *, words: bool, inside: bool = True) -> str:
    """The evidence card as text to keep."""
    return json.dumps(evidence(view, words=words, inside=inside), ensure_ascii=False, indent=2)
