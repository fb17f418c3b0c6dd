"""The pictures a message carries, and the sentence for everything a painting cannot start from."""

from collections.abc import Mapping
from typing import Any

from core.requests import Line, Offered

GET_FILE_MOST = 20 * 1024 * 1024
"""The Bot API hands out files up to this many bytes."""
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff")
"""Names that say picture where the sender's program did not; the bytes have the last word."""
MEDIA = {
    "sticker": "telegram.sticker",
    "voice": "telegram.voice",
    "video_note": "telegram.video",
    "video": "telegram.video",
    "animation": "telegram.animation",
    "audio": "telegram.voice",
    "contact": "telegram.strange",
    "location": "telegram.strange",
    "poll": "telegram.strange",
    "dice": "telegram.strange",
    "story": "telegram.strange",
    "paid_media": "telegram.strange",
}
"""What is no picture -> its sentence. An animation also carries a document, so these are looked at first."""


def attachment(message: Mapping[str, Any]) -> tuple[tuple[Offered, ...], Line | None, Offered | None]:
    """`(pictures, problem, document)` of one message: at most one picture; a document of any kind is handed on for forms."""
    for kind, key in MEDIA.items():
        if kind in message:
            return (), Line(key), None
    if message.get("photo"):
        largest = message["photo"][-1]
        return (Offered(largest["file_id"], "photo.jpg", "image/jpeg", largest.get("file_size", 0)),), None, None
    if "document" in message:
        return _document(message["document"])
    return (), None, None


def _document(found: Mapping[str, Any]) -> tuple[tuple[Offered, ...], Line | None, Offered | None]:
    file = Offered(found["file_id"], found.get("file_name", ""), found.get("mime_type", ""), found.get("file_size", 0))
    vague = file.mime in ("", "application/octet-stream") and file.name.lower().endswith(PICTURES)
    if not (file.mime.startswith("image/") or vague):
        return (), Line("telegram.no_picture", {"name": file.name or file.mime or "?"}), file
    if file.size > GET_FILE_MOST:
        return (
            (),
            Line("telegram.too_big", {"size": round(file.size / 1_048_576, 1), "limit": GET_FILE_MOST // 1_048_576}),
            file,
        )
    return (file,), None, file
