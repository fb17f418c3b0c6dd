"""Templates in a paint line: `--tpl NAME gap=value` starts from the template, what is typed wins; and one named where it would have done."""

import dataclasses
import unicodedata
from functools import lru_cache

from core import access, templates
from core.commands.asking import Ask
from core.commands.line import Ordered, around_gaps, parse
from core.errors import Refusal
from core.requests import Line
from core.templates import Template

KEPT_UNLESS_TYPED = ("ratio", "size", "size_class", "count", "tier", "seed", "weight", "scale", "watermark", "format")
JOINED = ("avoid", "label", "source")
TELLING = 6
"""Letters a template's words need outside its gaps to be told from others."""


async def with_template(
    ask: Ask, ordered: Ordered, template: Template | None = None
) -> tuple[Ordered, tuple[str, ...], int | None]:
    """The order with its template's words and values under what was typed, the template's references, and its id.

    `template` is one chosen already, else the one typed is looked up: Refusal `template.unknown` naming what there is.
    """
    if template is None and ordered.template is None:
        return ordered, (), None
    if template is None:
        template = await _find(ask, ordered.template or "")
    base = parse(template.line)
    found = {name: getattr(base, name) for name in KEPT_UNLESS_TYPED if getattr(ordered, name) is None}
    if ordered.size is not None or ordered.size_class is not None or ordered.ratio is not None:
        for name in ("ratio", "size", "size_class"):
            found.pop(name, None)
    if "ratio" in found:
        found["more"] = base.more
    if ordered.weight is not None or ordered.scale is not None:
        found.pop("weight", None)
        found.pop("scale", None)
    found |= {name: getattr(base, name) for name in JOINED if not getattr(ordered, name)}
    words = "\n".join(part for part in (base.prompt, ordered.prompt) if part.strip())
    draft = ordered.draft if ordered.tier is not None else base.draft
    private = ordered.private or base.private
    merged = dataclasses.replace(ordered, prompt=words, draft=draft, private=private, **found)
    return dataclasses.replace(merged, template=template.name), template.references, template.id


async def _find(ask: Ask, name: str) -> Template:
    access.check_standing(ask.member.standing)
    async with ask.tools.house.records.read() as tx:
        template = await templates.find(tx, ask.member.id, name)
        known = await templates.names(tx, ask.member.id) if template is None else ()
    if template is None:
        if not known:
            raise Refusal("template.unknown_none", {"name": name})
        raise Refusal("template.unknown", {"name": name, "known": " ".join(known[:12])})
    return template


async def with_suggestion(ask: Ask, ordered: Ordered, references: tuple[str, ...]) -> Ordered:
    """The order with a note of the team's template that says the same words, or starts from the same references; most used first."""
    async with ask.tools.house.records.read() as tx:
        known = await templates.of_the_team(tx)
    said = _bare(ordered.prompt) if known else ""
    for number, name, line, pictures in known:
        if _says(line, said) or (pictures and set(pictures) <= set(references)):
            note = Line("card.team_template", {"name": name, "template": number})
            return dataclasses.replace(ordered, notes=(*ordered.notes, note))
    return ordered


def _bare(text: str) -> str:
    """Letters and digits alone, all in one case and width: how two prompts are compared."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


@lru_cache(maxsize=1024)
def _fixed(line: str) -> tuple[str, ...]:
    """The bare words around a template's gaps; () for one that says too little to be told from others."""
    try:
        parts = tuple(_bare(part) for part in around_gaps(parse(line).prompt))
    except Refusal:
        return ()
    return parts if sum(len(part) for part in parts) >= TELLING else ()


def _says(line: str, said: str) -> bool:
    """Whether bare words are this template's, with anything in its gaps."""
    parts = _fixed(line)
    if len(parts) < 2:
        return bool(parts) and parts[0] == said
    first, *between, last = parts
    at, end = len(first), len(said) - len(last)
    if not (said.startswith(first) and said.endswith(last)):
        return False
    for part in between:
        found = said.find(part, at + 1, end)  # a gap holds one letter at least
        if found < 0:
            return False
        at = found + len(part)
    return at < end
