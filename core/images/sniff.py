"""What a file is by its first bytes, whatever its name or sender says."""

from enum import StrEnum


class Kind(StrEnum):
    """What bytes turn out to be; the pictures among them carry Pillow's format names."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    HEIC = "HEIC"
    AVIF = "AVIF"
    JPEG_XL = "JPEG XL"
    JPEG_2000 = "JPEG 2000"
    PSD = "PSD"
    ICO = "ICO"
    SVG = "SVG"
    PDF = "PDF"
    VIDEO = "video"
    UNKNOWN = "unknown"


MIMES = {Kind.JPEG: "image/jpeg", Kind.PNG: "image/png", Kind.WEBP: "image/webp"}
"""The mime types of pictures we store."""

STARTS = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"BM", Kind.BMP),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"\xff\x0a", Kind.JPEG_XL),
    (b"\0\0\0\x0cJXL ", Kind.JPEG_XL),
    (b"\0\0\0\x0cjP  ", Kind.JPEG_2000),
    (b"8BPS", Kind.PSD),
    (b"\0\0\x01\0", Kind.ICO),
    (b"%PDF-", Kind.PDF),
    (b"\x1aE\xdf\xa3", Kind.VIDEO),  # Matroska, WebM
    (b"FLV\x01", Kind.VIDEO),
    (b"\0\0\x01\xba", Kind.VIDEO),  # MPEG
    (b"\0\0\x01\xb3", Kind.VIDEO),
    (b"\x30\x26\xb2\x75", Kind.VIDEO),  # Windows Media
)
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1")
AVIF_BRANDS = (b"avif", b"avis")
QUICKTIME = (b"moov", b"mdat", b"wide", b"free")


def kind_of(data: bytes) -> Kind:
    """The kind of a file; UNKNOWN when its first bytes say nothing we know. Never raises."""
    for start, kind in STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF":
        return {b"WEBP": Kind.WEBP, b"AVI ": Kind.VIDEO}.get(data[8:12], Kind.UNKNOWN)
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    if data[4:8] in QUICKTIME:
        return Kind.VIDEO
    head = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return Kind.SVG if head.startswith(b"<") and b"<svg" in head else Kind.UNKNOWN


def _by_brand(data: bytes) -> Kind:
    """ISO media files name their brands: mif1 alone may hold AVIF as well as HEIC, so AVIF is looked for first."""
    length = min(int.from_bytes(data[:4]), 256)
    brands = {data[at : at + 4] for at in range(8, length, 4)}
    if brands & set(AVIF_BRANDS):
        return Kind.AVIF
    return Kind.HEIC if brands & set(HEIC_BRANDS) else Kind.VIDEO
