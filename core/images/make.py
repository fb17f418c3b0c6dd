"""Makes pictures out of pictures: previews, thumbnails, other formats; in threads, at most two at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from core.images.label import Label

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture in the format asked for, label written. Sizes in pixels."""

    data: bytes
    mime: str
    width: int
    height: int


class Maker:
    """Runs work on pictures in threads, `most` at once, so that neither the event loop nor memory suffers."""

    def __init__(self, most: int = 2) -> None:
        self._slots = asyncio.Semaphore(most)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work(*args)` gives, done in a thread when one of our slots is free."""
        async with self._slots:
            return await asyncio.to_thread(work, *args, **kwargs)


def preview(data: bytes) -> bytes: ...  # type: ignore[empty-body]


def thumb(data: bytes) -> bytes: ...  # type: ignore[empty-body]


def is_preview(mime: str, width: int, height: int, size: int) -> bool: ...  # type: ignore[empty-body]


def encode(data: bytes, form: str = "", label: Label | None = None) -> Encoded: ...  # type: ignore[empty-body]
