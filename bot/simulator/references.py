"""Reference pictures as the real service takes them: decoded or fetched, then checked for format, size and shape."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from io import BytesIO
from urllib.parse import urlsplit

import httpx
from PIL import Image, ImageStat

from bot.simulator.answers import Business
from bot.simulator.rules import Order, Rule

SIDE_MOST = 4096
RATIO_MOST = 3.0


async def collect(http: httpx.AsyncClient, rule: Rule, order: Order) -> list[bytes]:
    """The reference files in order. Raises Business: 50215 unreachable or unfit, 50411 plain red, 50518 plain blue."""
    fetched = await asyncio.gather(*(_fetch(http, link, rule.reference_bytes) for link in order.links))
    return await asyncio.to_thread(_checked, rule, [*fetched, *map(_decode, order.encoded)])


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Business(50215) from error


async def _fetch(http: httpx.AsyncClient, link: str, most: int) -> bytes:
    """From the simulator's own side, which proves that a link can be reached."""
    if urlsplit(link).scheme not in ("http", "https"):
        raise Business(50215)
    got = bytearray()
    try:
        async with http.stream("GET", link) as answer:
            if answer.status_code != 200:
                raise Business(50215)
            async for part in answer.aiter_bytes():
                got += part
                if len(got) > most:
                    raise Business(50215)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Business(50215) from error
    return bytes(got)


def _checked(rule: Rule, files: Sequence[bytes]) -> list[bytes]:
    for file in files:
        if len(file) > rule.reference_bytes:
            raise Business(50215)
        try:
            with Image.open(BytesIO(file), formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                small = picture.convert("RGB").resize((16, 16))
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise Business(50215) from error
        if max(width, height) > SIDE_MOST or max(width, height) > RATIO_MOST * min(width, height) + 1:
            raise Business(50215)
        red, green, blue = ImageStat.Stat(small).mean
        if red > 230 and green < 25 and blue < 25:
            raise Business(50411)
        if blue > 230 and red < 25 and green < 25:
            raise Business(50518)
    return list(files)
