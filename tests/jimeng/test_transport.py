"""httpx over aiohttp: the same bytes, and httpx's own errors, of which some mean that nothing was sent."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from core.jimeng.transport import AiohttpTransport

Serve = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[str]:
    """A raw HTTP server that is given each request's head and body; its address."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                await serve(head + await reader.readexactly(length), writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    running = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}"
    finally:
        running.close()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=AiohttpTransport(), timeout=30) as client:
        yield client


async def test_what_was_signed_is_what_is_sent(http: httpx.AsyncClient) -> None:
    heard: list[bytes] = []

    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        heard.append(request)
        writer.write(b"HTTP/1.1 201 Made\r\nContent-Length: 2\r\nX-Odd: a\r\nX-Odd: b\r\n\r\nok")

    async with server(serve) as url:
        headers = {"host": "visual.example:8080", "content-type": "application/json", "authorization": "S a/b=c"}
        for _ in range(2):
            answer = await http.post(f"{url}/a%2Fb/?Action=X&q=%E7%8C%AB%20+~", content=b'{"a":1}', headers=headers)
    assert (answer.status_code, answer.content, answer.headers.get_list("x-odd")) == (201, b"ok", ["a", "b"])
    assert heard[0] == heard[1]
    head, _, body = heard[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert head.startswith(b"POST /a%2Fb/?Action=X&q=%E7%8C%AB%20+~ HTTP/1.1\r\n")
    assert [lines.count(one) for one in (b"host: visual.example:8080", b"content-length: 7")] == [1, 1]
    assert [line for line in lines if line.startswith(b"content-type")] == [b"content-type: application/json"]
    assert body == b'{"a":1}'


async def test_a_body_of_megabytes_arrives_whole(http: httpx.AsyncClient) -> None:
    sent, heard = bytes(range(256)) * 12_000, list[bytes]()

    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        heard.append(request.partition(b"\r\n\r\n")[2])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with server(serve) as url:
        await http.post(url, content=sent)
    assert heard == [sent]


async def test_a_packed_answer_is_unpacked_and_a_redirect_is_not_followed(http: httpx.AsyncClient) -> None:
    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b"GET /moved" in request:
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")
            return
        packed = gzip.compress(b"words" * 100)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)

    async with server(serve) as url:
        assert (await http.get(url)).content == b"words" * 100
        assert (await http.get(f"{url}/moved")).headers["location"] == "/there"


async def test_no_connection_means_nothing_was_sent(http: httpx.AsyncClient) -> None:
    async with server(lambda *_: asyncio.sleep(0)) as url:
        pass
    with pytest.raises(httpx.ConnectError):
        await http.post(url, content=b"{}")
    with pytest.raises(httpx.UnsupportedProtocol):
        await http.get("ftp://127.0.0.1/picture.jpg")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"nonsense\r\n\r\n"])
async def test_a_connection_cut_after_the_request_is_another_error(http: httpx.AsyncClient, answer: bytes) -> None:
    async def serve(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with server(serve) as url:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await http.post(url, content=b"{}")


async def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_told(http: httpx.AsyncClient) -> None:
    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b"/slow" in request:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    async with server(serve) as url:
        for path in ("/", "/slow"):
            with pytest.raises(httpx.ReadTimeout):
                await http.post(f"{url}{path}", content=b"{}", timeout=httpx.Timeout(0.1, connect=10))


async def test_the_environment_s_proxy_is_asked_but_for_what_it_excepts(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        heard.append(request.partition(b"\r\n")[0])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with server(serve) as url:
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        async with httpx.AsyncClient(transport=AiohttpTransport(), timeout=30) as http:
            await http.get("http://jimeng.invalid/a")
            await http.get(f"{url}/b")
    assert heard == [b"GET http://jimeng.invalid/a HTTP/1.1", b"GET /b HTTP/1.1"]
