"""Files of the page: pictures handed out by signed addresses to those they were shown to, and dropped files kept for a while."""

import asyncio
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Response
from starlette.requests import Request as WebRequest

from core.errors import PaintbotError, Refusal
from core.replies import ImageSource
from core.requests import Offered

KINDS = ("thumb", "preview", "original")
KEPT_SECONDS = 7 * 24 * 3600
LARGEST_MB = 20
LARGEST = LARGEST_MB * 1024 * 1024
HANDLE = re.compile(r"[0-9a-f]{32}")
SHOWN = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}
"""First bytes of the pictures a browser is given back from what was dropped; anything else is never served."""


class Uploads:
    """Files dropped into the page, in a folder, under names nobody can guess; kept seven days."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, name: str, mime: str, content: bytes) -> Offered:
        """Store what was dropped. Refusal when it is over 20 MB."""
        if len(content) > LARGEST:
            raise Refusal("page.file_too_large", {"most": LARGEST_MB})
        handle = secrets.token_hex(16)
        await asyncio.to_thread(self._write, handle, content)
        return Offered(handle, name[-120:], mime, len(content))

    def _write(self, handle: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / handle).write_bytes(content)

    async def read(self, handle: str, most: int = LARGEST) -> bytes:
        """The bytes of a dropped file. Refusal when it is gone or over `most` bytes."""
        path = self._folder / handle
        try:
            if not HANDLE.fullmatch(handle):
                raise FileNotFoundError(handle)
            if (await asyncio.to_thread(path.stat)).st_size > most:
                raise Refusal("page.file_too_large", {"most": max(1, most // (1024 * 1024))})
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError as missing:
            raise Refusal("page.file_gone") from missing

    async def forget(self, handle: str) -> None:
        """Give up one file before its time."""
        if HANDLE.fullmatch(handle):
            await asyncio.to_thread((self._folder / handle).unlink, missing_ok=True)

    async def sweep(self, now: datetime) -> None:
        """Forget what was dropped more than seven days ago."""
        await asyncio.to_thread(self._sweep, now.timestamp() - KEPT_SECONDS)

    def _sweep(self, oldest: float) -> None:
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            if HANDLE.fullmatch(path.name) and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


class Addresses:
    """Addresses of pictures, each good for the one account it was drawn for."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"page pictures\0" + secret.encode()).digest()

    def sign(self, account: str, what: str) -> str:
        """The proof that `account` was shown `what`."""
        return hmac.new(self._key, f"{account}\0{what}".encode(), hashlib.sha256).hexdigest()[:32]

    def image(self, account: str, image: str, kind: str) -> str:
        """Where an image is found: kind is thumb, preview or original."""
        return f"/page/images/{quote(image)}/{kind}?s={self.sign(account, image)}"

    def dropped(self, account: str, handle: str) -> str:
        """Where a dropped picture is found."""
        return f"/page/dropped/{quote(handle, safe='')}?s={self.sign(account, handle)}"

    def good(self, account: str, what: str, proof: str) -> bool:
        """Whether the proof is ours, for this account and this picture."""
        return hmac.compare_digest(self.sign(account, what).encode(), proof.encode())


def picture_routes(images: ImageSource, uploads: Uploads, addresses: Addresses) -> APIRouter:
    """`/page/images/{id}/{kind}` and `/page/dropped/{handle}`: 404 for what is gone or was never shown to the asking account."""
    router = APIRouter()
    missing = Response(status_code=404)
    # kept by the browser, but asked about each time: a deleted picture must not be shown from there for another day
    kept = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}

    @router.get("/page/images/{image:path}/{kind}", include_in_schema=False)
    async def image(web: WebRequest, image: str, kind: str, s: str = "") -> Response:
        if kind not in KINDS or not addresses.good(web.session.get("account", ""), image, s):
            return missing
        try:
            if kind == "original":
                content, mime, name = await images.original(image)
                saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
                return Response(content, media_type=mime, headers=kept | saved)
            content, mime = await (images.thumb(image) if kind == "thumb" else images.preview(image))
            mark = {"ETag": f'"{image}-{kind}"'}  # what stands under an id never changes
            if web.headers.get("if-none-match") == mark["ETag"]:
                return Response(status_code=304, headers=kept | mark)
            return Response(content, media_type=mime, headers=kept | mark)
        except (PaintbotError, LookupError, FileNotFoundError):
            return missing

    @router.get("/page/dropped/{handle}", include_in_schema=False)
    async def dropped(web: WebRequest, handle: str, s: str = "") -> Response:
        if not addresses.good(web.session.get("account", ""), handle, s):
            return missing
        try:
            content = await uploads.read(handle)
        except Refusal:
            return missing
        mime = next((mime for first, mime in SHOWN.items() if content.startswith(first)), None)
        return Response(content, media_type=mime, headers=kept) if mime else missing

    return router
