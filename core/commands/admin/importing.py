"""Examples and inspirations in batch: pasted lines or a file, every bad line named before anything is saved."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import drafts, examples, gallery
from core.commands.admin.examples import choices
from core.commands.admin.frame import check_line, done, note, page, text
from core.commands.asking import Ask, Command
from core.commands.forming import formed
from core.errors import Refusal
from core.replies import Answer, Button, Field, FileField, Form, Item, Part, Quote, TextField
from core.requests import Line, Offered
from core.texts import LANGUAGES, say
from core.texts.library import SCENES

MOST_LINES = 500
MOST_BYTES = 1_000_000
SHOWN_BAD = 15
SHOWN_GOOD = 3
SPLIT = re.compile(r"\s*[|｜\t]\s*")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that cannot be taken: its number, what is wrong, how it begins."""

    number: int
    why: Line
    begins: str


def read_lines(pasted: str, one: Callable[[str], Row]) -> tuple[list[Row], list[Bad]]:
    """Every line with words, but not those after `#`: what `one` makes of it, or why it refuses. A line there twice is bad the second time."""
    good: list[Row] = []
    bad: list[Bad] = []
    for number, typed in enumerate(pasted.splitlines(), 1):
        line = typed.strip().lstrip("\ufeff")
        if not line or line.startswith("#"):
            continue
        try:
            row = one(line)
            if row in good:
                raise Refusal("admin_import.twice")
            good.append(row)
        except Refusal as refusal:
            bad.append(Bad(number, Line(refusal.key, refusal.values), line[:40]))
    return good, bad


def _example(scene: str, language: str) -> Callable[[str], Row]:
    """`line`, or `scene | line`, or `scene | language | line`."""
    names = {say(Line(f"random.scene_{one}"), each).lower(): one for one in SCENES for each in LANGUAGES}

    def one(line: str) -> Row:
        *head, words = SPLIT.split(line, maxsplit=2)
        found = {"scene": scene, "language": language, "line": check_line(words)}
        if head:
            found["scene"] = names.get(head[0].lower(), head[0].lower())
        if found["scene"] not in SCENES:
            raise Refusal(
                "random.scene",
                {"scene": found["scene"][:40], "known": tuple(Line(f"random.scene_{one}") for one in SCENES)},
            )
        if len(head) > 1:
            found["language"] = {"中文": "zh", "chinese": "zh", "英文": "en", "english": "en"}.get(
                head[1].lower(), head[1].lower()
            )
        if found["language"] not in LANGUAGES:
            raise Refusal("admin_examples.bad_language")
        if len(found["line"]) > examples.LONGEST:
            raise Refusal("random.line", {"most": examples.LONGEST})
        return found

    return one


def _inspiration(line: str) -> Row:
    """`title | line`."""
    title, *rest = SPLIT.split(line, maxsplit=1)
    if not rest:
        raise Refusal("admin_import.no_title")
    gallery.check(title, rest[0])
    return {"title": title, "line": check_line(rest[0])}


def _fields(kind: str) -> tuple[Field, ...]:
    return (
        TextField(
            "lines", Line("admin_import.field_lines"), "", Line(f"admin_import.hint_{kind}"), lines=8, required=False
        ),
        FileField("file", Line("admin_import.field_file"), hint=Line("admin_import.hint_file"), pictures=False),
    )


async def _examples_form(ask: Ask) -> Form:
    fields = (*choices(SCENES[0], ask.language), *_fields("examples"))
    return Form(
        "admin.examples.import", Line("admin_import.title_examples"), fields, submit=Line("admin_import.preview")
    )


async def _inspirations_form(ask: Ask) -> Form:
    title, submit = Line("admin_import.title_inspirations"), Line("admin_import.preview")
    return Form("admin.inspirations.import", title, _fields("inspirations"), submit=submit)


async def _examples(ask: Ask) -> Answer:
    one = _example(text(ask, "scene"), text(ask, "language"))
    return await _preview(ask, "examples", one)


async def _inspirations(ask: Ask) -> Answer:
    return await _preview(ask, "inspirations", _inspiration)


