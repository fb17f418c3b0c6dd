"""The first word of a message as a command: which verb it means, whether it is for us, and what stands after it."""

import re
import unicodedata
from binascii import Error as NotBase64

from aiogram.utils.payload import decode_payload, encode_payload

MENU = (
    "paint",
    "random",
    "works",
    "show",
    "cancel",
    "points",
    "gallery",
    "templates",
    "defaults",
    "language",
    "link",
    "help",
)
"""Commands shown to everybody, in this order; `start` and `paint_admin` besides."""

VERBS = {
    **{verb: verb for verb in (*MENU, "start")},
    **{f"paint{gap}{verb}": verb for verb in MENU[1:] for gap in "-_"},
    **dict.fromkeys(("paint_admin", "paint-admin", "paintadmin"), "admin"),
}
FIRST = re.compile(r"\s*[/／]([^\s@/]+)(?:@(\w+))?(?:\s+|$)(.*)", re.DOTALL)
GLUED = re.compile(r"paint(?:[-–—]+\w|[,:、]+\w|[^\W\d_a-z])")
SLASHLESS = re.compile(r"[\s/／]*paint(?:\s+|[:：,，]\s*)(?=\S)", re.IGNORECASE)
"""`paint a fox`, `/ paint a fox`: meant as the command, and not to be taken into the prompt."""


def command(text: str, username: str) -> tuple[str, str] | None:
    """`(verb, rest)` of a command for us. ("glued", …) for `/paint--ar 1:1` and `/paint一只猫`.

    ("unknown", word) for one we do not know, ("other", word) for another bot's; None for no command.

    Any case; `@bot`; `／` of a Chinese keyboard; the rest keeps its line breaks.
    """
    found = FIRST.fullmatch(text)
    if found is None:
        return _mention(text, username)
    word, bot, rest = unicodedata.normalize("NFKC", found[1]).lower(), found[2], found[3].strip()
    if bot and bot.lower() != username.lower():
        return "other", f"{found[1]}@{bot}"
    verb = VERBS.get(word)
    if verb:
        return verb, start_text(rest) if verb == "start" else rest
    if GLUED.match(word):
        return "glued", f"{found[1][5:].lstrip(',:、，：')} {rest}".strip()
    return ("unknown" if bot else "stray"), found[1]


def _mention(text: str, username: str) -> tuple[str, str] | None:
    """`@bot a cat` is a painting, `@bot` alone a `/paint` without words."""
    name, *rest = text.split(maxsplit=1)[:2] or ("",)
    return ("paint", rest[0].strip() if rest else "") if name.lower() == f"@{username.lower()}" else None


def prompt_in(text: str) -> str:
    """Words as a prompt: without the `paint` of somebody who forgot the slash."""
    return SLASHLESS.sub("", text, count=1) if SLASHLESS.match(text) else text


def start_text(payload: str) -> str:
    """A deep link's payload decoded where it is base64url of words, as it is otherwise."""
    try:
        said = decode_payload(payload)
    except (NotBase64, UnicodeError, ValueError):
        return payload
    return said if said.isprintable() and said and encode_payload(said) == payload else payload
