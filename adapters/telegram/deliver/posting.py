"""One Drawn into one chat: text, photo, album, files, step by step, so that a broken series goes on where it stopped."""

import re
from collections.abc import Sequence
from typing import Any

from aiogram.methods import (
    EditMessageCaption,
    EditMessageText,
    SendDocument,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
)

from adapters.telegram.deliver.pictures import PHOTO, FileIds, file_id
from adapters.telegram.deliver.sent import Note, Sent, Spot, entities, markup, where
from adapters.telegram.gate import Refused, Wire
from adapters.telegram.gate.wire import UPLOAD
from adapters.telegram.render import CAPTION, Drawn, File, Page, Rows, Shown, cut, units
from core.replies import ImageSource

ALBUM_MOST = 10
FAILED_ITEM = re.compile(r"failed to send message #(\d+)", re.IGNORECASE)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Posting:
    """Sends and edits; every step is told to `note` before the next begins."""

    def __init__(self, wire: Wire, images: ImageSource, ids: FileIds) -> None:
        self.wire = wire
        self._images = images
        self._ids = ids

    async def send(self, spot: Spot, drawn: Drawn, sent: Sent, note: Note) -> Sent:
        """Send what of `drawn` is not in `sent` yet. Raises what `Wire.call` raises; what was sent until then has been noted."""
        await self._pictures(spot, drawn, sent, note)
        for one in drawn.originals:
            if one.image not in sent.originals:
                sent.originals[one.image] = await self._original(spot, one)
                await note(sent)
        for file in drawn.files:
            if file.name not in sent.files:
                sent.files[file.name] = await self._file(spot, file)
                await note(sent)
        if drawn.thumbs and not spot.group and not sent.thumbs:
            sent.thumbs = await self._thumbs(spot, drawn.thumbs)
        if not sent.pages:
            first = next((message for message in sent.pictures.values() if message), 0)
            await self._texts(spot.to(first), drawn.pages, drawn.rows, sent)
            await note(sent)
        return sent

    async def edit(self, chat: int, drawn: Drawn, sent: Sent) -> None:
        """Make the card look like `drawn`. Raises `Refused` ("missing", "caption", "text") when it cannot."""
        page = drawn.pages[-1] if drawn.pages else Page("")
        try:
            await self.change(chat, sent.card, sent.photo, page, drawn.rows)
        except Refused as refused:
            if refused.reason != "unchanged":
                raise

    async def change(self, chat: int, message: int, photo: bool, page: Page, rows: Rows) -> None:
        """Replace a message's text, or a photo's caption, and its buttons."""
        if photo:
            page = page if units(page.text) <= CAPTION else Page(cut(page.text, CAPTION))
            method: TelegramMethod[Any] = EditMessageCaption(
                chat_id=chat, message_id=message, caption=page.text, parse_mode=None,
                caption_entities=entities(page), reply_markup=markup(rows),
            )  # fmt: skip
        else:
            method = EditMessageText(
                chat_id=chat, message_id=message, text=page.text or "·", parse_mode=None,
                entities=entities(page), reply_markup=markup(rows), link_preview_options=NO_PREVIEW,
            )  # fmt: skip
        await self.wire.call(method)

    async def text(self, spot: Spot, page: Page, rows: Rows = ()) -> int:
        """One text message; its id."""
        found = await self.wire.call(
            SendMessage(
                **where(spot), text=page.text, parse_mode=None, entities=entities(page),
                reply_markup=markup(rows), link_preview_options=NO_PREVIEW,
            )
        )  # fmt: skip
        return int(found["message_id"])

    async def _texts(self, spot: Spot, pages: Sequence[Page], rows: Rows, sent: Sent) -> None:
        for page in pages[:-1]:
            sent.pages.append(await self.text(spot, page))
        if pages:
            sent.pages.append(await self.text(spot, pages[-1], rows))

    async def _pictures(self, spot: Spot, drawn: Drawn, sent: Sent, note: Note) -> None:
        missing = [one for one in drawn.pictures if one.image not in sent.pictures]
        if len(drawn.pictures) == 1 and missing and not sent.pages and (page := drawn.caption) is not None:
            message = await self._photo(spot, missing[0], sent, page, drawn.rows)
            sent.pages.append(message)
            sent.photo = True
            return await note(sent)
        while len(missing) >= 2 and all(one.fits_photo for one in missing[:ALBUM_MOST]):
            await self._album(spot, missing[:ALBUM_MOST], sent)
            await note(sent)
            rest = [one for one in missing if one.image not in sent.pictures]
            if len(rest) > len(missing) - 2:
                break
            missing = rest
        for one in [one for one in drawn.pictures if one.image not in sent.pictures]:
            await self._photo(spot, one, sent)
            await note(sent)
        return None

    async def _album(self, spot: Spot, shown: Sequence[Shown], sent: Sent) -> None:
        """Several pictures at once. A partly failed album leaves the others in the chat with ids nobody tells: they count as sent."""
        try:
            found = await self._send_album(spot, shown, sent)
        except Refused as refused:
            if refused.reason == "file" and any([await self._ids.forget(one.image) for one in shown]):
                return await self._album(spot, shown, sent)
            if refused.reason == "album":
                failed = {int(number) for number in FAILED_ITEM.findall(refused.description)}
                sent.pictures.update({one.image: 0 for place, one in enumerate(shown, 1) if place not in failed})
                return None
            if refused.reason not in ("photo", "file", "refused"):
                raise
            return None
        for one, message in zip(shown, found, strict=False):
            self._got(one, message, sent)
        return None

    async def _send_album(self, spot: Spot, shown: Sequence[Shown], sent: Sent) -> list[dict[str, Any]]:
        media = [InputMediaPhoto(media=await self._preview(one, sent), parse_mode=None) for one in shown]
        found: list[dict[str, Any]] = await self.wire.call(SendMediaGroup(**where(spot), media=media), UPLOAD)  # type: ignore[arg-type]
        return found

    async def _photo(self, spot: Spot, one: Shown, sent: Sent, page: Page | None = None, rows: Rows = ()) -> int:
        """One picture as photo; as a file where Telegram takes it for no photo."""
        page = page or Page("")
        media = await self._preview(one, sent)
        words = {
            "caption": page.text,
            "caption_entities": entities(page),
            "parse_mode": None,
            "reply_markup": markup(rows),
        }
        as_photo = one.fits_photo and not (isinstance(media, BufferedInputFile) and len(media.data) > PHOTO)
        try:
            kind = (
                SendPhoto(**where(spot), photo=media, **words)
                if as_photo
                else SendDocument(**where(spot), document=media, **words)
            )
            found = await self.wire.call(kind, UPLOAD)
        except Refused as refused:
            if refused.reason == "file" and isinstance(media, str) and await self._ids.forget(one.image, sent.file_ids):
                return await self._photo(spot, one, sent, page, rows)
            if refused.reason != "photo":
                raise
            data, mime = await self._images.preview(one.image)
            found = await self.wire.call(
                SendDocument(**where(spot), document=_named(data, mime, one.number), **words),
                UPLOAD,
            )
        return self._got(one, found, sent)

    def _got(self, one: Shown, message: dict[str, Any], sent: Sent) -> int:
        number = int(message["message_id"])
        sent.pictures[one.image] = number
        if one.number:
            sent.numbers[str(number)] = one.number
        if found := file_id(message):
            sent.file_ids[one.image] = found
        return number

    async def _preview(self, one: Shown, sent: Sent) -> BufferedInputFile | str:
        known = sent.file_ids.get(one.image)
        if not known and not sent.fresh:
            known = await self._ids.known(one.image)
        if known:
            return known
        data, mime = await self._images.preview(one.image)
        return _named(data, mime, one.number)

    async def _original(self, spot: Spot, one: Shown) -> int:
        known = await self._ids.known(one.image, "document")
        if known:
            try:
                return int((await self.wire.call(SendDocument(**where(spot), document=known)))["message_id"])
            except Refused as refused:
                if refused.reason != "file":
                    raise
        data, _, name = await self._images.original(one.image)
        document = BufferedInputFile(data, filename=name)
        found = await self.wire.call(
            SendDocument(**where(spot), document=document, disable_content_type_detection=True), UPLOAD
        )
        await self._ids.learn(one.image, "document", file_id(found))
        return int(found["message_id"])

    async def _file(self, spot: Spot, file: File) -> int:
        document = BufferedInputFile(file.content, filename=file.name)
        return int((await self.wire.call(SendDocument(**where(spot), document=document), UPLOAD))["message_id"])

    async def _thumbs(self, spot: Spot, shown: Sequence[Shown]) -> list[int]:
        """Small pictures of a list, in its order."""
        data = [_named(*await self._images.thumb(one.image), place) for place, one in enumerate(shown[:ALBUM_MOST], 1)]
        if len(data) == 1:
            found = [await self.wire.call(SendPhoto(**where(spot), photo=data[0]), UPLOAD)]
        else:
            media = [InputMediaPhoto(media=one) for one in data]
            found = await self.wire.call(SendMediaGroup(**where(spot), media=media), UPLOAD)  # type: ignore[arg-type]
        return [int(message["message_id"]) for message in found]


def _named(data: bytes, mime: str, number: int) -> BufferedInputFile:
    """A name of our own making: never a prompt."""
    return BufferedInputFile(data, filename=f"{number or 1}.{'png' if mime == 'image/png' else 'jpg'}")
