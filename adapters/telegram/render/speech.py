"""Single sentences: said in the reader's language, as a page or as plain words for a toast."""

from adapters.telegram.render.cut import cut
from adapters.telegram.render.drawn import Drawn, Page
from core.requests import Line
from core.texts import say

TOAST = 200
"""Units a callback's answer can hold."""


def sentence(line: Line, language: str) -> Page:
    """One sentence as a page."""
    return Page(cut(say(line, language), 4000))


def plain(drawn: Drawn) -> str | None:
    """The words of a reply short enough for a callback's answer; None when there is more to it than words."""
    if drawn.rows or not drawn.words_only or len(drawn.pages) != 1:
        return None
    text = drawn.pages[0].text
    return text if len(text.encode("utf-16-le")) // 2 <= TOAST else None
