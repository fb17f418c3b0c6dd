"""A successful painting saved as a template: its words with `{gaps}`, its references, and every parameter as a line."""

import dataclasses
from collections.abc import Mapping

from core import audit, generations, templates
from core.commands.asking import Ask, Command, find
from core.commands.line import Ordered, gaps_in, parse, write
from core.commands.names import spoken
from core.commands.shelf import owner_of, who_field
from core.errors import Refusal
from core.generations import GenerationView
from core.jimeng.models import Model, Tier
from core.jimeng.sizes import size_for
from core.replies import Answer, Button, Field, Form, Quote, Reply, TextField
from core.requests import Line


async def save(ask: Ask) -> Answer:
    """The form with name, words and parameters; submitted, the template. Refusal `template.not_painted`, and those of name and line."""
    view = await find(ask, ask.request.subject or ask.request.text)
    if not view.kept:
        raise Refusal("template.not_painted", {"id": view.id})
    base = await _source(ask, view)
    if ask.request.values:
        return await _saved(ask, view, base)
    ordered = line_of(ask, base, view)
    fields: tuple[Field, ...] = (
        TextField("name", Line("template.field_name"), "", Line("template.hint_name"), longest=40),
        TextField(
            "prompt",
            Line("template.field_prompt"),
            ordered.prompt,
            Line("template.hint_prompt", {"open": "{", "close": "}"}),
            lines=5,
        ),
        TextField("flags", Line("template.field_flags"), _flags(ordered), Line("template.hint_flags"), required=False),
        *who_field(ask, ask.member.id),
    )
    title = Line("template.save_title", {"id": view.id})
    intro = (Line("template.with_references", {"n": len(base.references)}, "fact"),) if base.references else ()
    return Form("template.save", title, fields, view.id, Line("template.save_submit"), intro=intro)


async def _source(ask: Ask, view: GenerationView) -> GenerationView:
    """What the words and references are taken from: the draft of a final, else the painting itself."""
    if view.parent_kind != "final" or not view.parent_id:
        return view
    async with ask.tools.house.records.read() as tx:
        draft = await generations.load(tx, view.parent_id)
    return view if draft is None or draft.deleted is not None else draft


def line_of(ask: Ask, base: GenerationView, view: GenerationView) -> Ordered:
    """The order that paints it again: `base` gives words, shape and seed, `view` (its final, or itself) tier and count."""
    row = next((one for one in ask.tools.models.rows if one.req_key == base.model), None)
    tier: Tier = "hd" if view.tier == "hd" else "sd"
    ratio = _ratio(base, row)
    scale = None
    if row is not None and base.weight is not None and row.scale != "none":
        scale = round(base.weight / (1 if row.scale == "0..1" else 100), 2)
    return Ordered(
        prompt=base.prompt_typed,
        ratio=ratio,
        size=None if ratio else (base.width, base.height),
        count=view.count,
        tier=tier,
        seed=base.seed,
        scale=scale,
        avoid=base.avoid,
        label=base.label,
        source=base.source,
        watermark=base.watermark,
        format=view.format if view.format in ("jpg", "png", "webp") else None,  # type: ignore[arg-type]
    )


def _ratio(base: GenerationView, row: Model | None) -> tuple[int, int] | None:
    """Its ratio, where that alone gives its size again; None where the size was an exact one."""
    wide, _, high = base.ratio.partition(":")
    if not high or row is None:
        return None
    shape = (int(wide), int(high))
    try:
        usual = size_for(row, "hd" if base.tier == "hd" else "sd", shape)
    except Refusal:
        return None
    return shape if usual == (base.width, base.height) else None


def _flags(ordered: Ordered) -> str:
    return write(dataclasses.replace(ordered, prompt=""))


async def _saved(ask: Ask, view: GenerationView, base: GenerationView) -> Reply:
    values = ask.request.values
    line = _line(str(values.get("prompt") or ""), str(values.get("flags") or ""))
    owner = owner_of(ask, ask.member.id)
    references = tuple(image.id for image in base.references)
    name = str(values.get("name") or "").strip()
    async with ask.tools.house.records.write() as tx:
        made = await templates.add(tx, name, line, owner=owner, references=references, generation_id=view.id)
        if owner is None:
            await audit.note(tx, ask.member.id, "templates.add", str(made), after={"name": name, "line": line})
    gaps = "".join(f" {gap}=…" for gap in gaps_in(parse(line).prompt))
    typed = f"{spoken('paint', ask.request.place.platform)} --tpl {name}{gaps}"
    whose = "template.saved_team" if owner is None else "template.saved"
    use = Button(Line("template.button_use"), "template.use", str(made), "primary")
    return Reply((Line(whose, {"name": name}), Quote(line)), (use,), private=True, copy=typed)


def _line(prompt: str, flags: str) -> str:
    """Words and flags as one line that reads back as both. Refusal at the field that is wrong."""
    if not prompt.strip():
        raise Refusal("template.no_prompt", field="prompt")
    try:
        ordered = parse(flags)
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values, field="flags") from refusal
    if ordered.prompt or ordered.template:
        raise Refusal("template.only_flags", {"words": (ordered.prompt or "--tpl")[:60]}, field="flags")
    line = write(dataclasses.replace(ordered, prompt=prompt.strip()))
    try:
        parse(line)
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values, field="prompt") from refusal
    return line


VERBS: Mapping[str, Command] = {"template.save": save}
