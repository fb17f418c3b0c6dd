"""Previews, thumbnails, formats, and the AI label that stays with a picture."""

import asyncio
import json
import threading
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from PIL import Image

from core.images import BrokenPicture, Label, Maker
from core.images.make import FORMS, PREVIEW_MOST, encode, is_preview, preview, thumb
from tests.images.conftest import drawn, saved, seen

LABEL = Label("Paintbot <团队>", "K7Q2.3", "a cat & a dog\n--ar 16:9 \x00\x1b end")
AIGC = "{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC"


def label_in(data: bytes) -> dict[str, str]:
    """The label as a foreign reader would find it: XMP, XML, JSON."""
    xmp = seen(data).info["xmp"]
    found = ElementTree.fromstring(xmp.decode() if isinstance(xmp, bytes) else xmp).find(f".//{AIGC}")
    assert found is not None and found.text
    label: dict[str, str] = json.loads(found.text)
    return label


@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("form", ["jpg", "png", "webp", ""])
def test_every_format_becomes_every_other_with_the_label_written(source: str, form: str) -> None:
    made = encode(saved(drawn(), source), form, LABEL)
    expected = FORMS[form].value if form else source
    assert seen(made.data).format == expected and made.mime == f"image/{expected.lower()}"
    assert (made.width, made.height) == seen(made.data).size == (90, 60)
    label = label_in(made.data)
    assert (label["Label"], label["ContentProducer"], label["ProduceID"]) == ("1", "Paintbot <团队>", "K7Q2.3")
    assert set(label) == {
        *("Label", "ContentProducer", "ProduceID", "ReservedCode1"),
        *("ContentPropagator", "PropagateID", "ReservedCode2"),
    }
    assert b"a cat &amp; a dog" in made.data


def test_the_same_format_keeps_every_pixel_and_replaces_an_older_label() -> None:
    for form in ("JPEG", "PNG"):
        data = saved(drawn(), form)
        once = encode(data, "", Label("first", "1"))
        twice = encode(once.data, "", LABEL)
        assert seen(twice.data).tobytes() == seen(data).tobytes()
        assert label_in(twice.data)["ProduceID"] == "K7Q2.3" and b"first" not in twice.data
    assert encode(data).data is data


def test_parameters_stay_out_when_there_are_none_and_are_cut_when_endless() -> None:
    assert b"dc:description" not in encode(saved(drawn()), "", Label("p", "1")).data.split(b"TC260:AIGC>")[2]
    assert label_in(encode(saved(drawn()), "", Label("p", "1", "😀" * 50_000)).data)["ProduceID"] == "1"


def test_transparency_survives_where_the_format_can_hold_it() -> None:
    glass = saved(Image.new("RGBA", (30, 30), (255, 0, 0, 0)), "PNG")
    assert seen(encode(glass, "webp").data).has_transparency_data
    assert seen(encode(glass, "jpg").data).getpixel((5, 5)) == (255, 255, 255)


def test_an_unknown_format_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="gif"):
        encode(saved(drawn()), "gif")


def test_a_preview_is_a_jpeg_that_fits_every_platform(noise: Callable[[tuple[int, int]], Image.Image]) -> None:
    large = saved(noise((4096, 2304)), "PNG", compress_level=1)
    assert len(large) > PREVIEW_MOST
    small = preview(large)
    assert seen(small).size == (2560, 1440) and seen(small).format == "JPEG" and len(small) <= PREVIEW_MOST
    assert seen(thumb(large)).size == (512, 288)


def test_small_pictures_are_never_blown_up() -> None:
    assert seen(preview(saved(drawn(), "PNG"))).size == seen(thumb(saved(drawn(), "WEBP"))).size == (90, 60)


def test_previews_and_thumbnails_say_that_they_are_painted_too() -> None:
    for form in ("jpg", "png", "webp"):
        labelled = encode(saved(drawn()), form, LABEL).data
        assert label_in(preview(labelled))["ProduceID"] == label_in(thumb(labelled))["ProduceID"] == "K7Q2.3"


def test_what_can_be_shown_as_it_is_needs_no_preview() -> None:
    assert is_preview("image/jpeg", 2560, 1440, 900_000)
    assert not is_preview("image/jpeg", 2561, 1440, 900_000)
    assert not is_preview("image/png", 100, 100, 900)
    assert not is_preview("image/jpeg", 2560, 1440, 10_000_000)


def test_a_stored_file_that_rotted_is_broken() -> None:
    for data in (b"", b"nonsense", saved(drawn((300, 300)))[:900]):
        with pytest.raises(BrokenPicture):
            preview(data)


async def test_pictures_are_made_in_threads_two_at_a_time() -> None:
    maker, busy, most, lock = Maker(2), 0, 0, threading.Lock()
    both, loop_thread = threading.Barrier(2), threading.get_ident()

    def work(number: int) -> int:
        nonlocal busy, most
        assert threading.get_ident() != loop_thread
        with lock:
            busy += 1
            most = max(most, busy)
        both.wait(30)  # only passes when two work at once; a third would be counted
        with lock:
            busy -= 1
        return number

    assert await asyncio.gather(*(maker.run(work, number) for number in range(6))) == list(range(6))
    assert most == 2
