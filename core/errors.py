"""What can go wrong, in two faces: a Refusal is a sentence for the member, everything else is ours to read in the log."""

from collections.abc import Mapping
from enum import StrEnum

from core.requests import Value


class Cause(StrEnum):
    """Why a painting did not work, as a member can tell it apart."""

    UNSUPPORTED = "unsupported"
    REFUSED = "refused"
    QUOTA = "quota"
    QUEUE = "queue"
    CONFIGURATION = "configuration"
    MODEL = "model"
    NETWORK = "network"


class PaintbotError(Exception):
    """The root of our own errors."""


class Refusal(PaintbotError):
    """A clear no to a member: `key` names the sentence in `core/texts`, `values` fill it, `field` is the form field it is about."""

    def __init__(self, key: str, values: Mapping[str, Value] | None = None, *, field: str | None = None) -> None:
        super().__init__(key)
        self.key = key
        self.values: dict[str, Value] = dict(values or {})
        self.field = field


class Undeliverable(PaintbotError):
    """A platform will never take this message (blocked, channel gone, token revoked); `reason` is one plain word for the record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeliveryTrouble(PaintbotError):
    """A platform did not take a message now; it may later. `retry_after` is in seconds, None when it did not say."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
