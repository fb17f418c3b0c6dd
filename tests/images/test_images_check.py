"""What is refused before a point is spent, and what a reference looks like when it is sent."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageCms, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from core.errors import Refusal
from core.images import BrokenPicture
from core.images.check import BEGINNING, MOST_IN, MOST_RESULT, check_reference, check_result, for_bytes
from core.images.make import encode
from core.images.sniff import Kind, kind_of
from core.requests import Line
from core.texts import LANGUAGES, say
from tests.images.conftest import drawn, saved, seen

JPEG = saved(drawn())
MOST_SENT = 4_700_000


def png_claiming(width: int, height: int) -> bytes:
    """A tiny file whose header promises a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    )


REFUSED = {
    "empty": b"",
    "too_heavy": JPEG + bytes(MOST_IN),
    "heic": b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf" + bytes(99),
    "svg": b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><SVG xmlns='http://www.w3.org/2000/svg'/>",
    "pdf": b"%PDF-1.7\n" + bytes(99),
    "video": b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(99),
    "unsupported": b"\0\0\0\x1cftypavif\0\0\0\0mif1miafMA1B" + bytes(99),
    "not_a_picture": b"<html>please log in</html>",
    "broken": JPEG[: len(JPEG) // 2],
    "bomb": png_claiming(60_000, 60_000),
    "too_small": saved(drawn((40, 13)), "PNG"),
    "too_large": png_claiming(8193, 8192),
    "too_long": saved(drawn((301, 100))),
}


@pytest.mark.parametrize("key", REFUSED)
def test_each_bad_reference_is_refused_in_words_that_name_the_file(key: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_reference(REFUSED[key], "cat.jpg")
    assert refused.value.key == f"images.{key}"
    for language in LANGUAGES:
        assert "cat.jpg" in say(Line(refused.value.key, refused.value.values), language)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x1aE\xdf\xa3webm", Kind.VIDEO),
        (b"RIFF\0\0\0\0AVI LIST", Kind.VIDEO),
        (b"RIFF\0\0\0\0WAVEfmt ", Kind.UNKNOWN),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Kind.VIDEO),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Kind.HEIC),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Kind.AVIF),
        (b"8BPS\0\x01", Kind.PSD),
        (b"PK\x03\x04", Kind.UNKNOWN),
        (b"MZ\x90", Kind.UNKNOWN),
        (b"\xff\xd8", Kind.UNKNOWN),
    ],
)
def test_the_first_bytes_decide_what_a_file_is(start: bytes, kind: Kind) -> None:
    assert kind_of(start) is kind


def test_a_reference_without_a_name_is_called_this_picture() -> None:
    with pytest.raises(Refusal) as refused:
        check_reference(b"")
    assert "这张图" in say(Line(refused.value.key, refused.value.values), "zh")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_truncated_file_is_refused_or_painted_white_but_never_crashes(form: str, cut: float) -> None:
    data = saved(drawn((300, 200)), form)
    try:
        checked = check_reference(data[: int(len(data) * cut)], "half")
    except Refusal as refusal:
        assert refusal.key == "images.broken"
    else:  # a GIF decodes as far as it goes
        assert form == "GIF" and (checked.width, checked.height) == (300, 200)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "MPO"])
def test_every_accepted_format_comes_out_as_jpeg_or_png_of_the_same_size(form: str) -> None:
    checked = check_reference(saved(drawn(), form), form)
    image = seen(checked.data)
    assert image.size == (checked.width, checked.height) == (90, 60)
    assert image.mode == "RGB" and checked.mime in ("image/jpeg", "image/png")


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    for form in ("GIF", "WEBP"):
        data = saved(frames[0], form, save_all=True, append_images=frames[1:], lossless=True)
        assert seen(check_reference(data).data).getpixel((5, 5)) == (255, 0, 0)


def test_metadata_is_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010E] = "secret description"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 0.0)})
    image = Image.new("RGB", (80, 40), "white")
    image.paste("black", (0, 0, 40, 40))
    for form in ("JPEG", "PNG", "WEBP", "TIFF"):
        data = saved(image, form, exif=exif)
        assert b"secret description" in data
        checked = check_reference(data)
        upright = seen(checked.data)
        assert (checked.width, checked.height) == (40, 80), form
        above, below = upright.convert("L").getpixel((20, 10)), upright.convert("L").getpixel((20, 70))
        assert isinstance(above, int) and isinstance(below, int) and above < 40 and below > 215, form
        assert not upright.getexif() and b"secret" not in checked.data and b"Exif" not in checked.data


def test_comments_and_texts_are_gone_too() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "hidden words")
    for data in (
        saved(drawn(), comment=b"hidden words"),
        saved(drawn(), xmp=b"<x:xmpmeta>hidden words</x:xmpmeta>"),
        saved(drawn(), "PNG", pnginfo=notes),
        saved(drawn().quantize(9), "PNG", pnginfo=notes),
        saved(drawn(), "GIF", comment=b"hidden words"),
    ):
        assert b"hidden words" in data and b"hidden words" not in check_reference(data).data


