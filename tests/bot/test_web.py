"""The web server: what is public, what it says, how it starts and stops, and links that only we can make."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot import wiring
from bot.counting import alive, shared
from bot.links import ReferenceLinks
from bot.metrics import Counted, Metrics
from bot.platforms import Platform, webhooks
from bot.web import CannotListen, Doors, WebServer, make_app
from core.records import Records, Tx
from core.records.tables import metadata
from tests.waiting import eventually

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
PICTURE = b"\xff\xd8 a picture"
LINKS = ReferenceLinks((b"k" * 32,), "https://paint.example.com", lambda: NOW)
PROBLEMS: dict[str, str] = {}


async def ready() -> Mapping[str, str]:
    return PROBLEMS


async def metrics() -> bytes:
    return Metrics().text(Counted(paintings={("done", ""): 3}))


async def reference(token: str) -> tuple[bytes, str] | None:
    return (PICTURE, "image/jpeg") if LINKS.image(token) == "abc" else None


async def event(request: Request) -> Response:
    return PlainTextResponse((await request.body()).decode()[::-1])


def page(app: FastAPI) -> None:
    app.mount("/", PlainTextResponse("the page"))


DOORS = Doors(ready, metrics, reference, {"/slack/events": event}, page)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A real server on a free port."""
    server = WebServer(make_app(DOORS), "127.0.0.1", 0)
    await server.start()
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as client:
        yield client
    await server.stop()


async def test_health_readiness_and_metrics(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await client.get("/healthz")).text == "ok"
    assert (await client.get("/readyz")).json() == {"ready": True, "problems": {}}
    monkeypatch.setitem(PROBLEMS, "database", "no answer")
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["problems"]) == (503, {"database": "no answer"})
    assert 'paintbot_paintings_total{cause="",outcome="done"} 3.0' in (await client.get("/metrics")).text


async def test_a_reference_is_served_by_its_signed_link_alone_and_never_cached(client: httpx.AsyncClient) -> None:
    link = LINKS.url("abc", 600)
    assert link is not None
    answer = await client.get(link.removeprefix("https://paint.example.com"))
    assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/jpeg")
    assert "no-store" in answer.headers["cache-control"]
    assert (await client.get("/r/abc")).status_code == 404
    assert (await client.get("/r/abc.7fffffff.AAAA")).status_code == 404


async def test_webhooks_take_posts_and_the_page_everything_else(client: httpx.AsyncClient) -> None:
    assert (await client.post("/slack/events", content="abc")).text == "cba"
    assert (await client.get("/anything")).text == "the page"


async def test_a_webhook_reads_no_more_than_an_event_can_have() -> None:
    read: list[int] = []

    class Greedy:
        async def routes(self, scope: Scope, receive: Receive, send: Send) -> None:
            read.append(len(await Request(scope, receive).body()))
            await PlainTextResponse("taken")(scope, receive, send)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    apps = cast(Mapping[str, Platform], {"slack": Greedy()})
    transport = httpx.ASGITransport(make_app(replace(DOORS, webhooks=webhooks(apps))))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        assert (await client.post("/slack/events", content=b"x" * 1000)).text == "taken"
        assert (await client.post("/slack/events", content=b"x" * 2_000_000)).status_code == 413
        assert (await client.post("/slack/events", content=endless())).status_code == 413
    assert read == [1000]


async def test_what_strangers_may_ask_is_worked_out_once_however_many_ask_at_once() -> None:
    """Every look at /readyz and /metrics counted the whole record, beside all the others."""
    begun, gate = 0, asyncio.Event()

    async def work() -> int:
        nonlocal begun
        begun += 1
        await gate.wait()
        return begun

    asked = shared(work)
    many = [asyncio.create_task(asked()) for _ in range(20)]
    await eventually(lambda: begun > 0)
    many[0].cancel()  # who goes away takes nothing from the others
    gate.set()
    assert (await asyncio.gather(*many, return_exceptions=True))[1:] == [1] * 19
    assert await asked() == 2


async def test_readiness_reads_nothing_that_grows(records: Records) -> None:
    asked: list[str] = []

    def watched(statement: Any, values: Any, take: Any) -> Any:
        asked.append(str(statement))
        return run(statement, values, take)

    async with records.read() as tx:
        run = tx._run
        await alive(Tx(watched, postgres=tx.postgres, now=tx.now))
    assert asked
    assert {name for name in metadata.tables if any(re.search(rf"\b{name}\b", one) for one in asked)} <= {"leases"}


