"""httpx's way to the network by aiohttp, whose parser is C: a call costs a fifth of what it does over httpx's own, and a picture a third."""

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from yarl import URL

LEFT_OUT = (b"content-length", b"transfer-encoding")
"""aiohttp counts the body itself."""
LARGE = 1 << 16
"""Bytes above which a body is sent in pieces, so that other calls get their turn in between."""


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Keeps connections alive and honours the environment's proxies, as httpx does.

    Raises httpx's errors: ConnectError, ConnectTimeout and UnsupportedProtocol mean that nothing was sent.
    """

    def __init__(self, *, most: int = 256, idle: float = 15.0) -> None:
        """At most so many connections at once, kept `idle` seconds after use."""
        self._most = most
        self._idle = idle
        self._proxies = getproxies()
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, its answer's body still to come."""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in request.headers.raw
            if name.lower() not in LEFT_OUT
        ]
        wait = request.extensions.get("timeout", {})
        with _errors(request):
            answer = await self._open().request(
                request.method,
                URL(str(request.url), encoded=True),  # as it is: it may be signed
                headers=headers,
                data=_body(await request.aread()),
                allow_redirects=False,
                proxy=self._proxy(request.url),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=wait.get("connect"), sock_read=wait.get("read"), connect=wait.get("pool")
                ),
            )
        return httpx.Response(
            answer.status,
            headers=list(answer.raw_headers),
            stream=_Body(request, answer),
            extensions={"http_version": b"HTTP/1.1"},
        )

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._most, keepalive_timeout=self._idle, ssl=httpx.create_ssl_context()
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            )
        return self._session

    def _proxy(self, url: httpx.URL) -> str | None:
        """The environment's proxy for an address; aiohttp would look the environment through, and netrc, at every call."""
        found = self._proxies.get(url.scheme) or self._proxies.get("all")
        return None if found is None or proxy_bypass(url.host) else found

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _body(content: bytes) -> bytes | io.BytesIO | None:
    """What aiohttp sends at one go, or, a reference of megabytes say, piece by piece."""
    return io.BytesIO(content) if len(content) > LARGE else content or None


class _Body(httpx.AsyncByteStream):
    def __init__(self, request: httpx.Request, answer: aiohttp.ClientResponse) -> None:
        self._request = request
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors(self._request):
            async for part in self._answer.content.iter_any():
                yield part

    async def aclose(self) -> None:
        """The connection may serve the next call only when all of this answer was read."""
        if self._answer.content.is_eof():
            self._answer.release()
        else:
            self._answer.close()


@contextmanager
def _errors(request: httpx.Request) -> Iterator[None]:
    """aiohttp's errors as httpx's; the first that fits."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx.ConnectTimeout(str(error), request=request) from error
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error), request=request) from error
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise httpx.UnsupportedProtocol(str(error), request=request) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error), request=request) from error
    except aiohttp.ClientOSError as error:
        raise httpx.ReadError(str(error), request=request) from error
    except aiohttp.ClientError as error:
        raise httpx.RemoteProtocolError(str(error), request=request) from error