@pytest.mark.filterwarnings("ignore:.*EXIF")
def test_a_damaged_exif_block_does_not_cost_a_good_picture() -> None:
    data = saved(drawn(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xffnonsense")
    assert check_reference(data).width == 90


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_what_was_transparent_is_white(mode: str) -> None:
    image = Image.new("RGBA", (40, 40), (200, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 20, 40))
    if mode == "P":
        data = saved(image.quantize(4), "PNG")
    elif mode == "PA":
        data = saved(image, "GIF")
    else:
        data = saved(image.convert(mode), "PNG")
    flattened = seen(check_reference(data).data)
    assert flattened.getpixel((30, 20)) == (255, 255, 255)
    assert flattened.getpixel((10, 20)) == (0, 0, 0)


def test_grey_of_sixteen_bits_is_scaled_and_not_cut_off() -> None:
    deep = Image.linear_gradient("L").convert("I").point(lambda value: value * 257 + 0)
    for data in (saved(deep.convert("I;16"), "PNG"), saved(deep, "TIFF"), saved(deep.convert("F"), "TIFF")):
        middle = seen(check_reference(data).data).convert("L").getpixel((128, 128))
        assert isinstance(middle, int) and 124 <= middle <= 132


def test_print_colours_and_bilevel_become_rgb() -> None:
    red = seen(check_reference(saved(Image.new("CMYK", (60, 60), (0, 255, 255, 0)))).data).getpixel((5, 5))
    assert isinstance(red, tuple) and red[0] > 240 and red[1] < 15 and red[2] < 15
    assert seen(check_reference(saved(Image.new("1", (60, 60), 1), "PNG")).data).getpixel((5, 5)) == (255, 255, 255)


def test_a_colour_profile_is_applied_before_it_is_dropped() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmp1").replace(b"gXYZ", b"rXYZ").replace(b"tmp1", b"gXYZ")
    red = Image.new("RGB", (40, 40), (255, 0, 0))
    for profile, expected in ((srgb, (255, 0, 0)), (swapped, (0, 255, 0))):
        image = seen(check_reference(saved(red, "PNG", icc_profile=profile)).data)
        assert image.getpixel((5, 5)) == expected and "icc_profile" not in image.info


def test_a_profile_that_says_nothing_about_the_pixels_is_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    red = Image.new("RGB", (40, 40), (255, 0, 0))
    for profile in (b"no profile at all", lab):
        assert seen(check_reference(saved(red, "PNG", icc_profile=profile)).data).getpixel((5, 5)) == (255, 0, 0)


def test_large_references_shrink_and_never_leave_the_ratio() -> None:
    checked = check_reference(saved(drawn((6000, 2000)), quality=60))
    assert (checked.width, checked.height) == (4096, 1366)
    assert seen(checked.data).size == (4096, 1366)


def test_few_colours_stay_sharp_as_png() -> None:
    sketch = Image.new("RGB", (200, 100), "white")
    sketch.paste("red", (50, 20, 60, 80))
    checked = check_reference(saved(sketch))
    assert checked.mime in ("image/png", "image/jpeg")
    exact = check_reference(saved(sketch, "PNG"))
    assert exact.mime == "image/png" and seen(exact.data).tobytes() == sketch.tobytes()


def test_what_travels_as_bytes_fits_and_small_ones_stay_as_they_are(
    noise: Callable[[tuple[int, int]], Image.Image],
) -> None:
    small = check_reference(JPEG)
    assert for_bytes(small, MOST_SENT) is small
    large = check_reference(saved(noise((3000, 2500)), quality=95))
    assert MOST_SENT < len(large.data) <= 15_000_000
    sent = for_bytes(large, MOST_SENT)
    assert len(sent.data) <= MOST_SENT and seen(sent.data).size == (sent.width, sent.height)
    assert sent.sha256 != large.sha256


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_painted_picture_keeps_its_bytes_and_tells_its_size(form: str) -> None:
    data = saved(drawn(), form)
    found = encode(data)
    assert (found.data, found.width, found.height, found.mime) == (data, 90, 60, f"image/{form.lower()}")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        saved(drawn(), "GIF"),
        JPEG[:-300],
        saved(drawn((300, 200)), "PNG")[:-40],
        png_claiming(9000, 9000),
        png_claiming(60_000, 60_000),
        JPEG + bytes(MOST_RESULT),
    ],
    ids=["empty", "html", "gif", "half jpeg", "half png", "too many pixels", "bomb", "too heavy"],
)
def test_a_painted_picture_that_is_not_whole_is_broken(data: bytes) -> None:
    with pytest.raises(BrokenPicture):
        check_result(data)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"exif": b"Exif\0\0" + bytes(65_000)}])
def test_a_large_painting_is_whole_only_with_its_end(
    noise: Callable[[tuple[int, int]], Image.Image], options: dict[str, Any]
) -> None:
    data = saved(noise((700, 500)), quality=95, **options)
    assert len(data) > 3 * BEGINNING
    assert check_result(data) == (700, 500)
    tables = data.index(b"\xff\xdb")
    for part in (data[: len(data) // 2], data[:-1], data[:BEGINNING], data[:tables] + data[tables + 69 :]):
        with pytest.raises(BrokenPicture):
            check_result(part)


def test_a_png_of_which_one_bit_is_wrong_is_broken() -> None:
    data = bytearray(saved(drawn((300, 200)), "PNG"))
    data[len(data) // 2] ^= 1
    with pytest.raises(BrokenPicture):
        check_result(bytes(data))


def test_a_tiff_with_a_lying_header_is_refused() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[256], tags[257], tags[258], tags[259], tags[262], tags[273], tags[279] = 500, 500, 8, 1, 1, 8, 250_000
    out = io.BytesIO(b"II*\0" + (8).to_bytes(4, "little"))
    out.seek(8)
    tags.save(out)
    with pytest.raises(Refusal, match=r"images\.broken"):
        check_reference(out.getvalue())
