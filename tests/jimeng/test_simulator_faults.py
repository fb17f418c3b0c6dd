"""The simulator's limits and troubles, and what our client makes of them."""

import asyncio
from typing import Any

import pytest

from core.jimeng import client as wire
from core.jimeng.client import Credential, Done, Waiting
from core.jimeng.errors import JimengError, Kind
from tests.jimeng.simulated import I2I, V31, V40, Bench, encoded


async def test_limits_are_per_key_and_model_and_end_with_the_task(bench: Bench) -> None:
    """A third unfinished task is 50430 for this key and req_key alone; too many in a second are 50429."""
    tasks = [await bench.submit() for _ in range(2)]
    third = await bench.refused()
    assert (third.code, third.http, third.kind) == (50430, 429, Kind.CONCURRENCY)
    await bench.submit("猫", V40, force_single=True)
    await bench.submit(by=Credential("two", "AK2", "secret-2", bench.url))
    await bench.control(finish=True)
    assert isinstance(await bench.poll(tasks[0]), Done)
    await bench.submit()
    bench.forward(60)
    await bench.control(set={"qps": 1})
    await bench.submit()
    assert (await bench.refused()).kind is Kind.RATE
    bench.forward(1)
    await bench.submit()


async def test_parallel_submits_never_pass_the_limit(bench: Bench) -> None:
    """Ten at once, two accepted."""
    got = await asyncio.gather(*(bench.submit(f"猫{number}") for number in range(10)), return_exceptions=True)
    assert sum(isinstance(one, str) for one in got) == 2
    assert {one.code for one in got if isinstance(one, JimengError)} == {50430}


async def test_words_in_a_prompt_make_things_happen(bench: Bench) -> None:
    """Refusals at submit and with the result; passing trouble once a minute; odd lives."""
    await bench.control(set={"in_flight": 50})
    for words, code in (
        ("违规", 50412),
        ("Trademark", 50413),
        ("违规图", 50411),
        ("stolen picture", 50518),
        ("未开通", 50400),
    ):
        assert (await bench.refused(f"一张{words}的图")).code == code
    for words, code in (("版权角色", 50519), ("nsfw", 50511), ("文字不过", 50512), ("模型坏", 50500)):
        task = await bench.submit(words)
        await bench.control(finish=True)
        assert (await bench.failed(task)).code == code
    for words, code in (("忙", 50500), ("限流", 50429), ("并发", 50430)):
        assert (await bench.refused(words)).code == code
        await bench.submit(words)
        bench.forward(61)
        assert (await bench.refused(words)).code == code
    for words in ("过期", "丢失"):
        task = await bench.submit(words)
        await bench.control(finish=True)
        assert (await bench.failed(task)).kind is Kind.GONE
    for colour, code in (((255, 0, 0), 50411), ((0, 0, 255), 50518)):
        assert (await bench.refused("雪", I2I, image_bytes=(encoded(colour),))).code == code


async def test_a_lost_answer_leaves_a_task_behind(bench: Bench) -> None:
    """Words and queued faults drop the connection after the task is made, before it, or cut the answer; submits are
    counted."""
    lost = await bench.refused("断线的猫")
    assert (lost.kind, lost.code) == (Kind.NETWORK_UNKNOWN, 0)
    told = await bench.control()
    assert (told["submits"]["断线的猫"], told["accepted"]["断线的猫"], len(told["tasks"])) == (1, 1, 1)
    await bench.control(faults=[{"on": "submit", "do": "drop_after", "prompt": "fox"}])
    assert (await bench.refused("a fox")).kind is Kind.NETWORK_UNKNOWN
    await bench.control(
        faults=[{"on": "submit", "do": do} for do in ("drop_before", "html_502", "html_504")], finish=True
    )
    kinds = [(await bench.refused("a dog")).kind for _ in range(3)]
    assert kinds == [Kind.NETWORK_UNKNOWN, Kind.NETWORK, Kind.NETWORK_UNKNOWN]
    await bench.control(faults=[{"on": "submit", "do": "invalid_json"}])
    assert (await bench.refused("a cup")).kind is Kind.NETWORK_UNKNOWN
    told = await bench.control()
    assert told["accepted"] == {"断线的猫": 1, "a fox": 1, "a cup": 1} and not told["faults"]


async def test_bent_answers_are_understood_and_bad_polls_leave_the_task_alone(bench: Bench) -> None:
    """Missing status, extra keys and the Result wrapper change nothing; failing polls can be asked again."""
    bends = [{"on": on, "do": do} for on in ("submit", "poll") for do in ("no_status", "extra_keys", "result_wrapper")]
    await bench.control(faults=bends)
    task = await bench.submit()
    assert isinstance(await bench.poll(task), Waiting)
    troubles: list[dict[str, Any]] = [
        {"do": "html_502"},
        {"do": "invalid_json"},
        {"do": "drop_before"},
        {"do": "code", "code": 50500},
    ]
    troubles += [{"do": "code", "code": 50429}, {"do": "gateway", "code": 100018}]
    await bench.control(faults=[{"on": "poll", **trouble} for trouble in troubles])
    assert all([(await bench.failed(task)).repoll for _ in troubles])
    await bench.control(faults=[{"on": "download", "do": "code", "http": 500}], finish=True)
    done = await bench.poll(task)
    assert isinstance(done, Done)
    with pytest.raises(JimengError, match="network"):
        await bench.client.download(done.urls[0])
    assert await bench.client.download(done.urls[0])


async def test_without_return_url_pictures_come_as_base64(bench: Bench) -> None:
    """And a `req_json` that is no string is a client's mistake."""
    task = await bench.submit(width=512, height=512)
    await bench.control(finish=True)
    for req_json, code in (
        (None, 10000),
        ("{}", 10000),
        ({"return_url": True}, 50215),
        ("[1]", 50215),
        ("{“x”：1}", 50215),
    ):
        body = {"req_key": V31, "task_id": task, **({"req_json": req_json} if req_json is not None else {})}
        ask = bench.client._ask("poll", bench.one, wire.POLL, body)
        if code == 10000:
            data, _, _ = await ask
            assert data["image_urls"] is None and len(data["binary_data_base64"]) == 1
        else:
            with pytest.raises(JimengError) as no:
                await ask
            assert no.value.code == code


async def test_the_control_room_refuses_what_it_does_not_know(bench: Bench) -> None:
    """A misspelt setting or fault is a 400 and changes nothing; a form from a browser page is not JSON."""
    wrongs: tuple[dict[str, Any], ...] = (
        {"set": {"delay": 1}},
        {"faults": [{"on": "submit", "do": "explode"}]},
        {"sett": {}},
        {"set": {"qps": "many"}},
    )
    for wrong in wrongs:
        assert (await bench.http.post(f"{bench.url}/_control", json=wrong)).status_code == 400
    assert (await bench.http.post(f"{bench.url}/_control", content=b"{}")).status_code == 400
    assert (await bench.control())["settings"]["qps"] == 20
