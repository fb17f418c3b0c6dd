"""The simulator through our client, over a real port: tasks and their pictures, references, parameters, restarts."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from volcengine.visual.VisualService import VisualService

from bot.simulator.config import Config
from core.jimeng.client import Credential, Done, Drawing, JimengClient, Label, Waiting
from core.jimeng.errors import JimengError, Kind
from tests.jimeng.running import simulator
from tests.jimeng.simulated import I2I, KEYS, PLAIN, UPSCALE, V31, V40, V46, Bench, encoded


async def test_a_task_waits_is_painted_is_done_and_dies_after_twelve_hours(bench: Bench) -> None:
    """All states in order; the id is a long decimal string; links die before the task does."""
    task = await bench.submit(width=1664, height=936, seed=7)
    assert len(task) == 19 and int(task) > 2**53
    assert isinstance(waiting := await bench.poll(task), Waiting) and waiting.status == "in_queue"
    bench.forward(1.5)
    assert isinstance(waiting := await bench.poll(task), Waiting) and waiting.status == "generating"
    bench.forward(3)
    done = await bench.poll(task)
    assert isinstance(done, Done) and len(done.urls) == 1 and "." not in done.urls[0].split("?")[0].rsplit("~")[0][-4:]
    assert (await bench.client.download(done.urls[0]))[:3] == b"\xff\xd8\xff"
    with pytest.raises(JimengError) as no:
        await bench.client.download(done.urls[0].replace("x-expires=1", "x-expires=2"))
    assert (no.value.kind, no.value.http) == (Kind.GONE, 403)
    bench.forward(12 * 3600)
    assert (await bench.failed(task)).kind is Kind.GONE
    bench.forward(12 * 3600)
    with pytest.raises(JimengError) as no:
        await bench.client.download(done.urls[0])
    assert no.value.http == 403


async def test_an_unknown_task_is_told_in_both_ways(bench: Bench) -> None:
    """A foreign id, a wrong req_key, another key: not_found, or 50215 by the switch; both are gone to our client."""
    task = await bench.submit()
    for answer in ("not_found", "50215"):
        await bench.control(set={"unknown_task": answer})
        for asked, req_key in (("7392616336519610409", V31), (task, V40)):
            error = await bench.failed(asked, req_key)
            assert (error.kind, error.code) == (Kind.GONE, 50215 if answer == "50215" else 10000)
        await bench.client.probe(bench.one, V40)


async def test_pictures_have_the_size_the_format_and_the_same_face_again(bench: Bench) -> None:
    """Exactly the size; JPEG from 3.1, PNG from 4.0; the same words and seed paint the same, another seed another."""
    await bench.control(set={"in_flight": 9})
    same = [await bench.submit("雪地里的红狐狸", width=800, height=600, seed=seed) for seed in (7, 7, 8)]
    big = await bench.submit("a cat in the city", V40, width=1280, height=960, force_single=True)
    first, again, other = [(await bench.pictures(task))[0] for task in same]
    assert (first.format, first.size) == ("JPEG", (800, 600))
    assert first.tobytes() == again.tobytes() != other.tobytes()
    (png,) = await bench.pictures(big, V40)
    assert (png.format, png.size) == ("PNG", (1280, 960))
    (marked,) = await bench.pictures(same[0], V31, Label(add=True, language="zh", producer="P1"))
    assert marked.tobytes() != first.tobytes() and b"P1" in marked.info["comment"]


async def test_a_group_is_as_many_as_the_prompt_says_unless_single(bench: Bench) -> None:
    """4.0 reads the number from the words; force_single makes it one."""
    group = await bench.submit("3张 海报", V40, width=1024, height=1024)
    single = await bench.submit("3张 海报", V40, width=1024, height=1024, force_single=True)
    assert [len(await bench.pictures(task, V40)) for task in (group, single)] == [3, 1]


async def test_references_travel_as_bytes_or_links_and_are_seen(bench: Bench) -> None:
    """i2i 3.0 blends bytes in multiples of 16, 4.0 fetches links itself, upscaling enlarges to 4K and keeps the
    picture."""
    await bench.control(set={"in_flight": 9})
    painted = await bench.submit(width=800, height=600, seed=1)
    await bench.control(finish=True)
    done = await bench.poll(painted)
    assert isinstance(done, Done)
    blended = await bench.submit("雪地", I2I, width=1010, height=700, scale=0.2, image_bytes=(encoded((200, 40, 90)),))
    linked = await bench.submit(
        "雪地", V40, width=1280, height=960, image_links=(done.urls[0], done.urls[0]), force_single=True
    )
    enlarged = await bench.submit(
        "", UPSCALE, resolution="4k", scale=50, image_bytes=(encoded((90, 140, 60), (400, 300)),)
    )
    (picture,) = await bench.pictures(blended, I2I)
    assert (picture.format, picture.size) == ("JPEG", (1008, 704))
    red, green, _ = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    assert red > green
    assert (await bench.pictures(linked, V40))[0].size == (1280, 960)
    (large,) = await bench.pictures(enlarged, UPSCALE)
    assert (large.format, large.size) == ("PNG", (4096, 3072))
    assert all(abs(a - b) < 4 for a, b in zip(large.getpixel((2000, 1500)), (90, 140, 60), strict=True))  # type: ignore[arg-type]


BAD: list[tuple[str, Mapping[str, Any]]] = [
    (V31, {"prompt": ""}),
    (V31, {"width": 400, "height": 400}),
    (V31, {"width": 4096, "height": 2048}),
    (V31, {"width": 2400, "height": 600}),
    (V31, {"seed": 2**31}),
    (V31, {"image_bytes": (encoded(),)}),
    (V40, {"width": 1000, "height": 1000}),
    (V40, {"scale": 1.5}),
    (V40, {"image_bytes": (encoded(),)}),
    (V40, {"image_links": ("http://127.0.0.1:1/nobody",)}),
    (V40, {"image_links": ("ftp://example/a",)}),
    (V46, {"scale": 0.5}),
    (I2I, {"scale": 0.5}),
    (I2I, {"image_bytes": (encoded(), encoded())}),
    (I2I, {"width": 500, "height": 800, "image_bytes": (encoded(),)}),
    (I2I, {"image_bytes": (b"no picture",)}),
    (I2I, {"image_bytes": (encoded(kind="GIF"),)}),
    (I2I, {"image_bytes": (encoded(size=(900, 200)),)}),
    (UPSCALE, {"scale": 0.5, "image_bytes": (encoded(),)}),
    (UPSCALE, {"resolution": "4K", "image_bytes": (encoded(),)}),
]


async def test_parameters_out_of_the_rules_are_50215(bench: Bench) -> None:
    """Sizes, ratios, types of scale, numbers and kinds of references: each model its own."""
    for req_key, wrong in BAD:
        error = await bench.refused(**{"prompt": "猫", **wrong}, req_key=req_key)
        assert (error.code, error.http, error.kind) == (50215, 400, Kind.FINAL), (req_key, list(wrong))
    await bench.submit(width=1664)
    await bench.submit("猫", V46, scale=50, force_single=True)


async def test_keys_that_may_not_are_50400_and_strangers_do_not_come_in(bench: Bench) -> None:
    """Unknown req_key, a capability not activated, a wrong secret, an unknown key, a missing session token."""
    second = Credential("two", "AK2", "secret-2", bench.url)
    assert [
        (e.code, e.http)
        for e in (await bench.refused(req_key="jimeng_t2i_v50"), await bench.refused("猫", V40, second))
    ] == [
        (50400, 401),
        (50400, 401),
    ]
    await bench.submit(by=second)
    codes = []
    for access, secret, token in (
        ("AK1", "wrong", ""),
        ("AK9", "x", ""),
        ("AK3", "secret-3", ""),
        ("AK3", "secret-3", "sts"),
    ):
        who = Credential("x", access, secret, bench.url, session_token=token)
        try:
            await bench.client.probe(who, V31)
            codes.append(0)
        except JimengError as error:
            assert error.kind is Kind.CREDENTIAL
            codes.append(error.code)
    assert codes == [100010, 100009, 100026, 0]


def test_the_official_sdk_runs_against_it_unchanged(tmp_path: Path) -> None:
    """VisualService submits and polls; its clock is the real one, so it gets a simulator of that time."""
    with simulator(Config(file=tmp_path / "tasks.db", keys=KEYS, queue_seconds=600)) as url:
        service = VisualService()
        service.set_scheme("http")
        service.set_host(url.removeprefix("http://"))
        service.set_ak("AK1")
        service.set_sk("secret-1")
        told = service.cv_sync2async_submit_task({"req_key": V40, "prompt": "千军万马 & “AI” $", "force_single": True})
        assert told["code"] == 10000
        asked = {"req_key": V40, "task_id": told["data"]["task_id"], "req_json": json.dumps({"return_url": True})}
        assert service.cv_sync2async_get_result(asked)["data"]["status"] == "in_queue"
        with pytest.raises(Exception, match="50400"):
            service.cv_sync2async_submit_task({"req_key": "nothing", "prompt": "x"})


async def test_tasks_outlive_the_process(tmp_path: Path) -> None:
    """Killed outright and started again on its file, it still knows the task and opens old links."""
    file, client_clock = tmp_path / "tasks.db", lambda: datetime.now(UTC)

    async def start(port: int) -> tuple[asyncio.subprocess.Process, str]:
        command = (
            sys.executable,
            "-m",
            "bot.simulator",
            "--file",
            str(file),
            "--key",
            "AK1:secret-1",
            "--port",
            str(port),
        )
        process = await asyncio.create_subprocess_exec(
            *command,
            "--queue-seconds",
            "0",
            "--paint-seconds",
            "0",
            "--ready-file",
            str(tmp_path / "ready"),
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        word, url = line.decode().split()
        assert word == "simulator" and json.loads((tmp_path / "ready").read_text())["url"] == url
        return process, url

    process, url = await start(0)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        client, key = JimengClient(http, client_clock), Credential("one", "AK1", "secret-1", url)
        task = (await client.submit(key, Drawing(V31, "猫", 512, 512, seed=1))).task_id
        before = await client.poll(key, V31, task, PLAIN)
        assert isinstance(before, Done)
        picture = await client.download(before.urls[0])
        process.kill()
        await process.wait()
        with pytest.raises(JimengError) as no:
            await client.poll(key, V31, task, PLAIN)
        assert no.value.kind is Kind.NETWORK
        process, _ = await start(int(url.rpartition(":")[2]))
        assert isinstance(await client.poll(key, V31, task, PLAIN), Done)
        assert await client.download(before.urls[0]) == picture
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.wait(), 60)
