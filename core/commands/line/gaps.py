"""The gaps of a template's prompt: `{product}` is filled by the word `product=…`."""

import re
from collections.abc import Mapping

from core.errors import Refusal

_GAP = re.compile(r"\{([^\W\d]\w*)\}")


def gaps_in(prompt: str) -> tuple[str, ...]:
    """The names of a prompt's gaps, each once, in order."""
    return tuple(dict.fromkeys(_GAP.findall(prompt)))


def around_gaps(prompt: str) -> tuple[str, ...]:
    """What stands before, between and after a prompt's gaps; the prompt itself when it has none."""
    return tuple(_GAP.split(prompt)[::2])


def fill(prompt: str, gaps: Mapping[str, str]) -> str:
    """The prompt with every gap filled, in one pass (a value's own braces stay).

    `Refusal` names the gaps without a word, or the words without a gap.
    """
    wanted = gaps_in(prompt)
    if missing := [name for name in wanted if not gaps.get(name)]:
        raise Refusal(
            "line.gaps_missing", {"gaps": "、".join(missing), "example": " ".join(f"{name}=…" for name in missing)}
        )
    if unknown := [name for name in gaps if name not in wanted]:
        key = "line.gaps_unknown" if wanted else "line.gaps_none"
        raise Refusal(key, {"gaps": "、".join(unknown), "known": "、".join(wanted)})
    return _GAP.sub(lambda gap: gaps[gap[1]], prompt)
