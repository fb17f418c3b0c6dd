"""Where pictures cannot be kept, the log and /readyz say so before a painting finds out, and when it is well again."""

import asyncio
import logging
import socket
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import platforms, storing, wiring
from bot.settings import load
from core.images import ImageStore, StoreTrouble, open_store
from tests.waiting import eventually

CANNOT = {"images": "pictures cannot be kept; the log says why"}
ALONE = {"PAINTBOT_WEB__PORT": "0", "PAINTBOT_JIMENG__SIMULATOR": "false"}


async def _nowhere(*_: Any) -> dict[str, Any]:
    return {}


async def test_a_folder_that_cannot_be_written_is_told_at_start_and_when_it_is_well_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The first painting found it, and everything said the bot was ready."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(wiring, "watch", lambda store, where: storing.watch(store, where, every=0.02))
    monkeypatch.setattr(platforms, "make", _nowhere)  # a page is mounted once a process, and here are many tests
    wall = tmp_path / "data" / "images" / "probe"
    wall.parent.mkdir(parents=True)
    wall.touch()  # a file where the folder of the small object belongs
    caplog.set_level(logging.INFO, "bot.storing")
    async with wiring.running(load(None, ALONE)) as address, httpx.AsyncClient(base_url=address) as client:
        await eventually(lambda: bool(caplog.messages))
        assert caplog.messages[0].startswith(f"images.url: pictures cannot be kept in file://{tmp_path}/data/images: ")
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["problems"]) == (503, CANNOT)
        wall.unlink()
        await eventually(lambda: len(caplog.messages) == 2)
        assert caplog.messages[1].endswith("/data/images again")
        assert (await client.get("/readyz")).status_code == 200
        assert not any(wall.iterdir()), "the small object went again"


async def test_a_bucket_out_of_reach_is_told_at_start_and_no_secret_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening: refuses at once
        bucket = {"URL": "s3://pictures", "REGION": "r", "ACCESS_KEY_ID": "AK", "SECRET_ACCESS_KEY": "SKTEST"}
        bucket["ENDPOINT"] = f"http://127.0.0.1:{taken.getsockname()[1]}"
        settings = load(None, ALONE | {f"PAINTBOT_IMAGES__{name}": value for name, value in bucket.items()})
        async with AsyncExitStack() as stack:
            house = await wiring.open_house(settings, stack)
            async with httpx.AsyncClient(base_url=await wiring.begin(house, {}, stack)) as client:
                watching = asyncio.create_task(storing.watch(house.images.store, settings.images_url))
                await eventually(lambda: bool(caplog.messages))
                watching.cancel()
                assert "pictures cannot be kept in s3://pictures: " in caplog.text and "SKTEST" not in caplog.text
                assert (await client.get("/readyz")).json()["problems"] == CANNOT


async def test_a_store_that_is_well_is_written_to_once_and_a_failed_picture_is_noticed(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    tries, gone = 0, asyncio.Event()
    put, delete = store.put, store.delete

    async def counted(key: str, data: bytes, mime: str) -> None:
        nonlocal tries
        tries += 1
        await put(key, data, mime)

    async def noted(key: str) -> None:
        await delete(key)
        gone.set()

    store.put, store.delete = counted, noted  # type: ignore[method-assign]
    watching = asyncio.create_task(storing.watch(store, "here", every=0.0))
    await gone.wait()
    for _ in range(100):
        await asyncio.sleep(0)
    assert tries == 1 and not store.trouble
    (tmp_path / "ab").touch()
    with pytest.raises(StoreTrouble):
        await put("ab/x.jpg", b"picture", "image/jpeg")
    assert store.trouble.startswith("could not write ab/x.jpg: ")
    await eventually(lambda: tries > 1 and not store.trouble)
    watching.cancel()


async def test_a_store_that_says_nothing_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store("memory://")

    async def silent(self: ImageStore, key: str, data: bytes, mime: str) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(ImageStore, "put", silent)
    await store.try_out(0.01)
    assert store.trouble == "no answer within 0.01 s"
