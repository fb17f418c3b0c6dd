"""The picture store on a folder, in memory and on S3, and the pictures kept in it."""

import asyncio
import socket
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.images import (
    BrokenPicture,
    Images,
    ImageStore,
    PictureGone,
    S3Options,
    StoredImage,
    StoreTrouble,
    expected,
    open_store,
)
from core.images.facade import derived_key
from core.replies import ImageSource
from tests.images.conftest import drawn, saved, seen

KEYS = S3Options("cn-north-1", "AKTEST", "SKTEST")


@pytest.fixture(params=["folder", "memory", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ImageStore]:
    """Each kind of store, empty."""
    match request.param:
        case "folder":
            yield open_store(f"file://{tmp_path}/new folder/pictures".replace(" ", "%20"))
        case "memory":
            yield open_store("memory://")
        case _:
            endpoint = request.getfixturevalue("s3")
            yield open_store(f"s3://pictures/{tmp_path.name}", replace(KEYS, endpoint=endpoint))


def fetched(link: str) -> tuple[str, bytes]:
    """What a stranger gets from a link: mime type and bytes."""
    with urllib.request.urlopen(link, timeout=30) as answer:
        return answer.headers["Content-Type"], answer.read()


def keeping(store: ImageStore) -> tuple[Images, dict[str, StoredImage]]:
    """Pictures on a store, with a dictionary in place of the rows."""
    rows: dict[str, StoredImage] = {}

    async def lookup(image: str) -> StoredImage | None:
        return rows.get(image)

    return Images(store, lookup), rows


async def test_put_get_replace_and_delete_mean_the_same_everywhere(store: ImageStore) -> None:
    await store.put("ab/x.jpg", b"one", "image/jpeg")
    await store.put("ab/x.jpg", b"two", "image/jpeg")
    assert await store.get("ab/x.jpg") == b"two" and await store.exists("ab/x.jpg")
    with pytest.raises(StoreTrouble):
        await store.get("ab/x.jpg", most=2)
    await store.delete("ab/x.jpg")
    await store.delete("ab/x.jpg")
    assert not await store.exists("ab/x.jpg")
    with pytest.raises(PictureGone):
        await store.get("ab/x.jpg")
    await store.probe()
    with pytest.raises(StoreTrouble):
        await store.put("../outside.jpg", b"x", "image/jpeg")


async def test_a_picture_is_kept_shown_three_ways_and_deleted_without_a_trace(store: ImageStore) -> None:
    images, rows = keeping(store)
    source: ImageSource = images
    stored = await images.keep(saved(drawn((700, 400)), "PNG"))
    rows[stored.id] = stored
    assert (stored.mime, stored.width, stored.height) == ("image/png", 700, 400)
    assert stored.key == f"{stored.id[:2]}/{stored.id}.png"

    data, mime, name = await source.original(stored.id)
    assert (len(data), mime, name) == (stored.size, "image/png", f"paintbot-{stored.id[:8]}.png")
    preview, thumb = await source.preview(stored.id), await source.thumb(stored.id)
    assert preview[1] == thumb[1] == "image/jpeg" and seen(preview[0]).size == (700, 400)
    assert max(seen(thumb[0]).size) == 512

    await images.delete(stored)
    await images.delete(stored)
    for key in (stored.key, derived_key(stored, "preview"), derived_key(stored, "thumb")):
        assert not await store.exists(key)
    for shown in (images.original, images.preview, images.thumb):
        with pytest.raises(PictureGone):
            await shown(stored.id)


async def test_previews_are_made_once_and_small_jpegs_are_their_own() -> None:
    store = open_store("memory://")
    images, _rows = keeping(store)
    large = await images.keep(saved(drawn((700, 400)), "PNG"))
    first = await images.thumb(large)
    await store.put(derived_key(large, "thumb"), b"what stands there is given", "image/jpeg")
    assert (await images.thumb(large))[0] != first[0]
    small = await images.keep(saved(drawn()))
    assert (await images.preview(small))[0] == (await images.original(small))[0]
    assert not await store.exists(derived_key(small, "preview"))


async def test_two_records_of_one_picture_share_no_file() -> None:
    images, _rows = keeping(open_store("memory://"))
    checked = await images.check_reference(saved(drawn()), "cat.jpg")
    one, two = await images.keep_reference(checked), await images.keep_reference(checked)
    assert one.sha256 == two.sha256 and one.key != two.key
    await images.delete(one)
    assert (await images.original(two))[0] == checked.data


async def test_a_picture_deleted_while_its_thumbnail_is_drawn_leaves_nothing() -> None:
    store = open_store("memory://")
    images, _rows = keeping(store)
    stored = await images.keep(saved(drawn()))
    put = store.put

    async def put_after_delete(key: str, data: bytes, mime: str) -> None:
        await images.delete(stored)
        await put(key, data, mime)

    store.put = put_after_delete  # type: ignore[method-assign]
    with pytest.raises(PictureGone):
        await images.thumb(stored)
    assert not await store.exists(derived_key(stored, "thumb"))


async def test_what_does_not_decode_is_not_kept_and_unknown_ids_are_gone() -> None:
    images, _rows = keeping(open_store("memory://"))
    with pytest.raises(BrokenPicture):
        await images.keep(b"<html>")
    with pytest.raises(PictureGone):
        await images.thumb("nobody")


async def test_only_a_bucket_gives_links_and_they_work(s3: str, tmp_path: Path) -> None:
    images, _rows = keeping(open_store("s3://pictures/links", replace(KEYS, endpoint=s3)))
    stored = await images.keep(saved(drawn()))
    link = await images.link(stored, 600)
    assert link and link.startswith(f"{s3}/pictures/links/{stored.key}?") and "SKTEST" not in link
    mime, data = await asyncio.to_thread(fetched, link)
    assert mime == "image/jpeg" and data == (await images.original(stored))[0]
    hidden = open_store("s3://pictures", replace(KEYS, endpoint=s3, public=False))
    for other in (hidden, open_store("memory://"), open_store(str(tmp_path))):
        assert await other.link("ab/x.jpg", 600) is None


async def test_a_painting_jimeng_would_not_take_goes_out_as_its_preview(s3: str) -> None:
    """A final of 5 000 px and one kept as WebP went out as they were, and Jimeng refused them."""
    images, _rows = keeping(open_store("s3://pictures/taken", replace(KEYS, endpoint=s3)))
    fine = await images.keep(saved(drawn()))
    assert await images.reference(fine) == (await images.original(fine))[:2]
    for stored in (await images.keep(saved(drawn()), "webp"), await images.keep(saved(drawn((5000, 300)), "PNG"))):
        data, mime = await images.reference(stored)
        link = await images.link(stored, 600)
        assert mime == "image/jpeg" and link and await asyncio.to_thread(fetched, link) == (mime, data)
        assert max(seen(data).size) <= 2560


async def test_two_doctors_at_once_do_not_take_each_others_object_for_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both wrote one name: the first to finish deleted it, and the other reported a broken store."""
    store = open_store("memory://")
    read = store.get

    async def after_another_doctor(key: str, most: int) -> bytes:
        monkeypatch.setattr(store, "get", read)
        await store.probe()
        return await read(key, most)

    monkeypatch.setattr(store, "get", after_another_doctor)
    await store.probe()
    assert store.get is read, "both looked"


async def test_the_bucket_may_stand_in_the_host_name() -> None:
    options = replace(KEYS, endpoint="https://tos-s3-cn-beijing.example", virtual_hosted=True)
    link = await open_store("s3://pictures", options).link("ab/x.jpg", 600)
    assert link and link.startswith("https://pictures.tos-s3-cn-beijing.example/ab/x.jpg?")


async def test_an_unreachable_bucket_is_trouble_and_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening: refuses at once
        options = replace(KEYS, endpoint=f"http://127.0.0.1:{taken.getsockname()[1]}", patience=0.1)
        with pytest.raises(StoreTrouble) as trouble:
            await open_store("s3://pictures", options).probe()
    assert "SKTEST" not in repr(options) + str(trouble.value) + str(trouble.value.__cause__)


@pytest.mark.parametrize(
    "url", ["", "file://./x", "file://host/x", "https://example.com", "gs://bucket", "s3://bucket"]
)
def test_an_address_that_cannot_work_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"pictures are kept|bare path|key pair"):
        open_store(url)


def test_half_a_key_pair_and_a_folder_that_is_a_file_are_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="key pair"):
        open_store("s3://bucket", S3Options("cn-north-1", "AK", ""))
    with pytest.raises(ValueError, match="https"):
        open_store("s3://bucket", S3Options("cn-north-1", "AK", "SK", endpoint="minio:9000"))
    (tmp_path / "file").touch()
    with pytest.raises(StoreTrouble):
        open_store(str(tmp_path / "file"))


async def test_what_a_killed_put_left_of_an_expected_picture_goes(tmp_path: Path) -> None:
    images = Images(open_store(tmp_path.as_uri()), nowhere)
    coming, other = expected(), await images.keep(saved(drawn()))
    folder = tmp_path / coming.id[:2]
    folder.mkdir(exist_ok=True)
    for name in (f"{coming.id}.png", f"{coming.id}.jpg#1"):
        (folder / name).write_bytes(b"half a picture")
    await images.delete(coming)
    await images.delete(coming)
    assert [path.name for path in tmp_path.glob("*/*")] == [other.key.partition("/")[2]]


async def nowhere(_: str) -> None:
    """No picture is looked up."""
