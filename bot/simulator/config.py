"""What the simulator is told: keys it knows, delays, limits, how long things live."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair the simulator knows; `not_activated` are req_keys it may not use (50400), `in_flight` its own
    limit."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    not_activated: frozenset[str] = frozenset()
    in_flight: int | None = None


PLAY_KEY = Key("simulator-key", "simulator-secret-for-play-only")
"""The pair a fresh `make run` uses; it opens nothing but a simulator."""


def utc_now() -> datetime:
    """The wall clock of this process."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Config:
    """Settings of a simulator; `/_control` changes them while it runs. Times in seconds.

    A task waits `queue_seconds` and is painted for `paint_seconds`; it is known for `life_seconds`, its links for
    `link_seconds`. `in_flight` unfinished tasks are taken per (key, req_key), and `qps` submits a second.
    `unknown_task` is what a poll of an unknown id is told: both answers have been seen. `public_url` stands before
    the links of results; empty takes the address a poll came to. `fetch_seconds` bounds fetching a reference link.
    """

    file: Path
    keys: tuple[Key, ...] = (PLAY_KEY,)
    queue_seconds: float = 1.0
    paint_seconds: float = 3.0
    in_flight: int = 2
    qps: int = 20
    life_seconds: float = 12 * 3600
    link_seconds: float = 24 * 3600
    unknown_task: Literal["not_found", "50215"] = "not_found"
    public_url: str = ""
    fetch_seconds: float = 10.0
    clock: Callable[[], datetime] = utc_now

    def now(self) -> float:
        """The clock in seconds since 1970."""
        return self.clock().timestamp()
