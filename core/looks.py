"""What admins look at on the page rather than read: frozen tables, walls and charts, asked for at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.requests import Line


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One painting of the records table. `thumb` is an image id, "" when there is none or the painting is private; `prompt` says its length alone.

    `status` is running, done, partial, failed, cancelled or undelivered.
    """

    thumb: str
    alt: Line
    id: str
    member: str
    prompt: Line
    status: str
    status_line: Line
    pictures: int
    count: int
    points: int
    at: datetime
    label: str
    private: bool


@dataclass(frozen=True, slots=True)
class RecordsLook:
    """A page of the table; `total` matching rows in all, `offset` of the first one here."""

    rows: tuple[RecordRow, ...]
    total: int
    offset: int
    most: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One kept picture of the gallery wall; sizes in pixels."""

    image: str
    alt: Line
    id: str
    number: int
    member: str
    at: datetime
    width: int
    height: int
    label: str
    adopted: bool


@dataclass(frozen=True, slots=True)
class WallLook:
    """Newest pictures first; `next` is the offset of the following page, 0 when this is the last."""

    tiles: tuple[Tile, ...]
    next: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One inspiration of the gallery, disabled ones too; `image` is "" without a picture."""

    id: int
    title: str
    line: str
    image: str
    alt: Line
    width: int
    height: int
    enabled: bool
    uses: int


@dataclass(frozen=True, slots=True)
class GalleryLook:
    """A page of the inspirations, newest first; `total` matching in all; `next` is the offset of the following page, 0 when this is the last."""

    entries: tuple[Entry, ...]
    total: int
    next: int


@dataclass(frozen=True, slots=True)
class Capability:
    """A key for one `req_key`: `tone` is ok, waiting or bad, `line` says it; numbers are of today, `in_flight` of now."""

    req_key: str
    tone: str
    line: Line
    in_flight: int
    submits: int
    kept: int
    failed: int


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key: `tone` is ok, waiting, bad or off; its health for each capability it was used for; numbers are of today."""

    id: int
    pool: str
    bound: bool
    alias: str
    access_key: str
    tone: str
    state: Line
    capabilities: tuple[Capability, ...]
    at_once: int
    in_flight: int
    submits: int
    kept: int
    failed: int


@dataclass(frozen=True, slots=True)
class KeysLook:
    """All keys; `pool` is the one in use."""

    pool: str
    keys: tuple[KeyRow, ...]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of the team's calendar; `failures` in the order of the chart's causes."""

    day: date
    pictures: int
    points: int
    failures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChartsLook:
    """Days oldest first; `causes` name the columns of `failures` (only those that occur)."""

    days: tuple[DayFigures, ...]
    causes: tuple[Line, ...]
    pictures: int
    points: int
    failed: int


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How things stand now and since midnight; `success` in percent, None when nothing has ended today; `paused` the public text;
    `too_small` where the pool cannot paint what the team expects a day."""

    queued: int
    in_flight: int
    success: int | None
    pictures: int
    failed: int
    points: int
    paintings: int
    undelivered: int
    at_the_door: int
    keys_ok: int
    keys_on: int
    pool: str
    paused: str | None
    too_small: Line | None = None


Look = RecordsLook | WallLook | GalleryLook | KeysLook | ChartsLook | StatusLook


class Looker(Protocol):
    """The desk, as whoever draws looks knows it."""

    async def look(self, account: str, what: str, values: Mapping[str, str]) -> Look:
        """`what` is records (values words, member, status, label, since, until, offset, most), wall (as records), gallery (words, offset), keys,
        charts (days) or status.

        Refusal `desk.admins_only` for anybody but an admin, `admin.no_look` for an unknown one, `works.bad_since` for a date that is none.
        """
        ...
