"""Lengths as Telegram counts them: in UTF-16 units, cut before entities are built."""

CAPTION, TEXT = 1000, 4000
"""Units we allow ourselves; Telegram's own limits are 1 024 and 4 096."""


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """At most `most` units of the text, with … where something is missing; never half of a pair."""
    if units(text) <= most:
        return text
    return text.encode("utf-16-le")[: (most - 1) * 2].decode("utf-16-le", "ignore").rstrip() + "…"
