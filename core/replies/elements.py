"""The frozen elements a reply is made of; every platform draws every one of them."""

from dataclasses import dataclass

from core.requests import Line, Value

MAX_PRESS = 60
"""A button's `verb:subject` in bytes: Telegram's callback data holds 64."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a person, shown verbatim and never interpreted (a prompt)."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A short table of label and value."""

    rows: tuple[tuple[Line, Value], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored image: `image` is its id for `ImageSource`, sizes in pixels, `number` 1-4 as shown (0: no number), `alt` leaks no private prompt."""

    image: str
    alt: Line
    number: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of a result, in order. `originals` asks for files with their bytes kept rather than previews."""

    pictures: tuple[Picture, ...]
    originals: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over as it is (an export, an evidence card): text or bytes made in memory."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of something is done: 0 <= done <= total."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Button:
    """A press asks `verb` about `subject`; both live in the database, so it works after any restart. style: "primary", "plain" or "danger".

    Raises ValueError when `verb:subject` is over 60 bytes or the verb holds a colon.
    """

    label: Line
    verb: str
    subject: str = ""
    style: str = "plain"

    def __post_init__(self) -> None:
        if ":" in self.verb or len(self.press.encode()) > MAX_PRESS:
            raise ValueError(
                f"a button's verb:subject is at most {MAX_PRESS} bytes and the verb has no colon: {self.press!r}"
            )

    @property
    def press(self) -> str:
        """`verb:subject`, what platforms send back."""
        return f"{self.verb}:{self.subject}"


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens an address."""

    label: Line
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a list: maybe a thumbnail, a few lines, its own buttons (at most four).

    `about` is the painting it shows: when that is deleted, `row_gone` stands there, where a platform keeps the list and can change it.
    """

    lines: tuple["Line | Quote", ...]
    picture: Picture | None = None
    buttons: tuple[Button | LinkButton, ...] = ()
    about: str = ""


def row_gone(about: str) -> Line:
    """What stands in a list instead of the row of a deleted painting."""
    return Line("paint.row_gone", {"id": about}, "fact")


Part = Line | Quote | Facts | Pictures | Document | Meter | Item


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `private`: only the asker may read it. `instead`: an answer to a press takes the place of the message pressed, where it can.

    `copy` is a text worth copying into the command box (an example prompt); platforms that can offer it do.
    `language` is the one the reader chose, "" where the platform's guess holds. `about` is the painting whose pictures or words it shows: where
    a platform keeps them as messages of their own, they are answered like the painting's, and go when it is deleted.
    """

    parts: tuple[Part, ...]
    buttons: tuple[Button | LinkButton, ...] = ()
    private: bool = False
    instead: bool = False
    copy: str = ""
    language: str = ""
    about: str = ""
