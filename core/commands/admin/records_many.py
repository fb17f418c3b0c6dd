"""Many records at once: deleted after their number was confirmed, exported as CSV or JSON without words or secrets."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from core import drafts, generations
from core.cards.evidence import cell, evidence
from core.commands.admin.filters import Narrowed, kept
from core.commands.admin.frame import note, page
from core.commands.asking import Ask, Command
from core.commands.life import from_the_gallery, remove
from core.errors import Refusal
from core.generations import GenerationView
from core.images import StoreTrouble
from core.replies import Answer, Button, Document, Part
from core.requests import Line, Value

MOST_DELETED = 200
MOST_EXPORTED = 5000
STEP = 200


async def batch(ask: Ask) -> Answer:
    """How many would go, before any does: those picked one by one (`ids`), else all that match; without a filter nothing is deleted in batch."""
    picked = ask.request.values.get("ids")
    if isinstance(picked, tuple) and picked:
        found, unknown = await _picked(ask, [str(one) for one in picked[:MOST_DELETED]])
        values: dict[str, Value] = {"n": len(unknown), "ids": " ".join(unknown)}
        said = [Line("admin_records.batch_unknown", values, tone="fact")] if unknown else []
        return await _confirm(ask, found, said, 0, "")
    narrowed = await kept(ask, ask.request.subject)
    if not narrowed.draft:
        raise Refusal("admin_records.batch_no_filter")
    async with ask.tools.house.records.read() as tx:
        total = await generations.count(tx, narrowed.filter)
        found = await generations.listed(tx, narrowed.filter, most=MOST_DELETED)
    said = [Line("admin_records.narrowed", {"by": narrowed.said}, tone="fact")]
    return await _confirm(ask, found, said, total - len(found), f"{narrowed.draft}.0")


async def _picked(ask: Ask, ids: Sequence[str]) -> tuple[Sequence[GenerationView], Sequence[str]]:
    """Those on record, and the ids of which there is nothing (any more)."""
    async with ask.tools.house.records.read() as tx:
        loaded = {one: await generations.load(tx, one) for one in ids}
    found = [view for view in loaded.values() if view is not None and view.deleted is None]
    known = {view.id for view in found}
    return found, [one[:20] for one in loaded if one not in known]


async def _confirm(ask: Ask, found: Sequence[GenerationView], said: Sequence[Part], more: int, back: str) -> Answer:
    """Their number and the button that deletes exactly these; `more` match and are too many for once."""
    ended = [view.id for view in found if view.settled]
    if not ended:
        raise Refusal("admin_records.batch_none")
    async with ask.tools.house.records.write() as tx:
        draft = await drafts.put(tx, "admin.batch", {"ids": ended})
    pictures = sum(len(view.kept) for view in found if view.settled)
    parts: list[Part] = [
        Line("admin_records.batch_ask", {"n": len(ended), "pictures": pictures}, tone="title"),
        *said,
    ]
    if len(found) > len(ended):
        parts.append(Line("admin_records.batch_running", {"n": len(found) - len(ended)}, tone="fact"))
    if more:
        parts.append(Line("admin_records.batch_more", {"n": more, "most": MOST_DELETED}, tone="fact"))
    parts += await from_the_gallery(ask, ended)
    parts.append(Line("admin_records.batch_stays", tone="fact"))
    sure = Button(
        Line("admin_records.button_batch_sure", {"n": len(ended)}), "admin.records.batch.sure", draft, "danger"
    )
    return page(parts, (sure,), back=f"admin.records:{back}")


async def batch_sure(ask: Ask) -> Answer:
    """Exactly those that were counted; one that cannot be deleted is told and stays whole."""
    async with ask.tools.house.records.write() as tx:
        found = await drafts.get(tx, "admin.batch", ask.request.subject)
        if found is None or not await drafts.drop(tx, "admin.batch", ask.request.subject):
            raise Refusal("admin_records.batch_done_before")
        await note(ask, tx, "records.batch", after={"ids": found["ids"]})
    deleted, left = 0, []
    for generation_id in found["ids"]:
        async with ask.tools.house.records.read() as tx:
            view = await generations.load(tx, generation_id)
        if view is None or view.deleted is not None:
            continue
        try:
            await remove(ask, view)
            deleted += 1
        except (Refusal, StoreTrouble):
            left.append(generation_id)
    line = Line("admin_records.batch_done", {"n": deleted})
    rest = (
        [Line("admin_records.batch_left", {"n": len(left), "ids": " ".join(left[:20])}, tone="alert")] if left else []
    )
    return page((line, *rest), back="admin.records")


async def as_csv(ask: Ask) -> Answer:
    """A table for a spreadsheet."""
    return await _export(ask, "csv")


async def as_json(ask: Ask) -> Answer:
    """Everything on record, as JSON."""
    return await _export(ask, "json")


async def _export(ask: Ask, form: str) -> Answer:
    narrowed = await kept(ask, ask.request.subject)
    views, total = await _matching(ask, narrowed)
    rows = [evidence(view, words=False) for view in views]
    content = _csv(rows) if form == "csv" else json.dumps(rows, ensure_ascii=False, indent=1).encode()
    async with ask.tools.house.records.write() as tx:
        await note(ask, tx, "records.export", form, after={"rows": len(rows), "filter": dict(narrowed.typed)})
    stamp = ask.tools.clock().astimezone(ask.tools.house.zone).strftime("%Y%m%d-%H%M")
    file = Document(f"paintbot-records-{stamp}.{form}", "text/csv" if form == "csv" else "application/json", content)
    values: dict[str, Value] = {"n": len(rows), "total": total}
    key = "admin_records.exported_part" if total > len(rows) else "admin_records.exported"
    parts = (Line(key, values), Line("admin_records.export_redacted", tone="fact"), file)
    return page(parts, back=f"admin.records:{narrowed.draft}.0")


async def _matching(ask: Ask, narrowed: Narrowed) -> tuple[Sequence[GenerationView], int]:
    """The newest matching records, as many as a file takes, of one moment."""
    found: list[GenerationView] = []
    async with ask.tools.house.records.read() as tx:
        total = await generations.count(tx, narrowed.filter)
        while len(found) < min(total, MOST_EXPORTED):
            step = await generations.listed(tx, narrowed.filter, offset=len(found), most=STEP)
            if not step:
                break
            found += step
    return found[:MOST_EXPORTED], total


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """With the mark by which spreadsheets know UTF-8; what is no plain value stands as JSON."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    names = list(rows[0]) if rows else []
    writer.writerow(names)
    writer.writerows([cell(row[name]) for name in names] for row in rows)
    return out.getvalue().encode("utf-8-sig")


VERBS: Mapping[str, Command] = {
    "admin.records.batch": batch,
    "admin.records.batch.sure": batch_sure,
    "admin.records.csv": as_csv,
    "admin.records.json": as_json,
}
