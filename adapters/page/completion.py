"""What the command box offers while a line is typed: commands, and flags with their meaning; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.page.read import typed
from core.requests import Line

MOST = 7
DASHES = "-—–－"


@dataclass(frozen=True, slots=True)
class Offer:
    """One word the box can write: `--ar`, with what it means."""

    word: str
    meaning: Line


Words = Sequence[tuple[str, Line]]


def offers(text: str, commands: Words, flags: Words, *, painting: bool = False) -> Sequence[Offer]:
    """At most seven offers for the word being typed; `painting` where a line without a command is a painting (a thread)."""
    word = last_word(text)
    if word.startswith(("/", "／")) and word == text.lstrip():
        begun = "/" + word[1:].lower()
        found = [Offer(name, meaning) for name, meaning in commands if name.startswith(begun)]
    elif word and word[0] in DASHES and (typed(text).verb or "paint" if painting else typed(text).verb) == "paint":
        begun = "--" + word.lstrip(DASHES).lower()
        found = [Offer(name, meaning) for name, meaning in flags if name.startswith(begun)]
    else:
        return ()
    return () if len(found) == 1 and found[0].word == word else found[:MOST]


def last_word(text: str) -> str:
    """What stands after the last space or line break."""
    return text[len(text) - next((at for at, sign in enumerate(reversed(text)) if sign.isspace()), len(text)) :]


def completed(text: str, offer: Offer) -> str:
    """The line with the offered word in place of the one being typed."""
    return text[: len(text) - len(last_word(text))] + offer.word + " "
