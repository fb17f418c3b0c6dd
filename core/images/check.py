"""Looks at bytes that claim to be a picture before a point is spent: what kind, how large, whole; makes them safe."""

import hashlib
import io
from dataclasses import dataclass
from typing import NoReturn

from PIL import Image

from core.errors import PaintbotError, Refusal
from core.images.pixels import BOMB, DECODING, MOST_PIXELS, MOST_SIDE, flat, jpeg_within, opened
from core.images.sniff import MIMES, Kind, kind_of
from core.requests import Line

MB = 1_000_000
MOST_IN = 30 * MB
MOST_LINKED = 15 * MB
MOST_RESULT = 60 * MB
BEGINNING = 65_536
JPEG_END = b"\xff\xd9"
LEAST_SIDE = 14
REFERENCE_SIDE = 4096
MOST_RATIO = 3
FEW_COLOURS = 128

READABLE = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.GIF, Kind.BMP, Kind.TIFF})
NAMED = {Kind.HEIC: "heic", Kind.SVG: "svg", Kind.PDF: "pdf", Kind.VIDEO: "video", Kind.UNKNOWN: "not_a_picture"}
"""Kinds that have a sentence of their own; other kinds of pictures share one."""


class BrokenPicture(PaintbotError):
    """A painted picture that is no whole JPEG, PNG or WebP, or is over 60 MB or 67 million pixels."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A reference made safe: re-encoded, upright, no metadata, at most 4096 px and 15 MB; `sha256` is hex of `data`."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str


def check_reference(data: bytes, name: str = "") -> Checked:
    """A member's picture as upright sRGB JPEG (PNG when it has few colours), alpha on white, metadata gone.

    Takes JPEG, PNG, WebP, GIF (its first frame), BMP and TIFF up to 30 MB, 14 to 8192 px a side, 1:3 to 3:1.
    Raises a `Refusal` of `images.*` that names `name` and what is wrong.
    """
    said = {"name": name or Line("images.this_picture")}
    if not data:
        raise Refusal("images.empty", said)
    if len(data) > MOST_IN:
        raise Refusal("images.too_heavy", {**said, "size": -(-len(data) // MB), "most": MOST_IN // MB})
    kind = kind_of(data)
    if kind not in READABLE:
        _refuse_kind(kind, said)
    try:
        image = opened(data, kind)
        _check_size(image.size, said)
        drawn = flat(image, REFERENCE_SIDE)
    except BOMB as error:
        raise Refusal("images.bomb", {**said, "most": MOST_SIDE}) from error
    except DECODING as error:
        raise Refusal("images.broken", said) from error
    return _encoded(drawn, MOST_LINKED)


def for_bytes(picture: Checked, most: int) -> Checked:
    """The same reference in at most so many bytes, for models that take bytes (base64) instead of a link."""
    if len(picture.data) <= most:
        return picture
    return _encoded(flat(opened(picture.data, kind_of(picture.data))), most)


def check_result(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of a painted picture that is whole. Raises `BrokenPicture`."""
    kind = kind_of(data)
    if kind not in MIMES:
        raise BrokenPicture(f"neither JPEG, PNG nor WebP but {kind}: {data[:16]!r}")
    if len(data) > MOST_RESULT:
        raise BrokenPicture(f"{len(data)} bytes are more than {MOST_RESULT}")
    try:
        image = opened(data, kind)
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise BrokenPicture(f"{width}x{height} is more than {MOST_PIXELS} pixels")
        _look_through(image, data, kind)
    except (*BOMB, *DECODING) as error:
        raise BrokenPicture(f"does not decode: {error}") from error
    return width, height


def _look_through(image: Image.Image, data: bytes, kind: Kind) -> None:
    """Raises DECODING for what is no whole picture; most of the time a bot spends on a picture would go into decoding all of it.

    A JPEG with its end mark is decoded at its beginning, with all its tables: what is wrong further on libjpeg paints grey without a word. A PNG
    carries a checksum of every chunk. Whatever else is decoded to its last row.
    """
    if kind is Kind.PNG:
        image.verify()
        return
    if kind is Kind.JPEG and len(data) > BEGINNING and data.endswith(JPEG_END) and _begins_well(data):
        return
    image.load()


def _begins_well(data: bytes) -> bool:
    """Whether the beginning of a JPEG decodes; False too for one that begins with more than that of other things."""
    try:
        beginning = opened(data[:BEGINNING] + JPEG_END, Kind.JPEG)
        beginning.draft(None, (1, 1))
        beginning.load()
    except DECODING:
        return False
    return True


def _refuse_kind(kind: Kind, said: dict[str, str | Line]) -> NoReturn:
    if kind in NAMED:
        raise Refusal(f"images.{NAMED[kind]}", said)
    raise Refusal("images.unsupported", {**said, "kind": kind.value})


def _check_size(size: tuple[int, int], said: dict[str, str | Line]) -> None:
    """From the header alone: nothing is decoded that is too large to decode."""
    width, height = size
    shape = {**said, "width": str(width), "height": str(height)}
    if min(size) < LEAST_SIDE:
        raise Refusal("images.too_small", {**shape, "least": LEAST_SIDE})
    if max(size) > MOST_SIDE:
        raise Refusal("images.too_large", {**shape, "most": MOST_SIDE})
    if max(size) > min(size) * MOST_RATIO:
        raise Refusal("images.too_long", {**shape, "ratio": MOST_RATIO})


def _encoded(drawn: Image.Image, most: int) -> Checked:
    """Drawings and screenshots of few colours keep sharp edges as PNG; everything else is JPEG, as Jimeng advises."""
    if drawn.getcolors(FEW_COLOURS) is not None:
        out = io.BytesIO()
        drawn.save(out, "PNG")
        if out.tell() <= most:
            return _checked(out.getvalue(), Kind.PNG, drawn.size)
    data, size = jpeg_within(drawn, most)
    return _checked(data, Kind.JPEG, size)


def _checked(data: bytes, kind: Kind, size: tuple[int, int]) -> Checked:
    return Checked(data, MIMES[kind], *size, hashlib.sha256(data).hexdigest())
