"""Where the bytes of pictures live: a folder, memory, or a bucket that speaks S3, behind four verbs."""

import asyncio
import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from core.errors import PaintbotError, Refusal

MOST_BYTES = 96_000_000
"""The largest object ever read back; nothing larger is ever put."""

PROBE = "probe/probe.txt"
"""The object that is written only to see whether one can be; it is never read."""

WORDS = 300
"""Characters of a store's own words that are passed on."""

TROUBLE = (BaseError, OSError, ValueError, NotImplementedError)
"""What obstore raises: its own errors, and Python's for files, keys and what a store cannot do."""


class StoreTrouble(PaintbotError):
    """The store did not do what it was asked: disk full, bucket unreachable, key refused. Ours to read in the log."""


class PictureGone(Refusal):
    """The picture is not in the store (any more)."""

    def __init__(self) -> None:
        super().__init__("images.gone")


@dataclass(frozen=True, slots=True)
class S3Options:
    """How to reach a bucket; `endpoint` empty is AWS in that region. Every value is passed on, none is looked up.

    obstore reads AWS_* variables by itself even so: wiring drops them from the environment before it opens a store.
    `virtual_hosted` puts the bucket into the host name (Volcengine TOS, Aliyun OSS want it). `public` says that
    Jimeng can reach the endpoint, so that the bucket's signed links may be handed out. `patience` is how many seconds failures are retried.
    """

    region: str
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    endpoint: str = ""
    virtual_hosted: bool = False
    public: bool = True
    patience: float = 60


class ImageStore:
    """Objects by key (`ab/abcd….jpg`, never a prompt), off the event loop; foreign errors become `StoreTrouble`."""

    def __init__(self, store: ObjectStore, *, signs: bool = False) -> None:
        self._store = store
        self._signs = signs
        self.trouble = ""
        """Why the latest write failed; "" where it went well, or none was tried yet."""

    async def put(self, key: str, data: bytes, mime: str) -> None:
        """Write an object whole or not at all; an object of that key is replaced. Raises `StoreTrouble`."""
        if len(data) > MOST_BYTES:
            raise StoreTrouble(f"{key}: {len(data)} bytes are too many to keep")
        attributes = {"Content-Type": mime} if isinstance(self._store, S3Store) else None  # folders keep no attributes
        try:
            await obstore.put_async(self._store, key, data, attributes=attributes)
        except TROUBLE as error:
            self.trouble = f"could not write {key}: {_words(error)}"
            raise StoreTrouble(self.trouble) from error
        self.trouble = ""

    async def get(self, key: str, most: int = MOST_BYTES) -> bytes:
        """An object's bytes. Raises `PictureGone` when missing, `StoreTrouble` when over `most` bytes or unreadable."""
        try:
            found = await obstore.get_async(self._store, key)
            if found.meta["size"] > most:
                raise StoreTrouble(f"{key} has {found.meta['size']} bytes, more than {most}")
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise PictureGone from error
        except TROUBLE as error:
            raise StoreTrouble(f"could not read {key}: {_words(error)}") from error

    async def delete(self, key: str) -> None:
        """The object is gone afterwards, whether it was there or not. Raises `StoreTrouble`."""
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return  # already as asked
        except TROUBLE as error:
            raise StoreTrouble(f"could not delete {key}: {_words(error)}") from error

    async def delete_part(self, key: str) -> None:
        """What a put that was killed left beside its object (folders write `key#1`, then rename it). Raises `StoreTrouble`."""
        if isinstance(self._store, LocalStore) and self._store.prefix is not None:
            file = self._store.prefix / key
            try:
                await asyncio.to_thread(_unlink, file.parent, f"{file.name}#*")
            except OSError as error:
                raise StoreTrouble(f"could not delete a part of {key}: {_words(error)}") from error

    async def exists(self, key: str) -> bool:
        """Whether there is an object of that key. Raises `StoreTrouble`."""
        try:
            await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        except TROUBLE as error:
            raise StoreTrouble(f"could not look for {key}: {_words(error)}") from error
        return True

    async def link(self, key: str, seconds: int) -> str | None:
        """An address the object can be fetched from for that long, signed by the bucket; None where it gives none."""
        if not (self._signs and isinstance(self._store, S3Store)):
            return None
        try:
            return await obstore.sign_async(self._store, "GET", key, timedelta(seconds=seconds))
        except TROUBLE as error:
            raise StoreTrouble(f"could not sign a link to {key}") from error

    async def try_out(self, seconds: float) -> None:
        """Write one small object and delete it, in at most so many seconds: `trouble` says how that went. Raises nothing of the store's.

        Nothing is read back, so that replicas may do it at the same time.
        """
        try:
            async with asyncio.timeout(seconds):
                await self.put(PROBE, b"paintbot", "text/plain")
                await self.delete(PROBE)
        except StoreTrouble as error:
            self.trouble = str(error)
        except TimeoutError:
            self.trouble = f"no answer within {seconds:g} s"

    async def probe(self) -> None:
        """Write, read and delete one small object of this probe alone, so that a wrong setting shows at start. Raises `StoreTrouble`."""
        key = f"probe/{secrets.token_hex(8)}.txt"  # another doctor may be at it
        await self.put(key, b"paintbot", "text/plain")
        try:
            if await self.get(key, 100) != b"paintbot":
                raise StoreTrouble("the store gave back other bytes than were put")
        except PictureGone as error:
            raise StoreTrouble("the store lost an object it had just taken") from error
        await self.delete(key)


