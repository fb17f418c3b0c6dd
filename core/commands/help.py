"""Help in four topics: the start, the flags, how to write a prompt, and the words we use."""

from collections.abc import Mapping

from core.commands.line import FLAGS, LONGEST
from core.commands.names import COMMANDS, spoken
from core.replies import Button, Facts, Part, Quote, Reply
from core.requests import Line, Value
from core.texts import say

TOPICS = ("", "params", "prompt", "terms")
_TOPIC_WORDS: Mapping[str, str] = {
    "params": "params", "flags": "params", "parameters": "params", "参数": "params",
    "prompt": "prompt", "prompts": "prompt", "writing": "prompt", "描述": "prompt", "提示词": "prompt", "写法": "prompt",
    "terms": "terms", "words": "terms", "glossary": "terms", "术语": "terms", "名词": "terms",
}  # fmt: skip
_HELP_WORDS = ("help", "帮助", "?", "？", "--help", "—help")
_GROUPS = ("shape", "quality", "content", "team", "output")
_TOGETHER = ("--h",)
"""Explained in the row of another flag."""
_PARAM_RULES = ("anywhere", "chinese", "text", "quotes", "repeat", "default")
_PROMPT_STEPS = ("subject", "style", "light", "lens", "details")
_PROMPT_HINTS = ("use", "words", "avoid", "reference", "iterate")
_TERMS = (
    ("work", ("id", "task", "draft", "final", "seed", "reference", "template", "inspiration", "example", "adopt")),
    ("state", ("queued", "painting", "done", "partial", "failed", "cancelled", "undelivered")),
    ("points", ("price", "hold", "charge", "release", "ledger")),
)


def asks_help(text: str) -> str | None:
    """The topic of `/paint help params`; None when the words after `/paint` are a prompt."""
    first, _, rest = text.strip().lower().partition(" ")
    if first not in _HELP_WORDS:
        return None
    rest = rest.strip()
    return topic_of(rest) if not rest or rest in _TOPIC_WORDS else None


def topic_of(text: str) -> str:
    """`参数` or `params` -> "params"; "" (the start) for anything unknown."""
    return _TOPIC_WORDS.get(text.strip().lower(), "")


def help_reply(topic: str, platform: str, account: str, language: str = "zh") -> Reply:
    """Help on one of `TOPICS` as it is typed on this platform; `account` is the reader's own (`slack:T1/U1`), shown for admins to copy."""
    topic = topic if topic in TOPICS else topic_of(topic)
    copy = ""
    match topic:
        case "params":
            parts = _params(platform)
        case "prompt":
            copy = f"{spoken('paint', platform)} {say(Line('help.sample'), language)}"
            parts = _prompt(copy)
        case "terms":
            parts = _terms()
        case _:
            parts = _start(platform, account)
    buttons = tuple(
        Button(Line(f"help.button_{other or 'start'}"), "help", other) for other in TOPICS if other != topic
    )
    return Reply(parts, buttons, private=True, instead=True, copy=copy)


def _start(platform: str, account: str) -> tuple[Part, ...]:
    names: dict[str, Value] = {verb: spoken(verb, platform) for verb in COMMANDS}
    where = platform if platform in ("slack", "telegram") else "page"
    commands = tuple((Line(f"help.command_{verb}"), names[verb]) for verb in COMMANDS if verb not in ("paint", "admin"))
    return (
        Line("help.title", tone="title"),
        Line("help.what"),
        Line("help.ways", tone="title"),
        Line("help.way_words", names),
        Line(f"help.way_picture_{where}", names),
        Line("help.way_ready", names),
        Line("help.way_again", names),
        Line("help.commands", tone="title"),
        Facts(commands),
        Line("help.money", tone="money"),
        Line("help.account", {"account": account}, tone="fact"),
    )


def _params(platform: str) -> tuple[Part, ...]:
    parts: list[Part] = [
        Line("help.params_title", tone="title"),
        Line("help.params_intro", {"paint": spoken("paint", platform)}),
    ]
    for group in _GROUPS:
        rows: list[tuple[Line, Value]] = []
        for info in FLAGS:
            if info.group == group and info.flag not in _TOGETHER:
                also = Line("help.also", {"words": " ".join(info.also)}) if info.also else ""
                rows.append((Line(f"line.sample_{info.flag.lstrip('-')}"), (info.meaning, also)))
        parts += [Line(f"help.group_{group}", tone="title"), Facts(tuple(rows))]
    parts.append(Line("help.rules", tone="title"))
    parts += [Line(f"help.rule_{rule}") for rule in _PARAM_RULES]
    return tuple(parts)


def _prompt(sample: str) -> tuple[Part, ...]:
    steps = tuple((Line(f"help.step_{step}"), Line(f"help.step_{step}_text")) for step in _PROMPT_STEPS)
    return (
        Line("help.prompt_title", tone="title"),
        Line("help.prompt_intro"),
        Facts(steps),
        Line("help.sample_title", tone="title"),
        Quote(sample),
        Line("help.hints", tone="title"),
        *(Line(f"help.hint_{hint}") for hint in _PROMPT_HINTS),
        Line("help.limits", {"limit": LONGEST}),
        Line("help.moderation_title", tone="title"),
        Line("help.moderation"),
        Line("help.moderation_money", tone="money"),
    )


def _terms() -> tuple[Part, ...]:
    parts: list[Part] = [Line("help.terms_title", tone="title")]
    for group, terms in _TERMS:
        rows = tuple((Line(f"help.term_{term}"), Line(f"help.term_{term}_text")) for term in terms)
        parts += [Line(f"help.terms_{group}", tone="title"), Facts(rows)]
    return tuple(parts)
