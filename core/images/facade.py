"""Pictures as the rest of core knows them: one stored original with its preview and thumbnail beside it."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.images import check, make
from core.images.check import Checked
from core.images.label import Label
from core.images.make import Maker
from core.images.store import ImageStore, PictureGone

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A picture in the store: `id` random (32 hex), `key` its object's name, pixels, bytes, `sha256` in hex.

    One that is only expected has no `mime` yet: how its key ends is known once it is there.
    """

    id: str
    key: str
    mime: str
    width: int
    height: int
    size: int
    sha256: str


def expected() -> StoredImage:
    """A picture that will be put into the store, under a new random id."""
    image = _fresh()
    return StoredImage(image, _key(image, "coming"), "", 0, 0, 0, "")


def _fresh() -> str:
    return secrets.token_hex(16)


def _key(image: str, ending: str) -> str:
    return f"{image[:2]}/{image}.{ending}"


HANDED_ON = 24_000_000
"""Bytes of pictures just kept that wait in memory for whoever shows them first."""

Lookup = Callable[[str], Awaitable[StoredImage | None]]
"""Finds a stored picture by its id among the rows others keep; None when there is no such row (any more)."""


class Images:
    """Checks, keeps, shows and deletes pictures; the `ImageSource` of adapters: what shows one takes it or its id.

    Heavy work runs in threads, at most two pictures at once; nothing here blocks the event loop.
    """

    def __init__(self, store: ImageStore, lookup: Lookup, maker: Maker | None = None) -> None:
        self.store = store
        self._lookup = lookup
        self._maker = maker or Maker()
        self._new: dict[str, tuple[StoredImage, bytes]] = {}

    async def check_reference(self, data: bytes, name: str = "") -> Checked:
        """A member's picture made safe to send (see `check.check_reference`); a `Refusal` says what is wrong."""
        return await self._maker.run(check.check_reference, data, name)

    async def for_bytes(self, picture: Checked, most: int) -> Checked:
        """The same reference in at most so many bytes, for models that take bytes instead of a link."""
        return await self._maker.run(check.for_bytes, picture, most)

    async def keep(self, data: bytes, form: str = "", label: Label | None = None, *, image: str = "") -> StoredImage:
        """Store a painted picture under the id it is expected by ("" = a new one), as "jpg", "png" or "webp" ("" = as it is) and with the label in it.

        Raises `BrokenPicture` when it does not decode, `StoreTrouble` when it cannot be written.
        """
        found = await self._maker.run(make.encode, data, form, label)
        stored = await self._keep(image, found.data, found.mime, found.width, found.height, found.sha256)
        self._hand_on(stored, found.data)
        return stored

    def _hand_on(self, stored: StoredImage, data: bytes) -> None:
        """Most pictures are shown once, at once: that first time they need not be read back."""
        self._new[stored.id] = stored, data
        while sum(one.size for one, _ in self._new.values()) > HANDED_ON:
            del self._new[next(iter(self._new))]

    async def keep_reference(self, picture: Checked, *, image: str = "") -> StoredImage:
        """Store a checked reference under the id it is expected by ("" = a new one)."""
        return await self._keep(image, picture.data, picture.mime, picture.width, picture.height, picture.sha256)

    async def _keep(self, image: str, data: bytes, mime: str, width: int, height: int, sha256: str) -> StoredImage:
        image = image or _fresh()
        stored = StoredImage(image, _key(image, EXTENSIONS[mime]), mime, width, height, len(data), sha256)
        await self.store.put(stored.key, data, mime)
        return stored

    async def original(self, image: StoredImage | str) -> tuple[bytes, str, str]:
        """The stored bytes, their mime type and a file name; raises `PictureGone` (a Refusal) when deleted."""
        stored = await self._find(image)
        return await self.store.get(stored.key), stored.mime, f"paintbot-{stored.id[:8]}.{EXTENSIONS[stored.mime]}"

    async def preview(self, image: StoredImage | str) -> tuple[bytes, str]:
        """JPEG of at most 2 560 px and 9.5 MB, and "image/jpeg"; made once. Raises `PictureGone`."""
        new = self._new.pop(image if isinstance(image, str) else image.id, None)
        stored = new[0] if new else await self._find(image)
        if make.is_preview(stored.mime, stored.width, stored.height, stored.size):
            return (new[1] if new else await self.store.get(stored.key)), stored.mime
        return await self._derived(stored, "preview", make.preview, new[1] if new else None), "image/jpeg"

    async def thumb(self, image: StoredImage | str) -> tuple[bytes, str]:
        """JPEG of at most 512 px, and "image/jpeg"; made once. Raises `PictureGone`."""
        return await self._derived(await self._find(image), "thumb", make.thumb), "image/jpeg"

    async def reference(self, image: StoredImage | str) -> tuple[bytes, str]:
        """What Jimeng takes as a reference, and its mime: the original, or the preview of one too large or of another kind. Raises `PictureGone`."""
        stored = await self._find(image)
        return (await self.store.get(stored.key), stored.mime) if _is_reference(stored) else await self.preview(stored)

    async def link(self, image: StoredImage | str, seconds: int) -> str | None:
        """The bucket's own signed address of the reference for that long; None where it gives none (folder, memory, private bucket)."""
        stored = await self._find(image)
        found = await self.store.link(stored.key, seconds)
        if found is None or _is_reference(stored):
            return found
        await self.preview(stored)
        return await self.store.link(derived_key(stored, "preview"), seconds)

    async def delete(self, stored: StoredImage) -> None:
        """Original, preview and thumbnail are gone afterwards; deleting twice is fine. Raises `StoreTrouble`."""
        self._new.pop(stored.id, None)
        if not stored.mime:  # it never arrived as far as anybody knows: whatever of it lies there
            for ending in EXTENSIONS.values():
                await self.store.delete(_key(stored.id, ending))
                await self.store.delete_part(_key(stored.id, ending))
            return
        # the original first: whoever draws a preview meanwhile looks for it afterwards and tidies up
        for key in (stored.key, derived_key(stored, "preview"), derived_key(stored, "thumb")):
            await self.store.delete(key)

    async def _find(self, image: StoredImage | str) -> StoredImage:
        stored = image if isinstance(image, StoredImage) else await self._lookup(image)
        if stored is None:
            raise PictureGone
        return stored

    async def _derived(
        self, stored: StoredImage, kind: str, draw: Callable[[bytes], bytes], original: bytes | None = None
    ) -> bytes:
        key = derived_key(stored, kind)
        try:
            return await self.store.get(key)
        except PictureGone:
            data = await self._maker.run(draw, original or await self.store.get(stored.key))
        await self.store.put(key, data, "image/jpeg")
        if not await self.store.exists(stored.key):  # deleted while we were drawing: leave nothing behind
            await self.store.delete(key)
            raise PictureGone
        return data


def _is_reference(stored: StoredImage) -> bool:
    """Whether Jimeng takes it by link: JPEG or PNG, 15 MB, 4096 px (its page on 4.0); a final enlarged or kept as WebP is none."""
    small = stored.size <= check.MOST_LINKED and max(stored.width, stored.height) <= check.REFERENCE_SIDE
    return small and stored.mime in ("image/jpeg", "image/png")


def derived_key(stored: StoredImage, kind: str) -> str:
    """`ab/abcd….jpg` -> `ab/abcd….thumb.jpg`, beside the original so that it is deleted with it."""
    return f"{stored.key.rpartition('.')[0]}.{kind}.jpg"
