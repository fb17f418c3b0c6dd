"""Bytes to pixels and back: decoding without surprises, upright sRGB on white, JPEG within a number of bytes."""

import io
import struct
import zlib
from math import ceil

from PIL import Image, ImageCms, ImageFile

from core.images.sniff import Kind

MOST_SIDE = 8192
MOST_PIXELS = MOST_SIDE * MOST_SIDE
"""Checked from the header before a pixel is decoded; below Pillow's own limit, which only warns at first."""

DECODING = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on damaged files."""

BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> what makes the picture upright."""
ORIENTATION = 0x0112

CEILINGS: dict[str, tuple[float, ...]] = {"I;16": (65535,), "I": (255, 65535), "F": (1, 255, 65535)}
"""What white may be in a deep picture; the first that holds its brightest pixel is taken."""


def opened(data: bytes, kind: Kind) -> Image.Image:
    """The picture, header read, no pixel decoded; only this kind's decoder is tried. Raises DECODING or BOMB."""
    image = Image.open(io.BytesIO(data), formats=(kind.value,))
    # decoded in one go: Pillow asks for the interpreter after every block, and waits for it in line with everything else
    image.decodermaxblock = max(ImageFile.MAXBLOCK, len(data))
    return image


def flat(image: Image.Image, side: int = MOST_SIDE) -> Image.Image:
    """Upright 8-bit RGB in sRGB, alpha on white, sides at most `side` px, no metadata. Raises DECODING."""
    image.draft(None, (side, side))  # a JPEG decodes straight to a smaller scale
    image.load()
    turn = TURNS.get(_orientation(image))
    profile = image.info.get("icc_profile")
    drawn = _in_srgb(shrunk(_opaque(_eight_bit(image)), side), profile)
    upright = drawn.transpose(turn) if turn is not None else drawn
    upright.info = {}  # saving would carry comments and profiles over
    return upright


def shrunk(image: Image.Image, side: int) -> Image.Image:
    """The longer side at most `side` px; the shorter is rounded up, so that 3:1 never becomes more than 3:1."""
    longer = max(image.size)
    if longer <= side:
        return image
    width, height = (ceil(part * side / longer) for part in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def jpeg_within(
    image: Image.Image, most: int, qualities: tuple[int, ...] = (92, 85, 75, 65), xmp: bytes | None = None
) -> tuple[bytes, tuple[int, int]]:
    """An RGB picture as JPEG of at most `most` bytes, and its size: quality gives way first, then pixels."""
    while True:
        for quality in qualities:
            data = jpeg(image, quality, xmp)
            if len(data) <= most:
                return data, image.size
        image = shrunk(image, max(image.size) * 3 // 4)


def jpeg(image: Image.Image, quality: int, xmp: bytes | None = None) -> bytes:
    """An RGB picture as JPEG; from quality 90 on colours keep their full resolution (thin red lines, letters)."""
    out = io.BytesIO()
    options = {"xmp": xmp} if xmp else {}
    image.save(out, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2, **options)
    return out.getvalue()


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except DECODING:
        return 1  # the pixels are good even where the EXIF block is not


def _eight_bit(image: Image.Image) -> Image.Image:
    """Pillow cuts deeper greys off at 255 instead of scaling them: scale first."""
    family = "I;16" if image.mode.startswith("I;16") else image.mode
    if family not in CEILINGS:
        return image
    whole = image.convert("F")
    _low, high = whole.getextrema()
    brightest = float(high if isinstance(high, int | float) else high[0])
    white = next((ceiling for ceiling in CEILINGS[family] if brightest <= ceiling), brightest)
    return whole.point(lambda value: value * (255 / white) + 0.5).convert("L")


def _opaque(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Without its profile a Display P3 photo would look pale and a print CMYK garish: convert before it is dropped."""
    if not profile:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *DECODING):
        made = None  # a profile that is damaged or of another colour model says nothing about these pixels
    return made or image.convert("RGB")
