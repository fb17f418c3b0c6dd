"""The connection: one aiogram Bot on one session that reads answers raw, sends bytes straight, and lets no foreign error out."""

import io
import json
import logging
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramMigrateToChat
from aiogram.methods import GetFile, GetMe, GetUpdates, Response, TelegramMethod
from aiogram.types import BufferedInputFile, InputFile
from aiohttp import FormData

from adapters.telegram.gate.limits import Gate, Limits, sends
from adapters.telegram.gate.patience import Patience
from adapters.telegram.gate.troubles import ApiTrouble, Refused, scrub, translate
from adapters.telegram.read import Me
from adapters.telegram.read.attachment import GET_FILE_MOST
from core.errors import DeliveryTrouble, PaintbotError, Refusal

log = logging.getLogger(__name__)
ORDINARY, UPLOAD, DOWNLOAD, CONNECT = 30, 180, 60, 10
"""Seconds one call may take (aiogram's 60 include the upload), and its connection: what was never connected was surely never sent."""


class RawSession(AiohttpSession):
    """aiogram's session whose answers stay plain JSON: a strange update cannot block the others, and nothing is modelled that nobody reads."""

    def check_response(self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str) -> Response[Any]:
        """`result` as it came when all is well; aiogram's own errors otherwise."""
        try:
            data = self.json_loads(content)
        except ValueError as error:
            raise ClientDecodeError(f"no JSON with status {status_code}", error, content[:200]) from error
        if isinstance(data, dict) and data.get("ok") is True and 200 <= status_code < 300:
            return Response[Any].model_construct(ok=True, result=data.get("result"))
        return super().check_response(bot, method, status_code, content)

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> FormData:
        """The form with files as whole bytes: their length is known and nothing is copied in small pieces."""
        form = FormData(quote_fields=False)
        files: dict[str, InputFile] = {}
        # its own fields: `prepare_value` dumps what lies deeper, and nobody dumps a megabyte
        for key, value in method:
            if prepared := self.prepare_value(value, bot=bot, files=files):
                form.add_field(key, prepared)
        for key, file in files.items():
            body = io.BytesIO(file.data) if isinstance(file, BufferedInputFile) else file.read(bot)
            form.add_field(key, body, filename=file.filename or key)
        return form

    async def close(self) -> None:
        """Close the one session."""
        if self._session is not None and not self._session.closed:
            await self._session.close()


class Wire:
    """All calls to Telegram go through `call` and `download`."""

    def __init__(self, token: str, api_base: str, limits: Limits) -> None:
        session = RawSession(api=TelegramAPIServer.from_base(api_base), json_loads=json.loads, timeout=ORDINARY)
        session.middleware(Gate(limits))
        self._session = session
        self._bot = Bot(token, session=session)
        self._moved: dict[int, int] = {}
        self.patience = Patience(lambda: self.call(GetMe()))
        self.me = Me(int(token.partition(":")[0] or 0), "")

    async def call(self, method: TelegramMethod[Any], seconds: int = ORDINARY) -> Any:
        """Do it and give the raw `result`. Follows a group that became a supergroup, and leaves a topic that is closed, once.

        Raises `Refused` (an Undeliverable with a reason), `Unsure` (perhaps sent) and other `DeliveryTrouble`.
        """
        chat, again = getattr(method, "chat_id", None), None
        if isinstance(chat, int) and chat in self._moved:
            method = _moved(method, self._moved[chat])
        try:
            return await self._bot(method, request_timeout=_within(seconds))
        except TelegramMigrateToChat as error:
            assert isinstance(chat, int), "only a chat can move"
            self.move(chat, error.migrate_to_chat_id)
            trouble: PaintbotError | None = None
        except (AiogramError, UnicodeDecodeError, OSError) as error:
            trouble = translate(error, sending=sends(method))
            again = _without_topic(method, trouble)
        if trouble is None:  # it moved: asked again, it follows
            return await self.call(method, seconds)
        if again is not None:
            return await self.call(again, seconds)
        raise trouble

    async def meet(self) -> Me:
        """Ask Telegram who we are: the first call, which finds out a wrong token."""
        found = await self.call(GetMe())
        self.me = Me(int(found["id"]), str(found["username"]))
        return self.me

    async def updates(self, offset: int | None, wait: int, kinds: list[str]) -> list[Any]:
        """One long poll; the raw updates, none of them looked at."""
        found = await self.call(GetUpdates(offset=offset, timeout=wait, allowed_updates=kinds), ORDINARY + wait)
        return found if isinstance(found, list) else []

    async def download(self, file_id: str, size: int, most: int) -> bytes:
        """The bytes of a file, at most `most`. Raises `Refusal` when it is too large or gone, `DeliveryTrouble` when the network is."""
        most = min(most, GET_FILE_MOST)
        if size > most:
            raise _too_big(size, most)
        try:
            found = await self.call(GetFile(file_id=file_id))
        except Refused as refused:
            if refused.reason == "big":
                raise _too_big(size, most) from refused
            raise Refusal("telegram.file_gone") from refused
        if found.get("file_size", 0) > most:
            raise _too_big(found["file_size"], most)
        return await self._bytes(str(found.get("file_path", "")), most)

    async def _bytes(self, path: str, most: int) -> bytes:
        url = self._session.api.file_url(self._bot.token, path)
        said: PaintbotError | None = None
        for _ in range(2):
            try:
                return await self._get(url, most)
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                gone = isinstance(error, aiohttp.ClientResponseError) and error.status < 500
                said = Refusal("telegram.file_gone") if gone else DeliveryTrouble("network")
                # the text of these errors holds the address, and the address holds the token
                said.__cause__ = ApiTrouble(scrub(f"{type(error).__name__}: {error}"))
                if gone:
                    break
        assert said is not None
        raise said

    async def _get(self, url: str, most: int) -> bytes:
        session = await self._session.create_session()
        parts: list[bytes] = []
        length = 0
        timeout = aiohttp.ClientTimeout(total=DOWNLOAD)
        async with session.get(url, timeout=timeout, raise_for_status=True) as response:
            async for chunk in response.content.iter_any():
                length += len(chunk)
                if length > most:
                    raise _too_big(length, most)
                parts.append(chunk)
        return b"".join(parts)

    def move(self, old: int, new: int) -> None:
        """From now on what is meant for `old` goes to `new` (a group became a supergroup)."""
        self._moved[old] = new
        log.info("telegram: group %s is now supergroup %s", old, new)

    async def close(self) -> None:
        """Close the connection."""
        await self._session.close()


def _within(seconds: int) -> Any:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT)


def _moved(method: TelegramMethod[Any], new: int) -> TelegramMethod[Any]:
    """The same in the supergroup a group became. Its messages are numbered anew: an old number means another message there.

    Raises `Refused` for what changes an old message.
    """
    if getattr(method, "message_id", None):
        raise Refused("moved", "the message stands in a group that became a supergroup")
    beside = {name: None for name in ("reply_parameters", "message_thread_id") if getattr(method, name, None)}
    return method.model_copy(update={"chat_id": new, **beside})


def _without_topic(method: TelegramMethod[Any], trouble: PaintbotError) -> TelegramMethod[Any] | None:
    if isinstance(trouble, Refused) and trouble.reason == "topic" and getattr(method, "message_thread_id", None):
        return method.model_copy(update={"message_thread_id": None})
    return None


def _too_big(size: int, most: int) -> Refusal:
    return Refusal("telegram.too_big", {"size": round(size / 1_048_576, 1), "limit": round(most / 1_048_576)})
