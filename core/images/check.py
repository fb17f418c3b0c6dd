"""Looks at bytes that claim to be a picture, before a point is spent: what kind, how large, whole or not; and makes them safe to send on."""

from dataclasses import dataclass

from core.errors import PaintbotError


class BrokenPicture(PaintbotError):
    """A painted picture that is no whole JPEG, PNG or WebP, or is over 60 MB."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A reference made safe: re-encoded, upright, without metadata, at most 4096 px and 15 MB. Sizes in pixels, `sha256` hex of `data`."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Result:
    """A painted picture that decodes: its bytes untouched, mime by its bytes, sizes in pixels."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str


def check_reference(data: bytes, name: str = "") -> Checked: ...  # type: ignore[empty-body]


def for_bytes(picture: Checked) -> Checked: ...  # type: ignore[empty-body]


def check_result(data: bytes) -> Result: ...  # type: ignore[empty-body]
