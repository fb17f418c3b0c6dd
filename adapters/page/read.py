"""What a member typed, pressed or filled in, read into a Request; pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from core.replies import Button, Form
from core.requests import Account, FieldValue, Place, Reference, Request

VERBS = (
    "paint", "random", "works", "show", "cancel", "points", "gallery", "templates", "defaults", "language", "link",
    "help", "admin",
)  # fmt: skip
"""The commands of the box, in the order they are offered."""

SPOKEN = frozenset({"paint", "random"})
"""Commands the channel may read; the others are between the member and the bot."""

HELP = frozenset({"help", "帮助"})
COMMAND = re.compile(r"[/／]([^\s/／]+)[ \t　]*(.*)", re.DOTALL)
PRIVATE = frozenset({"--private", "-private", "私密"})
DASHES = str.maketrans({"—": "--", "–": "--", "－": "-"})


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed line: `verb` is "" where it is no command, `text` what follows the command (or all of it)."""

    verb: str
    text: str


def typed(line: str) -> Typed:
    """`/paint a cat --hd` -> paint, `a cat --hd`; `/paint-works` and `/paint help` are works and help; the words stay verbatim."""
    found = COMMAND.fullmatch(line.strip())
    if found is None:
        return Typed("", line.strip())
    word, rest = unicodedata.normalize("NFKC", found[1]).lower().replace("_", "-"), found[2].strip()
    if word.startswith("paint-"):
        word = word.removeprefix("paint-")
    first, _, more = rest.partition(" ")
    if word == "paint" and first.lower() in HELP and len(rest.split()) <= 2:
        return Typed("help", more.strip())
    return Typed(word, rest)


def nearest(word: str) -> str:
    """The command that was probably meant: `pain` -> paint; "" where none comes near."""
    return next(iter(get_close_matches(word, VERBS, 1)), "")


def secret(said: Typed) -> bool:
    """Whether only its author may read this line in the chat: commands about oneself, and paintings asked `--private`."""
    if said.verb not in SPOKEN and said.verb:
        return True
    words = (unicodedata.normalize("NFKC", word.translate(DASHES)).lower() for word in said.text.split())
    return said.verb == "paint" and any(word in PRIVATE for word in words)


def copied(text: str) -> str:
    """A text for the command box: an example without a command gets `/paint` before it."""
    return text if text.startswith("/") else f"/paint {text}"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, from which place, in which language, under which name."""

    account: Account
    name: str
    language: str

    def line(
        self,
        said: Typed,
        place: Place,
        *,
        event_key: str,
        references: Sequence[Reference] = (),
        reply_to: str = "",
    ) -> Request:
        """A typed line; one without a command is a wish to paint."""
        return Request(
            account=self.account,
            place=place,
            verb=said.verb or "paint",
            text=said.text,
            references=tuple(references),
            event_key=event_key,
            language=self.language,
            name=self.name,
            reply_to=reply_to,
        )

    def press(self, button: Button, place: Place, event_key: str) -> Request:
        """A pressed button."""
        return Request(
            self.account,
            place,
            button.verb,
            subject=button.subject,
            event_key=event_key,
            language=self.language,
            name=self.name,
        )

    def form(
        self, form: Form, values: Mapping[str, FieldValue], place: Place, event_key: str, *, preview: bool = False
    ) -> Request:
        """A form's answers so far (`preview`) or for good."""
        return Request(
            self.account,
            place,
            form.preview if preview else form.verb,
            subject=form.subject,
            values=values,
            event_key=event_key,
            language=self.language,
            name=self.name,
        )

    def question(
        self,
        verb: str,
        place: Place,
        text: str = "",
        references: Sequence[Reference] = (),
        *,
        subject: str = "",
        values: Mapping[str, FieldValue] | None = None,
    ) -> Request:
        """Something the page itself wants to know or show (a price, the balance, a section)."""
        return Request(
            self.account,
            place,
            verb,
            text=text,
            subject=subject,
            references=tuple(references),
            values=values or {},
            language=self.language,
            name=self.name,
        )