async def _given(ask: Ask) -> str:
    """What was pasted and what stands in the file. Refusals at their fields."""
    value = ask.request.values.get("file")
    files = [one for one in value if isinstance(one, Offered)] if isinstance(value, tuple) else []
    pasted = str(ask.request.values.get("lines") or "")
    for file in files[:1]:
        data = await ask.tools.messengers[ask.request.place.platform].fetch(file, MOST_BYTES)
        pasted += f"\n{_decoded(data)}" if pasted.strip() else _decoded(data)
    if not pasted.strip():
        raise Refusal("admin_import.nothing", field="lines")
    if sum(bool(line.strip()) for line in pasted.splitlines()) > MOST_LINES:
        raise Refusal("admin_import.too_many", {"most": MOST_LINES}, field="lines")
    return pasted


def _decoded(data: bytes) -> str:
    """UTF-8, or what Chinese spreadsheets write. Refusal `admin_import.not_text`."""
    if b"\0" not in data:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Refusal("admin_import.not_text", field="file")


async def _preview(ask: Ask, kind: str, one: Callable[[str], Row]) -> Answer:
    """How many lines are fine and what is wrong with each of the others; nothing is saved."""
    good, bad = read_lines(await _given(ask), one)
    parts: list[Part] = [Line("admin_import.checked", {"good": len(good), "bad": len(bad)}, tone="title")]
    parts += [
        Line("admin_import.bad", {"n": each.number, "why": each.why, "begins": each.begins}, tone="alert")
        for each in bad[:SHOWN_BAD]
    ]
    if len(bad) > SHOWN_BAD:
        parts.append(Line("admin_import.bad_more", {"n": len(bad) - SHOWN_BAD}, tone="fact"))
    again = Button(Line("admin_import.button_again"), f"admin.{kind}.import")
    if not good:
        return page(parts, (again,), back=f"admin.{kind}")
    parts.append(Line("admin_import.first", {"n": min(SHOWN_GOOD, len(good))}, tone="fact"))
    parts += [_shown(row) for row in good[:SHOWN_GOOD]]
    async with ask.tools.house.records.write() as tx:
        draft = await drafts.put(tx, "admin.import", {"kind": kind, "rows": good})
    save = Button(Line("admin_import.button_save", {"n": len(good)}), f"admin.{kind}.import.save", draft, "primary")
    return page(parts, (save, again), back=f"admin.{kind}")


def _shown(row: Row) -> Item:
    """A good line as it will stand on its shelf."""
    if "title" in row:
        return Item((Line("gallery.name", {"title": row["title"]}, "title"), Quote(row["line"])))
    what = (Line(f"random.scene_{row['scene']}"), Line(f"admin_examples.language_{row['language']}"))
    return Item((Line("admin_import.row", {"what": what}, "fact"), Quote(row["line"])))


async def _save(ask: Ask, kind: str) -> Answer:
    """All good lines in one transaction; those that are there already are left out and counted."""
    async with ask.tools.house.records.write() as tx:
        kept = await drafts.get(tx, "admin.import", ask.request.subject)
        if kept is None or kept["kind"] != kind or not await drafts.drop(tx, "admin.import", ask.request.subject):
            raise Refusal("admin_import.saved_before")
        rows: Sequence[Mapping[str, Any]] = kept["rows"]
        made = 0
        for row in rows:
            if kind == "examples":
                made += await examples.add(tx, row["scene"], row["language"], row["line"]) is not None
            else:
                await gallery.add(tx, row["title"], row["line"])
                made += 1
        await note(ask, tx, f"{kind}.import", after={"saved": made, "skipped": len(rows) - made})
    return done(Line("admin_import.saved", {"n": made, "skipped": len(rows) - made}), back=f"admin.{kind}")


async def save_examples(ask: Ask) -> Answer:
    """What the preview showed is saved."""
    return await _save(ask, "examples")


async def save_inspirations(ask: Ask) -> Answer:
    """What the preview showed is saved."""
    return await _save(ask, "inspirations")


VERBS: Mapping[str, Command] = {
    "admin.examples.import": formed(_examples_form, _examples),
    "admin.examples.import.save": save_examples,
    "admin.inspirations.import": formed(_inspirations_form, _inspirations),
    "admin.inspirations.import.save": save_inspirations,
}
