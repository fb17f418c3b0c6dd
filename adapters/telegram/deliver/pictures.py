"""Pictures Telegram already has: their file ids, so that sending again uploads nothing."""

from collections.abc import MutableMapping
from typing import Any

from core.replies import PlatformStore

PHOTO = 10 * 1024 * 1024
"""Bytes up to which a picture may be a photo; beyond it is a file."""
DAYS_90 = 90 * 86400.0


class FileIds:
    """Notes of file ids by picture."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store

    async def known(self, image: str, kind: str = "photo") -> str | None:
        """The file id under which Telegram knows a picture, as "photo" or as "document" of its original."""
        note = await self._store.recall(f"file-{kind}", image)
        return str(note["id"]) if note else None

    async def learn(self, image: str, kind: str, found: str) -> None:
        """Remember a file id."""
        if found:
            await self._store.keep(f"file-{kind}", image, {"id": found}, DAYS_90)

    async def forget(self, image: str, beside: MutableMapping[str, str] | None = None) -> bool:
        """A file id that Telegram does not take (any more); whether there was one."""
        dropped = bool(beside and beside.pop(image, None))
        return await self._store.drop("file-photo", image) or dropped


def file_id(message: dict[str, Any]) -> str:
    """The file id of a message with a picture, "" when it has none."""
    if message.get("photo"):
        return str(message["photo"][-1]["file_id"])
    return str(message.get("document", {}).get("file_id", ""))
