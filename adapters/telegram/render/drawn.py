"""What a Reply looks like in Telegram, before it is sent: plain data that can be compared, kept as JSON and sent later."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.telegram.render.cut import CAPTION, units
from adapters.telegram.render.keyboard import Rows


@dataclass(frozen=True, slots=True)
class Page:
    """One message's text with its entities (`type`, `offset`, `length` in UTF-16 units)."""

    text: str
    entities: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture to send: its id for the ImageSource, the number under which people speak of it (0: none), sides in pixels (0: unknown)."""

    image: str
    number: int = 0
    width: int = 0
    height: int = 0

    @property
    def fits_photo(self) -> bool:
        """Telegram refuses photos whose sides add up to more than 10 000 or stand 20 to 1."""
        if not (self.width and self.height):
            return True
        return self.width + self.height <= 10_000 and max(self.width, self.height) <= 20 * min(self.width, self.height)


@dataclass(frozen=True, slots=True)
class File:
    """A file made in memory."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pages of text (buttons stand under the last), pictures, originals to send as files, files, and thumbnails of a list."""

    pages: tuple[Page, ...] = ()
    rows: Rows = ()
    pictures: tuple[Shown, ...] = ()
    originals: tuple[Shown, ...] = ()
    files: tuple[File, ...] = ()
    thumbs: tuple[Shown, ...] = ()

    @property
    def caption(self) -> Page | None:
        """The card as the caption of a single picture, where it is short enough."""
        if len(self.pictures) != 1 or len(self.pages) > 1:
            return None
        page = self.pages[0] if self.pages else Page("")
        return page if units(page.text) <= CAPTION else None

    @property
    def words_only(self) -> bool:
        """Whether this is text and buttons alone, so that it can take the place of another text."""
        return not (self.pictures or self.originals or self.files)

    @property
    def fingerprint(self) -> str:
        """The same for what looks the same."""
        return hashlib.blake2b(json.dumps(self.to_json(), sort_keys=True).encode(), digest_size=12).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """As JSON, to be kept until it can be sent."""
        shown = {
            name: [[one.image, one.number, one.width, one.height] for one in getattr(self, name)]
            for name in ("pictures", "originals", "thumbs")
        }
        files = [[file.name, file.mime, base64.b64encode(file.content).decode()] for file in self.files]
        pages = [[page.text, [dict(entity) for entity in page.entities]] for page in self.pages]
        return {"pages": pages, "rows": [[dict(one) for one in row] for row in self.rows], "files": files, **shown}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Drawn":
        """What `to_json` gave."""
        pictures, originals, thumbs = (
            tuple(Shown(*one) for one in kept[name]) for name in ("pictures", "originals", "thumbs")
        )
        files = tuple(File(name, mime, base64.b64decode(content)) for name, mime, content in kept["files"])
        pages = tuple(Page(text, tuple(entities)) for text, entities in kept["pages"])
        return cls(pages, tuple(tuple(row) for row in kept["rows"]), pictures, originals, files, thumbs)
