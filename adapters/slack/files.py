"""Files to and from Slack: pictures uploaded and waited for, members' files fetched with the token kept inside Slack's own hosts."""

import asyncio
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit
from weakref import WeakValueDictionary

import aiohttp
import structlog

from adapters.slack.payload import handle_of, split_handle
from adapters.slack.web import SlackSaidNo, Web, seconds_to_wait
from core.errors import DeliveryTrouble, Refusal
from core.replies import Document, ImageSource, PlatformStore
from core.requests import Line, Offered, Value

log = structlog.get_logger(__name__)

FOR_GOOD = 3650 * 86_400.0
"""What we uploaded is known for as long as its painting may be deleted."""
REDIRECTS = 3
REDIRECT_STATUS = (301, 302, 303, 307, 308)
LOOKS = 20
"""How often we look whether an upload has been processed before we try it anyway."""

GONE = {"file_not_found", "file_deleted"}


class Files:
    """Uploads and downloads of one bot. `look` is the seconds between two looks at an upload being processed."""

    def __init__(self, web: Web, store: PlatformStore, images: ImageSource, look: float = 0.4) -> None:
        self._web = web
        self._store = store
        self._images = images
        self._look = look
        self._uploading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def picture(self, image: str, size: str, alt: str) -> str:
        """Slack's file id of an image of ours as "preview" or "thumb", uploaded and processed once. Raises DeliveryTrouble or SlackSaidNo."""
        key = f"{size}:{image}"
        lock = self._uploading.setdefault(key, asyncio.Lock())
        async with lock:  # uploaded twice at once, one of the two would be known to nobody, and never deleted
            note = await self._store.recall("upload", key)
            return str(note["file"]) if note is not None else await self._uploaded(key, image, size, alt)

    async def _uploaded(self, key: str, image: str, size: str, alt: str) -> str:
        content, mime = await (self._images.thumb(image) if size == "thumb" else self._images.preview(image))
        name = f"{image.rsplit('/', 1)[-1]}-{size}.{'png' if mime == 'image/png' else 'jpg'}"
        file = await self._send(name, content, alt)
        await self._complete([{"id": file, "title": name}])
        await self._store.keep("upload", key, {"file": file}, FOR_GOOD)  # known from here on, so that it can be deleted
        await self._processed(file)
        return file

    async def forget(self, image: str) -> bool:
        """Delete the uploads of an image; False when Slack kept one of them."""
        kept = False
        for size in ("preview", "thumb"):
            note = await self._store.recall("upload", f"{size}:{image}")
            if note is not None:
                kept |= not await self.delete(str(note["file"]))
                await self._store.drop("upload", f"{size}:{image}")
        return not kept

    async def stale(self, image: str) -> None:
        """Forget that an image was uploaded: Slack will not show that upload."""
        for size in ("preview", "thumb"):
            await self._store.drop("upload", f"{size}:{image}")

    async def delete(self, file: str) -> bool:
        """Delete one file of ours; True when it is gone."""
        try:
            await self._web.call("files.delete", {"file": file})
        except SlackSaidNo as no:
            return no.code in GONE
        return True

    async def originals(self, images: Sequence[tuple[str, str]], channel: str, thread: str) -> list[str]:
        """Share stored originals (image id, alt text) as files in a thread, bytes kept; gives Slack's file ids in order."""
        found = [(await self._images.original(image), alt) for image, alt in images]
        return await self._share([(name, content, alt) for (content, _, name), alt in found], channel, thread)

    async def documents(self, documents: Sequence[Document], channel: str, thread: str) -> list[str]:
        """Share documents as files in a channel or thread."""
        return await self._share([(one.name, one.content, "") for one in documents], channel, thread)

    async def _share(self, files: Sequence[tuple[str, bytes, str]], channel: str, thread: str) -> list[str]:
        sent = [{"id": await self._send(name, content, alt), "title": name} for name, content, alt in files if content]
        if sent:
            await self._complete(sent, {"channel_id": channel, "thread_ts": thread})
        return [one["id"] for one in sent]

    async def _send(self, name: str, content: bytes, alt: str) -> str:
        asked = {"filename": name, "length": len(content), "alt_txt": alt[:1000]}
        given = await self._web.call("files.getUploadURLExternal", asked)
        try:
            async with self._web.session.post(str(given["upload_url"]), data=io.BytesIO(content)) as answer:
                if answer.status == 429:
                    raise DeliveryTrouble("ratelimited", seconds_to_wait(answer.headers))
                if answer.status != 200:
                    raise DeliveryTrouble(f"upload_{answer.status}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryTrouble("upload") from error
        return str(given["file_id"])

    async def _complete(self, sent: Sequence[Mapping[str, str]], where: Mapping[str, str] | None = None) -> None:
        await self._web.call(
            "files.completeUploadExternal", {"files": json.dumps(sent), **(where or {})}, again=where is None
        )

    async def _processed(self, file: str) -> None:
        for _ in range(LOOKS):
            info = await self._web.call("files.info", {"file": file})
            if info.get("file", {}).get("mimetype"):
                return
            await asyncio.sleep(self._look)
        log.info("slack.upload_slow", file=file)

    async def message_at(self, channel: str, ts: str, thread: str) -> Mapping[str, Any]:
        """A message as it stands now, looked up; empty where Slack does not tell."""
        at = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": "true", "limit": 10}
        method, args = ("conversations.replies", {**at, "ts": thread}) if thread else ("conversations.history", at)
        try:
            found = (await self._web.call(method, args)).get("messages") or ()
        except (SlackSaidNo, DeliveryTrouble) as error:
            log.info("slack.message_unread", method=method, error=str(error))
            return {}
        return next((one for one in found if one.get("ts") == ts), {})

    # -- what members offer ---------------------------------------------------------------------------------------

    async def fetch(self, offered: Offered, most: int) -> bytes:
        """The bytes of a member's file, at most `most`; a Refusal in words when it is too large, gone or not ours to read."""
        file, url = split_handle(offered.handle)
        name: Value = offered.name or Line("slack.nameless")
        size = offered.size
        if not url:
            info = await self._info(file, name)
            name, size = str(info.get("name") or name), int(info.get("size") or 0)
            _, url = split_handle(handle_of(info))
        if size > most:
            raise Refusal("slack.file_large", {"name": name, "most": max(1, most // 1_000_000)})
        if not url:
            raise Refusal("slack.file_unreadable", {"name": name})
        try:
            return await self._get(url, name, most)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Refusal("slack.file_network", {"name": name}) from error

    async def _info(self, file: str, name: Value) -> Mapping[str, Any]:
        try:
            info = (await self._web.call("files.info", {"file": file})).get("file") or {}
        except SlackSaidNo as no:
            raise Refusal("slack.file_gone" if no.code in GONE else "slack.file_unreadable", {"name": name}) from no
        except DeliveryTrouble as trouble:
            raise Refusal("slack.file_network", {"name": name}) from trouble
        if info.get("mode") in ("tombstone", "hidden_by_limit"):
            raise Refusal("slack.file_gone", {"name": name})
        return info if isinstance(info, dict) else {}

    def trusted(self, url: str) -> bool:
        """Whether the token may travel to this address: Slack's own hosts over https, or the configured API's host as it is."""
        to, api = urlsplit(url), urlsplit(self._web.api_url)
        host = to.hostname or ""
        slacks = to.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
        return slacks or (to.scheme, to.netloc) == (api.scheme, api.netloc)

    async def _get(self, url: str, name: Value, most: int) -> bytes:
        for _ in range(REDIRECTS + 1):
            if not self.trusted(url):
                log.warning("slack.file_elsewhere", host=urlsplit(url).hostname)
                raise Refusal("slack.file_unreadable", {"name": name})
            headers = {"Authorization": f"Bearer {self._web.token}"}
            async with self._web.session.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status in REDIRECT_STATUS and "Location" in answer.headers:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status in (404, 410):
                    raise Refusal("slack.file_gone", {"name": name})
                if answer.status == 429 or answer.status >= 500:
                    log.warning("slack.file_trouble", status=answer.status)
                    raise Refusal("slack.file_network", {"name": name})
                if answer.status != 200 or answer.content_type == "text/html":
                    log.warning(
                        "slack.file_login_page",
                        status=answer.status,
                        hint="is files:read granted and the app reinstalled?",
                    )
                    raise Refusal("slack.file_unreadable", {"name": name})
                return await _read(answer, name, most)
        raise Refusal("slack.file_unreadable", {"name": name})


async def _read(answer: aiohttp.ClientResponse, name: Value, most: int) -> bytes:
    content = bytearray()
    async for part in answer.content.iter_chunked(1 << 16):
        content += part
        if len(content) > most:
            raise Refusal("slack.file_large", {"name": name, "most": max(1, most // 1_000_000)})
    return bytes(content)
