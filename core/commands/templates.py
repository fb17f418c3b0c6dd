"""Templates in a paint line: `--tpl NAME gap=value` starts from the template, what is typed wins."""

import dataclasses

from core import templates
from core.commands.asking import Ask
from core.commands.line import Ordered, parse
from core.errors import Refusal
from core.templates import Template

KEPT_UNLESS_TYPED = ("ratio", "size", "size_class", "count", "tier", "seed", "weight", "scale", "watermark", "format")
JOINED = ("avoid", "label", "source")


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
    async with ask.tools.house.records.read() as tx:
        template = await templates.find(tx, ask.member.id, name)
        known = await templates.names(tx, ask.member.id) if template is None else ()
    if template is None:
        raise Refusal("template.unknown", {"name": name, "known": " ".join(known[:12]) or "-"})
    return template
