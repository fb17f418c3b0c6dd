"""Words that only say thank you: nobody pays for a picture of "thanks", "好的" or 👍."""

import re
import unicodedata

from core.replies import Reply
from core.requests import Line, Offered, Request

CODE = re.compile(r":[\w+'-]+:")
"""An emoji as Slack writes it."""
QUOTED = re.compile('["“”「」『』《》]')
LATIN = (
    "thanks( you)?( so much| a lot| a bunch)?|thank (you|u)( so much| very much| a lot)?|many thanks|thx|tks|ty|tysm|cheers|"
    "much appreciated|ok(ay)?|k{1,3}|okey|got it|sounds good|alright|all right|fine|yes|yep|yeah|sure|done|"
    "(very |so |really |that is |thats |that s |looks )?(great|nice|good|cool|awesome|amazing|perfect|excellent|wonderful|"
    "fantastic|lovely|beautiful|brilliant|gorgeous)( job| work| one| stuff)?|well done|bravo|wow+|yay+|"
    "(i )?(love|like) (it|this|that)( so much| a lot)?|ha(ha)+|lo+l|congrats|yyds|nb"
)
CHINESE = (
    "(太|非常|多|十分)?(谢谢|感谢|多谢|谢|谢了)(你|您|大家|老师|大佬)?|3q|辛苦(你|您)?|麻烦(你|您)了|"
    "好|好的|可以|行|没问题|收到|知道|明白|了解|嗯|哦|噢|点赞|爱|哇|哈|嘿|嘻|6{2,}|"
    "(真|很|好|太|挺|超|非常|真的|还|确实)?(不错|棒|赞|好看|漂亮|美|好|厉害|牛|可爱|完美|喜欢|满意|帅|酷|绝|惊艳)"
)
PARTICLES = "[啊呀啦了喔吧呢的哒滴嘞呐耶]*"
THANKS = re.compile(rf"(?:(?:(?<![a-z])(?:{LATIN})(?![a-z])|(?:{CHINESE}){PARTICLES}) ?)+")
LONGEST = (60, 16)
"""Thanks are short: characters at most, and of them Chinese; beyond that it is a prompt, unread by the pattern above."""
GESTURES = frozenset("👍👏🙏👌🙌🤝")


def courtesy(text: str, *, below: bool = False) -> Reply | None:
    """What is said to words that are thanks, praise or a nod alone; None for a prompt.

    `below`: said under a painting, where emoji and signs without any word are no prompt either.
    """
    if QUOTED.search(text):
        return None
    bare = CODE.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    words = " ".join(
        "".join(sign if sign.isalnum() else " " for sign in bare.replace("'", "").replace("’", "")).split()
    )
    signs = {sign for sign in bare if not sign.isspace() and unicodedata.category(sign) not in ("Mn", "Sk", "Cf")}
    if not text.strip() or (words and not (_thanks(words) or text.strip() == "+1")):
        return None
    if not words and not (below or (signs and signs <= GESTURES)):
        return None
    if not words and bare.strip() and all(unicodedata.category(sign)[0] == "P" for sign in signs):
        return Reply((Line("courtesy.unclear"),))
    return Reply((Line("courtesy.below" if below else "courtesy.alone"),))


def _thanks(words: str) -> bool:
    longest, chinese = LONGEST
    if len(words) > longest or sum(not sign.isascii() for sign in words) > chinese:
        return False
    return THANKS.fullmatch(words) is not None


def courteous(request: Request) -> Reply | None:
    """The same for a line to be painted; None where files of the member's own or a form's fields come with it."""
    if request.values or any(isinstance(one, Offered) for one in request.references):
        return None
    return courtesy(request.text, below=bool(request.reply_to))
