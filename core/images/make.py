"""Makes pictures out of pictures: previews, thumbnails, other formats; in threads, at most two at once."""

import asyncio
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.images.check import BrokenPicture, check_result
from core.images.label import Label, into_jpeg, into_png, packet
from core.images.pixels import BOMB, DECODING, flat, jpeg, jpeg_within, opened
from core.images.sniff import MIMES, Kind, kind_of

PREVIEW_SIDE = 2560
PREVIEW_MOST = 9_500_000
"""Telegram takes photos of at most 10 MB."""
THUMB_SIDE = 512
THUMB_MOST = 200_000
XMP_MOST = 60_000

FORMS = {"jpg": Kind.JPEG, "jpeg": Kind.JPEG, "png": Kind.PNG, "webp": Kind.WEBP}
"""What `--format` may say."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Result:
    """A painted picture as it is kept: its bytes, mime by its bytes, sides in pixels, `sha256` hex."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str


class Maker:
    """Runs work on pictures in threads, `most` at once, so that neither the event loop nor memory suffers."""

    def __init__(self, most: int = 2) -> None:
        self._slots = asyncio.Semaphore(most)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work(*args)` gives, done in a thread when one of our slots is free."""
        async with self._slots:
            return await asyncio.to_thread(work, *args, **kwargs)


def is_preview(mime: str, width: int, height: int, size: int) -> bool:
    """Whether a stored picture of our own can be shown as it is."""
    return mime == MIMES[Kind.JPEG] and max(width, height) <= PREVIEW_SIDE and size <= PREVIEW_MOST


def preview(data: bytes) -> bytes:
    """A stored picture as JPEG of at most 2 560 px a side and 9.5 MB, its label kept. Raises `BrokenPicture`."""
    return _small(data, PREVIEW_SIDE, PREVIEW_MOST, (90, 85, 75))


def thumb(data: bytes) -> bytes:
    """A stored picture as JPEG of at most 512 px a side, its label kept. Raises `BrokenPicture`."""
    return _small(data, THUMB_SIDE, THUMB_MOST, (82, 70, 55))


def encode(data: bytes, form: str = "", label: Label | None = None) -> Result:
    """A painted picture as "jpg", "png" or "webp" ("" keeps its format), with the label in its metadata; decoded once to know that it is whole.

    JPEG and PNG that keep their format keep their pixels. Raises `BrokenPicture`; ValueError for other forms.
    """
    if form and form not in FORMS:
        raise ValueError(f"pictures are written as {', '.join(FORMS)}, not {form!r}")
    width, height = check_result(data)
    kind = kind_of(data)
    target = FORMS[form] if form else kind
    xmp = packet(label) if label else None
    made = data
    if target is not kind:
        image = opened(data, kind)
        made = _converted(image, target, xmp or _xmp_of(image))
    elif xmp is not None:
        made = _labelled(data, kind, xmp)
    return Result(made, MIMES[target], width, height, hashlib.sha256(made).hexdigest())


def _labelled(data: bytes, kind: Kind, xmp: bytes) -> bytes:
    if kind is Kind.JPEG:
        return into_jpeg(data, xmp)
    return into_png(data, xmp) if kind is Kind.PNG else _converted(opened(data, kind), kind, xmp)


def _converted(image: Image.Image, target: Kind, xmp: bytes | None) -> bytes:
    if target is Kind.JPEG:
        return jpeg(flat(image, max(image.size)), 95, xmp)
    drawn = image.convert("RGBA" if image.has_transparency_data else "RGB")
    out = io.BytesIO()
    profile = image.info.get("icc_profile")
    if target is Kind.PNG:
        notes = PngInfo()
        if xmp:
            notes.add_itxt("XML:com.adobe.xmp", xmp.decode("utf-8", "replace"))
        drawn.save(out, "PNG", pnginfo=notes, icc_profile=profile)
    else:
        drawn.save(out, "WEBP", quality=92, xmp=xmp or b"", icc_profile=profile or b"")
    return out.getvalue()


def _small(data: bytes, side: int, most: int, qualities: tuple[int, ...]) -> bytes:
    try:
        image = opened(data, kind_of(data))
        xmp = _xmp_of(image)
        return jpeg_within(flat(image, side), most, qualities, xmp)[0]
    except (*BOMB, *DECODING) as error:
        raise BrokenPicture(f"a stored picture does not decode: {error}") from error


def _xmp_of(image: Image.Image) -> bytes | None:
    """The label a picture came with, so that what is made of it says the same."""
    found = image.info.get("xmp")
    text = found.encode() if isinstance(found, str) else found
    return text if isinstance(text, bytes) and 0 < len(text) <= XMP_MOST else None