async def test_a_database_that_never_answers_one_scrape_is_no_end_of_all_scrapes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everybody who asked later waited for the count that hung, for as long as it hung."""
    monkeypatch.setattr(wiring, "CALL_SECONDS", 0.01)

    @asynccontextmanager
    async def silent() -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    house = SimpleNamespace(records=SimpleNamespace(read=silent), metrics=Metrics(), messengers={})
    doors = wiring._doors(cast(Any, house), {})
    async with asyncio.timeout(30):
        assert [await doors.metrics() for _ in range(2)] == [None, None]


async def test_metrics_that_cannot_be_counted_are_a_gap_not_a_crash() -> None:
    async def none() -> None:
        return None

    transport = httpx.ASGITransport(make_app(replace(DOORS, metrics=none)))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        assert (await client.get("/metrics")).status_code == 503


async def test_without_a_page_nothing_else_is_served() -> None:
    transport = httpx.ASGITransport(make_app(replace(DOORS, page=None)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for path in ("/", "/docs", "/openapi.json", "/r/"):
            assert (await client.get(path)).status_code == 404


async def test_a_taken_port_is_said_in_one_line_and_signals_stay_with_the_process(client: httpx.AsyncClient) -> None:
    port = client.base_url.port
    with pytest.raises(CannotListen, match=f"cannot listen on 127.0.0.1:{port}"):
        await WebServer(FastAPI(), "127.0.0.1", port or 0).start()
    caught: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: caught.append(number))
    os.kill(os.getpid(), signal.SIGTERM)
    signal.signal(signal.SIGTERM, before)
    assert caught == [signal.SIGTERM]
    assert (await client.get("/healthz")).status_code == 200


async def test_an_app_that_does_not_come_up_is_told_not_hidden() -> None:
    def broken() -> None:
        raise ValueError("broken")

    app = FastAPI(on_startup=[broken])
    with pytest.raises(CannotListen, match="the app did not come up"):
        await WebServer(app, "127.0.0.1", 0).start()


def test_links_expire_cannot_be_changed_and_survive_a_rotation() -> None:
    link = LINKS.url("abc", 600)
    assert link is not None
    token = link.rpartition("/")[2]
    later = ReferenceLinks((b"k" * 32,), "https://x", lambda: NOW + timedelta(seconds=601))
    rotated = ReferenceLinks((b"n" * 32, b"k" * 32), "https://x", lambda: NOW)
    assert LINKS.image(token) == rotated.image(token) == "abc"
    assert later.image(token) is None
    assert LINKS.image(token.replace("abc", "abd")) is None
    assert LINKS.image("") is None
    assert LINKS.image("é.1.é") is None
    assert ReferenceLinks((b"k" * 32,), "", lambda: NOW).url("abc", 600) is None


def test_while_a_new_secret_key_goes_round_every_replica_reads_every_link() -> None:
    """A link was signed with the first key alone: replicas that had only the old one refused it, and Jimeng the painting."""
    old, new, other = (
        ReferenceLinks(keys, "https://x", lambda: NOW) for keys in ((b"k" * 32,), (b"n" * 32, b"k" * 32), (b"o" * 32,))
    )
    for maker, reader in ((new, old), (old, new), (new, new)):
        assert reader.image(str(maker.url("abc", 600)).rpartition("/")[2]) == "abc"
    assert other.image(str(new.url("abc", 600)).rpartition("/")[2]) is None
    assert old.image("abc.ffffffff.." + "." * 1000) is None


def test_metrics_count_the_record_and_what_the_process_saw() -> None:
    metrics = Metrics()
    metrics.called("submit", "quota")
    metrics.not_delivered("telegram", "blocked")
    metrics.answered("slack", "paint", 0.02)
    metrics.unexpected()
    text = metrics.text(
        Counted(tasks={"queued": 4, "submitted": 2}, points={"charge": 700}, held=300, keys={("default", "cooling"): 1})
    ).decode()
    for line in (
        'paintbot_answer_seconds_bucket{le="0.025",platform="slack"} 1.0',
        'paintbot_requests_total{platform="slack",verb="paint"} 1.0',
        'paintbot_tasks{state="queued"} 4.0',
        'paintbot_points_total{kind="charge"} 700.0',
        "paintbot_points_held 300.0",
        'paintbot_keys{pool="default",state="cooling"} 1.0',
        'paintbot_jimeng_calls_total{call="submit",outcome="quota"} 1.0',
        'paintbot_delivery_failures_total{platform="telegram",reason="blocked"} 1.0',
        "paintbot_unexpected_errors_total 1.0",
    ):
        assert line in text
