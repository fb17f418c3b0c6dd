"""A successful painting saved as a template: its words with `{gaps}`, its references, and every parameter as a line."""

import dataclasses
from collections.abc import Mapping

from core import audit, templates
from core.commands.asking import Ask, Command, find
from core.commands.line import Ordered, drawable, gaps_in, parse, write
from core.commands.names import spoken
from core.commands.recalled import recalled, source_of, tier_of
from core.commands.shelf import owner_of, who_field
from core.errors import Refusal
from core.generations import GenerationView
from core.replies import Answer, Button, Field, Form, Quote, Reply, TextField
from core.requests import Line


async def save(ask: Ask) -> Answer:
    """The form with name, words and parameters; submitted, the template. Refusal `template.not_painted`, and those of name and line."""
    view = await find(ask, ask.request.subject or ask.request.text)
    if not view.kept:
        raise Refusal("template.not_painted", {"id": view.id})
    base = await source_of(ask, view)
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


def line_of(ask: Ask, base: GenerationView, view: GenerationView) -> Ordered:
    """The order that paints it again: `base` gives words, shape and seed, `view` (its final, or itself) tier and count."""
    format_ = recalled(ask, view).format
    return dataclasses.replace(
        recalled(ask, base), count=view.count, tier=tier_of(view.tier), private=False, format=format_
    )


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
    if not drawable(prompt):
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
