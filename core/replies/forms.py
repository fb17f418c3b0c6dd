"""Forms: questions whose answers come back as a request."""

from dataclasses import dataclass, field

from core.replies.elements import Part, Reply
from core.requests import Line


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice field."""

    value: str
    label: Line


@dataclass(frozen=True, slots=True)
class TextField:
    """Free words; `secret` values are never shown again (Telegram deletes the message that held them)."""

    name: str
    label: Line
    value: str = ""
    hint: Line | None = None
    lines: int = 1
    required: bool = True
    longest: int = 3000
    secret: bool = False


@dataclass(frozen=True, slots=True)
class NumberField:
    """A whole number within [low, high]."""

    name: str
    label: Line
    value: int | None = None
    low: int = 0
    high: int = 1_000_000
    hint: Line | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of a few (or several of them, `several`); the submitted value is a Choice.value (or a tuple of them)."""

    name: str
    label: Line
    options: tuple[Choice, ...]
    value: str | tuple[str, ...] = ""
    hint: Line | None = None
    required: bool = True
    several: bool = False


@dataclass(frozen=True, slots=True)
class FileField:
    """Up to `most` files; the submitted value is a tuple of Offered. `pictures` false takes any small text file."""

    name: str
    label: Line
    most: int = 1
    hint: Line | None = None
    required: bool = False
    pictures: bool = True


Field = TextField | NumberField | ChoiceField | FileField


@dataclass(frozen=True, slots=True)
class Form:
    """Questions whose answers come back as a Request(verb, subject, values). `preview` is a verb that may be asked again with the values so far
    and answers with a Reply to show (live prices). `problems` are sentences at fields ("" = the whole form) after a refused submission.
    `language` is the one the reader chose, "" where the platform's guess holds."""

    verb: str
    title: Line
    fields: tuple[Field, ...]
    subject: str = ""
    submit: Line = field(default_factory=lambda: Line("form.submit"))
    preview: str = ""
    intro: tuple[Part, ...] = ()
    problems: tuple[tuple[str, Line], ...] = ()
    language: str = ""


Answer = Reply | Form
