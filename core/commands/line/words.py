"""A typed text cut into words: quotes hold together, line breaks are kept, and every word knows where it stood."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

CLOSERS = {'"': '"', "\uff02": "\uff02", "“": '”"', "„": '“”"', "「": "」", "『": "』", "«": "»"}
"""What opens a quotation, with what may close it (best first). A quotation stays within its line."""
APOSTROPHES = {"'": "'", "‘": "’"}
"""These quote a whole value only: inside a prompt they are apostrophes."""
QUOTES = frozenset("".join(CLOSERS) + "".join(CLOSERS.values()) + "".join(APOSTROPHES) + "".join(APOSTROPHES.values()))
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
"""What keyboards make of a hyphen: – — － and their kin."""
_SPACE = re.compile(r"[^\S\n]*")
_CUT = ",，;；、。.!！"
_FLAG = re.compile(f"^[{DASHES}]{{1,2}}(?=[A-Za-zＡ-Ｚａ-ｚ])")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its line number and its span in the text."""

    text: str
    line: int
    start: int
    end: int


def fold(text: str) -> str:
    """NFKC and lower case: ４张 -> 4张, １６：９ -> 16:9."""
    return unicodedata.normalize("NFKC", text).lower()


def bare(text: str) -> str:
    """A word folded and without the punctuation that follows it: `16:9，` -> `16:9`."""
    return fold(text).strip(_CUT + " ")


def drawable(text: str) -> bool:
    """Whether anything in a text can be painted: a letter, a number, an emoji; dots and dashes only in quotes, empty quotes never."""
    kinds = [unicodedata.category(sign) for sign in text if sign not in QUOTES]
    if any(kind[0] in "LNS" and kind != "Sk" for kind in kinds):
        return True
    return any(sign in QUOTES for sign in text) and any(kind[0] in "PS" for kind in kinds)


def is_flag(text: str) -> bool:
    """One or two dashes at the start of a word, before a Latin letter."""
    return _FLAG.match(text) is not None


def after_dashes(text: str) -> str:
    """`——ar` -> `ar`, `--禁用` -> `禁用`; three dashes and more are no flag and stay."""
    rest = text.lstrip(DASHES)
    return rest if len(text) - len(rest) <= 2 else text


def quotation(text: str, at: int) -> int:
    """Where the quotation opening at `at` ends (one past its closer); `at` when none opens or closes in this line.

    A straight quote after a Latin letter or digit is an inch or a closing quote, not an opening one.
    """
    closers = CLOSERS.get(text[at])
    before = text[at - 1] if at else " "
    if closers is None or (text[at] == '"' and before.isascii() and before.isalnum()):
        return at
    stop = text.find("\n", at)
    for closer in closers:
        end = text.find(closer, at + 1, stop if stop >= 0 else len(text))
        if end >= 0:
            return end + 1
    return at


def unquoted(text: str) -> str:
    """A value without the one pair of quotes around all of it."""
    text = text.strip()
    if len(text) >= 2 and quotation(text, 0) == len(text):
        return text[1:-1].strip()
    closer = APOSTROPHES.get(text[:1])
    if closer and len(text) >= 2 and text.find(closer, 1) == len(text) - 1:
        return text[1:-1].strip()
    return text


def words(text: str) -> tuple[Word, ...]:
    """All words of a text in order; white space inside a quotation does not cut."""
    return tuple(_words(text))


def _words(text: str) -> Iterator[Word]:
    at, line = 0, 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at >= len(text):
            return
        if text[at] == "\n":
            at, line = at + 1, line + 1
            continue
        start = at
        while at < len(text) and not text[at].isspace():
            end = quotation(text, at)
            at = end if end > at else at + 1
        yield Word(text[start:at], line, start, at)


def rejoin(text: str, all_words: Sequence[Word], kept: Sequence[Word]) -> str:
    """The text with only the kept words: lines that lost nothing stay verbatim, a line that lost every word is gone."""
    stays = set(kept)
    lines = text.split("\n")
    by_line: dict[int, list[Word]] = {}
    for word in all_words:
        by_line.setdefault(word.line, []).append(word)
    out = []
    for number, line in enumerate(lines):
        there = by_line.get(number, [])
        left = [word for word in there if word in stays]
        if len(left) == len(there):
            out.append(line)
        elif left:
            indent = line[: len(line) - len(line.lstrip())] if left[0] == there[0] else ""
            out.append(indent + _joined(text, there, left))
    return "\n".join(out).strip()


def _joined(text: str, there: Sequence[Word], left: Sequence[Word]) -> str:
    """The words left of a line, each with the space that stood before it."""
    before = {word: text[previous.end : word.start] for previous, word in pairwise(there)}
    return left[0].text + "".join(before[word] + word.text for word in left[1:])
