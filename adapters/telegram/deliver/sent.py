"""Where messages go and what of a Drawn stands there: plain data, and how aiogram wants to be told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiogram.types import InlineKeyboardMarkup, ReplyParameters

from adapters.telegram.render import Drawn, Page, Rows


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to write: chat id, topic (None: none), message replied to (0: none)."""

    chat: int
    thread: int | None = None
    reply: int = 0

    @property
    def group(self) -> bool:
        """Whether others read here."""
        return self.chat < 0

    def to(self, message: int) -> "Spot":
        """The same place, replying to this message."""
        return Spot(self.chat, self.thread, message) if message else self


@dataclass(slots=True)
class Sent:
    """What of a Drawn stands in the chat: message ids by picture (0: it is there, its id unknown), of pages and files, and the card with the buttons.

    `photo`: the card is the caption of the one picture. `fresh`: these pictures were never sent before, so no note of them is looked for.
    `asker`: whose painting it is, "" where that was not noted yet.
    """

    pictures: dict[str, int] = field(default_factory=dict)
    originals: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    thumbs: list[int] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    file_ids: dict[str, str] = field(default_factory=dict)
    photo: bool = False
    fresh: bool = False
    asker: str = ""

    @property
    def messages(self) -> tuple[str, ...]:
        """All ids in the order they stand in the chat."""
        found = [*self.pictures.values(), *self.originals.values(), *self.files.values(), *self.thumbs, *self.pages]
        return tuple(dict.fromkeys(str(message) for message in found if message))

    def holds(self, drawn: Drawn) -> bool:
        """Whether all of `drawn` has been sent."""
        shown = all(one.image in self.pictures for one in drawn.pictures) and all(
            one.image in self.originals for one in drawn.originals
        )
        return shown and all(file.name in self.files for file in drawn.files) and bool(self.pages or not drawn.pages)

    @property
    def card(self) -> int:
        """The message that carries the buttons, 0 for none."""
        return self.pages[-1] if self.pages else 0


Note = Callable[[Sent], Awaitable[None]]


def where(spot: Spot) -> dict[str, Any]:
    """The arguments every sending method shares. A deleted command must not cost the answer, and that stands INSIDE reply_parameters."""
    found: dict[str, Any] = {"chat_id": spot.chat}
    if spot.thread:
        found["message_thread_id"] = spot.thread
    if spot.reply:
        found["reply_parameters"] = ReplyParameters(message_id=spot.reply, allow_sending_without_reply=True)
    return found


def entities(page: Page) -> Any:
    """The entities as aiogram takes them: it makes objects of plain ones itself."""
    return list(page.entities)


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """The keyboard as aiogram takes it; None for no buttons."""
    return InlineKeyboardMarkup.model_validate({"inline_keyboard": rows}) if rows else None