def _unlink(folder: Path, names: str) -> None:
    for part in folder.glob(names):
        part.unlink(missing_ok=True)


def _words(error: BaseException) -> str:
    """The first line of what a store said: why, for the log and the admins, without its debug output or a query."""
    first = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    return re.sub(r"\?\S+", "?…", first)[:WORDS]


def open_store(url: str, options: S3Options | None = None) -> ImageStore:
    """`file:///path` or a bare path (made when missing), `memory://`, `s3://bucket/prefix` with its options.

    Raises ValueError for an address or options that cannot work, StoreTrouble when the folder cannot be made.
    """
    parts = urlsplit(url)
    match parts.scheme:
        case "memory":
            return ImageStore(MemoryStore())
        case "s3":
            if options is None:
                raise ValueError("s3:// needs a region and a key pair")
            return ImageStore(_bucket(parts.netloc, parts.path.strip("/"), options), signs=options.public)
        case "file":
            if parts.netloc or not parts.path:
                raise ValueError(f"write file:///absolute/path or a bare path, not {url}")
            return ImageStore(_folder(Path(unquote(parts.path))))
        case "" if url:
            return ImageStore(_folder(Path(url).expanduser()))
        case _:
            raise ValueError(f"pictures are kept in a folder, in memory:// or in s3://bucket/prefix, not in {url!r}")


def _folder(path: Path) -> LocalStore:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(path.resolve())
    except OSError as error:
        raise StoreTrouble(f"could not make the folder {path}: {_words(error)}") from error


def _bucket(bucket: str, prefix: str, options: S3Options) -> S3Store:
    if not (bucket and options.region and options.access_key_id and options.secret_access_key):
        raise ValueError("s3:// needs a bucket, a region and a key pair")
    endpoint = urlsplit(options.endpoint or f"https://s3.{options.region}.amazonaws.com")
    if endpoint.scheme not in ("http", "https") or not endpoint.netloc:
        raise ValueError(f"the endpoint of a bucket begins with https:// (or http://): {options.endpoint}")
    host = f"{bucket}.{endpoint.netloc}" if options.virtual_hosted else endpoint.netloc
    return S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=f"{endpoint.scheme}://{host}",
        region=options.region,
        access_key_id=options.access_key_id,
        secret_access_key=options.secret_access_key,
        virtual_hosted_style_request=options.virtual_hosted,
        client_options={"allow_http": endpoint.scheme == "http", "timeout": timedelta(seconds=120)},
        retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=options.patience)},
    )
