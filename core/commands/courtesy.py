"""Words that ask for no picture: a greeting, thanks, a nod, bare punctuation. Nobody pays for a picture of "你好" or "thanks"."""

import re
import unicodedata
from typing import Literal

from core.replies import Reply
from core.requests import Line, Offered, Request

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

LATIN: dict[Kind, str] = {
    "between": "a all are can do i is it job looks lot many much no one really so sounds that thats there this too u use very well work you",
    "hello": "hi hello hey hiya how what who",
    "nod": "thanks thank thx tks ty tysm cheers appreciated ok okay k kk okey alright got fine yes yep yeah sure done "
    "great nice good cool awesome amazing perfect excellent wonderful fantastic lovely beautiful brilliant gorgeous "
    "bravo congrats wow woow yay haha hahaha lol yyds nb 3q 66 666 6666",
}
"""What only stands beside a greeting or a nod ("that is a very nice one") is a prompt when it stands alone."""
KINDS = {word: kind for kind, words in LATIN.items() for word in words.split()}

TO, DEGREE, PRAISE = (
    "(?:你们|你|您|大家|老师|大佬)?[啊呀啦了喔吧呢的哒滴嘞呐耶]*",
    "(?:真的|[太真很好挺超多还]|非常|十分|确实)",
    "[牛美帅酷绝爱]",
)
CHINESE = re.compile(
    rf"(?:(?P<hello>(?:你|您|大家|你们|早上?|上午|下午|晚上)好|[早晚]安|早|你?在[吗么不]|在不在|有人在?吗|怎么用|你?(?:是谁|[会能]做?什么|能干什么|会画什么)|嗨|哈[喽啰罗]){TO}"
    rf"|{DEGREE}?(?:谢谢|感谢|多谢|谢|辛苦|麻烦|好看|好|可以|行|没问题|收到|知道|明白|了解|点赞|[嗯哦噢哇哈嘿嘻赞棒]"
    rf"|不错|漂亮|厉害|可爱|完美|喜欢|满意|惊艳){TO}"
    rf"|{DEGREE}{PRAISE}{TO}|{PRAISE}[啊呀啦了]+)+"
)
"""An ox, beauty, love: 牛, 美, 爱 alone are something to paint; 太牛了 and 爱了 are praise."""
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
    kinds = [KINDS.get(word) or _chinese(word) for word in words]
    return {kind for kind in kinds if kind} if all(kinds) else set()


def _chinese(word: str) -> Kind | None:
    found = CHINESE.fullmatch(word)
    return None if found is None else "hello" if found["hello"] else "nod"


def _is_punctuation(sign: str) -> bool:
    """Spaces, full stops, dashes, tildes: no letter, and no picture of its own as an emoji is."""
    return sign.isspace() or unicodedata.category(sign) in ("Sm", "Sc", "Sk") or unicodedata.category(sign)[0] == "P"


def courteous(request: Request) -> Reply | None:
    """The same for a line to be painted; None where files of the member's own or a form's fields come with it."""
    if request.values or any(isinstance(one, Offered) for one in request.references):
        return None
    return courtesy(request.text, below=bool(request.reply_to))
