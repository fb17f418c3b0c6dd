"""What people mean who answer a message: a prompt, a remark to a colleague, applause; pure."""

from adapters.telegram.read import Heard
from adapters.telegram.read.command import command


def _spoken(text: str) -> bool:
    """Whether there is a word in it: nobody pays for a picture of 👍."""
    return any(sign.isalnum() for sign in text)


def paints_words(heard: Heard, username: str) -> Heard:
    """`/paint` in reply to somebody's words, alone or with flags, paints these words, not the `/paint` they may begin with."""
    said, text = heard.replied.words if heard.replied else "", heard.request.text
    asked = command(said, username)
    if not said or (text and not text.startswith("--")) or (asked and asked[0] != "paint"):
        return heard
    return heard.asking("paint", f"{asked[1] if asked else said} {text}".strip())


def perhaps_a_remark(heard: Heard) -> bool:
    """Whether somebody else than its asker speaks under a painting in a group: nobody pays for a remark to a colleague."""
    request, replied = heard.request, heard.replied
    others = replied is not None and replied.asker not in ("", request.account.id)
    return others and not request.place.private


def applause(heard: Heard) -> bool:
    """Whether a reply in a group is an emoji, a sticker or an animation alone: nobody wants an answer to that."""
    request, problem = heard.request, heard.problem
    if request.place.private or request.references or _spoken(request.text):
        return False
    return problem is None or problem.key in ("telegram.sticker", "telegram.animation")
