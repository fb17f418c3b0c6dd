"""Fetching a result's bytes: plain GET, a size cap while they stream, and no way round into private places."""

import asyncio
import socket
from collections.abc import Set
from ipaddress import ip_address, ip_network

import httpx

from core.jimeng import errors

DOWNLOAD_TIME = httpx.Timeout(60, connect=10)
REDIRECTS = 3
FAKE = ip_network("198.18.0.0/15")
"""Where local proxies say every name is; nobody's own servers stand there."""


async def fetch(http: httpx.AsyncClient, url: str, most: int, trusted: Set[str]) -> bytes:
    """The bytes at `url`, at most `most`: of a host that is `trusted` or public. A redirect is followed to the same host,
    to `trusted` hosts, or to a public address by https.

    Raises JimengError with call "download": GONE for 4xx, a forbidden place or too many bytes, NETWORK otherwise.
    """
    at = _address(url)
    if at.host not in trusted and not await _is_public(at.host, unknown=True):
        raise errors.made(errors.GONE, "download", message="a link to a place not allowed")
    for _ in range(REDIRECTS + 1):
        try:
            async with http.stream("GET", at, timeout=DOWNLOAD_TIME, follow_redirects=False) as answer:
                if not answer.has_redirect_location:
                    return await _read(answer, most)
                onward = at.join(answer.headers["location"])
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise errors.made(errors.NETWORK, "download", message=type(error).__name__) from error
        if onward.host not in {at.host, *trusted} and not (onward.scheme == "https" and await _is_public(onward.host)):
            raise errors.made(
                errors.GONE, "download", message="redirected to a place not allowed", http=answer.status_code
            )
        at = onward
    raise errors.made(errors.GONE, "download", message="too many redirects")


async def _read(answer: httpx.Response, most: int) -> bytes:
    http = answer.status_code
    if http != 200:
        lasting = 300 <= http < 500 and http not in (408, 425, 429)
        raise errors.made(
            errors.GONE if lasting else errors.NETWORK, "download", message="no picture at the link", http=http
        )
    parts, length = list[bytes](), 0
    async for part in answer.aiter_bytes():
        parts.append(part)
        length += len(part)
        if length > most:
            raise errors.made(errors.GONE, "download", message=f"more than {most} bytes", http=http)
    return b"".join(parts)


def _address(url: str) -> httpx.URL:
    try:
        at = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise errors.made(errors.GONE, "download", message="not a link") from error
    if at.scheme not in ("http", "https") or not at.host:
        raise errors.made(errors.GONE, "download", message="not a link")
    return at


async def _is_public(host: str, *, unknown: bool = False) -> bool:
    """True when every address of the host is public; `unknown` for a name that cannot be resolved here (a proxy may)."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return unknown
    places = [ip_address(entry[4][0]) for entry in found]
    return bool(places) and all(place.is_global or place in FAKE for place in places)
