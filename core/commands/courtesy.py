"""Words that ask for no picture: a greeting, thanks, a nod, bare punctuation. Nobody pays for a picture of "你好" or "thanks"."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

from core.replies import Reply
from core.requests import Line, Offered, Request
from core.texts.library import said_without_prompt

Kind = Literal["hello", "nod", "between"]

QUOTED = re.compile('["“”「」『』《》]')
CODE = re.compile(r":[\w+'-]+:")
"""An emoji as Slack writes it."""
GREETED = re.compile(r"👋|:wave:|\bgood (?:morning|afternoon|evening)\b")
"""A beautiful morning is something to paint."""
NOD = re.compile(
    r"[👍👏🙏👌🙌🤝]|:(?:\+1|thumbsup|clap|ok_hand|pray|raised_hands|handshake):|(?<!\S)\+1(?!\S)"
    r"|\b(?:(?:love|like) (?:it|this|that)|all right)\b"
)
WORD = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
"""Latin words, and Chinese as far as it runs."""

LONGEST = (60, 16)
"""All of these are short: characters at most, and of them Chinese; beyond that it is a prompt, unread by the pattern above."""


def courtesy(text: str, *, below: bool = False) -> Reply | None:
    """What is said to words that ask for no picture; None for a prompt.

    `below`: said under a painting, where emoji without any word are no prompt either.
    """
    said = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    if not said.strip() or QUOTED.search(text):
        return None
    said = NOD.sub(" ok ", GREETED.sub(" hi ", said))
    words = WORD.findall(CODE.sub(" ", said))
    kinds = _kinds(words)
    if "nod" in kinds and (below or "hello" not in kinds):
        return Reply((Line("courtesy.below" if below else "courtesy.alone"),))
    if "hello" in kinds:
        return Reply((Line("courtesy.hello", {"words": text.strip()}),))
    if words or not all(map(_is_punctuation, said)):
        return Reply((Line("courtesy.below"),)) if below and not words else None
    return Reply((Line("courtesy.unclear_below" if below else "courtesy.unclear"),))


def _kinds(words: list[str]) -> set[Kind]:
    """What the words are; nothing where one of them is of a prompt."""
    longest, chinese = LONGEST
    if sum(map(len, words)) > longest or sum(len(word) for word in words if not word.isascii()) > chinese:
        return set()
    kinds = [_latin().get(word) or _chinese(word) for word in words]
    return {kind for kind in kinds if kind} if all(kinds) else set()


@cache
def _latin() -> Mapping[str, Kind]:
    """What a whole word is. What only stands beside a greeting or a nod ("that is a very nice one") is a prompt when it stands alone."""
    lists = said_without_prompt()["latin"]
    return {word: kind for kind in get_args(Kind) for word in lists[kind].split()}


@cache
def _pattern() -> re.Pattern[str]:
    """One or more courtesies in a row, each with whom it is said to; the group `hello` tells a greeting."""
    part = {name: f"(?:{'|'.join(words)})" for name, words in said_without_prompt()["chinese"].items()}
    each = ("(?P<hello>{hello})", "{degree}?{nod}", "{degree}{praise}")
    return re.compile(f"(?:{'|'.join(f'{one}{{to}}?{{tail}}' for one in each)}|{{praise}}{{cry}})+".format(**part))


def _chinese(word: str) -> Kind | None:
    found = _pattern().fullmatch(word)
    return None if found is None else "hello" if found["hello"] else "nod"


def _is_punctuation(sign: str) -> bool:
    """Spaces, full stops, dashes, tildes: no letter, and no picture of its own as an emoji is."""
    return sign.isspace() or unicodedata.category(sign) in ("Sm", "Sc", "Sk") or unicodedata.category(sign)[0] == "P"


def courteous(request: Request) -> Reply | None:
    """The same for a line to be painted; None where files of the member's own or a form's fields come with it."""
    if request.values or any(isinstance(one, Offered) for one in request.references):
        return None
    return courtesy(request.text, below=bool(request.reply_to))
