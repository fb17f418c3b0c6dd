"""The words members type on Slack, freed of its markup, and the commands hidden in them."""

import html
import re

MARKED = re.compile(r"<([^<>\n]*)>")
BARE = {"help", "random", "points", "works", "gallery", "templates", "帮助", "积分", "作品", "模板", "灵感"}
CHINESE = {"帮助": "help", "积分": "points", "作品": "works", "模板": "templates", "灵感": "gallery"}
SLASH = re.compile(
    r"^[/／](paint[-_])?(paint|random|works|show|cancel|points|gallery|templates|defaults|language|link|admin|help)(?=\s|$)",
    re.IGNORECASE,
)
WITH_REST = re.compile(r"^(?:(?i:(random)\s+(\d+)|(help)\s+(\w+))|(?i:(show|cancel))\s+#?([0-9A-Z]{4,8}))$")

LEAD_IN = re.compile(r"(?i:hey|hi|hello|please|pls|ok|okay|so|dear|请问|请|麻烦|你好|帮我|让|来)?")
"""What may stand before a name one speaks to."""

SIGNS = re.compile(r":[\w+'-]+:|[\W_]+")
"""Emoji as Slack writes them, and everything that is no word."""

DASHES = ("-", "–", "—", "－")
"""How flags begin, as phones and Chinese keyboards turn them."""


def in_passing(text: str, me: str) -> bool:
    """Whether `me` is named between other words: "I asked @Paint and liked it" is said about it; "@Paint a cat" and "a cat @Paint --hd" to it."""
    first, *others = re.split(rf"<@{re.escape(me)}(?:\|[^<>]*)?>", text)
    if not others:
        return False
    before, after = (SIGNS.sub(" ", MARKED.sub(" ", part)).strip() for part in (first, others[-1]))
    flags = others[-1].lstrip().startswith(DASHES)  # nobody says these to a colleague
    return bool(before and after) and not flags and LEAD_IN.fullmatch(before) is None


def unmarked(text: str, me: str = "") -> str:
    """What was typed: `<@U1|ann>` -> @ann, `<https://x|x>` -> its label, `&lt;` -> `<`; mentions of `me` fall away. Line breaks stay."""

    def plain(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return "" if target[1:] == me else f"@{label or target[1:]}"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return label or f"@{target[1:].split('^')[0]}"
        return label or target.removeprefix("mailto:")

    return html.unescape(MARKED.sub(plain, text)).replace("\u00a0", " ").strip()


def command_of(text: str) -> tuple[str, str]:
    """(verb, rest) of a message to the bot: `/paint-works cat` and a bare `help` are commands, everything else is a prompt to paint."""
    slash = SLASH.match(text)
    if slash:
        verb, rest = slash[2].lower(), text[slash.end() :].strip()
        if verb == "paint" and rest.partition(" ")[0].lower() == "help":
            return "help", rest[4:].strip()
        return verb, rest
    if text.lower() in BARE:
        return CHINESE.get(text, text.lower()), ""
    worded = WITH_REST.match(text)
    if worded:
        verb, value = (part for part in worded.groups() if part)
        return verb.lower(), value
    return "paint", text
